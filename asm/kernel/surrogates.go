package kernel

import (
	"strings"

	"github.com/spikelane/spikelane/asm/expr"
)

// Surrogate is a row of the table from which everything about a surrogate
// comes: its kernels, the functions in simd and the constructor in the
// package surrogate. Adding one is adding a row.
type Surrogate struct {
	Name       string // of the constructor
	Doc        string // what follows the name in its doc comment: meaning and source
	Formula    string // the derivative at x, as a reader would write it
	Params     []Param
	Derivative func(x expr.Float, p []expr.Float) expr.Float
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
	Check   string // "positive" or "finite"
}

var (
	abs  = expr.Abs
	c    = expr.Const
	beta = []Param{{"beta", 1, "positive"}}
)

func with(name string, value float64) []Param { return []Param{{name, value, "positive"}} }

// Surrogates are the rows.
var Surrogates = []Surrogate{
	{
		Name:    "SuperSpike",
		Doc:     "is SNNAX's superspike_surrogate. Zenke and Ganguli (2018) square the\ndenominator: see [FastSigmoid].",
		Formula: "1 / (beta*|x| + 1)",
		Params:  with("beta", 10),
		Derivative: func(x expr.Float, p []expr.Float) expr.Float {
			return expr.Div(one, expr.Add(expr.Mul(p[0], abs(x)), one))
		},
	},
	{
		Name:    "Sigmoid",
		Doc:     "is SNNAX's sigmoid_surrogate, right for every beta: the derivative\nof the logistic function s, computed so that it neither overflows nor cancels. SpikingJelly's Sigmoid (alpha = 4) and\nsnnTorch's sigmoid (slope = 25) are the same function.",
		Formula: "beta*s*(1-s), s = 1/(1+exp(-beta*x))",
		Params:  beta,
		Derivative: func(x expr.Float, p []expr.Float) expr.Float {
			e := exp(expr.Sub(zero, abs(expr.Mul(p[0], x)))).As("e")
			d := expr.Add(one, e).As("d")
			return expr.Div(expr.Mul(p[0], e), expr.Mul(d, d))
		},
	},
	{
		Name:    "Piecewise",
		Doc:     "is SNNAX's piecewise_surrogate as documented: a box of height 1 on the\nclosed interval -beta <= x <= beta. SNNAX's code leaves the edges out.",
		Formula: "1 if |x| <= beta, else 0",
		Params:  with("beta", 0.5),
		Derivative: func(x expr.Float, p []expr.Float) expr.Float {
			return expr.Select(expr.GE(p[0], abs(x)), one, zero)
		},
	},
	{
		Name:    "ATan",
		Doc:     "is snnTorch's atan and SpikingJelly's ATan, as coded: snnTorch's\ndocumentation differs by a factor. spyx's arctan is another function.",
		Formula: "(alpha/2) / (1 + (pi/2*alpha*x)^2)",
		Params:  with("alpha", 2),
		Derivative: func(x expr.Float, p []expr.Float) expr.Float {
			u := expr.Mul(expr.Mul(c(1.5707963267948966), p[0]), x).As("u")
			return expr.Div(expr.Mul(c(0.5), p[0]), expr.Add(one, expr.Mul(u, u)))
		},
	},
	{
		Name:    "FastSigmoid",
		Doc:     "is snnTorch's fast_sigmoid, spyx's superspike, jaxpike's FastSigmoid and\nthe SuperSpike of Zenke and Ganguli (2018): the denominator is squared.",
		Formula: "1 / (1 + slope*|x|)^2",
		Params:  with("slope", 25),
		Derivative: func(x expr.Float, p []expr.Float) expr.Float {
			d := expr.Add(one, expr.Mul(p[0], abs(x))).As("d")
			return expr.Div(one, expr.Mul(d, d))
		},
	},
	{
		Name:    "Triangle",
		Doc:     "is spyx's triangular: height 1 at the threshold, 0 from |x| = 1/k on.",
		Formula: "max(0, 1 - |k*x|)",
		Params:  with("k", 2),
		Derivative: func(x expr.Float, p []expr.Float) expr.Float {
			return expr.Max(expr.Sub(one, abs(expr.Mul(p[0], x))), zero)
		},
	},
}

// surrogates are two kernels for each row: the derivative, and the derivative
// times an incoming gradient.
func surrogates() []*expr.Kernel {
	var kernels []*expr.Kernel
	for _, s := range Surrogates {
		derivative := expr.New(s.Kernel()+"Derivative", "stores the derivative of the "+s.Name+" surrogate at x, the distance\nof the membrane from its threshold:")
		derivative.Output("dst", s.Derivative(derivative.Input("x"), params(derivative, s)))
		backward := expr.New(s.Kernel()+"Backward", "passes the gradient g back through a spike, with the derivative of the\n"+s.Name+" surrogate:")
		backward.Output("dst", expr.Mul(backward.Input("g"), s.Derivative(backward.Input("x"), params(backward, s))))
		kernels = append(kernels, derivative, backward)
	}
	return kernels
}

func params(k *expr.Kernel, s Surrogate) []expr.Float {
	var p []expr.Float
	for _, q := range s.Params {
		p = append(p, k.Param(q.Name))
	}
	return p
}
