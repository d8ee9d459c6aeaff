package train_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/surrogate"
)

// The gradient through a spike is that of the sigmoid in its place, at the
// membranes of the spikes.
func TestSpikeHasTheGradientOfItsSurrogate(t *testing.T) {
	batch := earlyOrLate(8)
	through := adaptive
	through.Text = strings.Replace(through.Text, "spike = fires(v1, level)", `smooth = 1/(1 + exp(-4*(v1 - level)))
		spike = smooth + detach((v1 >= level) - smooth)`, 1)
	through.Surrogate = surrogate.Func{}
	want, stats, err := trainer(through).Gradients(context.Background(), batch)
	require.NoError(t, err)
	got, own, err := trainer(adaptive).Gradients(context.Background(), batch)
	require.NoError(t, err)
	require.InDelta(t, stats.Loss, own.Loss, 1e-5)
	require.Greater(t, own.Rates["equations1"], 0.1)
	require.Len(t, got, len(want))
	for name, g := range want {
		greatest := 0.0
		for _, d := range g.Data {
			greatest = max(greatest, math.Abs(float64(d)))
		}
		require.Positive(t, greatest, name)
		require.InDeltaSlice(t, g.Data, got[name].Data, 1e-3*greatest, name)
	}
}

// The neuron of the example is what the documents show, and short.
func TestDocumentsShowTheNeuron(t *testing.T) {
	source, err := os.ReadFile("example_equations_test.go")
	require.NoError(t, err)
	_, text, _ := strings.Cut(string(source), "var adaptive = ")
	text, _, found := strings.Cut(text, "\n}\n")
	require.True(t, found)
	text += "\n}\n"
	require.LessOrEqual(t, strings.Count(text, "\n"), 25)
	for _, name := range []string{"README.md", filepath.Join("docs", "equations.md")} {
		document, err := os.ReadFile(filepath.Join("..", name))
		require.NoError(t, err)
		require.Contains(t, string(document), text, name)
	}
}

// The code of the package's documentation is that of an example, and so compiles.
func TestPackageDocumentation(t *testing.T) {
	source, err := os.ReadFile("trainer.go")
	require.NoError(t, err)
	example, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	text, _, _ := strings.Cut(string(source), "\npackage train\n")
	lines := 0
	for line := range strings.Lines(text) {
		if code, ok := strings.CutPrefix(line, "//\t"); ok {
			require.Contains(t, string(example), "\t"+code)
			lines++
		}
	}
	require.Equal(t, 3, lines)
}
