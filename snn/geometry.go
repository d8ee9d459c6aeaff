package snn

import (
	"fmt"

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

// patch is what an event at index i of a group adds, if it reaches an output.
func (c *conv2d) patch(i int, value float32) (simd.Patch, bool) {
	pixels := c.in[1] * c.in[2]
	channel, pixel := i/pixels, i%pixels
	down, right := c.taps[0][pixel/c.in[2]], c.taps[1][pixel%c.in[2]]
	return simd.Patch{
		Weight: int32(channel*c.kernel[0]*c.kernel[1]) + down.kernel*int32(c.kernel[1]) + right.kernel,
		Out:    down.out*int32(c.out[2]) + right.out,
		Rows:   down.n,
		Cols:   right.n,
		Value:  value,
	}, down.n > 0 && right.n > 0
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
