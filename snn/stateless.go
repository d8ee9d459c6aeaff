package snn

import (
	"encoding/json"
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// Identity gives its input on. It costs nothing: with several sources it is
// their sum or concatenation.
type Identity struct{}

// Type returns "Identity".
func (Identity) Type() string { return "Identity" }

// Build works for every shape.
func (Identity) Build(in tensor.Shape) (*Plan, error) { return &Plan{Out: in, Reshape: true}, nil }

// SpikeCounter adds up what comes, from the first step on:
//
//	v = v + x
//	y = v
//
// Its state is v, which is exact up to 1<<24 spikes.
type SpikeCounter struct{}

// Type returns "SpikeCounter".
func (SpikeCounter) Type() string { return "SpikeCounter" }

// Build works for every shape.
func (SpikeCounter) Build(in tensor.Shape) (*Plan, error) {
	return Translate(in, LI{Decay: 1}, nil, func(Numbers) Numbers { return nil })
}

// Lambda is a function of users' own without memory or parameters: a row of
// features in, a row out. The function must be safe for concurrent use and
// depend on nothing else. A network with a Lambda can be written to a file,
// but not read again, for a file holds no code: a type of layer of your own,
// made known with [Register], can.
type Lambda struct {
	Name string
	// Func stores the output of one sample at one step.
	Func func(y, x []float32)
	// Backward stores the gradient gx of the loss by x, given that by the
	// output, gy; training through a Lambda needs it.
	Backward func(gx, gy, x []float32)
	// Out is the shape of the output; nil keeps that of the input.
	Out func(in tensor.Shape) (tensor.Shape, error)
}

// Type returns "Lambda".
func (Lambda) Type() string { return "Lambda" }

// MarshalJSON writes the name.
func (l Lambda) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"name": l.Name})
}

// Build wants a function.
func (l Lambda) Build(in tensor.Shape) (*Plan, error) {
	if l.Func == nil {
		return nil, fmt.Errorf("%w: a Lambda without a function", ErrOption)
	}
	out := in
	if l.Out != nil {
		var err error
		if out, err = l.Out(in); err != nil {
			return nil, err
		}
		if err := out.Check(); err != nil {
			return nil, err
		}
	}
	return &Plan{Out: out, Prepare: func(map[string]*tensor.Tensor) (Op, error) {
		op := lambda{l.Func, in.Size(), out.Size()}
		if l.Backward != nil {
			return lambdaBack{lambda: op, back: l.Backward}, nil
		}
		return op, nil
	}}, nil
}

type lambda struct {
	f       func(y, x []float32)
	in, out int
}

// lambdaBack is a Lambda with a backward pass.
type lambdaBack struct {
	lambda
	noTrace
	back func(gx, gy, x []float32)
}

func (l lambdaBack) ForwardSaving(p *Pass) { l.Forward(p.X, p.Y, p.State, p.Scratch) }

func (l lambdaBack) Backward(p *Pass) {
	if p.GradX == nil {
		return
	}
	x := p.X.(*tensor.Tensor).Data
	for r := range len(x) / l.in {
		l.back(p.GradX[r*l.in:(r+1)*l.in], p.GradY[r*l.out:(r+1)*l.out], x[r*l.in:(r+1)*l.in])
	}
}

func (l lambda) Forward(x, y tensor.Signal, _ []float32, _ *Scratch) {
	src, dst := x.(*tensor.Tensor).Data, y.(*tensor.Tensor).Data
	for r := range len(src) / l.in {
		l.f(dst[r*l.out:(r+1)*l.out], src[r*l.in:(r+1)*l.in])
	}
}
