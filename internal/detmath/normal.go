package detmath

import "math"

// InverseNormal returns the quantile function of the standard normal
// distribution: the x below which a draw lies with probability p, within 8 ULP.
// It is Wichura's PPND16, algorithm AS 241, Applied Statistics 37 (1988), 477:
// a quotient of two polynomials in p - 1/2, or in sqrt(-log(min(p, 1-p))).
//
// InverseNormal(1-p) is the negative of InverseNormal(p), where 1-p is exact.
//
//	InverseNormal(0) = -Inf
//	InverseNormal(1) = +Inf
//	InverseNormal(p) = NaN for p outside [0, 1]
func InverseNormal(p float64) float64 {
	switch {
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	case !(0 < p && p < 1):
		return math.NaN()
	}
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return float64(q*horner(r, quantileA)) / horner(r, quantileB)
	}
	r := math.Sqrt(-Log(min(p, 1-p)))
	var x float64
	if r <= 5 {
		r -= 1.6
		x = horner(r, quantileC) / horner(r, quantileD)
	} else {
		r -= 5
		x = horner(r, quantileE) / horner(r, quantileF)
	}
	return math.Copysign(x, q)
}

// NormalCDF returns the probability that a draw of the standard normal
// distribution is at most x, within 20 ULP for normal results:
//
//	1/2 + φ(x) * (x + x³/3 + x⁵/(3*5) + ...)                for |x| < 1.2
//	φ(x) * 1/(-x + 1/(-x + 2/(-x + 3/(-x + ...))))          for x <= -1.2
//
// and 1 - NormalCDF(-x) for x >= 1.2, with φ(x) = e^(-x²/2) / sqrt(2π). The
// series is Marsaglia's, Journal of Statistical Software 11 (2004), the
// fraction Laplace's.
func NormalCDF(x float64) float64 {
	const depth = 200
	switch {
	case x >= 1.2:
		return 1 - NormalCDF(-x)
	case x < -40:
		return 0
	case x > -1.2:
		term, sum := x, x
		for n := 3.0; n < 60; n += 2 {
			term = float64(term*float64(x*x)) / n
			sum += term
		}
		return 0.5 + float64(normalDensity(x)*sum)
	}
	// What comes after n steps is near the d with d = -x + n/d.
	d := float64(0.5 * (math.Sqrt(float64(x*x)+4*depth) - x))
	for n := float64(depth); n > 0; n-- {
		d = n/d - x
	}
	return normalDensity(x) / d
}

// normalDensity returns e^(-x²/2) / sqrt(2π) for |x| <= 40.
func normalDensity(x float64) float64 {
	const sqrt2Pi = 2.50662827463100050241576528481104525300698674060993831663
	s := twoProduct(x, x)
	return expSum(float64(-0.5*s.hi), float64(-0.5*s.lo)) / sqrt2Pi
}

// The coefficients of PPND16, highest power first.
var (
	quantileA = []float64{
		2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
		1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080,
	}
	quantileB = []float64{
		5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
		5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1,
	}
	quantileC = []float64{
		7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
		3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734,
	}
	quantileD = []float64{
		1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
		6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1,
	}
	quantileE = []float64{
		2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
		2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720,
	}
	quantileF = []float64{
		2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
		1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1,
	}
)
