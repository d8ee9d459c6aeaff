package kernel

import (
	"math"

	"github.com/spikelane/spikelane/asm/expr"
)

// exp is e^x: x = n*ln2 + r with |r| <= ln2/2, a polynomial of r, and 2^n in
// two factors, so that subnormal results round once.
func exp(x expr.Float) expr.Float {
	c, power := expr.Const, x
	// Out of this range the result is 0 or +Inf. NaN passes both selects.
	x = expr.Select(expr.GT(c(-104), x), c(-104), x)
	x = expr.Select(expr.GT(x, c(89)), c(89), x).As("c")
	n := expr.Floor(expr.Add(expr.Mul(x, c(1.44269504088896341)), c(0.5))).As("n")
	// ln2 in two parts: n times the first is exact.
	r := expr.Sub(expr.Sub(x, expr.Mul(n, c(0.693359375))), expr.Mul(n, c(-2.12194440e-4))).As("r")
	p := c(1.9875691500e-4)
	for _, k := range []float64{1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1} {
		p = expr.Add(expr.Mul(p, r), c(k))
	}
	y := expr.Add(expr.Add(expr.Mul(p, expr.Mul(r, r)), r), one).As("y")
	half := expr.Floor(expr.Mul(n, c(0.5))).As("half")
	return expr.Mul(expr.Mul(y, pow2(half)), pow2(expr.Sub(n, half))).ExpOf(power)
}

// pow2 is 2^n for a whole n from -126 to 127.
func pow2(n expr.Float) expr.Float {
	return expr.Shl23(expr.Add(n, expr.Const(1.5*(1<<23)+127)))
}

// log is the natural logarithm of x >= 1: x = m*2^n with m from sqrt(1/2) to
// sqrt(2), and a polynomial of m-1, that of Cephes' logf (Moshier, 1992).
func log(x expr.Float) expr.Float {
	c := expr.Const
	// The exponent: halve until what is left is small. Comparisons with powers
	// of 2 are exact, and so are products with them.
	n, m := zero, x
	for k := 64; k >= 1; k /= 2 {
		big := expr.GE(m, c(math.Ldexp(1, k)))
		m = expr.Select(big, expr.Mul(m, c(math.Ldexp(1, -k))), m)
		n = expr.Add(n, expr.Select(big, c(float64(k)), zero))
	}
	upper := expr.GT(m, c(math.Sqrt2))
	m = expr.Select(upper, expr.Mul(m, c(0.5)), m)
	n = expr.Add(n, expr.Select(upper, one, zero)).As("n2")
	// Named first, the exponent is computed first: its masks do not wait.
	high := expr.Mul(n, c(0.693359375)).As("high")
	f := expr.Sub(m, one).As("f")
	z := expr.Mul(f, f).As("z")
	p := c(7.0376836292e-2)
	for _, k := range []float64{-1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1} {
		p = expr.Add(expr.Mul(p, f), c(k))
	}
	y := expr.Mul(expr.Mul(p, f), z)
	y = expr.Add(y, expr.Mul(n, c(-2.12194440e-4)))
	y = expr.Sub(y, expr.Mul(c(0.5), z))
	return expr.Add(high, expr.Add(f, y))
}

// maxTerms is the greatest n of squareWave.
const maxTerms = 4096

// squareWave is the sum of cos((2i-1)*t) for i from 1 to n-1, t =
// 2*pi*x/period, in closed form:
//
//	sin(2*(n-1)*t) / (2*sin(t))
//
// Whole periods are taken off in two parts, so that the rest is good to a few
// units in the last place wherever x lies. It is folded into the quarter of a
// period next to 0, where the sum is the same or its negative.
func squareWave(x, period, n expr.Float) expr.Float {
	c := expr.Const
	half := c(0.5)
	split := expr.Mul(period, c(4097)).As("split") // Dekker's, in two halves of 12 bits
	high := expr.Sub(split, expr.Sub(split, period)).As("high")
	whole := expr.Floor(expr.Add(expr.Div(x, period), half)).As("whole")
	rest := expr.Sub(expr.Sub(x, expr.Mul(whole, high)), expr.Mul(whole, expr.Sub(period, high))).As("rest")
	f := expr.Abs(expr.Div(rest, period)).As("f")
	far := expr.GT(f, c(0.25)).As("far")
	near := expr.Select(far, expr.Sub(half, f), f).As("near")
	terms := expr.Sub(n, one).As("cosines")
	many := expr.Mul(expr.Add(terms, terms), near).As("many")
	many = expr.Sub(many, expr.Floor(expr.Add(many, half))).As("turns")
	below := sine(near).As("below")
	sum := expr.Div(sine(many), expr.Add(below, below))
	sum = expr.Select(expr.GT(c(1e-20), near), terms, sum).As("sum")
	return expr.Select(far, expr.Sub(zero, sum), sum)
}

// sine is sin(2*pi*turns) for turns from -1/2 to 1/2: folded into a quarter,
// where Taylor's series is good to 1e-9.
func sine(turns expr.Float) expr.Float {
	c := expr.Const
	size := expr.Abs(turns)
	folded := expr.Select(expr.GT(size, c(0.25)), expr.Sub(c(0.5), size), size)
	a := expr.Mul(folded, c(2*math.Pi)).As("a")
	z := expr.Mul(a, a).As("z")
	p := c(1.0 / 6227020800)
	for _, k := range []float64{-1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6} {
		p = expr.Add(expr.Mul(p, z), c(k))
	}
	s := expr.Add(expr.Mul(expr.Mul(p, z), a), a).As("sine")
	return expr.Select(expr.GT(zero, turns), expr.Sub(zero, s), s)
}
