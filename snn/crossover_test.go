package snn

import (
	"fmt"
	"testing"

	"github.com/spikelane/spikelane/tensor"
)

// spikesAt is a block of steps of one sample at a density.
func spikesAt(steps int, density float64, features ...int) *tensor.Spikes {
	s := tensor.NewSpikes(steps, 1, features...)
	seed := uint64(88172645463325252)
	for t := range steps {
		for i := range s.Features.Size() {
			seed ^= seed << 13
			seed ^= seed >> 7
			seed ^= seed << 17
			if float64(seed>>11)/(1<<53) < density {
				s.Set(t, 0, i)
			}
		}
	}
	return s
}

func prepared(b testing.TB, l Layer, in tensor.Shape) (Op, *tensor.Tensor) {
	plan, err := l.Build(in)
	if err != nil {
		b.Fatal(err)
	}
	params := map[string]*tensor.Tensor{}
	for _, p := range plan.Params {
		params[p.Name] = tensor.New(p.Shape...)
		p.Init(params[p.Name].Data, p.Shape, 1, p.Name)
	}
	op, err := plan.Prepare(params)
	if err != nil {
		b.Fatal(err)
	}
	return op, tensor.New(append(tensor.Shape{100, 1}, plan.Out...)...)
}

// BenchmarkLinearCrossover is where gatherLimit comes from: the density at
// which both ways take the same time.
func BenchmarkLinearCrossover(b *testing.B) {
	for _, size := range []int{256, 700, 2048} {
		for _, density := range []float64{0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6} {
			op, y := prepared(b, Linear{Out: 256}, tensor.Shape{size})
			l, x, scratch := op.(*linear), spikesAt(100, density, size), &Scratch{}
			b.Run(fmt.Sprintf("in=%d/density=%v/gather", size, density), func(b *testing.B) {
				for b.Loop() {
					scratch.Reset()
					s, _ := sparseOf(x, 1, scratch)
					l.panels.Gather(y.Data, 256, l.bias, 0, s.rows, s.index, s.value, 0)
				}
			})
			b.Run(fmt.Sprintf("in=%d/density=%v/dense", size, density), func(b *testing.B) {
				for b.Loop() {
					scratch.Reset()
					l.panels.Dense(y.Data, 256, l.bias, 0, denseOf(x, scratch), size, 100, size, 0)
				}
			})
		}
	}
}

// BenchmarkBlocksCrossover is where wideInputs and blockRows come from: from
// which width of a layer, and how many rows, going block by block is faster.
func BenchmarkBlocksCrossover(b *testing.B) {
	for _, size := range []int{2048, 3072, 4096, 8192} {
		for _, rows := range []int{128, 512} {
			op, _ := prepared(b, Linear{Out: size}, tensor.Shape{size})
			l, x, scratch, part := op.(*linear), spikesAt(rows, 0.05, size), &Scratch{}, &Scratch{}
			y := make([]float32, rows*size)
			s, _ := sparseOf(x, 1, scratch)
			b.Run(fmt.Sprintf("n=%d/rows=%d/whole", size, rows), func(b *testing.B) {
				for b.Loop() {
					gatherBlock(l.panels, sums{y, l.bias, l.panels.Stride(), 0}, rows, s, 0, &Scratch{})
				}
			})
			b.Run(fmt.Sprintf("n=%d/rows=%d/blocks", size, rows), func(b *testing.B) {
				for b.Loop() {
					part.Reset()
					gather(l.panels, sums{y, l.bias, l.panels.Stride(), 0}, rows, s, 0, size, part)
				}
			})
		}
	}
}

// BenchmarkConv2dCrossover is where scatterLimit comes from.
func BenchmarkConv2dCrossover(b *testing.B) {
	for _, channels := range []int{2, 16} {
		for _, out := range []int{8, 16, 32} {
			for _, density := range []float64{0.02, 0.05, 0.1, 0.2, 0.3, 0.5} {
				op, y := prepared(b, Conv2d{Out: out, Kernel: Size{3, 3}, Padding: Size{1, 1}}, tensor.Shape{channels, 16, 16})
				c, x, scratch := op.(*conv2d), spikesAt(100, density, channels, 16, 16), &Scratch{}
				b.Run(fmt.Sprintf("in=%d/out=%d/density=%v/events", channels, out, density), func(b *testing.B) {
					for b.Loop() {
						scratch.Reset()
						s, _ := sparseOf(x, 1, scratch)
						c.events(s, 100, y.Data, scratch)
					}
				})
				b.Run(fmt.Sprintf("in=%d/out=%d/density=%v/dense", channels, out, density), func(b *testing.B) {
					for b.Loop() {
						scratch.Reset()
						c.dense(denseOf(x, scratch), 100, y.Data, scratch)
					}
				})
			}
		}
	}
}
