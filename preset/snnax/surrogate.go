package snnax

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// Superspike is SNNAX's superspike.
func Superspike(beta float32) surrogate.Func {
	return surrogate.SuperSpike(beta)
}

// Sigmoid is SNNAX's sigmoid.
func Sigmoid(beta float32) surrogate.Func {
	return surrogate.Sigmoid(beta)
}

// Piecewise is SNNAX's piecewise; it leaves its edges out, as
// coded: [surrogate.Piecewise] is the documented one.
func Piecewise(beta float32) surrogate.Func {
	return surrogate.Box(1, beta, 0)
}

var surrogates = presetkit.Surrogates{
	"superspike": presetkit.One(Superspike, "beta"),
	"sigmoid":    presetkit.One(Sigmoid, "beta"),
	"piecewise":  presetkit.One(Piecewise, "beta"),
}

// Surrogate is the function that SNNAX calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("SNNAX", name, params)
}
