package forward

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// slot is memory for a signal of one kind, used again from block to block, or
// a view of another signal.
type slot struct {
	kind   tensor.Kind
	n      int // features
	row    int // numbers from one dense row to the next; 0 stands for the features
	dense  tensor.Tensor
	spikes tensor.Spikes
	events tensor.Events
}

// format makes the slot one for signals of a kind and shape.
func (s *slot) format(kind tensor.Kind, features tensor.Shape) {
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

// setDims says how many steps and samples the slot holds from here on.
func (s *slot) setDims(steps, batch int) {
	s.dense.Shape[0], s.dense.Shape[1] = steps, batch
	s.spikes.T, s.spikes.B = steps, batch
	s.events.T, s.events.B = steps, batch
}

// denseRow is one row of dense numbers, without what it is padded with.
func (s *slot) denseRow(r int) []float32 {
	at := r * max(s.n, s.row)
	return s.dense.Data[at : at+s.n]
}

// resize makes the slot large enough for steps of batch samples, holding
// anything.
func (s *slot) resize(steps, batch int) {
	s.setDims(steps, batch)
	rows := steps * batch
	switch s.kind {
	case tensor.KindSpikes:
		s.spikes.Bits = grow(s.spikes.Bits, rows*tensor.Words(s.n))
	case tensor.KindEvents:
		s.events.Rows = grow(s.events.Rows, rows+1)
		clear(s.events.Rows)
		s.events.Index, s.events.Value = s.events.Index[:0], s.events.Value[:0]
	default:
		s.dense.Data = growNumbers(s.dense.Data, rows*max(s.n, s.row))
	}
}

// growNumbers is grow for arrays of numbers that kernels read side by side.
func growNumbers(b []float32, n int) []float32 {
	if cap(b) < n {
		return simd.AllocStaggered(n)
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
func (s *slot) window(x tensor.Signal, at, steps int) {
	_, batch, _ := x.Dims()
	s.setDims(steps, batch)
	lo, hi := at*batch, (at+steps)*batch
	switch x := x.(type) {
	case *tensor.Spikes:
		w := tensor.Words(s.n)
		s.spikes.Bits = x.Bits[lo*w : hi*w]
	case *tensor.Events:
		s.events.Rows, s.events.Index, s.events.Value = x.Rows[lo:hi+1], x.Index, x.Value
	case *tensor.Tensor:
		row := max(s.n, s.row)
		s.dense.Data = x.Data[lo*row : hi*row]
	}
}

// pick copies some steps of some samples of x, which has the slot's kind.
func (s *slot) pick(x tensor.Signal, sp span) {
	s.resize(sp.steps, sp.samples)
	_, batch, _ := x.Dims()
	words, wide, numbers := tensor.Words(s.n), sp.samples*tensor.Words(s.n), sp.samples*s.n
	for t := range sp.steps {
		lo := (sp.at+t)*batch + sp.first
		switch x := x.(type) {
		case *tensor.Spikes:
			copy(s.spikes.Bits[t*wide:(t+1)*wide], x.Bits[lo*words:])
		case *tensor.Tensor:
			copy(s.dense.Data[t*numbers:(t+1)*numbers], x.Data[lo*s.n:])
		case *tensor.Events:
			e := &s.events
			e.Index = append(e.Index, x.Index[x.Rows[lo]:x.Rows[lo+sp.samples]]...)
			e.Value = append(e.Value, x.Value[x.Rows[lo]:x.Rows[lo+sp.samples]]...)
			for b := range sp.samples {
				e.Rows[t*sp.samples+b+1] = e.Rows[t*sp.samples] + x.Rows[lo+b+1] - x.Rows[lo]
			}
		}
	}
}

// convert copies x, of any kind, into the slot, which is dense or has its kind
// and is not for events.
func (s *slot) convert(x tensor.Signal) {
	steps, batch, _ := x.Dims()
	s.resize(steps, batch)
	if s.kind == tensor.KindSpikes {
		copy(s.spikes.Bits, x.(*tensor.Spikes).Bits)
		return
	}
	snn.CopyDense(s.dense.Data, x)
}

// put copies x, which has the slot's kind and is not of events, into the
// slot's steps from at on.
func (s *slot) put(at int, x tensor.Signal) {
	switch x := x.(type) {
	case *tensor.Spikes:
		copy(s.spikes.Bits[at*x.B*tensor.Words(s.n):], x.Bits)
	case *tensor.Tensor:
		copy(s.dense.Data[at*x.Shape[1]*s.n:], x.Data)
	}
}
