package snntorch

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// ATan is snnTorch's atan.
func ATan(alpha float32) surrogate.Func {
	return surrogate.ATan(alpha)
}

// FastSigmoid is snnTorch's fast_sigmoid.
func FastSigmoid(slope float32) surrogate.Func {
	return surrogate.FastSigmoid(slope)
}

// Sigmoid is snnTorch's sigmoid.
func Sigmoid(slope float32) surrogate.Func {
	return surrogate.Sigmoid(slope)
}

// Heaviside is snnTorch's heaviside.
func Heaviside() surrogate.Func {
	return surrogate.LeakySpike(0)
}

// LSO is snnTorch's LSO, as meant: its factory calls another class.
func LSO(slope float32) surrogate.Func {
	return surrogate.LeakySpike(slope)
}

// SFS is snnTorch's SFS.
func SFS(slope, b float32) surrogate.Func {
	return surrogate.ShiftedFastSigmoid(slope, b)
}

// Triangular is snnTorch's triangular, which is no triangle.
func Triangular(threshold float32) surrogate.Func {
	return surrogate.SignedThreshold(threshold)
}

// SpikeRateEscape is snnTorch's spike_rate_escape.
func SpikeRateEscape(beta, slope float32) surrogate.Func {
	return surrogate.SpikeRateEscape(beta, slope)
}

// StraightThroughEstimator is snnTorch's straight_through_estimator.
func StraightThroughEstimator() surrogate.Func {
	return surrogate.StraightThrough()
}

var surrogates = presetkit.Surrogates{
	"atan":                       presetkit.One(ATan, "alpha"),
	"fast_sigmoid":               presetkit.One(FastSigmoid, "slope"),
	"sigmoid":                    presetkit.One(Sigmoid, "slope"),
	"heaviside":                  presetkit.None(Heaviside),
	"LSO":                        presetkit.One(LSO, "slope"),
	"SFS":                        presetkit.Two(SFS, "slope", "B"),
	"triangular":                 presetkit.One(Triangular, "threshold"),
	"spike_rate_escape":          presetkit.Two(SpikeRateEscape, "beta", "slope"),
	"straight_through_estimator": presetkit.None(StraightThroughEstimator),
}

// Surrogate is the function that snnTorch calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("snnTorch", name, params)
}
