package npy_test

import (
	"bytes"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/npy"
)

// A small archive makes no large array, unless who reads it wants that, and
// what it makes takes a few times the array's bytes.
func TestArchiveLimit(t *testing.T) {
	const mega = 1 << 20
	for name, c := range map[string]struct {
		size, limit int
		fits        bool
	}{
		"usual":               {30 * mega, 0, true},
		"too much":            {64 * mega, 0, false},
		"too much, but asked": {64 * mega, 65 * mega, true},
		"more than asked":     {30 * mega, 29 * mega, false},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, npy.WriteArchive(&b, npy.Named{Name: "x", Array: npy.Array{Shape: []int{c.size}, Data: make([]uint8, c.size)}}))
			require.Less(t, b.Len(), 100<<10)
			a, err := npy.NewArchive(bytes.NewReader(b.Bytes()), int64(b.Len()))
			require.NoError(t, err)
			a.Limit = int64(c.limit)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err = a.Read("x")
			runtime.ReadMemStats(&after)
			used := after.TotalAlloc - before.TotalAlloc
			if c.fits {
				require.NoError(t, err)
				require.Less(t, used, uint64(4*c.size))
				return
			}
			require.ErrorIs(t, err, npy.ErrFormat)
			require.ErrorContains(t, err, "the Limit for an archive of")
			require.Less(t, used, uint64(mega))
		})
	}
}

// A directory that promises more than deflate can make is believed in nothing.
func TestArchiveThatPromises(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, npy.WriteArchive(&b, npy.Named{Name: "x", Array: npy.Array{Shape: []int{4}, Data: []uint8{1, 2, 3, 4}}}))
	data := b.Bytes()
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[at+24:], []byte{0, 0, 0, 1}) // 16 MiB
	a, err := npy.NewArchive(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	a.Limit = math.MaxInt64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = a.Read("x")
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, npy.ErrFormat)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}
