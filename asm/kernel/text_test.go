package kernel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/equation"
)

// described are the neurons.
func described() []*equation.Kernel {
	var kernels []*equation.Kernel
	for _, f := range Neurons() {
		kernels = append(kernels, f.Kernels...)
	}
	return kernels
}

// requireSameProgram compares all that programs compute, store and say about
// gradients: everything but labels.
func requireSameProgram(t *testing.T, want, got *equation.Kernel) {
	t.Helper()
	require.Equal(t, want.Args(), got.Args())
	p, q := want.Program(), got.Program()
	for _, values := range [][]equation.Value{p.Values, q.Values} {
		for i := range values {
			values[i].Label = ""
		}
	}
	require.Equal(t, p.Values, q.Values)
	require.Equal(t, p.Effects, q.Effects)
}

// A neuron's text is the neuron: what is read back computes the same values in
// the same order, and so does all that is derived from it.
func TestTextOfEveryNeuron(t *testing.T) {
	kernels := described()
	require.Len(t, kernels, 50)
	for _, k := range kernels {
		t.Run(k.Name, func(t *testing.T) {
			text := k.Text()
			parsed, err := equation.Parse(k.Name, text, k.Declaration())
			require.NoError(t, err, text)
			requireSameProgram(t, k, parsed)
			requireSameProgram(t, k.Recording(), parsed.Recording())
			requireSameProgram(t, k.Backward(), parsed.Backward())
			require.Equal(t, text, parsed.Text())
		})
	}
}
