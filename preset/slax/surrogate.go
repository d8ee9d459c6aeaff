package slax

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// FastSigmoid is slax's fast_sigmoid.
func FastSigmoid(slope float32) surrogate.Func {
	return surrogate.FastSigmoid(slope)
}

// MultiGauss is slax's multi_gauss.
func MultiGauss(gamma, height, lens, scale float32) surrogate.Func {
	return surrogate.MultiGaussian(gamma, height, 0, lens, scale)
}

var surrogates = presetkit.Surrogates{
	"fast_sigmoid": presetkit.One(FastSigmoid, "slope"),
	"multi_gauss":  presetkit.Four(MultiGauss, "gamma", "height", "lens", "scale"),
}

// Surrogate is the function that slax calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("slax", name, params)
}
