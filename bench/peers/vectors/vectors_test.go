// Package vectors compares the plain vector kernels with those of gonum and
// vek. It is a module of its own, so that nobody else needs them:
//
//	cd bench/peers/vectors && go test -bench .
package vectors

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/viterin/vek/vek32"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/spikelane/spikelane/simd"
)

func numbers(n int) []float32 {
	r := rand.New(rand.NewPCG(1, 2))
	v := make([]float32, n)
	for i := range v {
		v[i] = 2*r.Float32() - 1
	}
	return v
}

// run measures one way to do something that moves so many arrays.
func run(b *testing.B, name string, arrays, n int, f func()) {
	b.Run(fmt.Sprintf("%s/n=%d", name, n), func(b *testing.B) {
		b.SetBytes(int64(4 * arrays * n))
		for b.Loop() {
			f()
		}
	})
}

var lengths = []int{256, 16384, 4194304}

// BenchmarkAdd is dst = x + y.
func BenchmarkAdd(b *testing.B) {
	for _, n := range lengths {
		dst, x, y := make([]float32, n), numbers(n), numbers(n)
		run(b, "spikelane", 3, n, func() { simd.Add(dst, x, y) })
		run(b, "vek", 3, n, func() { vek32.Add_Into(dst, x, y) })
	}
}

// BenchmarkAddInPlace is dst = dst + x: gonum has no other.
func BenchmarkAddInPlace(b *testing.B) {
	for _, n := range lengths {
		dst, x := make([]float32, n), numbers(n)
		run(b, "spikelane", 3, n, func() { simd.Add(dst, dst, x) })
		run(b, "vek", 3, n, func() { vek32.Add_Inplace(dst, x) })
		blas32.Use(gonum.Implementation{})
		run(b, "gonum", 3, n, func() {
			blas32.Axpy(1, blas32.Vector{N: n, Inc: 1, Data: x}, blas32.Vector{N: n, Inc: 1, Data: dst})
		})
	}
}

// BenchmarkThreshold is x >= 0, as bits here and as bools there.
func BenchmarkThreshold(b *testing.B) {
	for _, n := range lengths {
		packed, bools, x := make([]uint64, (n+63)/64), make([]bool, n), numbers(n)
		run(b, "spikelane", 1, n, func() { simd.SpikeBits(packed, x) })
		run(b, "vek", 1, n, func() { vek32.GteNumber_Into(bools, x, 0) })
	}
}

// BenchmarkExp is e to the x.
func BenchmarkExp(b *testing.B) {
	for _, n := range lengths {
		dst, x := make([]float32, n), numbers(n)
		run(b, "spikelane", 2, n, func() { simd.Exp(dst, x) })
		run(b, "math", 2, n, func() {
			for i, v := range x {
				dst[i] = float32(math.Exp(float64(v)))
			}
		})
	}
}

// BenchmarkProduct is 256 rows times n x n weights.
func BenchmarkProduct(b *testing.B) {
	const rows = 256
	for _, n := range []int{256, 1024} {
		w, x, dst, bias := numbers(n*n), numbers(rows*n), make([]float32, rows*n), make([]float32, n)
		p := simd.Pack(w, n, n)
		product := func(name string, f func()) {
			b.Run(fmt.Sprintf("%s/n=%d", name, n), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(2*rows*float64(n*n)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
		product("spikelane", func() { p.Dense(dst, n, bias, 0, x, n, rows, n, 0) })
		product("gonum", func() {
			blas32.Gemm(blas.NoTrans, blas.Trans, 1, blas32.General{Rows: rows, Cols: n, Stride: n, Data: x},
				blas32.General{Rows: n, Cols: n, Stride: n, Data: w}, 0, blas32.General{Rows: rows, Cols: n, Stride: n, Data: dst})
		})
	}
}
