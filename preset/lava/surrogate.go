package lava

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// Exponential is the surrogate of Lava-DL's neurons, with scale_rho and
// tau_rho.
func Exponential(scale, tau float32) surrogate.Func {
	return surrogate.Exponential(scale/(2*tau), 1/tau)
}

var surrogates = presetkit.Surrogates{
	"Exponential": presetkit.Two(Exponential, "scale_rho", "tau_rho"),
}

// Surrogate is the function that Lava-DL calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("Lava-DL", name, params)
}
