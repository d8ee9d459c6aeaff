package surrogate_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
)

// limits are what the functions with their default parameters come to far below
// and far above the threshold. A series of cosines comes to nothing.
var limits = map[string][2]float64{
	"SuperSpike": {}, "Sigmoid": {}, "Piecewise": {}, "ATan": {}, "FastSigmoid": {}, "SoftSign": {}, "SuperSpikeScaled": {},
	"NonzeroSignLogAbs": {}, "Cauchy": {}, "Circ": {}, "QPseudoSpike": {}, "Triangle": {}, "Exponential": {}, "SpikeRateEscape": {},
	"Tanh": {}, "Erf": {}, "HeaviErfc": {}, "Gaussian": {}, "MultiGaussian": {}, "Box": {}, "BoxHalfEdge": {}, "ShiftedFastSigmoid": {},
	"S2NN": {}, "LogTailedReLU": {}, "FakeNumericalGradient": {},
	"SquarewaveFourier":   {math.NaN(), math.NaN()},
	"PeriodicExponential": {0, math.Exp(-2)}, // exp(-threshold/width): float32 tells no part of a threshold there
	"StraightThrough":     {1, 1},
	"SignedThreshold":     {1, -1},
	"LeakySpike":          {0.1, 1},
	"LeakyKReLU":          {0, 1},
	"OneSided":            {0, 1},
}

// named is a function with its default parameters, some of them set.
func named(t *testing.T, name string, set map[string]float64) (f surrogate.Func, err error) {
	fields := map[string]any{"name": name}
	for p, v := range set {
		fields[p] = v
	}
	text, err := json.Marshal(fields)
	require.NoError(t, err)
	return f, json.Unmarshal(text, &f)
}

// far and near are distances from the threshold at both ends of float32.
var (
	far  = []float32{3.4e38, math.MaxFloat32, float32(math.Inf(1))}
	near = []float32{0, 0x1p-149, 0x1p-140, 0x1p-127, 0x1p-126}
)

// derivative is f at x, on every tier, and with a gradient of 1/2.
func derivative(t *testing.T, f surrogate.Func, x float32) (d float32, err error) {
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	for _, tier := range simd.Tiers() {
		require.NoError(t, simd.Use(tier))
		out, back := []float32{0}, []float32{0}
		f.Derivative(out, []float32{x})
		f.Backward(back, []float32{0.5}, []float32{x})
		d = out[0]
		if d-d != 0 || math.Abs(float64(back[0]-0.5*d)) > 0x1p-149 {
			return d, fmt.Errorf("%v at %v, %s: %v, and backward %v", f, x, tier, d, back[0])
		}
	}
	return d, nil
}

// checkExtremes reports a function that is not finite at an end of float32, or
// not what it comes to there.
func checkExtremes(t *testing.T, f surrogate.Func, limits [2]float64) error {
	is := func(x float32, want float64) error {
		d, err := derivative(t, f, x)
		if err == nil && math.Abs(float64(d)-want) > 1e-6 {
			err = fmt.Errorf("%v at %v: %v, not %v", f, x, d, want)
		}
		return err
	}
	for side, sign := range []float32{-1, 1} {
		for _, x := range far {
			if err := is(sign*x, limits[side]); err != nil {
				return err
			}
		}
		for _, x := range near {
			as := sign * 0x1p-100
			if x == 0 {
				as = 0 // -0 is the threshold, too
			}
			d, err := derivative(t, f, as)
			if err != nil {
				return err
			}
			if err := is(sign*x, float64(d)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Every derivative is finite wherever the membrane may be, and what its formula
// comes to there.
func TestExtremes(t *testing.T) {
	require.Len(t, limits, len(formulas))
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		t.Run(name, func(t *testing.T) {
			f, err := named(t, name, nil)
			require.NoError(t, err)
			require.NoError(t, checkExtremes(t, f, limits[name]), name)
		})
	}
}

// No parameter that Check accepts makes a derivative that is not finite.
func TestExtremeParameters(t *testing.T) {
	accepted := 0
	for name := range limits {
		f, err := named(t, name, nil)
		require.NoError(t, err)
		text, err := json.Marshal(f)
		require.NoError(t, err)
		var parameters map[string]any
		require.NoError(t, json.Unmarshal(text, &parameters))
		delete(parameters, "name")
		for p := range parameters {
			t.Run(name+" "+p, func(t *testing.T) {
				require.NoError(t, checkParameter(t, name, p, &accepted), "%s %s", name, p)
			})
		}
	}
	require.Greater(t, accepted, 200)
}

// checkParameter reports a value of a parameter with which a derivative is not
// finite.
func checkParameter(t *testing.T, name, parameter string, accepted *int) error {
	for _, v := range []float64{-math.MaxFloat32, -1, 0x1p-149, 0x1p-126, 0x1p-100, 1e-20, 0x1p-30, 0.5, 2, 3, 0x1p30, 1e20, 0x1p100, math.MaxFloat32} {
		f, err := named(t, name, map[string]float64{parameter: v})
		if err != nil {
			require.ErrorIs(t, err, surrogate.ErrSurrogate)
			continue
		}
		*accepted++
		for _, x := range slices.Concat(far, near, []float32{1e-20, 0.5, 1, 1e20}) {
			for _, sign := range []float32{-1, 1} {
				if _, err := derivative(t, f, sign*x); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
