package kernel

import "github.com/spikelane/spikelane/asm/expr"

// exp is e^x: x = n*ln2 + r with |r| <= ln2/2, a polynomial of r, and 2^n in
// two factors, so that subnormal results round once.
func exp(x expr.Float) expr.Float {
	c := expr.Const
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
	return expr.Mul(expr.Mul(y, pow2(half)), pow2(expr.Sub(n, half)))
}

// pow2 is 2^n for a whole n from -126 to 127.
func pow2(n expr.Float) expr.Float {
	return expr.Shl23(expr.Add(n, expr.Const(1.5*(1<<23)+127)))
}
