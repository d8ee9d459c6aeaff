package simd

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// place is where in its memory a slice lies: so many elements after the first,
// or, if negative, up to the very end.
type place int

const atEnd place = -1

// places are those that every kernel is tried at.
func places() []place {
	if emulated {
		return []place{atEnd, 0, 3}
	}
	return []place{atEnd, 0, 1, 2, 3, 4, 5, 6, 7}
}

// field is fenced memory for one argument, with canaries around the slice.
type field[T float32 | uint64] struct{ all, used []T }

func newField[T float32 | uint64](t testing.TB, size int) *field[T] {
	var zero T
	b := fence(t, (size+16)*int(unsafe.Sizeof(zero)))
	return &field[T]{all: unsafe.Slice((*T)(unsafe.Pointer(&b[0])), len(b)/int(unsafe.Sizeof(zero)))}
}

const margin = 8 // canaries on each side

// put lays a copy of data at a place.
func (f *field[T]) put(data []T, at place) []T {
	start := len(f.all) - len(data)
	if at != atEnd {
		start = int(at)
	}
	f.used = f.all[start : start+len(data) : start+len(data)]
	copy(f.used, data)
	for _, c := range f.canaries() {
		*c = 77
	}
	return f.used
}

// canaries are the neighbours of the slice in use.
func (f *field[T]) canaries() []*T {
	var cs []*T
	start := int(uintptr(unsafe.Pointer(unsafe.SliceData(f.used)))-uintptr(unsafe.Pointer(&f.all[0]))) / int(unsafe.Sizeof(f.all[0]))
	for d := 1; d <= margin; d++ {
		if start-d >= 0 {
			cs = append(cs, &f.all[start-d])
		}
		if i := start + len(f.used) + d - 1; i < len(f.all) {
			cs = append(cs, &f.all[i])
		}
	}
	return cs
}

func (f *field[T]) check(t testing.TB, what string) {
	for _, c := range f.canaries() {
		if *c != 77 {
			require.FailNow(t, what+": written outside")
		}
	}
}

// specials meet each other in every test.
var specials = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, -0.5, 0.25, 2, 88.72283, -87.33654, 104, -104,
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1.1754942e-38, -1.1754942e-38, 1.1754944e-38,
	math.MaxFloat32, -math.MaxFloat32, 0.99999994, 1.0000001,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
}

// number is an ordinary number, a special one, or any bits at all.
func number(r *rand.Rand) float32 {
	switch r.IntN(8) {
	case 0:
		return specials[r.IntN(len(specials))]
	case 1:
		return math.Float32frombits(r.Uint32())
	case 2:
		return float32(r.IntN(9)-4) / 4
	default:
		return 3*r.Float32() - 1
	}
}

func numbers(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = number(r)
	}
	return v
}

// finite are numbers that may be weights.
func finite(r *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = number(r)
		for math.IsNaN(float64(v[i])) || math.IsInf(float64(v[i]), 0) {
			v[i] = number(r)
		}
	}
	return v
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// differs is the first place where two results do not have the same bits, or
// -1. Every NaN is the same as every other.
func differs(a, b []float32) int {
	for i, x := range a {
		if y := b[i]; math.Float32bits(x) != math.Float32bits(y) && (x == x || y == y) {
			return i
		}
	}
	return -1
}

func requireSame(t testing.TB, want, got []float32, what string, args ...any) {
	t.Helper()
	require.Len(t, got, len(want))
	if i := differs(want, got); i >= 0 {
		require.FailNowf(t, "different bits", "at %d: want %v (%08x), got %v (%08x): "+what,
			append([]any{i, want[i], math.Float32bits(want[i]), got[i], math.Float32bits(got[i])}, args...)...)
	}
}
