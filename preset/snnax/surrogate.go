package snnax

import "github.com/spikelane/spikelane/surrogate"

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
