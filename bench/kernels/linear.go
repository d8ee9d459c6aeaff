package kernels

import (
	"fmt"
	"math/rand/v2"

	"github.com/spikelane/spikelane/simd"
)

// Linear is a kernel that is scheduled by hand, at one size.
type Linear struct {
	Name       string
	Operations float64 // multiplications with addition of a call; 0 if it is additions that count
	Bytes      float64 // that a call has to load, of weights or of what it moves
	Set        int     // bytes of the weights, or of all that it moves
	Events     float64 // of a call
	Stores     int     // arrays written for each array read, of a kernel that moves
	Work       func()
}

// Sizes are the widths of square layers that are measured.
var Sizes = []int{256, 512, 1024}

// Scheduled are the kernels scheduled by hand.
func Scheduled() []Linear {
	var list []Linear
	for _, n := range Sizes {
		list = append(list, Dense(256, n, n))
	}
	list = append(list, Dense(256, 700, 256), Dense(256, 256, 20))
	for _, in := range []int{64, 256, 700, 1024, 4096} {
		list = append(list, Gather(500, in, 256, 0.05, false))
	}
	list = append(list, Gather(500, 700, 256, 0.05, true))
	for _, n := range []int{512, 2048, 4096} {
		list = append(list, Gather(500, n, n, 0.05, false))
	}
	return append(list, Scatter(16), Scatter(32), SumPool())
}

// Dense multiplies rows.
func Dense(rows, in, out int) Linear {
	p := simd.Pack(Ordinary(out*in), out, in)
	bias, x, dst := make([]float32, p.Stride()), Ordinary(rows*in), make([]float32, rows*p.Stride())
	return Linear{
		Name: fmt.Sprintf("dense %d x %d", in, out), Operations: float64(rows * in * p.Stride()), Set: 4 * in * p.Stride(),
		Work: func() { p.Dense(dst, p.Stride(), bias, 0, x, in, rows, in, 0) },
	}
}

// Gather adds weight rows of active inputs, with values or without.
func Gather(rows, in, out int, density float64, values bool) Linear {
	p := simd.Pack(Ordinary(out*in), out, in)
	bias, dst := make([]float32, p.Stride()), make([]float32, rows*p.Stride())
	r := rand.New(rand.NewPCG(3, 4))
	offsets, index, value := []int{0}, []int32(nil), []float32(nil)
	for range rows {
		for k := range in {
			if r.Float64() < density {
				index, value = append(index, int32(k)), append(value, 2)
			}
		}
		offsets = append(offsets, len(index))
	}
	name := "gather"
	if values {
		name = "gather values"
	} else {
		value = nil
	}
	return Linear{
		Name: fmt.Sprintf("%s %d x %d at %g %%", name, in, out, 100*density), Events: float64(len(index)),
		Bytes: 4 * float64(len(index)*p.Stride()), Set: 4 * in * p.Stride(),
		Work: func() { p.Gather(dst, p.Stride(), bias, 0, offsets, index, value, 0) },
	}
}

// Scatter spreads events over 3 x 3 positions of a plane of 34 x 34.
func Scatter(out int) Linear {
	const side, events = 34, 500
	p := simd.Pack(Ordinary(out*2*9), out, 2*9)
	acc, patches := make([]float32, side*side*p.Stride()), make([]simd.Patch, events)
	r := rand.New(rand.NewPCG(5, 6))
	for i := range patches {
		patches[i] = simd.Patch{Weight: int32(9*r.IntN(2) + 8), Out: int32(side*r.IntN(side-2) + r.IntN(side-2)), Rows: 3, Cols: 3, Value: 1}
	}
	return Linear{
		Name: fmt.Sprintf("scatter 3 x 3 to %d channels", out), Events: events, Stores: 1,
		Bytes: 3 * 4 * 9 * events * float64(p.Stride()), Set: 4 * len(acc),
		Work: func() {
			p.Scatter(acc, side*side, patches, simd.Steps{WeightRow: -3, WeightCol: -1, OutRow: side, OutCol: 1})
		},
	}
}

// SumPool sums windows of 2 x 2, 64 of them.
func SumPool() Linear {
	x, dst := Ordinary(2*128), make([]float32, 64)
	return Linear{
		Name: "sum pool 2 x 2", Bytes: 4 * (4*64 + 64), Set: 4 * (2*128 + 64),
		Work: func() { simd.SumPool(dst, x, 2, 2, 2, 128) },
	}
}
