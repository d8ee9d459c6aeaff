package detmath

import "math"

const (
	ln2 = 0.693147180559945309417232121458176568075500134360255254120680
	// ln2Hi has 42 bits, so its product with an exponent is exact.
	ln2Hi = 0x1.62e42fefa38p-1
	ln2Lo = ln2 - ln2Hi
)

// expCoefficients are 1/13! ... 1/2!.
var expCoefficients = []float64{
	1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
	1.0 / 362880, 1.0 / 40320, 1.0 / 5040, 1.0 / 720,
	1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2,
}

// expParts returns k, r and c with exp(x + tail) = 2^k * (1 + r + c), where
// |r| <= 0.35 and |c| <= 0.07, for |x| <= 800 and |tail| <= ulp(x):
//
//	k = floor(x/ln2 + 1/2), r = x + tail - k*ln2, c = exp(r) - 1 - r
//
// The Taylor series of c, cut after r^13/13!, is off by 4e-18.
func expParts(x, tail float64) (k int, r, c float64) {
	n := math.Floor(float64(x*(1/ln2)) + 0.5)
	hi := x - float64(n*ln2Hi)
	lo := float64(n*ln2Lo) - tail
	r = hi - lo
	e := (hi - r) - lo
	c = float64(float64(r*r)*horner(r, expCoefficients)) + (e + float64(e*r))
	return int(n), r, c
}

// expSum returns exp(x + tail) under the conditions of expParts.
func expSum(x, tail float64) float64 {
	k, r, c := expParts(x, tail)
	s := fastTwoSum(1, r)
	return scale(s.hi+(s.lo+c), k)
}

// Exp returns e^x, within 0.8 ULP for normal results.
//
//	Exp(+Inf) = +Inf, and so is Exp(x) for x > 709.7827
//	Exp(-Inf) = 0, and so is Exp(x) for x < -745.1332
func Exp(x float64) float64 {
	switch {
	case x > 750:
		return math.Inf(1)
	case x < -750:
		return 0
	case x != x:
		return x
	}
	return expSum(x, 0)
}

// Expm1 returns e^x - 1, within 1 ULP, also for x near 0.
//
//	Expm1(±0) = ±0
//	Expm1(+Inf) = +Inf, and so is Expm1(x) for x > 709.7827
//	Expm1(-Inf) = -1
func Expm1(x float64) float64 {
	switch {
	case x > 50:
		return Exp(x)
	case x < -50:
		return -1
	case math.Abs(x) < 0x1p-54 || x != x:
		return x
	}
	k, r, c := expParts(x, 0)
	p := power2(k)
	one := twoSum(p, -1)
	s := twoSum(one.hi, float64(p*r))
	return s.hi + (s.lo + (one.lo + float64(p*c)))
}

// Sigmoid returns 1 / (1 + e^-x), within 2 ULP for normal results.
//
//	Sigmoid(+Inf) = 1
//	Sigmoid(-Inf) = 0
func Sigmoid(x float64) float64 {
	if x < 0 {
		e := Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + Exp(-x))
}

// Tanh returns the hyperbolic tangent, within 3 ULP, as
//
//	1 - 2/(e^2x + 1)              for x >= 1
//	(1 - e^-2x) / (1 + e^-2x)     for 0 <= x < 1
//
// and the negative of that for -x.
//
//	Tanh(±0) = ±0
//	Tanh(±Inf) = ±1
func Tanh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case a > 22:
		a = 1
	case a >= 1:
		a = 1 - 2/(Exp(float64(2*a))+1)
	case a > 0x1p-30:
		t := Expm1(float64(-2 * a))
		a = -t / (2 + t)
	}
	return math.Copysign(a, x)
}

// Softplus returns log(1 + e^x), within 2 ULP for normal results.
//
//	Softplus(+Inf) = +Inf
//	Softplus(-Inf) = 0
func Softplus(x float64) float64 {
	if x > 0 {
		return x + Log1p(Exp(-x))
	}
	return Log1p(Exp(x))
}
