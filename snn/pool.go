package snn

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// SumPool2d sums windows, in ascending order of row and column, from +0:
//
//	y[c, i, j] = sum over r, s of x[c, i*Stride+r-Padding, j*Stride+s-Padding]
//
// Its input is [channels, height, width]; padding is zero. Of spikes and
// events it makes events: the windows where something happened.
type SumPool2d struct {
	Kernel  Size `json:"kernel"`
	Stride  Size `json:"stride,omitzero"`  // default Kernel
	Padding Size `json:"padding,omitzero"` // default 0, 0
}

// Type returns "SumPool2d".
func (SumPool2d) Type() string { return "SumPool2d" }

// Build wants an input of three dimensions, and at least one output.
func (s SumPool2d) Build(in tensor.Shape) (*Plan, error) {
	return buildPool(in, s.Kernel, s.Stride, s.Padding, 1)
}

// AvgPool2d is [SumPool2d] divided, once, by the size of the window, padding
// included, as PyTorch's AvgPool2d does by default.
type AvgPool2d struct {
	Kernel  Size `json:"kernel"`
	Stride  Size `json:"stride,omitzero"`  // default Kernel
	Padding Size `json:"padding,omitzero"` // default 0, 0
}

// Type returns "AvgPool2d".
func (AvgPool2d) Type() string { return "AvgPool2d" }

// Build wants an input of three dimensions, and at least one output.
func (a AvgPool2d) Build(in tensor.Shape) (*Plan, error) {
	return buildPool(in, a.Kernel, a.Stride, a.Padding, float32(a.Kernel[0]*a.Kernel[1]))
}

func buildPool(in tensor.Shape, kernel, stride, padding Size, by float32) (*Plan, error) {
	g, out, err := poolGeometry(in, kernel, stride, padding)
	if err != nil {
		return nil, err
	}
	op := &pool2d{geometry: g, by: by, out: out, lines: g.lines(in[0], out[1]*out[2])}
	return &Plan{
		Out: op.out,
		Kinds: func(source tensor.Kind) (reads, writes tensor.Kind) {
			if source == tensor.KindDense {
				return source, tensor.KindDense
			}
			return source, tensor.KindEvents
		},
		Prepare: func(map[string]*tensor.Tensor) (Op, error) { return op, nil },
	}, nil
}

var errPadding = fmt.Errorf("%w: more padding than half of the window", ErrOption)

// poolGeometry checks the options of a pool.
func poolGeometry(in tensor.Shape, kernel, stride, padding Size) (g geometry, out tensor.Shape, err error) {
	if len(in) != 3 {
		return g, nil, fmt.Errorf("%w: the input is %v, not [channels, height, width]", tensor.ErrShape, in)
	}
	stride = stride.or(kernel)
	g = geometry{in: in, kernel: kernel, stride: stride, padding: padding, dilation: Size{1, 1}}
	for _, err := range []error{kernel.check("Kernel", 1), stride.check("Stride", 1), padding.check("Padding", 0), g.check()} {
		if err != nil {
			return g, nil, err
		}
	}
	out = tensor.Shape{in[0], g.outputs(0), g.outputs(1)}
	if out[1] < 1 || out[2] < 1 {
		return g, nil, fmt.Errorf("%w: a window of %v does not fit an input of %v", tensor.ErrShape, [2]int(kernel), in)
	}
	return g, out, nil
}

type pool2d struct {
	geometry
	noTrace
	by    float32
	out   tensor.Shape
	lines lines
}

func (p *pool2d) Forward(x, y tensor.Signal, _ []float32, scratch *Scratch) {
	if y, ok := y.(*tensor.Events); ok {
		s, _ := sparseOf(x, 1, scratch)
		p.events(s, y, scratch)
		if p.by != 1 {
			simd.Divide(y.Value, y.Value, p.by)
		}
		return
	}
	out := y.(*tensor.Tensor)
	p.dense(x.(*tensor.Tensor), out, scratch)
	if p.by != 1 {
		simd.Divide(out.Data, out.Data, p.by)
	}
}

// events adds every event to the windows it lies in. Windows are collected as
// bits, which come out in ascending order.
func (p *pool2d) events(s sparse, y *tensor.Events, scratch *Scratch) {
	y.Rows, y.Index, y.Value = append(y.Rows[:0], 0), y.Index[:0], y.Value[:0]
	sums, touched := scratch.Floats(p.out.Size()), scratch.Words(tensor.Words(p.out.Size()))
	clear(sums)
	clear(touched)
	down, right := p.outStep(0)*p.out[2], p.outStep(1)
	var found [2]int
	for r := range len(s.rows) - 1 {
		index, value := s.row(r)
		most := 0
		for k, i := range index {
			v := float32(1)
			if value != nil {
				v = value[k]
			}
			line, column := p.lines.at(i)
			row := int(line.out) + int(column.out)
			most += int(line.n) * int(column.n)
			for range line.n {
				o := row
				for range column.n {
					sums[o] += v
					touched[o>>6] |= 1 << (o & 63)
					o += right
				}
				row += down
			}
		}
		first := len(y.Index)
		room := first + min(most, p.out.Size()) + simd.ListRoom
		y.Index = slices.Grow(y.Index, room-first)[:room]
		found[0] = 0
		simd.ListRows(y.Index[first:], found[:], touched, len(touched))
		y.Index = y.Index[:first+found[1]]
		y.Value = slices.Grow(y.Value, found[1])[:first+found[1]]
		for k, o := range y.Index[first:] {
			y.Value[first+k] = sums[o]
			sums[o] = 0
		}
		clear(touched)
		y.Rows = append(y.Rows, len(y.Index))
	}
}

// dense sums the windows of every plane, padded first where there is padding.
func (p *pool2d) dense(x, y *tensor.Tensor, scratch *Scratch) {
	height, width := p.in[1]+2*p.padding[0], p.in[2]+2*p.padding[1]
	var padded []float32
	if p.padding != (Size{}) {
		padded = scratch.Floats(height * width)
		clear(padded)
	}
	planes := len(x.Data) / (p.in[1] * p.in[2])
	for q := range planes {
		plane := x.Data[q*p.in[1]*p.in[2]:][:p.in[1]*p.in[2]]
		if padded != nil {
			for i := range p.in[1] {
				copy(padded[(i+p.padding[0])*width+p.padding[1]:][:p.in[2]], plane[i*p.in[2]:])
			}
			plane = padded
		}
		for i := range p.out[1] {
			dst := y.Data[(q*p.out[1]+i)*p.out[2]:][:p.out[2]]
			simd.SumPool(dst, plane[i*p.stride[0]*width:], p.stride[1], p.kernel[0], p.kernel[1], width)
		}
	}
}
