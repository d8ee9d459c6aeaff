package detmath

import (
	"math"
	"math/big"
)

// exact computes the functions of this package with math/big: the reference of
// the accuracy test, slow and obvious.
type exact struct{ bits uint }

func (e exact) of(x float64) *big.Float { return e.zero().SetFloat64(x) }
func (e exact) zero() *big.Float        { return new(big.Float).SetPrec(e.bits) }

func (e exact) add(a, b *big.Float) *big.Float { return e.zero().Add(a, b) }
func (e exact) sub(a, b *big.Float) *big.Float { return e.zero().Sub(a, b) }
func (e exact) mul(a, b *big.Float) *big.Float { return e.zero().Mul(a, b) }
func (e exact) quo(a, b *big.Float) *big.Float { return e.zero().Quo(a, b) }
func (e exact) neg(a *big.Float) *big.Float    { return e.zero().Neg(a) }

// series returns the sum of term, term*next(1), term*next(1)*next(2), ...
func (e exact) series(term *big.Float, next func(n float64) *big.Float) *big.Float {
	sum := e.zero().Set(term)
	for n := 1.0; term.Sign() != 0 && term.MantExp(nil) > sum.MantExp(nil)-int(e.bits); n++ {
		term = e.mul(term, next(n))
		sum = e.add(sum, term)
	}
	return sum
}

func (e exact) exp(x *big.Float) *big.Float {
	halvings := max(0, x.MantExp(nil)+10)
	small := e.zero().SetMantExp(x, -halvings)
	s := e.series(e.of(1), func(n float64) *big.Float { return e.quo(small, e.of(n)) })
	for range halvings {
		s = e.mul(s, s)
	}
	return s
}

// expm1 carries as many more bits as the 1 would swallow.
func (e exact) expm1(x *big.Float) *big.Float {
	wide := exact{e.bits + uint(max(0, -x.MantExp(nil)))}
	return wide.sub(wide.exp(x), wide.of(1))
}

// log improves math.Log by y += 2*(x - e^y)/(x + e^y), twice, which triples
// its digits each time.
func (e exact) log(x *big.Float) *big.Float {
	mant := e.zero()
	k := x.MantExp(mant)
	m, _ := mant.Float64()
	y := e.of(math.Log(m) + float64(k)*math.Ln2)
	if d := e.sub(x, e.of(1)); d.Sign() != 0 && d.MantExp(nil) < -20 {
		y = d
	}
	for range 4 {
		ey := e.exp(y)
		step := e.quo(e.sub(x, ey), e.add(x, ey))
		y = e.add(y, e.add(step, step))
	}
	return y
}

func (e exact) log1p(x *big.Float) *big.Float {
	wide := exact{e.bits + uint(max(0, -x.MantExp(nil)))}
	return wide.log(wide.add(wide.of(1), x))
}

// pi is Machin's 16*arctan(1/5) - 4*arctan(1/239).
func (e exact) pi() *big.Float {
	arctan := func(n float64) *big.Float {
		sum, power, square := e.zero(), e.quo(e.of(1), e.of(n)), e.of(n*n)
		for k := 1.0; power.MantExp(nil) > -int(e.bits); k += 4 {
			sum = e.add(sum, e.quo(power, e.of(k)))
			power = e.quo(power, square)
			sum = e.sub(sum, e.quo(power, e.of(k+2)))
			power = e.quo(power, square)
		}
		return sum
	}
	return e.sub(e.mul(e.of(16), arctan(5)), e.mul(e.of(4), arctan(239)))
}

// sin returns sin(x + quarter*pi/2); the bits must exceed the exponent of x.
func (e exact) sin(x *big.Float, quarter float64) *big.Float {
	turn := e.mul(e.of(2), e.pi())
	x = e.add(x, e.mul(e.of(quarter/4), turn))
	whole, _ := e.quo(x, turn).Int(nil)
	x = e.sub(x, e.mul(e.zero().SetInt(whole), turn))
	square := e.neg(e.mul(x, x))
	return e.series(x, func(n float64) *big.Float { return e.quo(square, e.of(2*n*(2*n+1))) })
}

// tanh carries more bits for the same reason as expm1.
func (e exact) tanh(x *big.Float) *big.Float {
	t := e.expm1(e.mul(e.of(2), x))
	return e.quo(t, e.add(t, e.of(2)))
}

func (e exact) normalDensity(x *big.Float) *big.Float {
	r := e.zero().Sqrt(e.mul(e.of(2), e.pi()))
	return e.quo(e.exp(e.mul(e.of(-0.5), e.mul(x, x))), r)
}

// normalCDF needs bits beyond those of the probability: x² at least.
func (e exact) normalCDF(x *big.Float) *big.Float {
	square := e.mul(x, x)
	s := e.series(x, func(n float64) *big.Float { return e.quo(square, e.of(2*n+1)) })
	return e.add(e.of(0.5), e.mul(e.normalDensity(x), s))
}
