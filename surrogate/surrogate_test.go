package surrogate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
)

var all = []surrogate.Func{
	surrogate.SuperSpike(10), surrogate.Sigmoid(4), surrogate.Piecewise(0.5),
	surrogate.ATan(2), surrogate.FastSigmoid(25), surrogate.Triangle(1, 2),
}

// Every derivative against the frameworks' own, on every tier.
func TestGoldens(t *testing.T) {
	for name, f := range map[string]surrogate.Func{
		"snnax.superspike":      surrogate.SuperSpike(10),
		"snnax.sigmoid":         surrogate.Sigmoid(1),
		"snnax.piecewise":       surrogate.Piecewise(0.5),
		"snntorch.atan":         surrogate.ATan(2),
		"spikingjelly.ATan":     surrogate.ATan(2),
		"snntorch.fast_sigmoid": surrogate.FastSigmoid(25),
		"jaxpike.FastSigmoid":   surrogate.FastSigmoid(25),
		"spyx.superspike":       surrogate.FastSigmoid(25),
		"spikingjelly.Sigmoid":  surrogate.Sigmoid(4),
		"snntorch.sigmoid":      surrogate.Sigmoid(25),
		"spyx.triangular":       surrogate.Triangle(1, 2),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := vectors.ReadFile(shared.Path(t, "golden", "surrogate."+name+".safetensors"))
			require.NoError(t, err)
			x, err := c.Tensor("x")
			require.NoError(t, err)
			want, err := c.Tensor("d_ref")
			require.NoError(t, err)
			defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
			for _, tier := range simd.Tiers() {
				require.NoError(t, simd.Use(tier))
				got := make([]float32, len(x.Data))
				f.Derivative(got, x.Data)
				for i, d := range want.Data {
					if name == "snnax.piecewise" && math.Abs(float64(x.Data[i])) == 0.5 {
						require.Equal(t, float32(1), got[i], "the documentation includes the edges, the code does not")
						continue
					}
					require.InDelta(t, d, got[i], 2e-6*max(1, math.Abs(float64(d))), "at %v", x.Data[i])
				}
			}
		})
	}
}

func TestSpikeAndBackward(t *testing.T) {
	x := []float32{-1, -1e-45, 0, 1e-45, 1, float32(math.Copysign(0, -1)), float32(math.NaN())}
	for _, f := range all {
		t.Run(f.String(), func(t *testing.T) {
			s := make([]float32, len(x))
			f.Spike(s, x)
			require.Equal(t, []float32{0, 0, 1, 1, 1, 1, 0}, s)
			d, b := make([]float32, len(x)), make([]float32, len(x))
			f.Derivative(d, x)
			require.Positive(t, d[2])
			f.Backward(b, []float32{2, 2, 2, 2, 2, 2, 2}, x)
			for i := range b[:6] {
				require.Equal(t, 2*d[i], b[i])
			}
			require.Panics(t, func() { f.Derivative(d[1:], x) })
		})
	}
	require.Panics(t, func() { surrogate.Func{}.Derivative(make([]float32, 1), make([]float32, 1)) })
}

func TestJSON(t *testing.T) {
	for _, f := range append([]surrogate.Func{{}}, all...) {
		text, err := json.Marshal(f)
		require.NoError(t, err)
		var back surrogate.Func
		require.NoError(t, json.Unmarshal(text, &back), "%s", text)
		require.Equal(t, f, back)
	}
	var f surrogate.Func
	require.NoError(t, json.Unmarshal([]byte(`{"name": "SuperSpike"}`), &f))
	require.Equal(t, surrogate.SuperSpike(10), f)
	for _, bad := range []string{`{}`, `{"name": "Supersspike"}`, `{"name": ""}`, `{"name": "ATan", "beta": 1}`, `{"name": "ATan", "alpha": "x"}`, `{"name": "ATan", "alpha": -1}`, `3`} {
		require.ErrorIs(t, json.Unmarshal([]byte(bad), &f), surrogate.ErrSurrogate, bad)
	}
}

func TestCheck(t *testing.T) {
	for _, v := range []float32{0, -1, float32(math.NaN()), float32(math.Inf(1))} {
		require.ErrorIs(t, surrogate.ATan(v).Check(), surrogate.ErrSurrogate)
	}
	for _, f := range all {
		require.NoError(t, f.Check())
	}
}

func ExampleFunc_Backward() {
	f := surrogate.SuperSpike(10)
	x := []float32{-0.5, 0, 0.25} // membrane - threshold
	spikes, gradient := make([]float32, 3), make([]float32, 3)
	f.Spike(spikes, x)
	f.Backward(gradient, []float32{1, 1, 1}, x)
	fmt.Println(spikes, gradient)
	// Output: [0 1 1] [0.16666667 1 0.2857143]
}
