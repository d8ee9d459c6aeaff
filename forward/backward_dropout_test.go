package forward_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Dropout works in training alone: without it the layer is the identity, and
// with it what comes through is the mask of the sample, the step and the batch,
// in a burn-in and in segments, too.
func TestDropout(t *testing.T) {
	build := func(l snn.Layer) *forward.Model {
		g, err := forward.New(forward.Spec{
			Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{9}}},
			Layers: []forward.Node{{Name: "drop", Layer: l}, {Name: "out", Layer: snn.Linear{Out: 4}, Sources: []forward.Source{forward.After(1, "drop")}}},
		})
		require.NoError(t, err)
		m, err := g.Init(2)
		require.NoError(t, err)
		return m
	}
	const steps, batch, burn = 7, 3, 2
	x := noise(6, steps, batch, 9)
	layer := snn.Dropout{Probability: 0.4, EveryStep: true}
	_, want := gradientsOf(t, build(snn.Identity{}), x, forward.BackwardOptions{}, 2, sampled(steps, 4))
	_, got := gradientsOf(t, build(layer), x, forward.BackwardOptions{}, 2, sampled(steps, 4))
	require.Equal(t, want, got)

	mask, dropped := make([]float32, 9), 0
	tape, err := build(layer).NewTape(forward.BackwardOptions{Outputs: []string{"drop"}, Inputs: true, Dropout: true, Seed: 8, BurnIn: burn, Segment: 2})
	require.NoError(t, err)
	for sample := range batch {
		run := forward.Samples{Inputs: []tensor.Signal{x}, First: sample, Count: 1, BatchNumber: 5}
		require.NoError(t, tape.Run(context.Background(), run, func(y []*tensor.Tensor) ([][]float32, error) {
			g := make([]float32, len(y[0].Data))
			for i := range g {
				g[i] = 1
			}
			for step := burn; step < steps; step++ {
				layer.Mask(mask, 8, "drop", 5, uint32(sample), step)
				for i, m := range mask {
					require.Equal(t, m*x.Data[(step*batch+sample)*9+i], y[0].Data[(step-burn)*9+i])
				}
			}
			return [][]float32{g}, nil
		}))
		for step := burn; step < steps; step++ {
			layer.Mask(mask, 8, "drop", 5, uint32(sample), step)
			require.Equal(t, mask, tape.InputGradients()[0][step*9:(step+1)*9])
			for _, m := range mask {
				if m == 0 {
					dropped++
				}
			}
		}
	}
	require.InDelta(t, 0.4, float64(dropped)/(9*batch*(steps-burn)), 0.15)
}
