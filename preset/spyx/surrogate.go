package spyx

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

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

var surrogates = presetkit.Surrogates{
	"superspike": presetkit.One(Superspike, "k"),
	"arctan":     presetkit.One(Arctan, "k"),
	"tanh":       presetkit.One(Tanh, "k"),
	"triangular": presetkit.One(Triangular, "k"),
	"boxcar":     presetkit.Two(Boxcar, "height", "width"),
}

// Surrogate is the function that spyx calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("spyx", name, params)
}
