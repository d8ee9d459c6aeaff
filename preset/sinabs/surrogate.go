package sinabs

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// SingleExponential is sinabs' SingleExponential, of whatever threshold the
// neuron has at the step, as sinabs calls it.
func SingleExponential(gradWidth float32) surrogate.Func {
	return surrogate.Exponential(1/gradWidth, 1/gradWidth).Relative()
}

// Gaussian is sinabs' Gaussian.
func Gaussian(mu, sigma float32) surrogate.Func {
	return surrogate.Gaussian(mu, sigma)
}

// MultiGaussian is sinabs' MultiGaussian.
func MultiGaussian(h, mu, sigma, s float32) surrogate.Func {
	return surrogate.MultiGaussian(1, h, mu, sigma, s)
}

// Heaviside is sinabs' Heaviside, of whatever threshold the neuron has at the
// step, as sinabs calls it.
func Heaviside(window float32) surrogate.Func {
	return surrogate.OneSided(window, 1).PerThreshold()
}

// PeriodicExponential is sinabs' PeriodicExponential, for neurons of that
// threshold: one that moves has no such function here.
func PeriodicExponential(gradWidth, threshold float32) surrogate.Func {
	return surrogate.PeriodicExponential(gradWidth, threshold)
}

var surrogates = presetkit.Surrogates{
	"SingleExponential":   presetkit.One(SingleExponential, "grad_width"),
	"Gaussian":            presetkit.Two(Gaussian, "mu", "sigma"),
	"MultiGaussian":       presetkit.Four(MultiGaussian, "h", "mu", "sigma", "s"),
	"Heaviside":           presetkit.One(Heaviside, "window"),
	"PeriodicExponential": presetkit.Two(PeriodicExponential, "grad_width", "threshold"),
}

// Surrogate is the function that sinabs calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("sinabs", name, params)
}
