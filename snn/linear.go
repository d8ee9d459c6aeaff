package snn

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// Linear is a dense layer, PyTorch's Linear and Equinox's:
//
//	y[o] = bias[o] + sum over k of weight[o, k] * x[k]
//
// with the sum in ascending order of k, every step rounded once. Its input has
// one dimension. Parameters: weight [Out, in], bias [Out]; both start uniform
// in +-1/sqrt(in).
type Linear struct {
	Out    int  `json:"out"`
	NoBias bool `json:"no_bias,omitzero"`
}

// Type returns "Linear".
func (Linear) Type() string { return "Linear" }

// Build wants an input of one dimension.
func (l Linear) Build(in tensor.Shape) (*Plan, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("%w: the input is %v, not one dimension: Flatten it", tensor.ErrShape, in)
	}
	if l.Out < 1 || l.Out > math.MaxInt32/in[0] {
		return nil, fmt.Errorf("%w: Out is %d", ErrOption, l.Out)
	}
	init := FanInUniform(in[0])
	p := &Plan{
		Out:    tensor.Shape{l.Out},
		Params: []Param{{Name: "weight", Shape: tensor.Shape{l.Out, in[0]}, Init: init}},
		Kinds:  anyToDense,
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			op := &linear{panels: simd.Pack(params["weight"].Data, l.Out, in[0])}
			op.bias = make([]float32, op.panels.Stride())
			if !l.NoBias {
				copy(op.bias, params["bias"].Data)
			}
			return op, nil
		},
	}
	if !l.NoBias {
		p.Params = append(p.Params, Param{Name: "bias", Shape: tensor.Shape{l.Out}, Init: init})
	}
	return p, nil
}

// anyToDense are the kinds of a layer that reads what comes, and writes sums.
func anyToDense(source tensor.Kind) (reads, writes tensor.Kind) { return source, tensor.KindDense }

// gatherLimit is the share of active inputs above which the dense product is
// faster than the gather, measured by BenchmarkLinearCrossover: the gather
// reads a weight row for each active input and row, the dense product once for
// three rows.
const gatherLimit = 0.45

// The weights from blockInputs inputs to two panels, 256 KiB, stay in a
// second-level cache. From wideInputs inputs on, and if there are blockRows rows
// to go by, the gather goes block by block, measured by
// BenchmarkBlocksCrossover.
const (
	blockInputs = 1024
	wideInputs  = 3072
	blockRows   = 128
)

// sums is where a product goes, rows stride apart, and where its sums start:
// rows initStride apart, or 0 for one that is that of all.
type sums struct {
	dst, init          []float32
	stride, initStride int
}

// from are the sums from column o on.
func (y sums) from(o int) sums { y.dst, y.init = y.dst[o:], y.init[o:]; return y }

// gather multiplies the rows of s, which are of n inputs from first on.
func gather(p *simd.Panels, y sums, rows int, s sparse, first, n int, scratch *Scratch) {
	if n < wideInputs || rows < blockRows {
		gatherBlock(p, y, rows, s, first, scratch)
		return
	}
	// A sum goes on from one block to the next. The +0 that is added between
	// them changes none.
	next := scratch.Rows(rows)
	copy(next, s.rows)
	block := sparse{rows: scratch.Rows(rows + 1), index: scratch.Index(s.rows[rows] - s.rows[0])}
	if s.value != nil {
		block.value = scratch.Floats(len(block.index))
	}
	for end := blockInputs; ; end += blockInputs {
		s.upTo(end, next, block)
		gatherBlock(p, y, rows, block, first, scratch)
		y.init, y.initStride = y.dst, y.stride
		if end >= n || scratch.stopped() {
			return
		}
	}
}

// gatherBlock does so for all inputs at once.
func gatherBlock(p *simd.Panels, y sums, rows int, s sparse, first int, scratch *Scratch) {
	if additions := (s.rows[rows] - s.rows[0]) * p.Out; inParts(additions, scratch) {
		eachPart(p, additions, scratch, func(part *simd.Panels, o int) {
			y := y.from(o)
			part.Gather(y.dst, y.stride, y.init, y.initStride, s.rows[:rows+1], s.index, s.value, first)
		})
		return
	}
	p.Gather(y.dst, y.stride, y.init, y.initStride, s.rows[:rows+1], s.index, s.value, first)
}

type linear struct {
	panels *simd.Panels
	bias   []float32
	back   back
}

func (l *linear) Forward(x, y tensor.Signal, _ []float32, scratch *Scratch) {
	l.forward(x, 0, true, y.(*tensor.Tensor).Data, scratch)
}

// ForwardJoined continues the sums from one input to the next.
func (l *linear) ForwardJoined(xs []tensor.Signal, y tensor.Signal, _ []float32, scratch *Scratch) {
	first := 0
	for i, x := range xs {
		l.forward(x, first, i == 0, y.(*tensor.Tensor).Data, scratch)
		_, _, features := x.Dims()
		first += features.Size()
	}
}

// Operations counts one for each active input and output.
func (l *linear) Operations(x tensor.Signal) int64 {
	if s, ok := x.(*tensor.Spikes); ok {
		return int64(s.Count()) * int64(l.panels.Out)
	}
	n := 0
	eachActive(x, func(int) { n++ })
	return int64(n) * int64(l.panels.Out)
}

// forward multiplies x by the weights of the inputs from first on. The sums
// start at the bias if start is set, else at what is in y.
func (l *linear) forward(x tensor.Signal, first int, start bool, y []float32, scratch *Scratch) {
	steps, batch, _ := x.Dims()
	if d, ok := x.(*tensor.Tensor); ok && start && steps > 1 && repeats(d, steps, batch) {
		l.product(x, 1, batch, first, start, y, scratch)
		row := batch * max(l.panels.Out, scratch.Out)
		for t := 1; t < steps; t++ {
			copy(y[t*row:(t+1)*row], y[:row])
		}
		return
	}
	l.product(x, steps, batch, first, start, y, scratch)
}

// repeats reports whether every step of x is the same: constant-current
// coding, which need not be multiplied again and again.
func repeats(x *tensor.Tensor, steps, batch int) bool {
	row := len(x.Data) / steps
	for t := 1; t < steps; t++ {
		if !slices.Equal(x.Data[:row], x.Data[t*row:(t+1)*row]) {
			return false
		}
	}
	return true
}

// product multiplies the first steps of x. Kernels write whole vectors: rows that
// have no room for them go through scratch.
func (l *linear) product(x tensor.Signal, steps, batch, first int, start bool, y []float32, scratch *Scratch) {
	p := l.panels
	rows, row := steps*batch, max(p.Out, scratch.Out)
	to := sums{dst: y, init: l.bias, stride: row}
	direct := row >= p.Stride()
	if !direct {
		to.dst, to.stride = scratch.Floats(rows*p.Stride()), p.Stride()
	}
	if !start {
		to.init, to.initStride = to.dst, to.stride
		for r := 0; r < rows && !direct; r++ {
			copy(to.dst[r*to.stride:], y[r*row:(r+1)*row])
		}
	}
	l.multiply(x, rows, first, to, scratch)
	for r := 0; r < rows && !direct; r++ {
		copy(y[r*row:(r+1)*row], to.dst[r*to.stride:])
	}
}

// multiply multiplies rows of x by the weights of the inputs from first on, the
// faster way.
func (l *linear) multiply(x tensor.Signal, rows, first int, y sums, scratch *Scratch) {
	p := l.panels
	_, _, features := x.Dims()
	n := features.Size()
	if s, ok := sparseOf(x, gatherLimit, scratch); ok {
		gather(p, y, rows, s, first, n, scratch)
		return
	}
	dense := denseOf(x, scratch)
	if additions := rows * n * p.Out; inParts(additions, scratch) {
		eachPart(p, additions, scratch, func(part *simd.Panels, o int) {
			y := y.from(o)
			part.Dense(y.dst, y.stride, y.init, y.initStride, dense, n, rows, n, first)
		})
		return
	}
	p.Dense(y.dst, y.stride, y.init, y.initStride, dense, n, rows, n, first)
}
