// Package kernels lists every kernel of package simd under one signature, to
// be measured: those that are generated from descriptions, and in linear.go
// those that are scheduled by hand.
package kernels

import (
	"math/rand/v2"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// ArgKind is what an argument holds.
type ArgKind uint8

// The kinds.
const (
	Output ArgKind = iota
	BitsOut
	Input
	BitsIn
)

// Kernel is one that is generated.
type Kernel struct {
	Name, Family string
	// Operations of an element and step, and how many of them are of kinds that
	// are slower, or that fewer units do.
	Operations                                     int
	Divisions, Roots, Floors, Comparisons, Choices int

	// Of a kernel without state: its arrays, and a call.
	Args []ArgKind
	Call func(f [][]float32, b []uint64)
	// Of a kernel over time: the neuron, and which pass.
	OverTime, Back bool
	Neuron         simd.Neuron
}

// Streams counts the arrays of numbers that a kernel reads and writes for each
// element and step, with or without what its optional effects write.
func (k Kernel) Streams(optional bool) (reads, writes int) {
	for _, a := range k.Args {
		switch a {
		case Input:
			reads++
		case Output:
			writes++
		}
	}
	if !k.OverTime {
		return reads, writes
	}
	for _, s := range k.needs().Streams {
		switch s.Role {
		case simd.RoleOutput, simd.RoleInputGradient:
			writes += s.Arrays
		case simd.RoleTrace, simd.RoleDistance:
			if k.Back {
				reads += s.Arrays
			} else if optional {
				writes += s.Arrays
			}
		case simd.RoleInput, simd.RoleOutputGradient, simd.RoleSurrogateGrad:
			reads += s.Arrays
		}
	}
	return reads, writes
}

func (k Kernel) needs() *simd.Kernel {
	if k.Back {
		return k.Neuron.Backward()
	}
	return k.Neuron.Forward()
}

// Work prepares a kernel for n elements and some steps of ordinary numbers. A
// kernel over time does its optional effects, if they are wanted.
func (k Kernel) Work(n, steps int, optional bool) func() {
	if k.OverTime {
		return k.overTime(n, steps, optional)
	}
	var floats [][]float32
	var bits []uint64
	for _, a := range k.Args {
		if a == BitsOut || a == BitsIn {
			bits = make([]uint64, tensor.Words(n))
		}
		floats = append(floats, Ordinary(n))
	}
	return func() { k.Call(floats, bits) }
}

func (k Kernel) overTime(n, steps int, optional bool) func() {
	needs := k.needs()
	size := func(arrays int) int { return simd.Layout{N: n, Arrays: arrays, Lanes: needs.Lanes}.Size() }
	c := &simd.Call{
		N: n, Steps: steps, Optional: optional,
		State: Ordinary(size(needs.States)), Params: Constant(size(needs.Params), 0.75), Sums: Ordinary(size(needs.Sums)),
	}
	for _, kind := range needs.Streams {
		s := simd.Stream{Stride: tensor.Words(n)}
		if kind.Role == simd.RoleSpikes {
			s.Bits = make([]uint64, steps*s.Stride)
		} else {
			s.Stride = kind.Arrays * simd.Padded(n)
			s.Floats = Ordinary(steps * s.Stride)
		}
		c.Streams = append(c.Streams, s)
	}
	if k.Back {
		return func() { k.Neuron.Back(c) }
	}
	return func() { k.Neuron.Advance(c) }
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
	list := simd.AllocStaggered(n)
	for i := range list {
		list[i] = 2*r.Float32() - 1
	}
	return list
}
