package nir

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/tensor"
)

// window is how a convolution or a pool slides, the same for one and two
// dimensions: along one dimension only the last of each pair counts.
type window struct {
	kernel, stride, dilation [2]int
	before, after            [2]int // padding
	rank                     int    // 1 or 2
	groups                   int    // of a convolution
	weight                   tensor.Shape
}

// maxWindow bounds the sizes of a window: products of two fit 32 bits.
const maxWindow = math.MaxInt16

// convolution is the window of a Conv1d, Conv2d.
func convolution(rank int, weight, stride, padding, dilation, groups, bias Array) (w window, err error) {
	w.rank, w.weight = rank, weight.Shape
	if len(weight.Shape) != rank+2 {
		return w, fmt.Errorf("%w: weights of shape %v, not [out, in, kernel]", ErrFormat, weight.Shape)
	}
	if err := weight.Shape.Check(); err != nil {
		return w, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if !bias.Shape.Equal(weight.Shape[:1]) {
		return w, fmt.Errorf("%w: a bias of shape %v beside weights of shape %v", ErrFormat, bias.Shape, weight.Shape)
	}
	w.kernel = [2]int{1, weight.Shape[rank+1]}
	if rank == 2 {
		w.kernel[0] = weight.Shape[2]
	}
	g, err := groups.ints()
	if err != nil || len(g) != 1 || g[0] < 1 || weight.Shape[0]%g[0] != 0 {
		return w, fmt.Errorf("%w: groups is one number, of at least 1, that divides the outputs", ErrFormat)
	}
	w.groups = g[0]
	if err := w.slide(stride, dilation); err != nil {
		return w, err
	}
	return w, w.pad(padding)
}

// pool is the window of a SumPool2d or AvgPool2d.
func pool(kernel, stride, padding Array) (w window, err error) {
	w = window{rank: 2, groups: 1}
	if w.kernel, err = kernel.pair(); err == nil {
		if err = w.slide(stride, One(int64(1))); err == nil {
			err = w.pad(padding)
		}
	}
	return w, err
}

func (w *window) slide(stride, dilation Array) (err error) {
	if w.stride, err = stride.pair(); err != nil {
		return fmt.Errorf("stride: %w", err)
	}
	if w.dilation, err = dilation.pair(); err != nil {
		return fmt.Errorf("dilation: %w", err)
	}
	least := min(w.kernel[0], w.kernel[1], w.stride[0], w.stride[1], w.dilation[0], w.dilation[1])
	most := max(w.kernel[0], w.kernel[1], w.stride[0], w.stride[1], w.dilation[0], w.dilation[1])
	if least < 1 || most > maxWindow {
		return fmt.Errorf("%w: a kernel of %v, a stride of %v, a dilation of %v", ErrFormat, w.kernel, w.stride, w.dilation)
	}
	return nil
}

// pad resolves "same", which pads so that the output is as large as the input,
// and "valid", which does not pad.
func (w *window) pad(padding Array) (err error) {
	switch text, _ := padding.Text(); text {
	case "valid":
		return nil
	case "same":
		for axis := range w.kernel {
			if axis >= 2-w.rank && w.stride[axis] != 1 {
				return fmt.Errorf("%w: the padding \"same\" with a stride", ErrFormat)
			}
			total := w.dilation[axis] * (w.kernel[axis] - 1)
			w.before[axis], w.after[axis] = total/2, total-total/2
		}
		return nil
	}
	if _, text := padding.Data.([]string); text {
		return fmt.Errorf("%w: a padding that is not \"same\", \"valid\" or numbers", ErrFormat)
	}
	if w.before, err = padding.pair(); err != nil {
		return fmt.Errorf("padding: %w", err)
	}
	w.after = w.before
	if min(w.before[0], w.before[1]) < 0 || max(w.before[0], w.before[1]) > maxWindow {
		return fmt.Errorf("%w: a padding of %v", ErrFormat, w.before)
	}
	return nil
}

// gives is the shape of the output of so many channels.
func (w window) gives(in tensor.Shape, channels int) (tensor.Shape, error) {
	if len(in) != w.rank+1 {
		return nil, fmt.Errorf("%w: its input is %v, not of %d dimensions", ErrFormat, in, w.rank+1)
	}
	out := tensor.Shape{channels}
	for i, side := range in[1:] {
		axis := 2 - w.rank + i
		room := int64(side) + int64(w.before[axis]) + int64(w.after[axis]) - int64(w.dilation[axis])*int64(w.kernel[axis]-1) - 1
		if room < 0 {
			return nil, fmt.Errorf("%w: its window does not fit an input of %v", ErrFormat, in)
		}
		out = append(out, int(room/int64(w.stride[axis]))+1)
	}
	return out, nil
}

// convolved is the shapes of a convolution.
func (w window) convolved(inputShape Array, in tensor.Shape) (wants, gives tensor.Shape, err error) {
	channels := w.weight[1] * w.groups
	if !inputShape.IsZero() {
		sides, err := inputShape.shape()
		if err != nil {
			return nil, nil, fmt.Errorf("input_shape: %w", err)
		}
		wants = append(tensor.Shape{channels}, sides...)
		in = wants
	}
	if in == nil {
		return nil, nil, nil
	}
	if len(in) > 0 && in[0] != channels {
		return wants, nil, fmt.Errorf("%w: its input has %d channels, its weights are of %d", ErrFormat, in[0], channels)
	}
	gives, err = w.gives(in, w.weight[0])
	return wants, gives, err
}

func (n Conv1d) window() (window, error) {
	return convolution(1, n.Weight, n.Stride, n.Padding, n.Dilation, n.Groups, n.Bias)
}

func (n Conv2d) window() (window, error) {
	return convolution(2, n.Weight, n.Stride, n.Padding, n.Dilation, n.Groups, n.Bias)
}

func (n SumPool2d) window() (window, error) { return pool(n.KernelSize, n.Stride, n.Padding) }
func (n AvgPool2d) window() (window, error) { return pool(n.KernelSize, n.Stride, n.Padding) }

func (n Conv1d) shapes(in tensor.Shape) (wants, gives tensor.Shape, err error) {
	w, err := n.window()
	if err != nil {
		return nil, nil, err
	}
	return w.convolved(n.InputShape, in)
}

func (n Conv2d) shapes(in tensor.Shape) (wants, gives tensor.Shape, err error) {
	w, err := n.window()
	if err != nil {
		return nil, nil, err
	}
	return w.convolved(n.InputShape, in)
}

func (n SumPool2d) shapes(in tensor.Shape) (wants, gives tensor.Shape, err error) {
	return pooled(n.window, in)
}

func (n AvgPool2d) shapes(in tensor.Shape) (wants, gives tensor.Shape, err error) {
	return pooled(n.window, in)
}

// pooled is the shapes of a pool.
func pooled(window func() (window, error), in tensor.Shape) (wants, gives tensor.Shape, err error) {
	w, err := window()
	if err != nil || len(in) == 0 {
		return nil, nil, err
	}
	gives, err = w.gives(in, in[0])
	return nil, gives, err
}
