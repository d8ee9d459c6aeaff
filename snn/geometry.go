package snn

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// geometry is where the windows of a convolution lie.
type geometry struct {
	in                                tensor.Shape // channels, height, width
	kernel, stride, padding, dilation Size
}

// maxSide bounds the height and width of an input, for which there are tables,
// and maxWork the time it takes to make these.
const (
	maxSide = 1 << 16
	maxWork = 1 << 24
)

// check reports sides that are too long.
func (g geometry) check() error {
	for axis, kernel := range g.kernel {
		if side := g.in[1+axis]; side > maxSide || side*kernel > maxWork {
			return fmt.Errorf("%w: an input of %v is too large for a kernel of %v", tensor.ErrShape, g.in, [2]int(g.kernel))
		}
	}
	return nil
}

// outputs is how many windows fit along an axis: 0 is down, 1 is right.
func (g geometry) outputs(axis int) int {
	room := g.in[1+axis] + 2*g.padding[axis] - g.dilation[axis]*(g.kernel[axis]-1) - 1
	if room < 0 {
		return 0
	}
	return room/g.stride[axis] + 1
}

// taps is which elements of the kernel meet an input along an axis, and for
// which outputs: the first, then n-1 more, each kernelStep further in the
// kernel and outStep in the output.
type taps struct{ kernel, out, n int32 }

// kernelStep is how far apart in the kernel two elements are that meet the
// same input; outStep how far apart their outputs are.
func (g geometry) kernelStep(axis int) int {
	return g.stride[axis] / gcd(g.stride[axis], g.dilation[axis])
}

func (g geometry) outStep(axis int) int {
	return -g.dilation[axis] / gcd(g.stride[axis], g.dilation[axis])
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// taps lists, for every input along an axis, which outputs it reaches: output
// o and element k with o*stride - padding + k*dilation = input.
func (g geometry) taps(axis int) []taps {
	list := make([]taps, g.in[1+axis])
	outputs := g.outputs(axis)
	for i := range list {
		for k := range g.kernel[axis] {
			at := i + g.padding[axis] - k*g.dilation[axis]
			if at < 0 || at%g.stride[axis] != 0 || at/g.stride[axis] >= outputs {
				continue
			}
			if list[i].n == 0 {
				list[i].kernel, list[i].out = int32(k), int32(at/g.stride[axis])
			}
			list[i].n++
		}
	}
	return list
}

// steps is how far a patch moves between rows and columns of the kernel.
func (c *conv2d) steps() simd.Steps {
	return simd.Steps{
		WeightRow: c.kernelStep(0) * c.kernel[1],
		WeightCol: c.kernelStep(1),
		OutRow:    c.outStep(0) * c.out[2],
		OutCol:    c.outStep(1),
	}
}

// lines are where the windows lie that the inputs of each line reach, of the
// lines of all channels in their order.
type lines struct {
	width divider
	down  []line
	right []taps
}

// line is what all inputs of a line share: the place in the kernel, counted
// over channels, rows and columns, and in the output, of the first window that
// it reaches, and how many rows of windows it does.
type line struct{ weight, out, n int32 }

// lines of some channels. Those of the outputs are a plane apart in steps of
// planes: 0 where all channels reach the same outputs.
func (g geometry) lines(channels, plane int) lines {
	down := g.taps(0)
	l := lines{width: newDivider(g.in[2]), right: g.taps(1)}
	for c := range channels {
		for _, t := range down {
			l.down = append(l.down, line{
				weight: int32((c*g.kernel[0] + int(t.kernel)) * g.kernel[1]),
				out:    int32(c*plane + int(t.out)*g.outputs(1)),
				n:      t.n,
			})
		}
	}
	return l
}

// at is where input i, counted over channels, rows and columns, lies.
func (l *lines) at(i int32) (*line, *taps) {
	row, column := l.width.divide(uint32(i))
	return &l.down[row], &l.right[column]
}

// patch fills p with what an event at index i of a group adds, and reports
// whether it reaches an output.
func (l *lines) patch(p *simd.Patch, i int32, value float32) bool {
	down, right := l.at(i)
	p.Weight, p.Out = down.weight+right.kernel, down.out+right.out
	p.Rows, p.Cols, p.Value = down.n, right.n, value
	return down.n > 0 && right.n > 0
}

// divider divides by a number that stays the same: multiplying by its
// reciprocal, 2^64/n rounded up, is exact for 32 bits.
type divider struct {
	n          uint32
	reciprocal uint64
}

func newDivider(n int) divider { return divider{uint32(n), math.MaxUint64/uint64(n) + 1} }

func (d divider) divide(i uint32) (quotient, rest uint32) {
	if d.n == 1 {
		return i, 0
	}
	q, _ := bits.Mul64(uint64(i), d.reciprocal)
	return uint32(q), i - uint32(q)*d.n
}

// unfold stores, for n output positions from q on, the inputs that they meet,
// in the order of the kernel, 0 where there is only padding.
func (c *conv2d) unfold(columns, x []float32, q, n int) {
	height, width := c.in[1], c.in[2]
	channels := len(x) / (height * width)
	k := 0
	for p := q; p < q+n; p++ {
		top := p/c.out[2]*c.stride[0] - c.padding[0]
		left := p%c.out[2]*c.stride[1] - c.padding[1]
		for channel := range channels {
			plane := x[channel*height*width:][:height*width]
			for r := range c.kernel[0] {
				i := top + r*c.dilation[0]
				for s := range c.kernel[1] {
					j := left + s*c.dilation[1]
					v := float32(0)
					if uint(i) < uint(height) && uint(j) < uint(width) {
						v = plane[i*width+j]
					}
					columns[k] = v
					k++
				}
			}
		}
	}
}
