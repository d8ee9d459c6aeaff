package snn

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// BatchNorm is batch normalization with the statistics of training, PyTorch's
// BatchNorm1d and BatchNorm2d in eval mode:
//
//	scale = weight / sqrt(running_var + Epsilon)
//	shift = bias - running_mean*scale
//	y = scale*x + shift
//
// Its input is [channels, ...]. Parameters, each [channels]: weight (1), bias
// (0), running_mean (0) and running_var (1, never negative). Fold of the
// package forward makes it part of the layer before.
type BatchNorm struct {
	Epsilon Value `json:"epsilon,omitzero"` // default 1e-5
}

// Type returns "BatchNorm".
func (BatchNorm) Type() string { return "BatchNorm" }

// Build works for every shape.
func (b BatchNorm) Build(in tensor.Shape) (*Plan, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("%w: the input has no channels", tensor.ErrShape)
	}
	if err := checkEach("Epsilon", []float32{b.Epsilon.Or(1e-5)}, 0, unbounded); err != nil {
		return nil, err
	}
	p := &Plan{Out: in, Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
		scale, shift, err := b.Affine(params)
		if err != nil {
			return nil, err
		}
		op := &affine{scale: expand(tensor.Of(scale, len(scale)), in), shift: expand(tensor.Of(shift, len(shift)), in)}
		op.gradients = func(scale, shift []float32) map[string]*tensor.Tensor { return b.gradients(params, scale, shift) }
		return op, nil
	}}
	for _, q := range []struct {
		name  string
		value float32
	}{{"weight", 1}, {"bias", 0}, {"running_mean", 0}, {"running_var", 1}} {
		p.Params = append(p.Params, Param{Name: q.name, Shape: in[:1], Init: Constant(q.value), Optional: true})
	}
	return p, nil
}

// Affine is the scale and the shift of every channel.
func (b BatchNorm) Affine(params map[string]*tensor.Tensor) (scale, shift []float32, err error) {
	weight, bias := params["weight"].Data, params["bias"].Data
	mean, variance := params["running_mean"].Data, params["running_var"].Data
	if err := checkEach("running_var", variance, 0, unbounded); err != nil {
		return nil, nil, err
	}
	scale, shift = make([]float32, len(weight)), make([]float32, len(weight))
	for i := range scale {
		s := float64(weight[i]) / math.Sqrt(float64(variance[i])+float64(b.Epsilon.Or(1e-5)))
		scale[i] = float32(s)
		shift[i] = float32(float64(bias[i]) - float64(float64(mean[i])*s))
	}
	if err := checkEach("scale", scale, -unbounded, unbounded); err != nil {
		return nil, nil, err
	}
	return scale, shift, checkEach("shift", shift, -unbounded, unbounded)
}

// Scale multiplies and adds:
//
//	y = factor*x + offset
//
// Parameters, each of shape [1], [channels] or the shape of the input: factor
// and offset.
type Scale struct {
	Factor Value `json:"factor,omitzero"` // default 1
	Offset Value `json:"offset,omitzero"` // default 0
}

// Type returns "Scale".
func (Scale) Type() string { return "Scale" }

// Build works for every shape.
func (s Scale) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	n.param("factor", s.Factor.Or(1), -unbounded, unbounded)
	n.param("offset", s.Offset.Or(0), -unbounded, unbounded)
	if n.err != nil {
		return nil, n.err
	}
	return &Plan{Out: in, Params: n.params, Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
		op := &affine{scale: expand(params["factor"], in), shift: expand(params["offset"], in)}
		factor, offset := params["factor"].Shape, params["offset"].Shape
		op.gradients = func(scale, shift []float32) map[string]*tensor.Tensor {
			return map[string]*tensor.Tensor{"factor": gathered(scale, factor), "offset": gathered(shift, offset)}
		}
		return op, nil
	}}, nil
}

// affine multiplies and adds, feature by feature.
type affine struct {
	scale, shift []float32
	// gradients are those of the parameters that scale and shift follow from.
	gradients func(scale, shift []float32) map[string]*tensor.Tensor
}

func (a *affine) Forward(x, y tensor.Signal, _ []float32, _ *Scratch) {
	src, dst := x.(*tensor.Tensor).Data, y.(*tensor.Tensor).Data
	n := len(a.scale)
	for r := 0; r < len(src); r += n {
		simd.ScaleShift(dst[r:r+n], a.scale, src[r:r+n], a.shift)
	}
}

// LayerNorm normalizes each sample at each step over all its features, as
// PyTorch's and Equinox's LayerNorm of the whole shape do:
//
//	mean = sum(x) / n
//	variance = sum((x-mean)^2) / n
//	y = (x-mean) / sqrt(variance+Epsilon) * weight + bias
//
// The sums are of float64 in eight lanes, feature i in lane i%8, and the lanes
// are added as a tree. Parameters, each of the shape of the input: weight (1)
// and bias (0).
type LayerNorm struct {
	Epsilon Value `json:"epsilon,omitzero"` // default 1e-5
}

// Type returns "LayerNorm".
func (LayerNorm) Type() string { return "LayerNorm" }

// Build works for every shape.
func (l LayerNorm) Build(in tensor.Shape) (*Plan, error) {
	epsilon := l.Epsilon.Or(1e-5)
	if err := checkEach("Epsilon", []float32{epsilon}, 0, unbounded); err != nil {
		return nil, err
	}
	return &Plan{
		Out: in,
		Params: []Param{
			{Name: "weight", Shape: in, Init: Constant(1), Optional: true},
			{Name: "bias", Shape: in, Init: Constant(0), Optional: true},
		},
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			return &layerNorm{
				epsilon: float64(epsilon),
				affine:  affine{scale: expand(params["weight"], in), shift: expand(params["bias"], in)},
				in:      in,
			}, nil
		},
	}, nil
}

type layerNorm struct {
	epsilon float64
	affine
	in tensor.Shape
}

func (l *layerNorm) Forward(x, y tensor.Signal, state []float32, scratch *Scratch) {
	src, dst := x.(*tensor.Tensor).Data, y.(*tensor.Tensor).Data
	n := len(l.scale)
	for r := 0; r < len(src); r += n {
		l.normalize(dst[r:r+n], src[r:r+n])
	}
	l.affine.Forward(y, y, state, scratch)
}

// normalize stores a row without its mean, divided by its deviation.
func (l *layerNorm) normalize(dst, row []float32) (deviation float64) {
	mean := detmath.Sum(row) / float64(len(row))
	deviation = math.Sqrt(detmath.SumSquares(row, mean)/float64(len(row)) + l.epsilon)
	inverse := 1 / deviation
	for i, v := range row {
		dst[i] = float32((float64(v) - mean) * inverse)
	}
	return deviation
}
