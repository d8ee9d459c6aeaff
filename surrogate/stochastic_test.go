package surrogate_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/surrogate"
)

// How often a random spike function spikes is what its formula says, and what
// it draws depends on nothing but its arguments.
func TestRandomSpikes(t *testing.T) {
	const n = 20000
	for _, v := range []float64{-3, -0.5, 0, 0.25, 0.75, 2} {
		x, y := make([]float32, n), make([]float32, n)
		for i := range x {
			x[i] = float32(v)
		}
		r := surrogate.NewRandom(1, "lif").At(2, 3)
		share := func() (mean float64) {
			for _, s := range y {
				mean += float64(s) / n
			}
			return mean
		}
		r.LogisticSpike(y, x, 0.5)
		require.InDelta(t, (1+math.Tanh(0.5*v))/2, share(), 0.015)
		again := make([]float32, n)
		surrogate.NewRandom(1, "lif").At(2, 3).LogisticSpike(again, x, 0.5)
		require.Equal(t, y, again)
		if v == 0 {
			r.At(2, 4).LogisticSpike(again, x, 0.5)
			require.NotEqual(t, y, again, "another step")
		}
		r.CircDistSpike(y, x, 0.5)
		require.InDelta(t, 0.5+v/(2*math.Hypot(v, 0.5)), share(), 0.015)
		r.PoissonPassSpike(y, x)
		require.InDelta(t, min(max(v, 0), 1), share(), 0.015)
		r.StochasticDerivative(y, x, 1, 0.25)
		if v > 0 {
			require.InDelta(t, 1, share(), 1e-9)
			continue
		}
		require.InDelta(t, 0.25, share(), 0.005)
		for _, d := range y {
			require.True(t, d >= 0.125 && d < 0.375, d)
		}
	}
	// However far from the threshold, the answer is sure; NaN never spikes.
	for _, c := range []struct{ x, spike float32 }{
		{float32(math.Inf(-1)), 0}, {-math.MaxFloat32, 0}, {math.MaxFloat32, 1}, {float32(math.Inf(1)), 1}, {float32(math.NaN()), 0},
	} {
		y, r := []float32{-1}, surrogate.NewRandom(1, "lif")
		for _, spike := range []func(){
			func() { r.LogisticSpike(y, []float32{c.x}, 0.5) }, func() { r.CircDistSpike(y, []float32{c.x}, 0.5) }, func() { r.PoissonPassSpike(y, []float32{c.x}) },
		} {
			spike()
			require.Equal(t, c.spike, y[0], "%v", c.x)
		}
	}
	require.Panics(t, func() { surrogate.NewRandom(1, "").PoissonPassSpike(make([]float32, 1), nil) })
}
