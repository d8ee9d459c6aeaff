package kernel

import (
	"math"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/equation"
)

// Surrogate is a row of the table from which everything about a surrogate
// comes: its kernels, the functions in simd and the constructor in the
// package surrogate. Adding one is adding a row.
type Surrogate struct {
	Name       string // of the constructor
	Doc        string // what follows the name in its doc comment: meaning and source
	Formula    string // the derivative at x, as a reader would write it
	Params     []Param
	Derivative func(x equation.Float, p []equation.Float) equation.Float
}

// Kernel is what the names of its kernels start with.
func (s Surrogate) Kernel() string {
	if strings.HasPrefix(s.Name, "ATan") {
		return "atan" + s.Name[4:]
	}
	return strings.ToLower(s.Name[:1]) + s.Name[1:]
}

// Param is a parameter of a surrogate.
type Param struct {
	Name    string
	Default float64
	Range   Range
}

// Range is what a parameter may be: above Low, and up to High.
type Range struct {
	Low, High float64
	Words     string
}

var (
	// positive and ordinary stop where a formula's own products and quotients
	// of parameters would leave float32.
	positive = Range{0x1p-101, 0x1p100, "from 2^-100 to 2^100"}
	ordinary = Range{0x1p-31, 0x1p30, "from 2^-30 to 2^30"}
	finite   = Range{math.Inf(-1), math.MaxFloat32, "finite"}
	above1   = Range{1, math.MaxFloat32, "above 1"}
	terms    = Range{1, maxTerms, "from 2 to 4096"}
)

var (
	abs  = equation.Abs
	c    = equation.Const
	beta = []Param{{"beta", 1, positive}}
)

func with(name string, value float64) []Param { return []Param{{name, value, positive}} }

// smooth are the rows of functions that are 0 nowhere, and the tent.
var smooth = []Surrogate{
	{
		Name:    "SuperSpike",
		Doc:     "is SNNAX's superspike_surrogate. Zenke and Ganguli (2018) square the\ndenominator: see [FastSigmoid].",
		Formula: "1 / (beta*|x| + 1)",
		Params:  with("beta", 10),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Div(one, equation.Add(equation.Mul(p[0], abs(x)), one))
		},
	},
	{
		Name:    "Sigmoid",
		Doc:     "is SNNAX's sigmoid_surrogate, right for every beta: the derivative\nof the logistic function s, computed so that it neither overflows nor cancels. SpikingJelly's Sigmoid (alpha = 4) and\nsnnTorch's sigmoid (slope = 25) are the same function.",
		Formula: "beta*s*(1-s), s = 1/(1+equation.Exp(-beta*x))",
		Params:  beta,
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			e := equation.Exp(equation.Sub(zero, abs(equation.Mul(p[0], x)))).As("e")
			d := equation.Add(one, e).As("d")
			return equation.Div(equation.Mul(p[0], e), equation.Mul(d, d))
		},
	},
	{
		Name:    "Piecewise",
		Doc:     "is SNNAX's piecewise_surrogate as documented: a box of height 1 on the\nclosed interval -beta <= x <= beta. SNNAX's code leaves the edges out.",
		Formula: "1 if |x| <= beta, else 0",
		Params:  with("beta", 0.5),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Select(equation.GE(p[0], abs(x)), one, zero)
		},
	},
	{
		Name:    "ATan",
		Doc:     "is snnTorch's atan and SpikingJelly's ATan, as coded: snnTorch's\ndocumentation differs by a factor. spyx's arctan is another function.",
		Formula: "(alpha/2) / (1 + (pi/2*alpha*x)^2)",
		Params:  with("alpha", 2),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			u := equation.Mul(equation.Mul(c(1.5707963267948966), p[0]), x).As("u")
			return equation.Div(equation.Mul(c(0.5), p[0]), equation.Add(one, equation.Mul(u, u)))
		},
	},
	{
		Name:    "FastSigmoid",
		Doc:     "is snnTorch's fast_sigmoid, spyx's superspike, jaxpike's FastSigmoid and\nthe SuperSpike of Zenke and Ganguli (2018): the denominator is squared. Norse's super is FastSigmoid(1) in version 1.1.0,\nwhich ignores alpha, and FastSigmoid(alpha) in its repository.",
		Formula: "1 / (1 + slope*|x|)^2",
		Params:  with("slope", 25),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			d := equation.Add(one, equation.Mul(p[0], abs(x))).As("d")
			return equation.Div(one, equation.Mul(d, d))
		},
	},
	{
		Name:    "SoftSign",
		Doc:     "is SpikingJelly's SoftSign.",
		Formula: "(alpha/2) / (1 + alpha*|x|)^2",
		Params:  with("alpha", 2),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			d := equation.Add(one, equation.Mul(p[0], abs(x))).As("d")
			return equation.Div(equation.Mul(c(0.5), p[0]), equation.Mul(d, d))
		},
	},
	{
		Name:    "SuperSpikeScaled",
		Doc:     "is SpikingJelly's SuperSpike, whose alpha is a scale, not a slope.",
		Formula: "alpha / (1 + |x|)^2",
		Params:  with("alpha", 1),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			d := equation.Add(one, abs(x)).As("d")
			return equation.Div(p[0], equation.Mul(d, d))
		},
	},
	{
		Name:    "NonzeroSignLogAbs",
		Doc:     "is SpikingJelly's NonzeroSignLogAbs: [SuperSpike] times alpha.",
		Formula: "1 / (1/alpha + |x|)",
		Params:  with("alpha", 1),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Div(one, equation.Add(equation.Div(one, p[0]), abs(x)))
		},
	},
	{
		Name:    "Cauchy",
		Doc:     "is spyx's arctan, whose integral is 1/k of that of a step; [ATan] is another function.",
		Formula: "1 / (pi * (1 + (k*pi*x)^2))",
		Params:  with("k", 2),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			u := equation.Mul(equation.Mul(p[0], c(math.Pi)), x).As("u")
			return equation.Div(one, equation.Mul(c(math.Pi), equation.Add(one, equation.Mul(u, u))))
		},
	},
	{
		Name:    "Circ",
		Doc:     "is Norse's circ and circ_dist, in the form that does not cancel.",
		Formula: "alpha^3 / (alpha^2 + x^2)^1.5",
		Params:  []Param{{"alpha", 1, ordinary}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			r := equation.Add(equation.Mul(p[0], p[0]), equation.Mul(x, x)).As("r")
			return equation.Div(equation.Mul(p[0], equation.Mul(p[0], p[0])), equation.Mul(r, equation.Sqrt(r)))
		},
	},
	{
		Name:    "QPseudoSpike",
		Doc:     "is SpikingJelly's QPseudoSpike.",
		Formula: "(1 + 2/(alpha-1)*|x|) ^ -alpha",
		Params:  []Param{{"alpha", 2, above1}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			u := equation.Add(one, equation.Mul(equation.Div(c(2), equation.Sub(p[0], one)), abs(x))).As("u")
			return equation.Exp(equation.Mul(equation.Sub(zero, p[0]), equation.LogFrom1(equation.Min(c(math.MaxFloat32), u))))
		},
	},
	{
		Name:    "SquarewaveFourier",
		Doc:     "is SpikingJelly's SquarewaveFourierSeries as coded: n = terms, a whole number,\nless one.",
		Formula: "(4/period) * sum for i from 1 to terms-1 of cos((2i-1)*2*pi*x/period)",
		Params:  []Param{{"terms", 2, terms}, {"period", 8, ordinary}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			x = equation.Max(c(-0x1p90), equation.Min(c(0x1p90), x)).As("within")
			return equation.Mul(equation.Div(c(4), p[1]), squareWave(x, p[1], p[0]))
		},
	},
	{
		Name:    "Triangle",
		Doc:     "is a tent of some height, which falls to 0 at |x| = 1/slope: spyx's triangular\n(height 1, slope k), Norse's triangle (alpha, 1), SpikingJelly's PiecewiseQuadratic (alpha, alpha), jaxpike's Triangular\n(1/width, 1/width) and mlGeNN's e-prop (0.3/threshold, 1/threshold). snnTorch's triangular is [SignedThreshold].",
		Formula: "height * max(0, 1 - |slope*x|)",
		Params:  []Param{{"height", 1, positive}, {"slope", 2, positive}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Mul(p[0], equation.Max(equation.Sub(one, abs(equation.Mul(p[1], x))), zero))
		},
	},
}

// Surrogates are all the rows.
var Surrogates = slices.Concat(smooth, bells, boxes, onesided)

// surrogates are the derivatives of the rows.
func surrogates() []*equation.Kernel {
	var kernels []*equation.Kernel
	for _, s := range Surrogates {
		k := equation.New(s.Kernel()+"Derivative", "stores the derivative of the "+s.Name+" surrogate at x, the distance\nof the membrane from its threshold:")
		k.Output("dst", s.Derivative(k.Input("x"), params(k, s)))
		kernels = append(kernels, k)
	}
	return kernels
}

func params(k *equation.Kernel, s Surrogate) []equation.Float {
	var p []equation.Float
	for _, q := range s.Params {
		p = append(p, k.Param(q.Name))
	}
	return p
}
