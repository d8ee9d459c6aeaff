package simd

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// ulp is the distance between two float32 at x.
func ulp(x float64) float64 {
	_, e := math.Frexp(x)
	return math.Ldexp(1, max(e-24, -149))
}

// Exp is at most 2 ULP off: at a sample of all numbers, and at all of them
// where there is time.
func TestExp(t *testing.T) {
	stride := uint64(1009)
	if emulated {
		stride = 100_003
	}
	if nightly {
		stride = 1
	}
	const block = 1 << 12
	x, y := make([]float32, block), make([]float32, block)
	worst, at := 0.0, float32(0)
	for start := uint64(0); start < 1<<32; start += stride * block {
		for i := range x {
			x[i] = math.Float32frombits(uint32(start + stride*uint64(i)))
		}
		Exp(y, x)
		for i, v := range x {
			exact := math.Exp(float64(v)) // at most 1 ULP of float64 off
			switch {
			case v != v:
				require.True(t, y[i] != y[i], "%v", v)
			case exact > math.MaxFloat32*(1+1e-8):
				require.Equal(t, math.Inf(1), float64(y[i]), "%v", v)
			default:
				if off := math.Abs(float64(y[i])-exact) / ulp(exact); off > worst {
					worst, at = off, v
				}
			}
		}
	}
	t.Logf("exp is at most %.3f ULP off, at %v", worst, at)
	require.LessOrEqual(t, worst, 2.0)
}
