// Package simd holds the kernels: functions from slices to slices, in AVX2,
// NEON and pure Go, with the same bits from all three.
//
// # Rounding
//
// An elementwise function rounds every operation of its documented loop once
// to float32, in the order written, and fuses nothing. A sum of products is
//
//	acc = bias
//	for k { acc = fma(x[k], w[k], acc) }
//	acc + 0
//
// with k ascending and one rounding for each fma; the last addition turns -0
// into +0. Adding only the rows of nonzero inputs gives the same bits, as long
// as the weights are finite.
//
// # NaN
//
// Comparisons are false on NaN, so NaN never spikes, and minimum and maximum
// are a comparison and a choice. Which NaN comes out, its sign and payload, is
// not specified; nothing else is left open.
//
// # Slices
//
// Lengths that do not fit panic before anything is written; empty slices are
// fine. An output may be the same slice as an input of its type, but must not
// overlap one otherwise. Nothing past the end of a slice is read or written.
// Nothing is allocated, and nothing is kept.
//
// # Tiers
//
// The CPU is asked once, at start. [Tier] tells what is in use, [Use] changes
// it. GODEBUG=cpu.avx2=off and the build tag purego select pure Go.
package simd

//go:generate go run ../asm -root ..
