package detmath

import "math"

// Pow returns x^y = e^(y*log x), within 0.8 ULP for normal results. The
// logarithm and its product with y carry some 68 bits, so that a result that is
// a float64, like 3^2 or x^1, is exact.
//
// The special cases are those of math.Pow, in this order:
//
//	Pow(x, ±0) = 1, Pow(1, y) = 1, for any x and y
//	Pow(x, NaN) = Pow(NaN, y) = NaN
//	Pow(±0, y) = 0 for y > 0, +Inf for y < 0; with the sign of x for an odd y
//	Pow(-1, ±Inf) = 1
//	Pow(x, ±Inf) = +Inf or 0, as |x|^y grows or falls
//	Pow(±Inf, y) = Pow(±0, -y)
//	Pow(x, y) = NaN for finite x < 0 and a finite y that is not an integer
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y:
		return math.NaN()
	}
	a, negative := math.Abs(x), math.Signbit(x) && isOdd(y)
	switch {
	case a == 0 || math.IsInf(a, 1):
		if (a == 0) == (y > 0) {
			a = 0
		} else {
			a = math.Inf(1)
		}
	case x < 0 && !math.IsInf(y, 0) && math.Floor(y) != y:
		return math.NaN()
	default:
		a = powPositive(a, y)
	}
	if negative {
		return -a
	}
	return a
}

// powPositive returns x^y for 0 < x < Inf.
func powPositive(x, y float64) float64 {
	if x == 1 {
		return 1
	}
	l := logDouble(x)
	// The first bounds keep the products finite, the second keeps expParts in
	// its domain; |log x| >= 2^-53, so nothing that they cut off is finite.
	if y = min(max(y, -0x1p64), 0x1p64); math.Abs(y) < 0x1p-64 {
		return 1
	}
	e := twoProduct(y, l.hi)
	e = fastTwoSum(e.hi, e.lo+float64(y*l.lo))
	switch {
	case e.hi > 750:
		return math.Inf(1)
	case e.hi < -750:
		return 0
	}
	return expSum(e.hi, e.lo)
}

// isOdd reports whether y is an odd integer; no float64 from 2^53 on is.
func isOdd(y float64) bool {
	a := math.Abs(y)
	if !(a < 0x1p53) || math.Floor(a) != a {
		return false
	}
	return int64(a)&1 == 1
}
