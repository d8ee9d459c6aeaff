package nir_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/internal/python"
)

// A network of snnTorch that is brought over by NIR sends the same spikes as in
// snnTorch, under the preset that says what the file does not; under that of
// snnTorch's importer it does not. Both say what they assumed.
func TestTrainedInSNNTorch(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out.json")
	python.Run(t, filepath.Join("testdata", "trained.py"), out)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	var said struct{ Spikes int }
	require.NoError(t, json.Unmarshal(text, &said))
	require.Greater(t, said.Spikes, 1000)
	read := func(name string) []float32 {
		a, err := npy.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		x, err := a.Tensor()
		require.NoError(t, err)
		return x.Data
	}
	in, err := npy.ReadFile(filepath.Join(dir, "x.npy"))
	require.NoError(t, err)
	x, err := in.Tensor()
	require.NoError(t, err)
	g, err := nir.ReadFile(filepath.Join(dir, "trained.nir"))
	require.NoError(t, err)
	differ := map[string]int{}
	for preset, reset := range map[string]string{"snntorch-trained": "reset subtract, next step", "snntorch": "reset zero, this step"} {
		d, err := nir.As(preset, 1e-4)
		require.NoError(t, err)
		m, report, err := g.Model(d)
		require.NoError(t, err)
		require.Contains(t, report.Assumed, reset)
		y, err := m.Run(t.Context(), m.NewState(x.Shape[1]), x)
		require.NoError(t, err)
		want := read("y.npy")
		for i, v := range y.Dense().Data {
			if v != want[i] {
				differ[preset]++
			}
		}
	}
	require.Zero(t, differ["snntorch-trained"])
	require.Positive(t, differ["snntorch"], "or the two would be one")
}
