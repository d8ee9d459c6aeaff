package hdf5

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixtures are the files in testdata.
func fixtures(t testing.TB) (files [][]byte) {
	names, err := filepath.Glob("testdata/*.h5")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		files = append(files, b)
	}
	return files
}

// requireSafe decodes bytes that may be anything: no panic, errors that say what
// they are, and memory in proportion.
func requireSafe(t *testing.T, b []byte) *Group {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	g, err := Decode(b)
	runtime.ReadMemStats(&after)
	// What is made of the bytes, at most, and as much again in between.
	require.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20+8*maxGrowth*len(b)))
	if err != nil {
		require.True(t, errors.Is(err, ErrFormat) || errors.Is(err, ErrUnsupported), err)
		require.Nil(t, g)
	}
	return g
}

// Files with bytes that were changed at random, and files cut short.
func TestSpoiledFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	refused, all := 0, 0
	for _, b := range fixtures(t) {
		for range 100 {
			spoiled := append([]byte(nil), b...)
			for range 1 + r.IntN(4) {
				spoiled[r.IntN(len(spoiled))] = byte(r.Uint32())
			}
			if requireSafe(t, spoiled) == nil {
				refused++
			}
			all++
		}
		for range 20 {
			requireSafe(t, b[:r.IntN(len(b))])
		}
	}
	require.Greater(t, refused, all/10)
	require.Less(t, refused, all)
}

func FuzzRead(f *testing.F) {
	for _, b := range fixtures(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g := requireSafe(t, b)
		if g == nil {
			return
		}
		again, err := Encode(g)
		if err != nil { // a name, or a string, that cannot be written
			return
		}
		_, err = Decode(again)
		require.NoError(t, err)
	})
}
