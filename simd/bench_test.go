package simd

import (
	"fmt"
	"testing"
)

// onEveryTier runs a benchmark on each tier in turn.
func onEveryTier(b *testing.B, f func(b *testing.B)) {
	for _, tier := range Tiers() {
		b.Run(tier, func(b *testing.B) { onTier(b, tier, func() { f(b) }) })
	}
}

// ordinary are numbers that a network meets; specials would cost more.
func ordinary(n int) []float32 {
	r := random(1)
	v := make([]float32, n)
	for i := range v {
		v[i] = 2*r.Float32() - 1
	}
	return v
}

// BenchmarkKernels runs every elementwise kernel on 4096 elements, and every
// neuron for 100 steps of 256 neurons: ns a step of a neuron.
func BenchmarkKernels(b *testing.B) {
	for i, k := range kernels {
		b.Run(k.name, func(b *testing.B) {
			onEveryTier(b, func(b *testing.B) {
				n, steps := 4096, 1
				if k.overTime {
					n, steps = 256, 100
				}
				tr := newTrial(k, random(uint64(i)), n, steps)
				for _, f := range tr.floats {
					copy(f, ordinary(len(f)))
				}
				for j := range tr.params {
					tr.params[j] = 0.75
				}
				bytes := 0
				for _, f := range tr.floats {
					bytes += 4 * len(f)
				}
				for _, w := range tr.bits {
					bytes += 8 * len(w)
				}
				b.SetBytes(int64(bytes))
				b.ReportAllocs()
				for b.Loop() {
					k.call(tr.floats, tr.bits, tr.params, steps, tr.strides)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n*steps), "ns/element")
			})
		})
	}
}

// BenchmarkGather adds 5 % of 700 rows of 256 weights: ns an event.
func BenchmarkGather(b *testing.B) {
	for _, ones := range []bool{true, false} {
		b.Run(map[bool]string{true: "spikes", false: "values"}[ones], func(b *testing.B) {
			onEveryTier(b, func(b *testing.B) {
				r := random(2)
				p, bias := Pack(ordinary(256*700), 256, 700), make([]float32, 256)
				const rows = 100
				offsets, index, value := []int{0}, []int32(nil), []float32(nil)
				for range rows {
					for k := range 700 {
						if r.IntN(20) == 0 {
							index, value = append(index, int32(k)), append(value, 2)
						}
					}
					offsets = append(offsets, len(index))
				}
				if ones {
					value = nil
				}
				dst := make([]float32, rows*256)
				b.SetBytes(int64(len(index) * 256 * 4))
				b.ReportAllocs()
				for b.Loop() {
					p.Gather(dst, 256, bias, 0, offsets, index, value, 0)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(index)), "ns/event")
			})
		})
	}
}

// BenchmarkDense multiplies 100 rows: GFLOP/s, two operations an fma.
func BenchmarkDense(b *testing.B) {
	for _, size := range [][2]int{{256, 700}, {256, 256}, {20, 256}, {1024, 1024}} {
		out, in := size[0], size[1]
		b.Run(fmt.Sprintf("%dx%d", in, out), func(b *testing.B) {
			onEveryTier(b, func(b *testing.B) {
				const rows = 100
				p := Pack(ordinary(out*in), out, in)
				bias, x := make([]float32, p.Stride()), ordinary(rows*in)
				dst := make([]float32, rows*p.Stride())
				b.ReportAllocs()
				for b.Loop() {
					p.Dense(dst, p.Stride(), bias, 0, x, in, rows, in, 0)
				}
				b.ReportMetric(2*rows*float64(out*in)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		})
	}
}

// BenchmarkScatter spreads events over 3 x 3 positions of 32 channels: ns an
// event.
func BenchmarkScatter(b *testing.B) {
	onEveryTier(b, func(b *testing.B) {
		const side = 34
		r := random(3)
		p := Pack(ordinary(32*2*9), 32, 2*9)
		acc := make([]float32, side*side*32)
		patches := make([]Patch, 500)
		for i := range patches {
			patches[i] = Patch{
				Weight: int32(9*r.IntN(2) + 8), Out: int32(side*r.IntN(side-2) + r.IntN(side-2)),
				Rows: 3, Cols: 3, Value: 1,
			}
		}
		b.ReportAllocs()
		for b.Loop() {
			p.Scatter(acc, side*side, patches, Steps{WeightRow: -3, WeightCol: -1, OutRow: side, OutCol: 1})
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(patches)), "ns/event")
	})
}

// BenchmarkSumPool sums windows of 2 x 2 in rows of 64 outputs.
func BenchmarkSumPool(b *testing.B) {
	onEveryTier(b, func(b *testing.B) {
		x, dst := ordinary(2*128), make([]float32, 64)
		b.SetBytes(4 * 2 * 128)
		b.ReportAllocs()
		for b.Loop() {
			SumPool(dst, x, 2, 2, 2, 128)
		}
	})
}
