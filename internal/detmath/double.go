package detmath

import "math"

// horner returns c[0]*x^(n-1) + ... + c[n-2]*x + c[n-1].
func horner(x float64, c []float64) float64 {
	s := c[0]
	for _, k := range c[1:] {
		s = float64(s*x) + k
	}
	return s
}

// scale returns x * 2^k, rounded once, for x = 0 or |x| in [2^-60, 4) and any
// k in [-1200, 1100].
func scale(x float64, k int) float64 {
	switch {
	case k > 1023:
		return float64(float64(x*0x1p1023) * power2(k-1023))
	case k < -900:
		// Only the second product may leave the normal numbers, and round.
		return float64(float64(x*power2(k+300)) * 0x1p-300)
	}
	return float64(x * power2(k))
}

// power2 returns 2^k for k in [-1022, 1023].
func power2(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// double is the sum of two float64 that do not overlap: about 106 bits.
type double struct{ hi, lo float64 }

// twoSum returns a + b exactly (Knuth).
func twoSum(a, b float64) double {
	s := a + b
	t := s - a
	return double{s, (a - (s - t)) + (b - t)}
}

// fastTwoSum returns a + b exactly for |a| >= |b| or a = 0 (Dekker).
func fastTwoSum(a, b float64) double {
	s := a + b
	return double{s, b - (s - a)}
}

// twoProduct returns a * b exactly, if nothing over- or underflows on the way
// (Dekker). It does without math.FMA, so that a fused instruction anywhere in
// the assembly of this package is a mistake.
func twoProduct(a, b float64) double {
	p := float64(a * b)
	ah, al := split(a)
	bh, bl := split(b)
	e := float64(ah*bh) - p
	e += float64(ah * bl)
	e += float64(al * bh)
	return double{p, e + float64(al*bl)}
}

// split returns a as the sum of two numbers of 26 bits (Veltkamp).
func split(a float64) (hi, lo float64) {
	c := float64((1<<27 + 1) * a)
	hi = c - (c - a)
	return hi, a - hi
}

// add returns a + b within 2^-104 of |a| + |b|.
func (a double) add(b double) double {
	s := twoSum(a.hi, b.hi)
	return fastTwoSum(s.hi, s.lo+(a.lo+b.lo))
}

// mul returns a * b within 2^-102 of it.
func (a double) mul(b double) double {
	p := twoProduct(a.hi, b.hi)
	return fastTwoSum(p.hi, p.lo+(float64(a.hi*b.lo)+float64(a.lo*b.hi)))
}
