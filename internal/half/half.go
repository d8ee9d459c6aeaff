// Package half widens floating-point numbers of 16 bits.
package half

import "math"

// Bits returns the float32 bits of an IEEE 754 half, exactly.
func Bits(h uint16) uint32 {
	sign, exponent, fraction := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0:
		return sign | math.Float32bits(float32(fraction)*0x1p-24)
	case 31:
		return sign | 0x7f800000 | fraction<<13
	}
	return sign | (exponent+127-15)<<23 | fraction<<13
}

// Widen returns halves as float32.
func Widen(halves []uint16) []float32 {
	wide := make([]float32, len(halves))
	for i, h := range halves {
		wide[i] = math.Float32frombits(Bits(h))
	}
	return wide
}
