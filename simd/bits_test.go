package simd

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Bits are listed in order, at every density, and nothing else is written but
// the room that is asked for.
func TestListRows(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		r := random(11)
		for _, words := range []int{0, 1, 2, 3, 11, 70} {
			for _, n := range []int{0, 1, 2, 9, 100} {
				for _, density := range []float64{0, 0.02, 0.3, 1} {
					set, want, offsets := make([]uint64, n*words), []int32(nil), []int{3}
					for row := range n {
						for i := range 64 * words {
							if r.Float64() < density {
								set[row*words+i/64] |= 1 << (i % 64)
								want = append(want, int32(i))
							}
						}
						offsets = append(offsets, 3+len(want))
					}
					index, rows := slices.Repeat([]int32{-7}, 3+len(want)+ListRoom+1), make([]int, n+1)
					rows[0] = 3
					ListRows(index[:len(index)-1], rows, set, words)
					require.Equal(t, offsets, rows)
					require.True(t, slices.Equal(want, index[3:3+len(want)]), "%d rows of %d words", n, words)
					require.Equal(t, []int32{-7, -7, -7}, index[:3])
					require.Equal(t, int32(-7), index[len(index)-1])
					require.Panics(t, func() { ListRows(index[:3+len(want)+ListRoom-1], rows, set, words) })
				}
			}
		}
	})
}
