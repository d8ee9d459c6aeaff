package work

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/tensor"
)

// The neuron written as text fires as it does in torch, and its gradients are
// those of autograd and of the backward pass that is compared with ours.
func TestTextIsTorchs(t *testing.T) {
	const steps, batch, n = 20, 3, 40
	x, g := Normal(0.5, 5, steps, batch, n), Normal(1, 6, steps, batch, n)
	var torch struct{ Spikes, Function, Formula, ByHand []float32 }
	python.Exchange(t, "testdata/equations.py", map[string]*tensor.Tensor{"X": x, "G": g}, &torch)

	m, err := layer(TextNeuron, n)
	require.NoError(t, err)
	out, err := m.Run(context.Background(), m.NewState(batch), x)
	require.NoError(t, err)
	require.Equal(t, torch.Spikes, out.Dense().Data)
	count, err := fired(m, x)
	require.NoError(t, err)
	require.Greater(t, count, steps*batch*n/100, "hardly a spike proves nothing")

	tape, err := m.NewTape(forward.BackwardOptions{Inputs: true, Trainable: func(string) bool { return false }})
	require.NoError(t, err)
	err = tape.Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{x}, Count: batch}, func([]*tensor.Tensor) ([][]float32, error) {
		return [][]float32{g.Data}, nil
	})
	require.NoError(t, err)
	for name, want := range map[string][]float32{"function": torch.Function, "formula": torch.Formula, "by hand": torch.ByHand} {
		require.Len(t, tape.InputGradients()[0], len(want))
		for i, got := range tape.InputGradients()[0] {
			// A gradient is a sum of terms of about 1, which may cancel.
			require.InDelta(t, want[i], got, 1e-5*max(math.Abs(float64(want[i])), 0.02), "%s: %d", name, i)
		}
	}
}
