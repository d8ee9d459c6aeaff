package simd

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The way back of fixed parameters gives the gradients of inputs and states
// that the other gives, bit for bit, on every tier.
func TestFixedParametersChangeNoOtherGradient(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(21)
		for _, name := range NeuronNames() {
			k := neurons[name]
			for _, n := range []int{1, 8, 37} {
				const steps = 5
				draw := func(count, size int) (list [][]float32) {
					for range count {
						list = append(list, finite(r, size))
					}
					return list
				}
				c := TrainingCall{
					X: finite(r, steps*n), G: finite(r, steps*n), Slope: finite(r, steps*n), GX: make([]float32, steps*n),
					Attach: finite(r, n), Straight: finite(r, n), Moved: finite(r, n),
					Params: draw(len(k.params), n), Traces: draw(len(k.traces), steps*n),
					GState: draw(len(k.gradients), n), GParams: draw(len(k.params), n), Steps: steps, Stride: n,
				}
				fixed := c
				fixed.GX, fixed.GParams, fixed.GState = slices.Clone(c.GX), nil, nil
				for _, g := range c.GState {
					fixed.GState = append(fixed.GState, slices.Clone(g))
				}
				before := slices.Clone(c.GX)
				k.Backward(&c)
				k.Backward(&fixed)
				requireSame(t, c.GX, fixed.GX, "%s: gX of %d", name, n)
				for i := range c.GState {
					requireSame(t, c.GState[i], fixed.GState[i], "%s: the gradient of %s of %d", name, k.gradients[i], n)
				}
				if n > 1 {
					require.NotEqual(t, before, c.GX, name)
				}
			}
		}
	})
}
