package detmath

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// points calls f with n numbers of either sign whose magnitudes are spread
// evenly, some over [0, limit] and some over its powers of two from 2^-low on.
func points(n int, low int, limit float64, f func(x float64)) {
	r := splitmix(uint64(n) ^ math.Float64bits(limit))
	for i := range n {
		x := limit * r.unit()
		if i%2 == 1 {
			x = math.Ldexp(limit*(0.5+r.unit()/2), -int(r.next()%uint64(low)))
		}
		f(math.Copysign(x, r.unit()-0.5))
	}
}

// splitmix is Vigna's splitmix64: the inputs of the tests.
type splitmix uint64

func (s *splitmix) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (s *splitmix) unit() float64 { return float64(s.next()>>11) * 0x1p-53 }

// ulps returns the distance of got from want in units in the last place of
// want.
func ulps(got float64, want *big.Float) float64 {
	if math.IsInf(got, 0) {
		w, _ := want.Float64()
		if w == got {
			return 0
		}
		return math.Inf(1)
	}
	unit := math.SmallestNonzeroFloat64
	if e := want.MantExp(nil); want.Sign() != 0 && e > -1021 {
		unit = math.Ldexp(1, e-53)
	}
	d := new(big.Float).SetPrec(want.Prec()).SetFloat64(got)
	d.Sub(d, want)
	d.Quo(d, big.NewFloat(unit))
	f, _ := d.Float64()
	return math.Abs(f)
}

func TestAccuracy(t *testing.T) {
	e := exact{320}
	of := func(f func(*big.Float) *big.Float) func(float64) *big.Float {
		return func(x float64) *big.Float { return f(e.of(x)) }
	}
	cases := []struct {
		name  string
		bound float64 // as documented
		f     func(float64) float64
		exact func(float64) *big.Float
		low   int
		limit float64
		abs   bool
	}{
		{"Exp", 0.8, Exp, of(e.exp), 60, 708, false},
		{"Exp small", 0.8, Exp, of(e.exp), 60, 2, false},
		{"Exp subnormal", 1, func(x float64) float64 { return Exp(-708 - math.Abs(x)) },
			func(x float64) *big.Float { return e.exp(e.of(-708 - math.Abs(x))) }, 10, 37, false},
		{"Expm1", 1, Expm1, of(e.expm1), 70, 709, false},
		{"Expm1 small", 1, Expm1, of(e.expm1), 70, 4, false},
		{"Log", 1, Log, of(e.log), 2000, 1e300, true},
		{"Log near 1", 1, Log, of(e.log), 3, 4, true},
		{"Log very near 1", 1, func(x float64) float64 { return Log(1 + x) },
			func(x float64) *big.Float { return e.log(e.of(1 + x)) }, 50, 0.5, false},
		{"Log1p", 1, Log1p, of(e.log1p), 70, 0.999, false},
		{"Log1p large", 1, Log1p, of(e.log1p), 120, 1e30, true},
		{"Sigmoid", 2, Sigmoid, of(func(x *big.Float) *big.Float {
			return e.quo(e.of(1), e.add(e.of(1), e.exp(e.neg(x))))
		}), 30, 700, false},
		{"Sigmoid small", 2, Sigmoid, of(func(x *big.Float) *big.Float {
			return e.quo(e.of(1), e.add(e.of(1), e.exp(e.neg(x))))
		}), 30, 5, false},
		{"Tanh", 3, Tanh, of(e.tanh), 70, 25, false},
		{"Tanh small", 3, Tanh, of(e.tanh), 70, 2, false},
		{"Softplus", 2, Softplus, of(func(x *big.Float) *big.Float { return e.log1p(e.exp(x)) }), 30, 700, false},
		{"Softplus small", 2, Softplus, of(func(x *big.Float) *big.Float { return e.log1p(e.exp(x)) }), 30, 5, false},
		{"Sin", 0.8, Sin, of(func(x *big.Float) *big.Float { return e.sin(x, 0) }), 60, 20, false},
		{"Cos", 0.8, Cos, of(func(x *big.Float) *big.Float { return e.sin(x, 1) }), 60, 20, false},
		{"NormalCDF", 20, NormalCDF, func(x float64) *big.Float {
			return exact{600}.normalCDF(exact{600}.of(x))
		}, 60, 12, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			worst, at := 0.0, 0.0
			points(sample(2000), c.low, c.limit, func(x float64) {
				if c.abs {
					x = math.Abs(x)
				}
				if d := ulps(c.f(x), c.exact(x)); !(d <= worst) {
					worst, at = d, x
				}
			})
			t.Logf("%s: at most %.3f ULP, at %v", c.name, worst, at)
			require.LessOrEqual(t, worst, c.bound)
			require.NotZero(t, worst, "a reference that always agrees is not one")
		})
	}
}

// TestSinOfLargeNumbers covers every exponent, and the number that is nearest
// to a multiple of π/2 of all (Muller, Elementary Functions, 2016).
func TestSinOfLargeNumbers(t *testing.T) {
	e := exact{1500}
	worst, r := 0.0, splitmix(1)
	check := func(x float64) {
		worst = max(worst, ulps(Sin(x), e.sin(e.of(x), 0)), ulps(Cos(x), e.sin(e.of(x), 1)))
	}
	check(math.Ldexp(6381956970095103, 797))
	for range sample(100) {
		check(math.Ldexp(r.unit()-0.5, int(r.next()%1024)))
	}
	for k := 1.0; k < 40; k++ {
		check(k * math.Pi / 4)
	}
	t.Logf("Sin, Cos of large numbers: at most %.3f ULP", worst)
	require.LessOrEqual(t, worst, 0.8)
}

func TestPowAccuracy(t *testing.T) {
	e := exact{320}
	worst, subnormal, r := 0.0, 0.0, splitmix(2)
	check := func(x, y float64) {
		got := Pow(x, y)
		want := e.mul(e.of(y), e.log(e.of(x)))
		if f, _ := want.Float64(); f > 709.78 || f < -760 {
			return
		}
		if d := ulps(got, e.exp(want)); got < 0x1p-1022 {
			subnormal = max(subnormal, d)
		} else {
			worst = max(worst, d)
		}
	}
	for range sample(2000) {
		x := math.Ldexp(1+r.unit(), int(r.next()%2098)-1074)
		check(x, (2*r.unit()-1)*745/math.Abs(math.Log(x)))
		x = 0.5 + r.unit() // Adam's beta^t, at worst
		check(x, (2*r.unit()-1)*745/math.Abs(math.Log(x)))
		check(1-math.Ldexp(1+r.unit(), -int(r.next()%52)-2), float64(r.next()%1e6))
	}
	t.Logf("Pow: at most %.3f ULP, of subnormal results %.3f", worst, subnormal)
	require.LessOrEqual(t, worst, 0.8)
	require.LessOrEqual(t, subnormal, 1.0)
}

// TestInverseNormalAccuracy goes by the slope: if x is off by d, its
// probability is off by d*φ(x).
func TestInverseNormalAccuracy(t *testing.T) {
	worst, at, r := 0.0, 0.0, splitmix(3)
	check := func(p float64) {
		x := InverseNormal(p)
		e := exact{300 + uint(3*x*x)}
		off := e.quo(e.sub(e.normalCDF(e.of(x)), e.of(p)), e.normalDensity(e.of(x)))
		if d := ulps(x, e.sub(e.of(x), off)); !(d <= worst) {
			worst, at = d, p
		}
	}
	for range sample(1000) {
		check(r.unit())
		check(0.5 + math.Ldexp(r.unit()-0.5, -int(r.next()%50)))
		check(math.Ldexp(0.5+r.unit()/2, -int(r.next()%60)))
	}
	for range sample(50) {
		check(math.Ldexp(0.5+r.unit()/2, -int(r.next()%1000)))
	}
	t.Logf("InverseNormal: at most %.3f ULP, at %v", worst, at)
	require.LessOrEqual(t, worst, 8.0)
}
