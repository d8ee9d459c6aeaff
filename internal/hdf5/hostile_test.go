package hdf5

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
)

func readFiles(t testing.TB, pattern string) (files [][]byte) {
	names, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		files = append(files, b)
	}
	return files
}

// fixtures are the files in testdata, and one of each way to write a file here.
func fixtures(t testing.TB) [][]byte {
	native, err := Encode(&Group{
		Attributes: map[string]*Dataset{"a": {Data: []string{"text"}}},
		Members: map[string]Node{
			"g": nested(3),
			"x": &Dataset{Shape: []int{2, 3}, Data: []float32{1, 2, 3, 4, 5, 6}},
			"s": &Dataset{Shape: []int{3}, Data: []string{"one", "", "three"}},
			"b": &Dataset{Data: []bool{true}},
		},
	})
	require.NoError(t, err)
	return append(readFiles(t, "testdata/*.h5"), native)
}

// requireSafe reads a file that may be anything: no panic, errors that say what
// they are, and no more memory than what was counted against the limits.
func requireSafe(t *testing.T, f *file) *Group {
	t.Helper()
	limit := *f
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	g, err := f.tree()
	runtime.ReadMemStats(&after)
	if err != nil {
		require.True(t, errors.Is(err, ErrFormat) || errors.Is(err, ErrUnsupported), err)
		require.Nil(t, g)
	}
	require.True(t, f.look >= 0 && f.keep >= 0 && f.pass >= 0)
	// An array is made twice, as bytes and as values; what is looked at becomes
	// messages, links and objects, which take some times the bytes.
	looked, made, passed := limit.look-f.look, limit.keep-f.keep, limit.pass-f.pass
	require.LessOrEqual(t, int64(after.TotalAlloc-before.TotalAlloc), 1<<20+32*looked+4*made+2*passed)
	return g
}

// unchecked is a file whose checksums need not be right.
func unchecked(b []byte) *file {
	f := newFile(b, 0)
	f.unchecked = true
	return f
}

// spoil requires that files with bytes changed at random, and files cut short,
// are safe, and returns how many were refused.
func spoil(t *testing.T, r *rand.Rand, b []byte, times int) (refused int) {
	for range times {
		spoiled := bytes.Clone(b)
		for range 1 + r.IntN(4) {
			spoiled[r.IntN(len(spoiled))] = byte(r.Uint32())
		}
		if requireSafe(t, newFile(spoiled, 0)) == nil {
			refused++
		}
		requireSafe(t, unchecked(spoiled))
	}
	for range times / 5 {
		require.Nil(t, requireSafe(t, newFile(b[:r.IntN(len(b))], 0)))
	}
	return refused
}

func TestSpoiledFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	refused, all := 0, 0
	for _, b := range fixtures(t) {
		refused += spoil(t, r, b, 200)
		all += 200
	}
	require.Greater(t, refused, all/10)
	require.Less(t, refused, all)
}

func TestSpoiledModels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	refused := 0
	for _, b := range readFiles(t, filepath.Join(shared.Path(t, "data", "nir"), "*.nir")) {
		refused += spoil(t, r, b, 100)
	}
	require.Greater(t, refused, 10)
}

// FuzzRead reads anything. What it accepts and can write keeps its content.
func FuzzRead(f *testing.F) {
	for _, b := range fixtures(f) {
		f.Add(b)
	}
	for _, b := range readFiles(f, "testdata/refused/*.h5") {
		f.Add(b)
	}
	for _, b := range readFiles(f, filepath.Join(shared.Path(f, "data", "nir"), "[lbt]*.nir")) { // all but the one of 270 KB
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		requireKept(t, requireSafe(t, newFile(b, 0)))
		requireKept(t, requireSafe(t, unchecked(b)))
	})
}

// requireKept requires that what was read, if it can be written, keeps its
// content.
func requireKept(t *testing.T, g *Group) {
	if g == nil {
		return
	}
	first, err := Encode(g)
	if err != nil { // a name, or a string, that cannot be written
		require.ErrorIs(t, err, ErrFormat)
		return
	}
	again, err := Decode(first, 0)
	require.NoError(t, err)
	second, err := Encode(again)
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, second)) // which NaNs equal too
}
