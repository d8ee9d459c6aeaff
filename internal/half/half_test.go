package half

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every half is what its sign, exponent and fraction say.
func TestEveryHalf(t *testing.T) {
	for h := range 1 << 16 {
		exponent, fraction := h>>10&31, float64(h&0x3ff)
		want := math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 0:
			want = math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = math.Inf(1)
		case exponent == 31:
			want = math.NaN()
		}
		got := float64(Widen([]uint16{uint16(h)})[0])
		if math.IsNaN(want) {
			require.True(t, math.IsNaN(got), "%04x", h)
			continue
		}
		if h>>15 == 1 {
			want = -want
		}
		require.Equal(t, math.Float64bits(want), math.Float64bits(got), "%04x", h)
	}
}
