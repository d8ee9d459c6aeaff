package snn

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// MaxPool2d is the greatest of each window, the first of several:
//
//	y[c, i, j] = max over r, s of x[c, i*Stride+r-Padding, j*Stride+s-Padding]
//
// Its input is [channels, height, width]; what lies outside does not count. Of
// spikes it makes spikes: a window with a spike in it has one, which is
// snnTorch's max pooling. SNNAX's SpikingMaxPool2d is a spike function of the
// maximum less 1/2: the same, with the gradient multiplied by the Surrogate.
type MaxPool2d struct {
	Kernel  Size `json:"kernel"`
	Stride  Size `json:"stride,omitzero"`  // default Kernel
	Padding Size `json:"padding,omitzero"` // default 0, 0; at most half of Kernel
	// Surrogate multiplies the gradient, at the maximum less 1/2; default none.
	Surrogate surrogate.Func `json:"surrogate,omitzero"`
}

// Type returns "MaxPool2d".
func (MaxPool2d) Type() string { return "MaxPool2d" }

// Build wants an input of three dimensions, and at least one output.
func (m MaxPool2d) Build(in tensor.Shape) (*Plan, error) {
	g, out, err := poolGeometry(in, m.Kernel, m.Stride, m.Padding)
	if err != nil {
		return nil, err
	}
	for axis := range m.Padding {
		if 2*m.Padding[axis] > m.Kernel[axis] {
			return nil, errPadding
		}
	}
	if err := m.Surrogate.Check(); err != nil {
		return nil, err
	}
	if m.Surrogate.NeedsThreshold() {
		return nil, fmt.Errorf("%w: %v, for there is no threshold", ErrOption, m.Surrogate)
	}
	op := &maxPool2d{surrogate: m.Surrogate, geometry: g, out: out, lines: g.lines(in[0], out[1]*out[2])}
	return &Plan{
		Out: out,
		Kinds: func(source tensor.Kind) (reads, writes tensor.Kind) {
			if source == tensor.KindSpikes {
				return source, source
			}
			return tensor.KindDense, tensor.KindDense
		},
		Prepare: func(map[string]*tensor.Tensor) (Op, error) { return op, nil },
	}, nil
}

type maxPool2d struct {
	geometry
	noTrace
	out       tensor.Shape
	lines     lines
	surrogate surrogate.Func
}

func (m *maxPool2d) Forward(x, y tensor.Signal, _ []float32, _ *Scratch) {
	if s, ok := x.(*tensor.Spikes); ok {
		m.spikes(s, y.(*tensor.Spikes))
		return
	}
	m.dense(x.(*tensor.Tensor), y.(*tensor.Tensor))
}

// spikes sets every window that a spike lies in.
func (m *maxPool2d) spikes(x, y *tensor.Spikes) {
	clear(y.Bits)
	words := tensor.Words(m.in.Size())
	down, right := m.outStep(0)*m.out[2], m.outStep(1)
	for r := range x.T * x.B {
		to := y.Bits[r*tensor.Words(m.out.Size()):]
		for k, w := range x.Bits[r*words : (r+1)*words] {
			for ; w != 0; w &= w - 1 {
				line, column := m.lines.at(int32(k<<6 + bits.TrailingZeros64(w)))
				row := int(line.out) + int(column.out)
				for range line.n {
					o := row
					for range column.n {
						to[o>>6] |= 1 << (o & 63)
						o += right
					}
					row += down
				}
			}
		}
	}
}

// dense looks through every window.
func (m *maxPool2d) dense(x, y *tensor.Tensor) {
	planes := len(x.Data) / (m.in[1] * m.in[2])
	k := 0
	for q := range planes {
		plane := x.Data[q*m.in[1]*m.in[2]:][:m.in[1]*m.in[2]]
		for i := range m.out[1] {
			for j := range m.out[2] {
				y.Data[k] = m.greatest(plane, i*m.stride[0]-m.padding[0], j*m.stride[1]-m.padding[1])
				k++
			}
		}
	}
}

func (m *maxPool2d) greatest(plane []float32, top, left int) float32 {
	best := float32(math.Inf(-1))
	for r := max(0, top); r < min(m.in[1], top+m.kernel[0]); r++ {
		for _, v := range plane[r*m.in[2]+max(0, left) : r*m.in[2]+min(m.in[2], left+m.kernel[1])] {
			if v > best {
				best = v
			}
		}
	}
	return best
}
