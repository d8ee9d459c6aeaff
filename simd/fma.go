package simd

import "math"

// fma is x*y + z, rounded once to float32.
//
// The product of two float32 is exact in float64, and so is the place of the
// sum relative to every point halfway between two float32, unless the float64
// sum itself lands on such a point: then the part that was rounded away
// decides. Rounding to odd keeps it (Boldo and Melquiond, 2008).
func fma(x, y, z float32) float32 {
	p, d := float64(float64(x)*float64(y)), float64(z)
	s := p + d
	// Halfway points of normal results have these 29 low bits; subnormal
	// results have theirs elsewhere, so those go the long way.
	b := math.Float64bits(s)
	if b&(1<<29-1) != 1<<28 && (b<<1 >= 0x3810000000000000<<1 || s == 0) {
		return float32(s)
	}
	bb := s - p
	e := (p - (s - bb)) + (d - bb) // s+e == p+d exactly (Knuth)
	if (e > 0 || e < 0) && b&1 == 0 {
		if (e > 0) == (s > 0) {
			b++
		} else {
			b--
		}
		s = math.Float64frombits(b)
	}
	return float32(s)
}
