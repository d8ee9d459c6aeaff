package jaxpike

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// FastSigmoid is jaxpike's FastSigmoid.
func FastSigmoid(slope float32) surrogate.Func {
	return surrogate.FastSigmoid(slope)
}

// ATan is jaxpike's ATan.
func ATan(alpha float32) surrogate.Func {
	return surrogate.ATan(alpha)
}

// Triangular is jaxpike's Triangular.
func Triangular(width float32) surrogate.Func {
	return surrogate.Triangle(1/width, 1/width)
}

// Boxcar is jaxpike's Boxcar.
func Boxcar(width float32) surrogate.Func {
	return surrogate.BoxHalfEdge(width)
}

var surrogates = presetkit.Surrogates{
	"FastSigmoid": presetkit.One(FastSigmoid, "slope"),
	"ATan":        presetkit.One(ATan, "alpha"),
	"Triangular":  presetkit.One(Triangular, "width"),
	"Boxcar":      presetkit.One(Boxcar, "width"),
}

// Surrogate is the function that jaxpike calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("jaxpike", name, params)
}
