package main

import (
	"fmt"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// readSignal reads an array: of truth values as spikes, of others as numbers.
func readSignal(path string) (tensor.Signal, error) {
	a, err := npy.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if _, spikes := a.Data.([]bool); spikes && len(a.Shape) > 2 {
		return a.Spikes()
	}
	return a.Rounded()
}

// samplesOf are the samples of an array [T, B, features...], or the one of [T,
// features...].
func samplesOf(x tensor.Signal, features tensor.Shape) ([]tensor.Signal, error) {
	if t, ok := x.(*tensor.Tensor); ok {
		if len(t.Shape) == len(features)+1 {
			t = tensor.Of(t.Data, append(tensor.Shape{t.Shape[0], 1}, t.Shape[1:]...)...)
			x = t
		}
		if len(t.Shape) < 3 || t.Check() != nil || t.Shape.Check() != nil {
			return nil, fmt.Errorf("%w: an array of the shape %v; the network's input is [T, B, %v] or [T, %v]", tensor.ErrShape, t.Shape, features, features)
		}
	}
	steps, batch, have := x.Dims()
	if have.Size() != features.Size() {
		return nil, fmt.Errorf("%w: steps of %v; the network's input is %v", tensor.ErrShape, have, features)
	}
	signals := make([]tensor.Signal, batch)
	for b := range batch {
		switch x := x.(type) {
		case *tensor.Spikes:
			one := tensor.NewSpikes(steps, 1, features...)
			for t := range steps {
				copy(one.Row(t, 0), x.Row(t, b))
			}
			signals[b] = one
		case *tensor.Tensor:
			n := features.Size()
			one := tensor.New(append(tensor.Shape{steps, 1}, features...)...)
			for t := range steps {
				copy(one.Data[t*n:(t+1)*n], x.Data[(t*batch+b)*n:])
			}
			signals[b] = one
		}
	}
	return signals, nil
}

// sensorOf is the camera that a model is made for, as its input tells.
func sensorOf(m *forward.Model) events.Options {
	in := m.Graph().Inputs()
	if len(in) != 1 || len(in[0].Shape) != 3 || in[0].Shape[0] > 2 {
		return events.Options{}
	}
	return events.Options{Sensor: events.Sensor{Height: in[0].Shape[1], Width: in[0].Shape[2]}}
}
