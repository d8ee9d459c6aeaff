package slax

import "github.com/spikelane/spikelane/surrogate"

// MultiGauss is slax's multi_gauss.
func MultiGauss(gamma, height, lens, scale float32) surrogate.Func {
	return surrogate.MultiGaussian(gamma, height, 0, lens, scale)
}
