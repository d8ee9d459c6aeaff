package jaxpike

import "github.com/spikelane/spikelane/surrogate"

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
