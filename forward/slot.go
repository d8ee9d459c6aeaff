package forward

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// slot is room for a signal of one kind, used again from block to block.
type slot struct {
	kind   tensor.Kind
	n      int // features
	dense  tensor.Tensor
	spikes tensor.Spikes
	events tensor.Events
}

// shape makes the slot one for signals of a kind and shape.
func (s *slot) shape(kind tensor.Kind, features tensor.Shape) {
	s.kind, s.n = kind, features.Size()
	s.dense.Shape = append(tensor.Shape{0, 0}, features...)
	s.spikes.Features, s.events.Features = features, features
}

// signal is what the slot holds.
func (s *slot) signal() tensor.Signal {
	switch s.kind {
	case tensor.KindSpikes:
		return &s.spikes
	case tensor.KindEvents:
		return &s.events
	}
	return &s.dense
}

// size says how many steps and samples the slot holds from here on.
func (s *slot) size(steps, batch int) {
	s.dense.Shape[0], s.dense.Shape[1] = steps, batch
	s.spikes.T, s.spikes.B = steps, batch
	s.events.T, s.events.B = steps, batch
}

// room makes room for steps of batch samples, holding anything.
func (s *slot) room(steps, batch int) {
	s.size(steps, batch)
	rows := steps * batch
	switch s.kind {
	case tensor.KindSpikes:
		s.spikes.Bits = grow(s.spikes.Bits, rows*tensor.Words(s.n))
	case tensor.KindEvents:
		s.events.Rows = grow(s.events.Rows, rows+1)
		clear(s.events.Rows)
		s.events.Index, s.events.Value = s.events.Index[:0], s.events.Value[:0]
	default:
		s.dense.Data = growNumbers(s.dense.Data, rows*s.n)
	}
}

// growNumbers is grow for arrays of numbers that kernels read side by side.
func growNumbers(b []float32, n int) []float32 {
	if cap(b) < n {
		return simd.Apart(n)
	}
	return b[:n]
}

func grow[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	return b[:n]
}

// window makes the slot a view of some steps of x, which has its kind.
func (s *slot) window(x tensor.Signal, from, steps int) {
	_, batch, _ := x.Dims()
	s.size(steps, batch)
	lo, hi := from*batch, (from+steps)*batch
	switch x := x.(type) {
	case *tensor.Spikes:
		w := tensor.Words(s.n)
		s.spikes.Bits = x.Bits[lo*w : hi*w]
	case *tensor.Events:
		s.events.Rows, s.events.Index, s.events.Value = x.Rows[lo:hi+1], x.Index, x.Value
	case *tensor.Tensor:
		s.dense.Data = x.Data[lo*s.n : hi*s.n]
	}
}

// pick copies some steps of some samples of x, which has the slot's kind.
func (s *slot) pick(x tensor.Signal, from, steps, first, samples int) {
	s.room(steps, samples)
	_, batch, _ := x.Dims()
	w := tensor.Words(s.n)
	for t := range steps {
		lo := (from+t)*batch + first
		switch x := x.(type) {
		case *tensor.Spikes:
			copy(s.spikes.Bits[t*samples*w:(t+1)*samples*w], x.Bits[lo*w:])
		case *tensor.Tensor:
			copy(s.dense.Data[t*samples*s.n:(t+1)*samples*s.n], x.Data[lo*s.n:])
		case *tensor.Events:
			e := &s.events
			e.Index = append(e.Index, x.Index[x.Rows[lo]:x.Rows[lo+samples]]...)
			e.Value = append(e.Value, x.Value[x.Rows[lo]:x.Rows[lo+samples]]...)
			for b := range samples {
				e.Rows[t*samples+b+1] = e.Rows[t*samples] + x.Rows[lo+b+1] - x.Rows[lo]
			}
		}
	}
}

// convert copies x, of any kind, into the slot, which is dense or has its kind
// and is not for events.
func (s *slot) convert(x tensor.Signal) {
	steps, batch, _ := x.Dims()
	s.room(steps, batch)
	if s.kind == tensor.KindSpikes {
		copy(s.spikes.Bits, x.(*tensor.Spikes).Bits)
		return
	}
	snn.CopyDense(s.dense.Data, x)
}

// rows copies all samples of steps from another slot of the same kind.
func (s *slot) rows(at int, x *slot, from, steps int) {
	switch s.kind {
	case tensor.KindSpikes:
		w := tensor.Words(s.n) * s.spikes.B
		copy(s.spikes.Bits[at*w:(at+steps)*w], x.spikes.Bits[from*w:])
	case tensor.KindDense:
		w := s.n * s.dense.Shape[1]
		copy(s.dense.Data[at*w:(at+steps)*w], x.dense.Data[from*w:])
	}
}
