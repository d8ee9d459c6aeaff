package surrogate_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/surrogate"
)

// Functions of another scale, and of the threshold itself, by their formulas.
func TestScalesAndLevels(t *testing.T) {
	f := surrogate.FastSigmoid(2)
	x, threshold := []float32{-1, 0, 0.5, 3}, []float32{0.5, 1, 2, 4}
	at := func(v float32) float32 {
		d := []float32{v}
		f.Derivative(d, d)
		return d[0]
	}
	for name, c := range map[string]struct {
		f    surrogate.Func
		want func(x, threshold float32) float32
	}{
		"scaled":        {f.Scaled(4), func(x, _ float32) float32 { return at(x/4) / 4 }},
		"relative":      {f.Relative(), func(x, threshold float32) float32 { return at(x/threshold) / threshold }},
		"per threshold": {f.PerThreshold(), func(x, threshold float32) float32 { return at(x) / threshold }},
		"plain":         {f, func(x, _ float32) float32 { return at(x) }},
	} {
		require.NoError(t, c.f.Check())
		d := make([]float32, len(x))
		c.f.DerivativeAt(d, x, threshold)
		g := []float32{1, 2, 3, 4}
		for i := range x {
			require.Equal(t, c.want(x[i], threshold[i]), d[i], name)
		}
		if c.f.NeedsThreshold() {
			require.Panics(t, func() { c.f.Derivative(d, x) })
			require.Panics(t, func() { c.f.Backward(d, g, x) })
		} else {
			c.f.Backward(d, g, x)
			for i := range x {
				require.InDelta(t, g[i]*c.want(x[i], 1), d[i], 1e-6, name)
			}
		}
		text, err := json.Marshal(c.f)
		require.NoError(t, err)
		var back surrogate.Func
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, c.f, back)
	}
	require.Equal(t, "FastSigmoid(2).Scaled(4).Relative()", f.Scaled(4).Relative().String())
	require.ErrorIs(t, f.Scaled(-1).Check(), surrogate.ErrSurrogate)
	var g surrogate.Func
	require.ErrorIs(t, json.Unmarshal([]byte(`{"name": "FastSigmoid", "levels": "none"}`), &g), surrogate.ErrSurrogate)
}
