package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// Conv1d is [Conv2d] along one dimension, PyTorch's Conv1d with zero padding:
//
//	y[o, i] = bias[o] + sum over c, k of
//		weight[o, c, k] * x[c, i*Stride+k*Dilation-Padding]
//
// with the sum in ascending order of channel and place. Its input is
// [channels, length]. Parameters: weight [Out, channels/Groups, Kernel], bias
// [Out]; both start uniform in +-1/sqrt(fan in).
type Conv1d struct {
	Out      int  `json:"out"`
	Kernel   int  `json:"kernel"`
	Stride   int  `json:"stride,omitzero"` // default 1
	Padding  int  `json:"padding,omitzero"`
	Dilation int  `json:"dilation,omitzero"` // default 1
	Groups   int  `json:"groups,omitzero"`   // default 1
	NoBias   bool `json:"no_bias,omitzero"`
}

// Type returns "Conv1d".
func (Conv1d) Type() string { return "Conv1d" }

// Build wants an input of two dimensions, and at least one output.
func (c Conv1d) Build(in tensor.Shape) (*Plan, error) {
	return alongOne(in, Conv2d{
		Out: c.Out, Kernel: Size{1, c.Kernel}, Stride: alongSize(c.Stride), Padding: Size{0, c.Padding},
		Dilation: alongSize(c.Dilation), Groups: c.Groups, NoBias: c.NoBias,
	})
}

// SumPool1d is [SumPool2d] along one dimension, of [channels, length].
type SumPool1d struct {
	Kernel  int `json:"kernel"`
	Stride  int `json:"stride,omitzero"` // default Kernel
	Padding int `json:"padding,omitzero"`
}

// Type returns "SumPool1d".
func (SumPool1d) Type() string { return "SumPool1d" }

// Build wants an input of two dimensions, and at least one output.
func (s SumPool1d) Build(in tensor.Shape) (*Plan, error) {
	return alongOne(in, SumPool2d{Size{1, s.Kernel}, alongSize(s.Stride), Size{0, s.Padding}})
}

// AvgPool1d is [AvgPool2d] along one dimension, of [channels, length].
type AvgPool1d struct {
	Kernel  int `json:"kernel"`
	Stride  int `json:"stride,omitzero"` // default Kernel
	Padding int `json:"padding,omitzero"`
}

// Type returns "AvgPool1d".
func (AvgPool1d) Type() string { return "AvgPool1d" }

// Build wants an input of two dimensions, and at least one output.
func (a AvgPool1d) Build(in tensor.Shape) (*Plan, error) {
	return alongOne(in, AvgPool2d{Size{1, a.Kernel}, alongSize(a.Stride), Size{0, a.Padding}})
}

// MaxPool1d is [MaxPool2d] along one dimension, of [channels, length].
type MaxPool1d struct {
	Kernel  int `json:"kernel"`
	Stride  int `json:"stride,omitzero"`  // default Kernel
	Padding int `json:"padding,omitzero"` // at most half of Kernel

	Surrogate surrogate.Func `json:"surrogate,omitzero"` // as of MaxPool2d
}

// Type returns "MaxPool1d".
func (MaxPool1d) Type() string { return "MaxPool1d" }

// Build wants an input of two dimensions, and at least one output.
func (m MaxPool1d) Build(in tensor.Shape) (*Plan, error) {
	return alongOne(in, MaxPool2d{Size{1, m.Kernel}, alongSize(m.Stride), Size{0, m.Padding}, m.Surrogate})
}

// alongSize is a stride or dilation along one dimension; 0 stays the default.
func alongSize(n int) Size {
	if n == 0 {
		return Size{}
	}
	return Size{1, n}
}

// alongOne builds a layer for planes of height 1, and takes the height out of
// the shapes that users see.
func alongOne(in tensor.Shape, planes Layer) (*Plan, error) {
	if len(in) != 2 {
		return nil, fmt.Errorf("%w: the input is %v, not [channels, length]", tensor.ErrShape, in)
	}
	p, err := planes.Build(tensor.Shape{in[0], 1, in[1]})
	if err != nil {
		return nil, err
	}
	p.Out = tensor.Shape{p.Out[0], p.Out[2]}
	for i, q := range p.Params {
		if len(q.Shape) == 4 {
			p.Params[i].Shape = tensor.Shape{q.Shape[0], q.Shape[1], q.Shape[3]}
		}
	}
	return p, nil
}
