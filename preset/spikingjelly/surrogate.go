package spikingjelly

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// ATan is SpikingJelly's ATan.
func ATan(alpha float32) surrogate.Func {
	return surrogate.ATan(alpha)
}

// Sigmoid is SpikingJelly's Sigmoid.
func Sigmoid(alpha float32) surrogate.Func {
	return surrogate.Sigmoid(alpha)
}

// SoftSign is SpikingJelly's SoftSign.
func SoftSign(alpha float32) surrogate.Func {
	return surrogate.SoftSign(alpha)
}

// SuperSpike is SpikingJelly's SuperSpike, whose alpha is a scale.
func SuperSpike(alpha float32) surrogate.Func {
	return surrogate.SuperSpikeScaled(alpha)
}

// NonzeroSignLogAbs is SpikingJelly's NonzeroSignLogAbs.
func NonzeroSignLogAbs(alpha float32) surrogate.Func {
	return surrogate.NonzeroSignLogAbs(alpha)
}

// Erf is SpikingJelly's Erf.
func Erf(alpha float32) surrogate.Func {
	return surrogate.Erf(alpha)
}

// PiecewiseExp is SpikingJelly's PiecewiseExp.
func PiecewiseExp(alpha float32) surrogate.Func {
	return surrogate.Exponential(alpha/2, alpha)
}

// PiecewiseQuadratic is SpikingJelly's PiecewiseQuadratic.
func PiecewiseQuadratic(alpha float32) surrogate.Func {
	return surrogate.Triangle(alpha, alpha)
}

// Rect is SpikingJelly's Rect.
func Rect(alpha float32) surrogate.Func {
	return surrogate.Box(alpha, 0.5/alpha, 0)
}

// PiecewiseLeakyReLU is SpikingJelly's PiecewiseLeakyReLU.
func PiecewiseLeakyReLU(w, c float32) surrogate.Func {
	return surrogate.Box(1/(2*w), w, c)
}

// QPseudoSpike is SpikingJelly's QPseudoSpike.
func QPseudoSpike(alpha float32) surrogate.Func {
	return surrogate.QPseudoSpike(alpha)
}

// S2NN is SpikingJelly's S2NN.
func S2NN(alpha, beta float32) surrogate.Func {
	return surrogate.S2NN(alpha, beta)
}

// LeakyKReLU is SpikingJelly's LeakyKReLU.
func LeakyKReLU(leak, k float32) surrogate.Func {
	return surrogate.LeakyKReLU(leak, k)
}

// LogTailedReLU is SpikingJelly's LogTailedReLU.
func LogTailedReLU(alpha float32) surrogate.Func {
	return surrogate.LogTailedReLU(alpha)
}

// FakeNumericalGradient is SpikingJelly's FakeNumericalGradient.
func FakeNumericalGradient(alpha float32) surrogate.Func {
	return surrogate.FakeNumericalGradient(alpha)
}

// DeterministicPass is SpikingJelly's DeterministicPass.
func DeterministicPass() surrogate.Func {
	return surrogate.StraightThrough()
}

// SquarewaveFourierSeries is SpikingJelly's SquarewaveFourierSeries.
func SquarewaveFourierSeries(n, period float32) surrogate.Func {
	return surrogate.SquarewaveFourier(n, period)
}

var surrogates = presetkit.Surrogates{
	"ATan":                    presetkit.One(ATan, "alpha"),
	"Sigmoid":                 presetkit.One(Sigmoid, "alpha"),
	"SoftSign":                presetkit.One(SoftSign, "alpha"),
	"SuperSpike":              presetkit.One(SuperSpike, "alpha"),
	"NonzeroSignLogAbs":       presetkit.One(NonzeroSignLogAbs, "alpha"),
	"Erf":                     presetkit.One(Erf, "alpha"),
	"PiecewiseExp":            presetkit.One(PiecewiseExp, "alpha"),
	"PiecewiseQuadratic":      presetkit.One(PiecewiseQuadratic, "alpha"),
	"Rect":                    presetkit.One(Rect, "alpha"),
	"PiecewiseLeakyReLU":      presetkit.Two(PiecewiseLeakyReLU, "w", "c"),
	"QPseudoSpike":            presetkit.One(QPseudoSpike, "alpha"),
	"S2NN":                    presetkit.Two(S2NN, "alpha", "beta"),
	"LeakyKReLU":              presetkit.Two(LeakyKReLU, "leak", "k"),
	"LogTailedReLU":           presetkit.One(LogTailedReLU, "alpha"),
	"FakeNumericalGradient":   presetkit.One(FakeNumericalGradient, "alpha"),
	"DeterministicPass":       presetkit.None(DeterministicPass),
	"SquarewaveFourierSeries": presetkit.Two(SquarewaveFourierSeries, "n", "T_period"),
}

// Surrogate is the function that SpikingJelly calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("SpikingJelly", name, params)
}
