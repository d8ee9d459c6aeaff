package spyx

import "github.com/spikelane/spikelane/surrogate"

// Superspike is spyx' superspike.
func Superspike(k float32) surrogate.Func {
	return surrogate.FastSigmoid(k)
}

// Arctan is spyx' arctan.
func Arctan(k float32) surrogate.Func {
	return surrogate.Cauchy(k)
}

// Tanh is spyx' tanh.
func Tanh(k float32) surrogate.Func {
	return surrogate.Tanh(k)
}

// Triangular is spyx' triangular.
func Triangular(k float32) surrogate.Func {
	return surrogate.Triangle(1, k)
}

// Boxcar is spyx' boxcar.
func Boxcar(height, width float32) surrogate.Func {
	return surrogate.Box(height, width/2, 0)
}
