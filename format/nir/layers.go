package nir

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// Input is where signals enter a graph.
type Input struct {
	Shape Array `nir:"shape"` // of one sample at one time
	Metadata
}

// Output is where signals leave a graph.
type Output struct {
	Shape Array `nir:"shape"`
	Metadata
}

// Affine is a product with weights, and a shift:
//
//	y = Weight*x + Bias
type Affine struct {
	Weight Array `nir:"weight"` // [out, in]
	Bias   Array `nir:"bias"`   // [out]
	Metadata
}

// Linear is a product with weights:
//
//	y = Weight*x
type Linear struct {
	Weight Array `nir:"weight"` // [out, in]
	Metadata
}

// Conv1d is PyTorch's one-dimensional convolution of [channels, length].
type Conv1d struct {
	InputShape Array `nir:"input_shape,implied"` // length
	Weight     Array `nir:"weight"`              // [out, in/groups, kernel]
	Stride     Array `nir:"stride"`
	Padding    Array `nir:"padding,text"` // numbers, or the text "same" or "valid"
	Dilation   Array `nir:"dilation"`
	Groups     Array `nir:"groups"`
	Bias       Array `nir:"bias"` // [out]
	Metadata
}

// Conv2d is PyTorch's two-dimensional convolution of [channels, height, width].
type Conv2d struct {
	InputShape Array `nir:"input_shape,implied"` // height, width
	Weight     Array `nir:"weight"`              // [out, in/groups, kernel height, kernel width]
	Stride     Array `nir:"stride"`
	Padding    Array `nir:"padding,text"` // numbers, or the text "same" or "valid"
	Dilation   Array `nir:"dilation"`
	Groups     Array `nir:"groups"`
	Bias       Array `nir:"bias"` // [out]
	Metadata
}

// SumPool2d sums windows of [channels, height, width].
type SumPool2d struct {
	KernelSize Array `nir:"kernel_size"` // height, width
	Stride     Array `nir:"stride"`
	Padding    Array `nir:"padding"`
	Metadata
}

// AvgPool2d averages windows of [channels, height, width].
type AvgPool2d struct {
	KernelSize Array `nir:"kernel_size"` // height, width
	Stride     Array `nir:"stride"`
	Padding    Array `nir:"padding"`
	Metadata
}

// Flatten makes one dimension of those from StartDim to EndDim, the last one
// included; samples are no dimension.
type Flatten struct {
	InputType Array `nir:"input_type,optional"` // the shape of the input
	StartDim  Array `nir:"start_dim"`
	EndDim    Array `nir:"end_dim"` // -1 for the last
	Metadata
}

// Type returns "Input".
func (Input) Type() string { return "Input" }

// Type returns "Output".
func (Output) Type() string { return "Output" }

// Type returns "Affine".
func (Affine) Type() string { return "Affine" }

// Type returns "Linear".
func (Linear) Type() string { return "Linear" }

// Type returns "Conv1d".
func (Conv1d) Type() string { return "Conv1d" }

// Type returns "Conv2d".
func (Conv2d) Type() string { return "Conv2d" }

// Type returns "SumPool2d".
func (SumPool2d) Type() string { return "SumPool2d" }

// Type returns "AvgPool2d".
func (AvgPool2d) Type() string { return "AvgPool2d" }

// Type returns "Flatten".
func (Flatten) Type() string { return "Flatten" }

func (n Input) shapes(tensor.Shape) (wants, gives tensor.Shape, err error) {
	gives, err = n.Shape.shape()
	return nil, gives, err
}

func (n Output) shapes(tensor.Shape) (wants, gives tensor.Shape, err error) {
	wants, err = n.Shape.shape()
	return wants, wants, err
}

func (n Affine) shapes(tensor.Shape) (wants, gives tensor.Shape, err error) {
	if wants, gives, err = product(n.Weight); err == nil && !n.Bias.Shape.Equal(gives) {
		err = fmt.Errorf("%w: a bias of shape %v beside weights of shape %v", ErrFormat, n.Bias.Shape, n.Weight.Shape)
	}
	return wants, gives, err
}

func (n Linear) shapes(tensor.Shape) (wants, gives tensor.Shape, err error) { return product(n.Weight) }

// product is the shapes of weights [..., out, in], which read and write
// [..., in] and [..., out].
func product(weight Array) (wants, gives tensor.Shape, err error) {
	s := weight.Shape
	if len(s) < 2 {
		return nil, nil, fmt.Errorf("%w: weights of shape %v, not [out, in]", ErrFormat, s)
	}
	if err := s.Check(); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	batch, out, in := s[:len(s)-2], s[len(s)-2], s[len(s)-1]
	return append(append(tensor.Shape{}, batch...), in), append(append(tensor.Shape{}, batch...), out), nil
}

func (n Flatten) shapes(in tensor.Shape) (wants, gives tensor.Shape, err error) {
	if !n.InputType.IsZero() {
		if wants, err = n.InputType.shape(); err != nil {
			return nil, nil, err
		}
		in = wants
	}
	if in == nil {
		return nil, nil, nil
	}
	first, last, err := n.dims(len(in))
	if err != nil {
		return nil, nil, err
	}
	gives = append(append(tensor.Shape{}, in[:first]...), in[first:last+1].Size())
	return wants, append(gives, in[last+1:]...), nil
}

// dims are the first and the last dimension that become one, of so many.
func (n Flatten) dims(rank int) (first, last int, err error) {
	var d [2]int
	for i, a := range []Array{n.StartDim, n.EndDim} {
		v, err := a.ints()
		if err != nil {
			return 0, 0, err
		}
		if len(v) != 1 {
			return 0, 0, fmt.Errorf("%w: start_dim and end_dim are one number each", ErrFormat)
		}
		if d[i] = v[0]; d[i] < 0 {
			d[i] += rank
		}
	}
	if d[0] < 0 || d[0] > d[1] || d[1] >= rank {
		return 0, 0, fmt.Errorf("%w: it flattens dimensions %d to %d of %d", ErrFormat, d[0], d[1], rank)
	}
	return d[0], d[1], nil
}
