// Package kernels lists every kernel of package simd under one signature, to
// be measured: those that are generated from descriptions, and in linear.go
// those that are scheduled by hand.
package kernels

import (
	"math/rand/v2"
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// ArgKind is what an argument holds.
type ArgKind uint8

// The kinds.
const (
	Output ArgKind = iota
	BitsOut
	State
	Input
	BitsIn
	Param
)

// Kernel is one that is generated.
type Kernel struct {
	Name, Family       string
	OverTime, Training bool
	Args               []ArgKind
	// Operations of an element and step, and how many of them are of kinds that
	// are slower, or that fewer units do.
	Operations                                     int
	Divisions, Roots, Floors, Comparisons, Choices int
	// Call takes the arrays of numbers, those of bits, and the numbers, each in
	// the order of Args; over time steps and a stride for each array that moves
	// with them, or in training one for numbers and one for bits.
	Call func(f [][]float32, b [][]uint64, p []float32, steps int, strides []int)
}

// Streams counts the arrays of numbers that a kernel reads and writes for each
// element and step.
func (k Kernel) Streams() (reads, writes int) {
	for _, a := range k.Args {
		switch a {
		case Input:
			reads++
		case Output:
			writes++
		}
	}
	return reads, writes
}

// Work prepares a kernel for n elements and some steps of ordinary numbers.
func (k Kernel) Work(n, steps int) func() {
	var floats [][]float32
	var bits [][]uint64
	var params []float32
	var strides []int
	words := tensor.Words(n)
	for _, a := range k.Args {
		moves := k.OverTime && a != State && a != Param
		rows, isBits := 1, a == BitsOut || a == BitsIn
		if moves {
			rows = steps
			stride := n
			if isBits {
				stride = words
			}
			if !k.Training || !slices.Contains(strides, stride) {
				strides = append(strides, stride)
			}
		}
		switch {
		case isBits:
			bits = append(bits, make([]uint64, rows*words))
		case a == Param && !k.OverTime:
			params = append(params, 0.75)
		case a == Param:
			floats = append(floats, Constant(n, 0.75))
		default:
			floats = append(floats, Ordinary(rows*n))
		}
	}
	if k.Training && len(strides) > 1 && strides[0] == words { // numbers first
		slices.Reverse(strides)
	}
	return func() { k.Call(floats, bits, params, steps, strides) }
}

// Constant is n times a number.
func Constant(n int, v float32) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// Ordinary are numbers from -1 to 1, as a network meets them: special ones
// would cost more.
func Ordinary(n int) []float32 {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]float32, n)
	for i := range list {
		list[i] = 2*r.Float32() - 1
	}
	return list
}
