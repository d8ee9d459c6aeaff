package surrogate_test

import (
	"math"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
)

func normal(x, mu, sigma float64) float64 {
	return math.Exp(-(x-mu)*(x-mu)/(2*sigma*sigma)) / (sigma * math.Sqrt(2*math.Pi))
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func choose(yes bool, a, b float64) float64 {
	if yes {
		return a
	}
	return b
}

// formulas are the functions in float64, at x, with the parameters p.
var formulas = []struct {
	make    func(p []float32) surrogate.Func
	formula func(x float64, p []float64) float64
}{
	{func(p []float32) surrogate.Func { return surrogate.SuperSpike(p[0]) }, func(x float64, p []float64) float64 { return 1 / (1 + p[0]*math.Abs(x)) }},
	{func(p []float32) surrogate.Func { return surrogate.Sigmoid(p[0]) }, func(x float64, p []float64) float64 {
		return p[0] * logistic(p[0]*x) * logistic(-p[0]*x)
	}},
	{func(p []float32) surrogate.Func { return surrogate.Piecewise(p[0]) }, func(x float64, p []float64) float64 { return choose(math.Abs(x) <= p[0], 1, 0) }},
	{func(p []float32) surrogate.Func { return surrogate.ATan(p[0]) }, func(x float64, p []float64) float64 { return p[0] / 2 / (1 + math.Pow(math.Pi/2*p[0]*x, 2)) }},
	{func(p []float32) surrogate.Func { return surrogate.FastSigmoid(p[0]) }, func(x float64, p []float64) float64 { return math.Pow(1+p[0]*math.Abs(x), -2) }},
	{func(p []float32) surrogate.Func { return surrogate.SoftSign(p[0]) }, func(x float64, p []float64) float64 { return p[0] / 2 * math.Pow(1+p[0]*math.Abs(x), -2) }},
	{func(p []float32) surrogate.Func { return surrogate.SuperSpikeScaled(p[0]) }, func(x float64, p []float64) float64 { return p[0] * math.Pow(1+math.Abs(x), -2) }},
	{func(p []float32) surrogate.Func { return surrogate.NonzeroSignLogAbs(p[0]) }, func(x float64, p []float64) float64 { return 1 / (1/p[0] + math.Abs(x)) }},
	{func(p []float32) surrogate.Func { return surrogate.Cauchy(p[0]) }, func(x float64, p []float64) float64 { return 1 / (math.Pi * (1 + math.Pow(p[0]*math.Pi*x, 2))) }},
	{func(p []float32) surrogate.Func { return surrogate.Circ(p[0]) }, func(x float64, p []float64) float64 { return math.Pow(p[0], 3) / math.Pow(p[0]*p[0]+x*x, 1.5) }},
	{func(p []float32) surrogate.Func { return surrogate.QPseudoSpike(1 + p[0]) }, func(x float64, p []float64) float64 {
		alpha := float64(float32(1) + float32(p[0]))
		return math.Pow(1+2/(alpha-1)*math.Abs(x), -alpha)
	}},
	{func(p []float32) surrogate.Func { return surrogate.SquarewaveFourier(6, 4+p[0]) }, func(x float64, p []float64) (sum float64) {
		period := float64(float32(4) + float32(p[0]))
		for i := 1; i < 6; i++ {
			sum += 4 / period * math.Cos(float64(2*i-1)*2*math.Pi*x/period)
		}
		return sum
	}},
	{func(p []float32) surrogate.Func { return surrogate.Triangle(p[0], p[1]) }, func(x float64, p []float64) float64 { return p[0] * max(0, 1-p[1]*math.Abs(x)) }},
	{func(p []float32) surrogate.Func { return surrogate.Exponential(p[0], p[1]) }, func(x float64, p []float64) float64 { return p[0] * math.Exp(-p[1]*math.Abs(x)) }},
	{func(p []float32) surrogate.Func { return surrogate.SpikeRateEscape(p[0], p[1]) }, func(x float64, p []float64) float64 { return p[1] * math.Exp(-p[0]*math.Abs(x-1)) }},
	{func(p []float32) surrogate.Func { return surrogate.Tanh(p[0]) }, func(x float64, p []float64) float64 { return 1 - math.Pow(math.Tanh(p[0]*x), 2) }},
	{func(p []float32) surrogate.Func { return surrogate.Erf(p[0]) }, func(x float64, p []float64) float64 {
		return p[0] / math.Sqrt(math.Pi) * math.Exp(-math.Pow(p[0]*x, 2))
	}},
	{func(p []float32) surrogate.Func { return surrogate.HeaviErfc(p[0]) }, func(x float64, p []float64) float64 {
		return 2 / math.Sqrt(math.Pi) * math.Exp(-math.Pow(p[0]*x, 2))
	}},
	{func(p []float32) surrogate.Func { return surrogate.Gaussian(p[0], p[1]) }, func(x float64, p []float64) float64 { return normal(x, p[0], p[1]) }},
	{func(p []float32) surrogate.Func { return surrogate.MultiGaussian(p[0], p[1], p[2], p[3], 6) }, func(x float64, p []float64) float64 {
		return p[0] * ((1+p[1])*normal(x, p[2], p[3]) - p[1]*normal(x, p[3], 6*p[3]) - p[1]*normal(x, -p[3], 6*p[3]))
	}},
	{func(p []float32) surrogate.Func { return surrogate.PeriodicExponential(p[0], p[1]) }, func(x float64, p []float64) float64 {
		z := x
		if x >= 0 {
			n := x/p[1] + 0.5
			z = p[1] * (2*(n-math.Floor(n)) - 1)
		}
		return math.Exp(-math.Abs(z) / p[0])
	}},
	{func(p []float32) surrogate.Func { return surrogate.Box(p[0], p[1], p[2]) }, func(x float64, p []float64) float64 { return choose(math.Abs(x) < p[1], p[0], p[2]) }},
	{func(p []float32) surrogate.Func { return surrogate.BoxHalfEdge(p[0]) }, func(x float64, p []float64) float64 {
		return choose(math.Abs(x) == p[0]/2, 1/(2*p[0]), choose(math.Abs(x) < p[0]/2, 1/p[0], 0))
	}},
	{func([]float32) surrogate.Func { return surrogate.StraightThrough() }, func(float64, []float64) float64 { return 1 }},
	{func(p []float32) surrogate.Func { return surrogate.SignedThreshold(p[0]) }, func(x float64, p []float64) float64 { return choose(x < 0, p[0], -p[0]) }},
	{func(p []float32) surrogate.Func { return surrogate.LeakySpike(p[0]) }, func(x float64, p []float64) float64 { return choose(x > 0, 1, p[0]) }},
	{func(p []float32) surrogate.Func { return surrogate.LeakyKReLU(p[0], p[1]) }, func(x float64, p []float64) float64 { return choose(x >= 0, p[1], p[0]) }},
	{func(p []float32) surrogate.Func { return surrogate.LogTailedReLU(p[0]) }, func(x float64, p []float64) float64 {
		return choose(x <= 0, p[0], choose(x <= 1, 1, 1/x))
	}},
	{func(p []float32) surrogate.Func { return surrogate.FakeNumericalGradient(p[0]) }, func(x float64, p []float64) float64 { return min(1/math.Abs(x), p[0]) }},
	{func(p []float32) surrogate.Func { return surrogate.ShiftedFastSigmoid(p[0], p[1]) }, func(x float64, p []float64) float64 {
		return choose(x > p[1], math.Pow(1+p[0]*math.Abs(x), -2), 0)
	}},
	{func(p []float32) surrogate.Func { return surrogate.S2NN(p[0], p[1]) }, func(x float64, p []float64) float64 {
		return choose(x < 0, p[0]*logistic(p[0]*x)*logistic(-p[0]*x), p[1]/(x+1))
	}},
	{func(p []float32) surrogate.Func { return surrogate.OneSided(p[0], p[1]) }, func(x float64, p []float64) float64 { return choose(x >= -p[0], 1/p[1], 0) }},
}

// Every function is its formula, whatever its parameters, on every tier.
func TestFormulas(t *testing.T) {
	source, err := os.ReadFile("functions.go")
	require.NoError(t, err)
	require.Len(t, formulas, len(regexp.MustCompile(`(?m)^func [A-Z]\w*\(.*\) Func`).FindAll(source, -1)), "a surrogate without its formula")
	require.Len(t, formulas, 32)
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	for _, f := range formulas {
		rapid.Check(t, func(t *rapid.T) {
			p, wide := make([]float32, 4), make([]float64, 4)
			for i := range p {
				p[i] = rapid.Float32Range(0.25, 4).Draw(t, "parameter")
				wide[i] = float64(p[i])
			}
			x := rapid.SliceOfN(rapid.Float32Range(-8, 8), 1, 40).Draw(t, "x")
			x = append(x, p[0], -p[0], p[0]/2, p[1], 1, 0)
			s := f.make(p)
			require.NoError(t, s.Check())
			for _, tier := range simd.Tiers() {
				require.NoError(t, simd.Use(tier))
				d := make([]float32, len(x))
				s.Derivative(d, x)
				for i, v := range x {
					want := f.formula(float64(v), wide)
					// A float32 cannot tell arguments apart that differ by a few
					// roundings: where the formula is steep, that is seen. A jump
					// is not steepness.
					const rounding = 0x1p-21
					near := math.Abs(f.formula(float64(v)*(1+rounding), wide) - f.formula(float64(v)*(1-rounding), wide))
					require.InDelta(t, want, d[i], 3e-6*max(1, math.Abs(want))+min(near, 1e-4), "%v at %v", s, v)
				}
			}
		})
	}
}
