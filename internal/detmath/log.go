package detmath

import "math"

// logCoefficients are 2/25 ... 2/5, 2/3.
var logCoefficients = []float64{
	2.0 / 25, 2.0 / 23,
	2.0 / 21, 2.0 / 19, 2.0 / 17, 2.0 / 15, 2.0 / 13,
	2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3,
}

// exponent returns k and f with x = 2^k * (1 + f) and 1 + f in
// [sqrt(1/2), sqrt(2)), both exactly, for 0 < x < Inf.
func exponent(x float64) (k int, f float64) {
	if x < 0x1p-1022 {
		x = float64(x * 0x1p54)
		k = -54
	}
	b := math.Float64bits(x)
	k += int(b>>52) - 1023
	m := math.Float64frombits(b&(1<<52-1) | 1023<<52)
	if m >= math.Sqrt2 {
		return k + 1, float64(m*0.5) - 1
	}
	return k, m - 1
}

// logSum returns k*ln2 + log(1 + f) + c for a c that is small beside the rest:
//
//	log(1 + f) = f - f²/2 + s*(f²/2 + R),   s = f / (2 + f)
//	R = 2/3*s² + 2/5*s⁴ + ... = log(1 + f)/s - 2
//
// so that only a small term is subject to the errors of s and R. The series,
// cut after s^24, is off by 2^-70. The form is that of FreeBSD's e_log.c.
func logSum(k int, f, c float64) float64 {
	n := float64(k)
	s := f / (2 + f)
	z := float64(s * s)
	half := float64(float64(0.5*f) * f)
	r := float64(z * horner(z, logCoefficients))
	low := float64(s*(half+r)) + (float64(n*ln2Lo) + c)
	return float64(n*ln2Hi) - ((half - low) - f)
}

// Log returns the natural logarithm, within 1 ULP.
//
//	Log(+Inf) = +Inf
//	Log(±0) = -Inf
//	Log(x) = NaN for x < 0
func Log(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case x < 0:
		return math.NaN()
	case x != x || math.IsInf(x, 1):
		return x
	}
	k, f := exponent(x)
	return logSum(k, f, 0)
}

// Log1p returns log(1 + x), within 1 ULP, also for x near 0.
//
//	Log1p(+Inf) = +Inf
//	Log1p(±0) = ±0
//	Log1p(-1) = -Inf
//	Log1p(x) = NaN for x < -1
func Log1p(x float64) float64 {
	switch {
	case x == -1:
		return math.Inf(-1)
	case x < -1:
		return math.NaN()
	case x != x || math.IsInf(x, 1) || math.Abs(x) < 0x1p-54:
		return x
	case -0.29 < x && x < 0.41:
		return logSum(0, x, 0)
	}
	u := twoSum(1, x)
	k, f := exponent(u.hi)
	return logSum(k, f, u.lo/u.hi)
}

// logDouble returns log(x) within 2^-68 of it, for 0 < x < Inf: twice the
// series of artanh(s) with s = f / (2 + f), its first terms in double.
func logDouble(x float64) double {
	k, f := exponent(x)
	d := twoSum(2, f)
	s := double{hi: f / d.hi}
	p := twoProduct(s.hi, d.hi)
	s.lo = (((f - p.hi) - p.lo) - float64(s.hi*d.lo)) / d.hi
	z := s.mul(s)
	// artanh(s)/s = 1 + z*(1/3 + z*(1/5 + z*(1/7 + ...)))
	rest := float64(0.5 * horner(z.hi, logCoefficients[:10]))
	t := fifth.add(double{hi: float64(z.hi * rest)})
	t = third.add(z.mul(t))
	t = s.mul(z.mul(t))
	l := s.add(t)
	l = double{float64(2 * l.hi), float64(2 * l.lo)}
	n := float64(k)
	return double{float64(n * ln2Hi), float64(n * ln2Lo)}.add(l)
}

const (
	thirdHi = 0x1.5555555555555p-2
	fifthHi = 0x1.999999999999ap-3
)

var (
	third = double{thirdHi, 1.0/3 - thirdHi}
	fifth = double{fifthHi, 1.0/5 - fifthHi}
)
