package equation

import "math"

var (
	zero = Const(0)
	one  = Const(1)
)

// expanded is e^x or log(x) as a polynomial.
func (n *node) expanded() *node {
	x := Float{n.args[0]}
	if n.op == OpExp {
		return exp(x).n
	}
	return log(x).n
}

// exp is e^x: x = n*ln2 + r with |r| <= ln2/2, a polynomial of r, and 2^n in
// two factors, so that subnormal results round once. The polynomial is that of
// Cephes' expf (Moshier, 1992).
func exp(x Float) Float {
	c := Const
	// Out of this range the result is 0 or +Inf. NaN passes both selects.
	x = Select(GT(c(-104), x), c(-104), x)
	x = Select(GT(x, c(89)), c(89), x).As("c")
	n := Floor(Add(Mul(x, c(1.44269504088896341)), c(0.5))).As("n")
	// ln2 in two parts: n times the first is exact.
	r := Sub(Sub(x, Mul(n, c(0.693359375))), Mul(n, c(-2.12194440e-4))).As("r")
	p := c(1.9875691500e-4)
	for _, k := range []float64{1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1} {
		p = Add(Mul(p, r), c(k))
	}
	y := Add(Add(Mul(p, Mul(r, r)), r), one).As("y")
	half := Floor(Mul(n, c(0.5))).As("half")
	return Mul(Mul(y, pow2(half)), pow2(Sub(n, half)))
}

// pow2 is 2^n for a whole n from -126 to 127.
func pow2(n Float) Float { return Shl23(Add(n, Const(1.5*(1<<23)+127))) }

// log is the natural logarithm: x = m*2^n with m from sqrt(1/2) to sqrt(2), and
// a polynomial of m-1. The exponent is found by halving what is left of it:
// comparisons with powers of 2 are exact, and so are products with them.
func log(x Float) Float {
	c := Const
	n, m := zero, x
	for _, k := range []int{64, 64, 32, 16, 8, 4, 2, 1} { // up to 1 and above
		small := GT(c(math.Ldexp(1, 1-k)), m)
		m = Select(small, Mul(m, c(math.Ldexp(1, k))), m)
		n = Sub(n, Select(small, c(float64(k)), zero))
	}
	y := logFrom1(n, m)
	y = Select(GT(x, c(math.MaxFloat32)), x, y)
	never := Select(EQ(x, zero), Div(c(-1), Abs(x)), Sqrt(x)) // -Inf at 0, NaN below
	return Select(GT(x, zero), y, never)
}

// LogFrom1 is the natural logarithm of an x that is not below 1, for half of the
// operations.
func LogFrom1(x Float) Float { return logFrom1(zero, x) }

// logFrom1 is log(m*2^n) for an m that is not below 1. The polynomial is that of
// Cephes' logf (Moshier, 1992).
func logFrom1(n, m Float) Float {
	c := Const
	for k := 64; k >= 1; k /= 2 {
		big := GE(m, c(math.Ldexp(1, k)))
		m = Select(big, Mul(m, c(math.Ldexp(1, -k))), m)
		n = Add(n, Select(big, c(float64(k)), zero))
	}
	upper := GT(m, c(math.Sqrt2))
	m = Select(upper, Mul(m, c(0.5)), m)
	n = Add(n, Select(upper, one, zero)).As("n2")
	// Named first, the exponent is computed first: its masks do not wait.
	high := Mul(n, c(0.693359375)).As("high")
	f := Sub(m, one).As("f")
	z := Mul(f, f).As("z")
	p := c(7.0376836292e-2)
	for _, k := range []float64{-1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1} {
		p = Add(Mul(p, f), c(k))
	}
	y := Mul(Mul(p, f), z)
	y = Add(y, Mul(n, c(-2.12194440e-4)))
	y = Sub(y, Mul(c(0.5), z))
	return Add(high, Add(f, y))
}
