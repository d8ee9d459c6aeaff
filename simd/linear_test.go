package simd

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// weights is a matrix as users see it, and packed.
type weights struct {
	out, in int
	w, bias []float32
	packed  *Panels
}

func newWeights(r *rand.Rand, out, in int) weights {
	w := weights{out: out, in: in, w: finite(r, out*in)}
	bias := finite(r, out)
	w.packed = Pack(w.w, out, in)
	w.bias = w.packed.Pad(bias)
	return w
}

// sum is the definition of every product: one output of row x, whose k is
// counted from first, started at acc.
func (w weights) sum(o int, acc float32, x []float32, first int) float32 {
	if o >= w.out {
		return acc + 0 // padding
	}
	for k, v := range x {
		if v != 0 {
			acc = fma(v, w.w[o*w.in+first+k], acc)
		}
	}
	return acc + 0
}

// sparse draws rows of inputs of which some are not zero, and lists those.
func sparse(r *rand.Rand, rows, in int, ones bool) (x []float32, offsets []int, index []int32, value []float32) {
	x = make([]float32, rows*in)
	offsets = []int{0}
	for i := range rows {
		density := []float32{0, 0.1, 0.5, 1}[r.IntN(4)]
		for k := range in {
			if r.Float32() >= density {
				continue
			}
			v := float32(1)
			if !ones {
				v = finite(r, 1)[0]
			}
			x[i*in+k] = v
			index, value = append(index, int32(k)), append(value, v)
		}
		offsets = append(offsets, len(index))
	}
	if ones {
		value = nil
	}
	return x, offsets, index, value
}

// sizes are those around the widths of vectors and panels.
func sizes() [][2]int {
	if emulated {
		return [][2]int{{1, 5}, {8, 3}, {17, 40}, {31, 9}, {64, 20}, {70, 33}}
	}
	var s [][2]int
	for _, out := range []int{1, 7, 8, 9, 15, 16, 17, 24, 25, 31, 32, 33, 40, 56, 64, 70, 100} {
		for _, in := range []int{0, 1, 2, 3, 4, 5, 16, 37} {
			s = append(s, [2]int{out, in})
		}
	}
	return s
}

// The gather and the dense product give the same bits, on every tier: those of
// the definition. A product of a part of the inputs continues an earlier one.
func TestProducts(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(3)
		dst := newField[float32](t, 20*110)
		init := newField[float32](t, 20*110)
		for _, size := range sizes() {
			w := newWeights(r, size[0], size[1]+2)
			stride := w.packed.Stride()
			for _, rows := range []int{0, 1, 2, 3, 4, 5, 7, 9, 10, 13} {
				for _, ones := range []bool{true, false} {
					first := r.IntN(3)
					x, offsets, index, value := sparse(r, rows, size[1], ones)
					start, initStride := w.bias, 0
					if rows%2 == 1 {
						initStride = stride + 8*r.IntN(2)
						start = finite(r, (rows-1)*initStride+stride)
					}
					start = init.put(start, atEnd)
					dstStride := stride + r.IntN(3)
					want := numbers(r, max(0, (rows-1)*dstStride+stride)*min(1, rows))
					blank := slices.Clone(want)
					for i := range rows {
						for o := range stride {
							want[i*dstStride+o] = w.sum(o, start[i*initStride+o], x[i*size[1]:(i+1)*size[1]], first)
						}
					}
					got := dst.put(blank, atEnd)
					w.packed.Gather(got, dstStride, start, initStride, offsets, index, value, first)
					requireSame(t, want, got, "gather %v, %d rows, ones %v", size, rows, ones)
					dst.check(t, "gather")

					got = dst.put(blank, atEnd)
					w.packed.Dense(got, dstStride, start, initStride, x, size[1], rows, size[1], first)
					requireSame(t, want, got, "dense %v, %d rows", size, rows)
					dst.check(t, "dense")
				}
			}
		}
	})
}

// Products that are too long for one call are cut without a trace.
func TestLongProducts(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(4)
		in := callRows + 100 // also more than one call of the dense product takes
		w := newWeights(r, 33, in)
		x, offsets, index, value := sparse(r, 5, in, false)
		x = append(x, slices.Repeat([]float32{0.5}, in)...)
		for k := range in {
			index, value = append(index, int32(k)), append(value, 0.5)
		}
		offsets = append(offsets, len(index))
		want := make([]float32, 6*40)
		for i := range 6 {
			for o := range 40 {
				want[i*40+o] = w.sum(o, w.bias[o], x[i*in:(i+1)*in], 0)
			}
		}
		got := make([]float32, 6*40)
		w.packed.Gather(got, 40, w.bias, 0, offsets, index, value, 0)
		requireSame(t, want, got, "gather")
		clear(got)
		w.packed.Dense(got, 40, w.bias, 0, x, in, 6, in, 0)
		requireSame(t, want, got, "dense")

		// Many short rows.
		small := newWeights(r, 20, 40)
		rows := 3*denseRows + 17
		x = finite(r, rows*40)
		got, want = make([]float32, rows*24), make([]float32, rows*24)
		for i := range rows {
			for o := range 24 {
				want[i*24+o] = small.sum(o, small.bias[o], x[i*40:(i+1)*40], 0)
			}
		}
		small.packed.Dense(got, 24, small.bias, 0, x, 40, rows, 40, 0)
		requireSame(t, want, got, "many rows")
	})
}

// The sums of a convolution, from events and from windows.
func TestScatter(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(5)
		for _, out := range []int{1, 8, 9, 20, 31, 32, 40, 65} {
			// A kernel of 3 x 4 weights over 2 channels, and 5 x 6 positions.
			const in, positions = 2 * 3 * 4, 5 * 6
			w := newWeights(r, out, in)
			stride := w.packed.Stride()
			steps := Steps{WeightRow: -4, WeightCol: -1, OutRow: 6, OutCol: 1}
			var patches []Patch
			for range 600 { // more than two calls
				p := Patch{Rows: int32(r.IntN(4)), Cols: int32(1 + r.IntN(4)), Value: finite(r, 1)[0]}
				p.Weight = int32(12*r.IntN(2) + 11)
				p.Out = int32(6*r.IntN(3) + r.IntN(3))
				patches = append(patches, p)
			}
			sums := make([]float32, positions*stride)
			for q := range positions {
				copy(sums[q*stride:], w.bias)
			}
			for _, e := range patches {
				for dr := range int(e.Rows) {
					for dc := range int(e.Cols) {
						k, q := int(e.Weight)-4*dr-dc, int(e.Out)+6*dr+dc
						for o := range out {
							sums[q*stride+o] = fma(e.Value, w.w[o*in+k], sums[q*stride+o])
						}
					}
				}
			}
			want := make([]float32, out*positions)
			for o := range out {
				for q := range positions {
					want[o*positions+q] = sums[q*stride+o] + 0
				}
			}
			acc := newField[float32](t, positions*stride).put(make([]float32, positions*stride), atEnd)
			w.packed.FillBias(acc, positions, w.bias)
			w.packed.Scatter(acc, positions, patches, steps)
			got := newField[float32](t, out*positions).put(make([]float32, out*positions), atEnd)
			w.packed.ChannelsFirst(got, acc, positions)
			requireSame(t, want, got, "%d channels", out)

			// The same sums, each position from its window at once.
			x := finite(r, 7*in)
			for q := range 7 {
				for o := range stride {
					sums[(q+3)*stride+o] = w.sum(o, w.bias[o], x[q*in:(q+1)*in], 0)
				}
			}
			w.packed.DenseAt(acc, positions, 3, w.bias, x, 7)
			w.packed.ChannelsFirst(got, acc, positions)
			for o := range out {
				for q := 3; q < 10; q++ {
					requireSame(t, sums[q*stride+o:][:1], got[o*positions+q:][:1], "window %d of channel %d", q, o)
				}
			}
		}
	})
}

// More positions than one call of the transposition takes.
func TestChannelsFirstLong(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(6)
		const out, positions = 11, callElements/vectorWidth + 13
		p := Pack(make([]float32, out), out, 1)
		acc := numbers(r, positions*p.Stride())
		got := make([]float32, out*positions)
		p.ChannelsFirst(got, acc, positions)
		for o := range out {
			for q := range positions {
				v := acc[q*16+o] + 0
				requireSame(t, []float32{v}, got[o*positions+q:][:1], "")
			}
		}
	})
}

func TestSumPool(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(7)
		in, out := newField[float32](t, 5*400), newField[float32](t, 140)
		for _, n := range []int{0, 1, 7, 8, 9, 15, 16, 17, 31, 32, 64, 130} {
			for stride := 1; stride <= 3; stride++ {
				for _, window := range [][2]int{{1, 1}, {2, 2}, {3, 2}, {1, 5}, {4, 4}} {
					height, width := window[0], window[1]
					row := max(0, n-1)*stride + width
					xStride := row + r.IntN(3)
					x := in.put(numbers(r, (height-1)*xStride+row), atEnd)
					got := out.put(numbers(r, n), atEnd)
					want := make([]float32, n)
					for o := range want {
						for i := range height {
							for j := range width {
								want[o] += x[i*xStride+o*stride+j]
							}
						}
					}
					SumPool(got, x, stride, height, width, xStride)
					requireSame(t, want, got, "%d outputs, stride %d, window %v", n, stride, window)
					out.check(t, "pool")
				}
			}
		}
		// More than one call.
		n := callElements/4 + 21
		x, got, want := numbers(r, 2*(2*n+1)), make([]float32, n), make([]float32, n)
		for o := range want {
			for i := range 2 {
				for j := range 2 {
					want[o] += x[i*(2*n+1)+2*o+j]
				}
			}
		}
		SumPool(got, x, 2, 2, 2, 2*n+1)
		requireSame(t, want, got, "long")
	})
}

// Nothing that points outside reaches the assembly.
func TestProductsRefuse(t *testing.T) {
	w := newWeights(random(8), 10, 5)
	p, bias := w.packed, w.bias
	dst, x, acc := make([]float32, 16), make([]float32, 5), make([]float32, 3*16)
	for name, f := range map[string]func(){
		"gather: index too high":   func() { p.Gather(dst, 16, bias, 0, []int{0, 1}, []int32{5}, nil, 0) },
		"gather: index too low":    func() { p.Gather(dst, 16, bias, 0, []int{0, 1}, []int32{-1}, nil, 0) },
		"gather: first too high":   func() { p.Gather(dst, 16, bias, 0, []int{0, 1}, []int32{4}, nil, 1) },
		"gather: first negative":   func() { p.Gather(dst, 16, bias, 0, []int{0, 1}, []int32{4}, nil, -1) },
		"gather: rows descend":     func() { p.Gather(dst, 16, bias, 0, []int{1, 0}, []int32{1}, nil, 0) },
		"gather: rows too long":    func() { p.Gather(dst, 16, bias, 0, []int{0, 2}, []int32{1}, nil, 0) },
		"gather: too few values":   func() { p.Gather(dst, 16, bias, 0, []int{0, 1}, []int32{1}, []float32{}, 0) },
		"gather: short dst":        func() { p.Gather(dst[:15], 16, bias, 0, []int{0, 1}, []int32{1}, nil, 0) },
		"gather: short init":       func() { p.Gather(dst, 16, bias[:10], 0, []int{0, 1}, []int32{1}, nil, 0) },
		"dense: short x":           func() { p.Dense(dst, 16, bias, 0, x[:4], 5, 1, 5, 0) },
		"dense: too many":          func() { p.Dense(dst, 16, bias, 0, make([]float32, 6), 6, 1, 6, 0) },
		"dense: rows overlap":      func() { p.Dense(make([]float32, 32), 8, bias, 0, make([]float32, 10), 5, 2, 5, 0) },
		"scatter: weight outside":  func() { p.Scatter(acc, 3, []Patch{{5, 0, 1, 1, 1}}, Steps{}) },
		"scatter: moves outside":   func() { p.Scatter(acc, 3, []Patch{{4, 0, 1, 3, 1}}, Steps{WeightCol: 1}) },
		"scatter: output outside":  func() { p.Scatter(acc, 3, []Patch{{0, 3, 1, 1, 1}}, Steps{}) },
		"scatter: no columns":      func() { p.Scatter(acc, 3, []Patch{{0, 0, 1, 0, 1}}, Steps{}) },
		"scatter: short sums":      func() { p.Scatter(acc[1:], 3, nil, Steps{}) },
		"channels first: short":    func() { p.ChannelsFirst(make([]float32, 29), acc, 3) },
		"dense at: past the end":   func() { p.DenseAt(acc, 3, 3, bias, x, 1) },
		"pool: short x":            func() { SumPool(dst, x, 1, 1, 1, 5) },
		"pool: no window":          func() { SumPool(dst[:1], x, 1, 0, 1, 5) },
		"pack: not that many":      func() { Pack(x, 2, 3) },
		"fill: bias is not padded": func() { p.FillBias(acc, 3, bias[:10]) },
	} {
		t.Run(name, func(t *testing.T) {
			forEachTier(t, func(t *testing.T) { require.Panics(t, f) })
		})
	}
	require.Equal(t, make([]float32, 16), dst)
}

// fma is rounded once: against math/big, and against the processor's own, with
// which the assembly multiplies.
func TestFMA(t *testing.T) {
	r := random(9)
	one := Pack([]float32{1}, 1, 1)
	draw := func() float32 {
		switch r.IntN(3) {
		case 0: // halfway cases: few digits, of every exponent
			return float32(math.Ldexp(float64(r.IntN(1<<13)-1<<12), r.IntN(40)-20))
		case 1:
			return finite(r, 1)[0]
		}
		v := math.Float32frombits(r.Uint32())
		if v-v != 0 {
			return 1
		}
		return v
	}
	trials := 300_000
	if emulated {
		trials = 20_000
	}
	dst, init := make([]float32, 8), make([]float32, 8)
	for i := range trials {
		x, y, z := draw(), draw(), draw()
		if i%4 == 0 { // the sum nearly cancels
			z = -float32(x*y) + float32(math.Copysign(float64(z), 1))*1e-7
			if z-z != 0 {
				continue
			}
		}
		got := fma(x, y, z) + 0
		exact := new(big.Float).SetPrec(600).Mul(big.NewFloat(float64(x)), big.NewFloat(float64(y)))
		want, _ := exact.Add(exact, big.NewFloat(float64(z))).Float32()
		want += 0
		requireSame(t, []float32{want}, []float32{got}, "fma(%v, %v, %v)", x, y, z)

		one.data[0], init[0] = y, z
		one.Dense(dst, 8, init, 0, []float32{x}, 1, 1, 1, 0)
		requireSame(t, []float32{want}, dst[:1], "dense: fma(%v, %v, %v)", x, y, z)
	}
}
