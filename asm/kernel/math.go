package kernel

import (
	"math"

	"github.com/spikelane/spikelane/equation"
)

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
func squareWave(x, period, n equation.Float) equation.Float {
	c := equation.Const
	half := c(0.5)
	split := equation.Mul(period, c(4097)).As("split") // Dekker's, in two halves of 12 bits
	high := equation.Sub(split, equation.Sub(split, period)).As("high")
	whole := equation.Floor(equation.Add(equation.Div(x, period), half)).As("whole")
	rest := equation.Sub(equation.Sub(x, equation.Mul(whole, high)), equation.Mul(whole, equation.Sub(period, high))).As("rest")
	f := equation.Abs(equation.Div(rest, period)).As("f")
	far := equation.GT(f, c(0.25)).As("far")
	near := equation.Select(far, equation.Sub(half, f), f).As("near")
	terms := equation.Sub(n, one).As("cosines")
	many := equation.Mul(equation.Add(terms, terms), near).As("many")
	many = equation.Sub(many, equation.Floor(equation.Add(many, half))).As("turns")
	below := sine(near).As("below")
	sum := equation.Div(sine(many), equation.Add(below, below))
	sum = equation.Select(equation.GT(c(1e-20), near), terms, sum).As("sum")
	return equation.Select(far, equation.Sub(zero, sum), sum)
}

// sine is sin(2*pi*turns) for turns from -1/2 to 1/2: folded into a quarter,
// where Taylor's series is good to 1e-9.
func sine(turns equation.Float) equation.Float {
	c := equation.Const
	size := equation.Abs(turns)
	folded := equation.Select(equation.GT(size, c(0.25)), equation.Sub(c(0.5), size), size)
	a := equation.Mul(folded, c(2*math.Pi)).As("a")
	z := equation.Mul(a, a).As("z")
	p := c(1.0 / 6227020800)
	for _, k := range []float64{-1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6} {
		p = equation.Add(equation.Mul(p, z), c(k))
	}
	s := equation.Add(equation.Mul(equation.Mul(p, z), a), a).As("sine")
	return equation.Select(equation.GT(zero, turns), equation.Sub(zero, s), s)
}
