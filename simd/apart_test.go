package simd

import (
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// Arrays that are made one after another begin at different lines of a page,
// whatever their number.
func TestApart(t *testing.T) {
	defer arrays.Store(arrays.Load())
	for _, before := range []uint32{0, math.MaxUint32 / 2, math.MaxUint32 - 20} {
		arrays.Store(before)
		places := map[uintptr]bool{}
		for range 16 {
			v := AllocStaggered(1 << 14)
			require.Len(t, v, 1<<14)
			require.Zero(t, v[0])
			places[uintptr(unsafe.Pointer(&v[0]))/64%64] = true
		}
		require.Len(t, places, 16)
	}
}
