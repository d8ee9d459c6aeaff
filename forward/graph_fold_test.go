package forward_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A folded network computes the same, but for rounding, with fewer layers.
func TestFold(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{2, 9},
		snn.Conv1d{Out: 4, Kernel: 3, NoBias: true}, snn.BatchNorm{}, snn.LI{Decay: 0.5},
		snn.Flatten{}, snn.Linear{Out: 5}, snn.BatchNorm{})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	weights := m.Params()
	for name, w := range weights {
		if name == "batchnorm1.running_var" || name == "batchnorm1.running_mean" || name == "batchnorm2.weight" || name == "batchnorm2.bias" {
			for i := range w.Data {
				w.Data[i] = 0.25 * float32(i+1)
			}
		}
	}
	m, err = g.Load(weights)
	require.NoError(t, err)
	folded, err := m.Fold()
	require.NoError(t, err)
	require.Equal(t, []string{"batchnorm1", "li1", "flatten1", "batchnorm2"}, folded.Graph().Layers())
	x := pulses(7, 3, 18)
	x.Shape = tensor.Shape{7, 3, 2, 9}
	want, err := m.Run(t.Context(), m.NewState(3), x)
	require.NoError(t, err)
	got, err := folded.Run(t.Context(), folded.NewState(3), x)
	require.NoError(t, err)
	apart := 0
	for i, v := range want.Dense().Data {
		require.InDelta(t, v, got.Dense().Data[i], 1e-5*max(1, math.Abs(float64(v))))
		if v != 0 {
			apart++
		}
	}
	require.Positive(t, apart)
}

func TestFoldSaysWhyNot(t *testing.T) {
	for name, layers := range map[string][]forward.Node{
		"no weights":    {{Layer: snn.LI{}}, {Layer: snn.BatchNorm{}}},
		"delayed":       {{Name: "a", Layer: snn.Linear{Out: 3}}, {Layer: snn.BatchNorm{}, Sources: []forward.Source{forward.After(1, "a")}}},
		"read by other": {{Name: "a", Layer: snn.Linear{Out: 3}}, {Layer: snn.BatchNorm{}}, {Layer: snn.LI{}, Sources: []forward.Source{forward.From("a"), forward.From("batchnorm1")}}},
		"the input":     {{Layer: snn.BatchNorm{}}},
	} {
		g, err := forward.New(forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{3}}}, Layers: layers})
		require.NoError(t, err, name)
		m, err := g.Init(1)
		require.NoError(t, err, name)
		_, err = m.Fold()
		require.ErrorIs(t, err, forward.ErrGraph, name)
		require.ErrorContains(t, err, "batchnorm1", name)
	}
}
