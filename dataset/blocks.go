package dataset

import (
	"fmt"
	"iter"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// Blocks are the steps of sample i, some at a time, each [T, 1, features...]: a
// long recording is read as it is run, in memory that does not depend on its
// length. later, if not nil, is told at the end how many events came after the
// last step.
func (s *Set) Blocks(i, steps int, later *int) iter.Seq2[tensor.Signal, error] {
	return func(yield func(tensor.Signal, error) bool) {
		var err error
		if s.all.open == nil {
			err = s.blocksOf(i, steps, yield)
		} else {
			err = s.blocksRead(i, steps, later, yield)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// opened is a recording that is being binned.
type opened struct {
	*encode.Binner
	reader *events.Reader
}

func (o *opened) Close() {
	o.Binner.Close()
	o.reader.Close()
}

// blocksRead reads a recording.
func (s *Set) blocksRead(i, steps int, later *int, yield func(tensor.Signal, error) bool) error {
	r, err := s.all.open(s.places[i])
	if err != nil {
		return err
	}
	defer r.Close()
	for at := 0; at < s.input.Steps; at += steps {
		x, err := r.Next(min(steps, s.input.Steps-at))
		if err != nil {
			return err
		}
		if !yield(x, nil) {
			return nil
		}
	}
	n, err := r.Rest()
	if later != nil {
		*later = n
	}
	return err
}

// blocksOf cuts a sample that is in memory.
func (s *Set) blocksOf(i, steps int, yield func(tensor.Signal, error) bool) error {
	x, err := s.Sample(i)
	if err != nil {
		return err
	}
	x = beside([]tensor.Signal{x}, s.input.Steps)
	for at := 0; at < s.input.Steps; at += steps {
		part, err := stepsOf(x, at, min(at+steps, s.input.Steps))
		if err != nil {
			return err
		}
		if !yield(part, nil) {
			return nil
		}
	}
	return nil
}

// stepsOf are some steps of one sample.
func stepsOf(x tensor.Signal, from, to int) (tensor.Signal, error) {
	switch x := x.(type) {
	case *tensor.Events:
		part := tensor.NewEvents(1, x.Features...)
		for t := from; t < to; t++ {
			index, value := x.Row(t, 0)
			part.Index, part.Value = append(part.Index, index...), append(part.Value, value...)
			part.Rows = append(part.Rows, len(part.Index))
		}
		part.T = to - from
		return part, nil
	case *tensor.Spikes:
		part := tensor.NewSpikes(to-from, 1, x.Features...)
		for t := from; t < to; t++ {
			copy(part.Row(t-from, 0), x.Row(t, 0))
		}
		return part, nil
	case *tensor.Tensor:
		n := len(x.Data) / x.Shape[0]
		return tensor.Of(x.Data[from*n:to*n], append(tensor.Shape{to - from}, x.Shape[1:]...)...), nil
	}
	return nil, fmt.Errorf("%w: a signal of type %T", ErrData, x)
}
