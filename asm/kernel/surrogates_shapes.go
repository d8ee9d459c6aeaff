package kernel

import (
	"math"

	"github.com/spikelane/spikelane/equation"
)

// bells are the rows of functions that fall exponentially.
var bells = []Surrogate{
	{
		Name:    "Exponential",
		Doc:     "falls on both sides: SpikingJelly's PiecewiseExp (height alpha/2, rate alpha),\nsinabs' SingleExponential (both 1/(grad_width*threshold)), and Lava-DL's (scale/(2*tau), 1/tau).",
		Formula: "height * equation.Exp(-rate*|x|)",
		Params:  []Param{{"height", 2, positive}, {"rate", 2, positive}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Mul(p[0], equation.Exp(equation.Sub(zero, equation.Mul(p[1], abs(x)))))
		},
	},
	{
		Name:    "SpikeRateEscape",
		Doc:     "is snnTorch's spike_rate_escape, whose peak lies one unit above the threshold.",
		Formula: "slope * equation.Exp(-beta*|x-1|)",
		Params:  []Param{{"beta", 1, positive}, {"slope", 25, positive}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Mul(p[1], equation.Exp(equation.Sub(zero, equation.Mul(p[0], abs(equation.Sub(x, one))))))
		},
	},
	{
		Name:    "Tanh",
		Doc:     "is Norse's tanh and logistic, and spyx's tanh: the derivative of tanh(k*x) without\nits factor k.",
		Formula: "1 - tanh(k*x)^2",
		Params:  with("k", 1),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			e := equation.Exp(equation.Mul(c(-2), abs(equation.Mul(p[0], x)))).As("e")
			d := equation.Add(one, e).As("d")
			return equation.Div(equation.Mul(c(4), e), equation.Mul(d, d))
		},
	},
	{
		Name:    "Erf",
		Doc:     "is SpikingJelly's Erf. Norse's heavi_erfc is [HeaviErfc].",
		Formula: "alpha/sqrt(pi) * equation.Exp(-(alpha*x)^2)",
		Params:  with("alpha", 2),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Mul(equation.Mul(p[0], c(1/math.Sqrt(math.Pi))), gauss(equation.Mul(p[0], x)))
		},
	},
	{
		Name:    "HeaviErfc",
		Doc:     "is Norse's heavi_erfc as coded: neither scale nor sign are those of its\ndocumentation.",
		Formula: "2/sqrt(pi) * equation.Exp(-(alpha*x)^2)",
		Params:  with("alpha", 1),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Mul(c(2/math.Sqrt(math.Pi)), gauss(equation.Mul(p[0], x)))
		},
	},
	{
		Name:    "Gaussian",
		Doc:     "is sinabs' Gaussian, a normal density.",
		Formula: "1/(sigma*sqrt(2*pi)) * equation.Exp(-((x-mu)/sigma)^2/2)",
		Params:  []Param{{"mu", 0, finite}, {"sigma", 0.5, positive}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Mul(peak(one, p[1]), bell(equation.Sub(x, p[0]), p[1]))
		},
	},
	{
		Name:    "MultiGaussian",
		Doc:     "is slax' multi_gauss (gamma 0.5, sigma the lens) and sinabs' MultiGaussian\n(gamma 1): N is a normal density.",
		Formula: "gamma * ((1+h)*N(x; mu, sigma) - h*N(x; sigma, s*sigma) - h*N(x; -sigma, s*sigma))",
		Params:  []Param{{"gamma", 1, ordinary}, {"h", 0.15, ordinary}, {"mu", 0, finite}, {"sigma", 0.5, ordinary}, {"s", 6, ordinary}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			h, mu, sigma, wide := p[1], p[2], p[3], equation.Mul(p[4], p[3])
			middle := equation.Mul(peak(equation.Mul(p[0], equation.Add(one, h)), sigma), bell(equation.Sub(x, mu), sigma))
			sides := equation.Add(bell(equation.Sub(x, sigma), wide), bell(equation.Add(x, sigma), wide))
			return equation.Sub(middle, equation.Mul(peak(equation.Mul(p[0], h), wide), sides))
		},
	},
	{
		Name:    "PeriodicExponential",
		Doc:     "is sinabs' PeriodicExponential, for neurons that spike several times a step: the\nbell comes again at every multiple of the threshold, which it takes beside x.",
		Formula: "equation.Exp(-|z|/width), z = x below 0, else threshold*(2*frac(x/threshold + 0.5) - 1)",
		Params:  []Param{{"width", 0.5, positive}, {"threshold", 1, positive}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			n := equation.Sub(equation.Div(equation.Add(x, p[1]), p[1]), c(0.5))
			n = equation.Min(c(math.MaxFloat32), n).As("n") // whole numbers from 2^24 on: z is -threshold
			periodic := equation.Mul(p[1], equation.Sub(equation.Mul(c(2), equation.Sub(n, equation.Floor(n))), one))
			z := equation.Select(equation.GE(x, zero), periodic, x).As("z")
			return equation.Exp(equation.Sub(zero, equation.Div(abs(z), p[0])))
		},
	},
}

// gauss is equation.Exp(-u^2).
func gauss(u equation.Float) equation.Float {
	return equation.Exp(equation.Sub(zero, equation.Mul(u, u)))
}

// bell is equation.Exp(-(x/sigma)^2 / 2), and peak what makes a normal density of
// height times it.
func bell(x, sigma equation.Float) equation.Float {
	return gauss(equation.Mul(x, equation.Div(one, equation.Mul(sigma, c(math.Sqrt2)))))
}

func peak(height, sigma equation.Float) equation.Float {
	return equation.Div(height, equation.Mul(sigma, c(math.Sqrt(2*math.Pi))))
}

// boxes are the rows of functions that are constant around the threshold.
var boxes = []Surrogate{
	{
		Name:    "Box",
		Doc:     "is height within, not at, half, and outside elsewhere: SNNAX's piecewise_surrogate\nas coded (1, beta, 0), SpikingJelly's Rect (alpha, 0.5/alpha, 0) and PiecewiseLeakyReLU (1/(2w), w, c), and spyx's boxcar\n(height, width/2, 0). [Piecewise] is SNNAX's as documented.",
		Formula: "height if |x| < half, else outside",
		Params:  []Param{{"height", 1, finite}, {"half", 0.5, positive}, {"outside", 0, finite}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Select(equation.GT(p[1], abs(x)), p[0], p[2])
		},
	},
	{
		Name:    "BoxHalfEdge",
		Doc:     "is jaxpike's Boxcar, which is at half its height exactly on its edges.",
		Formula: "1/width if |x| < width/2, 1/(2*width) if |x| = width/2, else 0",
		Params:  with("width", 1),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			half, height := equation.Mul(c(0.5), p[0]), equation.Div(one, p[0])
			edge := equation.Select(equation.EQ(abs(x), half), equation.Mul(c(0.5), height), zero)
			return equation.Select(equation.GT(half, abs(x)), height, edge)
		},
	},
	{
		Name:    "StraightThrough",
		Doc:     "is snnTorch's straight_through_estimator, SpikingJelly's DeterministicPass and\nspyx's default.",
		Formula: "1",
		Derivative: func(x equation.Float, _ []equation.Float) equation.Float {
			return equation.Select(equation.GE(abs(x), zero), one, one)
		},
	},
	{
		Name:    "SignedThreshold",
		Doc:     "is snnTorch's triangular, which is no triangle, and negative above the threshold.",
		Formula: "threshold if x < 0, else -threshold",
		Params:  with("threshold", 1),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Select(equation.GT(zero, x), p[0], equation.Sub(zero, p[0]))
		},
	},
}

// onesided are the rows of functions that differ below and above the
// threshold.
var onesided = []Surrogate{
	{
		Name:    "LeakySpike",
		Doc:     "is snnTorch's LSO as meant (its factory calls another class); with slope 0 it is\nsnnTorch's heaviside.",
		Formula: "1 if x > 0, else slope",
		Params:  []Param{{"slope", 0.1, finite}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Select(equation.GT(x, zero), one, p[0])
		},
	},
	{
		Name:    "LeakyKReLU",
		Doc:     "is SpikingJelly's LeakyKReLU.",
		Formula: "k if x >= 0, else leak",
		Params:  []Param{{"leak", 0, finite}, {"k", 1, finite}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Select(equation.GE(x, zero), p[1], p[0])
		},
	},
	{
		Name:    "LogTailedReLU",
		Doc:     "is SpikingJelly's LogTailedReLU.",
		Formula: "alpha if x <= 0, 1 if x <= 1, else 1/x",
		Params:  []Param{{"alpha", 0, finite}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			above := equation.Select(equation.GE(one, x), one, equation.Div(one, x))
			return equation.Select(equation.GE(zero, x), p[0], above)
		},
	},
	{
		Name:    "FakeNumericalGradient",
		Doc:     "is SpikingJelly's FakeNumericalGradient. At 0 and at -0 it is alpha;\ntheirs, as coded, is -Inf at -0.",
		Formula: "min(1/|x|, alpha)",
		Params:  with("alpha", 0.3),
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Min(equation.Div(one, abs(x)), p[0])
		},
	},
	{
		Name:    "ShiftedFastSigmoid",
		Doc:     "is snnTorch's SFS, which is active only above the threshold and b.",
		Formula: "1 / (1 + slope*|x|)^2 if x > b, else 0",
		Params:  []Param{{"slope", 25, positive}, {"b", 1, finite}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			d := equation.Add(one, equation.Mul(p[0], abs(x))).As("d")
			return equation.Select(equation.GT(x, p[1]), equation.Div(one, equation.Mul(d, d)), zero)
		},
	},
	{
		Name:    "S2NN",
		Doc:     "is SpikingJelly's S2NN: a sigmoid's derivative below, s = 1/(1+equation.Exp(-alpha*x)).",
		Formula: "alpha*s*(1-s) if x < 0, else beta/(x+1)",
		Params:  []Param{{"alpha", 4, positive}, {"beta", 1, positive}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			e := equation.Exp(equation.Sub(zero, abs(equation.Mul(p[0], x)))).As("e")
			d := equation.Add(one, e).As("d")
			below := equation.Div(equation.Mul(p[0], e), equation.Mul(d, d))
			return equation.Select(equation.GT(zero, x), below, equation.Div(p[1], equation.Add(x, one)))
		},
	},
	{
		Name:    "OneSided",
		Doc:     "is sinabs' Heaviside and Rockpool's StepPWL, for neurons that spike several times a\nstep: it takes the threshold beside x. Rockpool's derivative in the threshold is this times -v/threshold.",
		Formula: "1/threshold if x >= -window, else 0",
		Params:  []Param{{"window", 0.5, positive}, {"threshold", 1, positive}},
		Derivative: func(x equation.Float, p []equation.Float) equation.Float {
			return equation.Select(equation.GE(x, equation.Sub(zero, p[0])), equation.Div(one, p[1]), zero)
		},
	},
}
