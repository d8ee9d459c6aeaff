package hdf5

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// taken is how many bytes a function allocates.
func taken(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// vast are files of a megabyte with arrays of n bytes: one that is packed well,
// one that was never written, and one that has many names.
func vast(t *testing.T, n int) map[string][]byte {
	const part = 1 << 20
	bomb := deflate(t, make([]byte, part))
	padded := func(fill func(w *writer) []link) []byte {
		return craft(func(w *writer) []link {
			w.put(make([]byte, 1<<20))
			return fill(w)
		})
	}
	return map[string][]byte{
		"packed": padded(func(w *writer) []link {
			var parts []chunk
			for at := 0; at < n; at += part {
				parts = append(parts, chunk{offset: []int{at}, data: bomb})
			}
			return []link{{"x", uint64(w.chunkedArray([]int{n}, []int{part}, []int{deflateFilter}, parts...))}}
		}),
		"never written": padded(func(w *writer) []link {
			return []link{{"x", uint64(w.chunkedArray([]int{n}, []int{part}, nil))}}
		}),
		"many names": padded(func(w *writer) (links []link) {
			x := uint64(w.chunkedArray([]int{n / 16}, []int{part}, nil))
			for i := range 16 {
				links = append(links, link{string(rune('a' + i)), x})
			}
			return links
		}),
	}
}

// A megabyte makes no gigabyte, unless who reads it wants that.
func TestLimit(t *testing.T) {
	const mega = 1 << 20
	for name, b := range vast(t, 40*mega) {
		t.Run(name, func(t *testing.T) {
			used := taken(func() {
				_, err := Decode(b, 0)
				require.NoError(t, err, "of 32 MiB and 16 times its size")
			})
			require.Less(t, used, uint64(3*40*mega))
			_, err := Decode(b, 39*mega)
			require.ErrorIs(t, err, ErrFormat)
			require.ErrorContains(t, err, "40894464 bytes: see the option Limit")
		})
	}
	for name, b := range vast(t, 1024*mega) {
		t.Run(name+", a gigabyte", func(t *testing.T) {
			require.Less(t, len(b), 3*mega)
			used := taken(func() {
				_, err := Decode(b, 0)
				require.ErrorIs(t, err, ErrFormat)
			})
			require.Less(t, used, uint64(3*(32+16*3)*mega))
		})
	}
	for _, b := range vast(t, 100*mega) {
		_, err := Decode(b, 100*mega)
		require.NoError(t, err)
	}
}
