package main

import (
	"fmt"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// source is data to learn from that can be told from others.
type source interface {
	train.Source
	Sum() string // a hash of all samples
}

// first is the beginning of a source.
type first struct {
	source
	n int
}

func (f first) Len() int { return f.n }

// reshaped gives samples the shape that a network wants, which is of the same
// size.
type reshaped struct {
	*dataset.Set
	shape tensor.Shape
}

// fit is the set for a network of one input, whose shape may be another, but not
// the size.
func fit(s *dataset.Set, g *forward.Graph) (reshaped, error) {
	in := g.Inputs()
	if len(in) != 1 {
		return reshaped{}, fmt.Errorf("the network has %d inputs, and samples are one", len(in))
	}
	if have, want := s.Input().Shape(), in[0].Shape; have.Size() != want.Size() {
		return reshaped{}, fmt.Errorf("%w: a step of a sample is %v, the network's input %v: another network would read it, or it other data", tensor.ErrShape, have, want)
	}
	return reshaped{s, in[0].Shape}, nil
}

// Batch is the set's, in that shape.
func (r reshaped) Batch(places []int, epoch int) (train.Batch, error) {
	b, err := r.Set.Batch(places, epoch)
	if err == nil {
		reshape(b.Inputs[0], r.shape)
	}
	return b, err
}

// reshape gives the features of a signal another shape of the same size.
func reshape(x tensor.Signal, features tensor.Shape) {
	switch x := x.(type) {
	case *tensor.Events:
		x.Features = features
	case *tensor.Spikes:
		x.Features = features
	case *tensor.Tensor:
		x.Shape = append(tensor.Shape{x.Shape[0], x.Shape[1]}, features...)
	}
}
