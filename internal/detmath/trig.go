package detmath

import (
	"math"
	"math/bits"
)

// Coefficients of sin(x)/x - 1 over x², and of cos(x) - 1 + x²/2 over x⁴, as
// polynomials in x²: Taylor's, cut after x^17/17! and x^16/16!, off by 1e-19
// and 2e-18 at π/4.
var (
	sinCoefficients = []float64{
		1.0 / 355687428096000, -1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800,
		1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6,
	}
	cosCoefficients = []float64{
		1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800,
		1.0 / 40320, -1.0 / 720, 1.0 / 24,
	}
)

// Sin returns the sine of x radians, within 0.8 ULP for every x.
//
//	Sin(±0) = ±0
//	Sin(±Inf) = NaN
func Sin(x float64) float64 { return sinQuadrant(x, 0) }

// Cos returns the cosine of x radians, within 0.8 ULP for every x.
//
//	Cos(±Inf) = NaN
func Cos(x float64) float64 { return sinQuadrant(x, 1) }

// sinQuadrant returns sin(x + n*π/2).
func sinQuadrant(x float64, n int) float64 {
	if x != x || math.IsInf(x, 0) {
		return math.NaN()
	}
	q, r := reduce(x)
	var s float64
	if q += n; q&1 == 0 {
		s = sinNear(r)
	} else {
		s = cosNear(r)
	}
	if q&2 != 0 {
		return -s
	}
	return s
}

// sinNear returns sin(r) for |r| <= π/4.
func sinNear(r double) float64 {
	x := r.hi
	z := float64(x * x)
	tail := float64(r.lo * (1 - float64(0.5*z)))
	if x == 0 {
		return x
	}
	return x + (float64(float64(z*x)*horner(z, sinCoefficients)) + tail)
}

// cosNear returns cos(r) for |r| <= π/4.
func cosNear(r double) float64 {
	z := float64(r.hi * r.hi)
	half := float64(0.5 * z)
	w := fastTwoSum(1, -half)
	p := float64(float64(z*z) * horner(z, cosCoefficients))
	return w.hi + (w.lo + (p - float64(r.hi*r.lo)))
}

// reduce returns q and r with x = (4j + q)*π/2 + r for some integer j, q in
// 0..3 and |r| <= π/4, as Payne and Hanek (1983) do: x is a 53-bit integer m
// times a power of two, and of the bits of 2/π only those are multiplied with
// m that make more than the multiples of 4 and less than 2^-190. No float64
// is so near to a multiple of π/2 that more than 62 bits after the point
// vanish, which leaves r its 106.
func reduce(x float64) (q int, r double) {
	if math.Abs(x) <= math.Pi/4 {
		return 0, double{hi: x}
	}
	b := math.Float64bits(x)
	m := b&(1<<52-1) | 1<<52
	// The window begins at the bit of 2/π that has the weight 2 when scaled.
	first := int(b>>52&0x7ff) - 1075 - 1 + 63
	var w [3]uint64
	for i := range w {
		word, shift := first/64+i, uint(first%64)
		w[i] = twoOverPi[word]<<shift | twoOverPi[word+1]>>(64-shift)
	}
	c, p2 := bits.Mul64(m, w[2])
	c1, p1 := bits.Mul64(m, w[1])
	p1, carry := bits.Add64(p1, c, 0)
	p0 := m*w[0] + c1 + carry

	q = int(p0 >> 62)
	p0, p1, p2 = p0<<2|p1>>62, p1<<2|p2>>62, p2<<2
	negative := p0>>63 == 1
	if negative {
		q++
		var borrow uint64
		p2, borrow = bits.Sub64(0, p2, 0)
		p1, borrow = bits.Sub64(0, p1, borrow)
		p0, _ = bits.Sub64(0, p0, borrow)
	}
	r = fraction(p0, p1, p2).mul(halfPi)
	if negative != math.Signbit(x) {
		r = double{-r.hi, -r.lo}
	}
	if math.Signbit(x) {
		q = -q
	}
	return q & 3, r
}

// fraction returns the first 106 significant bits of p0.p1.p2 / 2^192.
func fraction(p0, p1, p2 uint64) double {
	n := bits.LeadingZeros64(p0)
	if n == 64 {
		n = 63 // never, see reduce; the shifts below need it
	}
	s := uint(n)
	p0, p1 = p0<<s|p1>>(64-s), p1<<s|p2>>(64-s)
	hi := float64(p0 >> 11)
	lo := float64(p0&(1<<11-1)<<42 | p1>>22)
	return fastTwoSum(float64(hi*power2(-53-n)), float64(lo*power2(-106-n)))
}

const (
	piOver2   = 1.57079632679489661923132169163975144209858469968755291048747
	halfPiTop = 0x1.921fb54442d18p0
)

var halfPi = double{halfPiTop, piOver2 - halfPiTop}

// twoOverPi is a word of zeros before the point and then the bits of 2/π.
var twoOverPi = [...]uint64{
	0,
	0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
	0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
	0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
	0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
	0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
}
