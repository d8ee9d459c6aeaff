package lava

import "github.com/spikelane/spikelane/surrogate"

// Exponential is the surrogate of Lava-DL's neurons, with scale_rho and
// tau_rho.
func Exponential(scale, tau float32) surrogate.Func {
	return surrogate.Exponential(scale/(2*tau), 1/tau)
}
