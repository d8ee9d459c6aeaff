package snn

import (
	"math/bits"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// sender is where the outputs of neurons go: those of the layer, and behind them
// variables that are recorded.
type sender struct {
	*passage
	packed    []uint64       // of the batch, if the layer's output is packed
	dense     *tensor.Tensor // else
	variables [][]float32    // each [T, B, neurons]
	// bits and rooms are those of one sample, of each output that is not written
	// where it belongs.
	bits  [][]uint64
	rooms [][]float32
	rows  []simd.Stream // what the kernel writes, by output
}

// output prepares the outputs of a passage.
func (p *passage) output(y tensor.Signal, variables [][]float32) *sender {
	s := &p.scratch.sender
	*s = sender{passage: p, variables: variables, bits: s.bits[:0], rows: s.rows[:0]}
	n := p.c.membrane.k.outputCount()
	switch y := y.(type) {
	case *tensor.Spikes:
		s.packed = y.Bits
	case *tensor.Tensor:
		s.dense = y
	}
	if s.rooms = p.rooms(n); s.dense != nil || len(variables) > 0 {
		for range n {
			s.bits = append(s.bits, p.scratch.Words(p.steps*tensor.Words(p.c.n)))
			s.rows = append(s.rows, simd.Stream{})
		}
	}
	return s
}

// place is where output i of the kernel belongs: in rows of an array, from first
// on.
func (s *sender) place(i int) (all []float32, row, first int) {
	k := s.c.membrane.k
	own := k.outputCount() - len(s.variables)
	if at := k.output(i); at >= own {
		return s.variables[at-own], s.c.n, 0
	} else if s.dense != nil {
		return s.dense.Data, own * s.c.n, at * s.c.n
	}
	return nil, 0, 0
}

// of is where an output of a sample goes.
func (s *sender) of(sample int, kind simd.Kind) simd.Stream {
	words, i := tensor.Words(s.c.n), kind.Index
	all, row, first := s.place(i)
	switch {
	case all == nil:
		return simd.Stream{Bits: s.packed[sample*words:], Stride: s.batch * words}
	case kind.Role == simd.RoleSpikes:
		s.rows[i] = simd.Stream{Bits: s.bits[i], Stride: words}
	case s.rooms[i] != nil:
		s.rows[i] = simd.Stream{Floats: s.rooms[i], Stride: simd.Padded(s.c.n)}
	default:
		s.rows[i] = simd.Stream{Floats: all[sample*row+first:], Stride: s.batch * row}
	}
	return s.rows[i]
}

// done ends a sample: what was not written where it belongs is copied there.
func (s *sender) done(sample int) {
	n := s.c.n
	for i, from := range s.rows {
		all, row, first := s.place(i)
		if all == nil || from.Bits == nil && s.rooms[i] == nil {
			continue // it is there
		}
		for t := range s.steps {
			at := (t*s.batch+sample)*row + first
			switch to := all[at : at+n]; {
			case from.Bits == nil:
				copy(to, from.Floats[t*from.Stride:])
			case s.c.graded != nil && &all[0] == &s.dense.Data[0]:
				s.grade(to, from.Bits[t*from.Stride:][:tensor.Words(n)])
			default:
				simd.Unpack(to, from.Bits[t*from.Stride:][:tensor.Words(n)])
			}
		}
	}
}

// grade stores, where there is a spike, its weight.
func (s *sender) grade(row []float32, spikes []uint64) {
	clear(row)
	for k, w := range spikes {
		for ; w != 0; w &= w - 1 {
			i := k<<6 + bits.TrailingZeros64(w)
			row[i] = s.c.graded[i]
		}
	}
}
