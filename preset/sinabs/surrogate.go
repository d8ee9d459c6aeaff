package sinabs

import "github.com/spikelane/spikelane/surrogate"

// SingleExponential is sinabs' SingleExponential.
func SingleExponential(gradWidth, threshold float32) surrogate.Func {
	rate := 1 / (gradWidth * threshold)
	return surrogate.Exponential(rate, rate)
}

// Gaussian is sinabs' Gaussian.
func Gaussian(mu, sigma float32) surrogate.Func {
	return surrogate.Gaussian(mu, sigma)
}

// MultiGaussian is sinabs' MultiGaussian.
func MultiGaussian(h, mu, sigma, s float32) surrogate.Func {
	return surrogate.MultiGaussian(1, h, mu, sigma, s)
}

// Heaviside is sinabs' Heaviside.
func Heaviside(window, threshold float32) surrogate.Func {
	return surrogate.OneSided(window, threshold)
}

// PeriodicExponential is sinabs' PeriodicExponential.
func PeriodicExponential(gradWidth, threshold float32) surrogate.Func {
	return surrogate.PeriodicExponential(gradWidth, threshold)
}
