package npy_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/tensor"
)

// What NumPy wrote, as committed.
func TestReadsNumPysFiles(t *testing.T) { requireNumPys(t, "testdata") }

// What the NumPy of this machine writes.
func TestReadsTheseNumPysFiles(t *testing.T) {
	dir := t.TempDir()
	python.Run(t, "testdata/make.py", dir)
	requireNumPys(t, dir)
}

// NumPy reads what we write, and writes the same bytes.
func TestNumPyWritesTheSame(t *testing.T) {
	dir := t.TempDir()
	var arrays []npy.Named
	for i, shape := range []tensor.Shape{{}, {24}, {2, 3, 4}, {1, 24, 1}, {0, 7}} {
		for code, data := range every(shape.Size()) {
			arrays = append(arrays, npy.Named{Name: fmt.Sprint(code, i), Array: npy.Array{Shape: shape, Data: data}})
		}
	}
	require.NoError(t, npy.WriteArchiveFile(filepath.Join(dir, "all.npz"), arrays...))
	python.Run(t, "testdata/save_again.py", filepath.Join(dir, "all.npz"), dir)
	for _, a := range arrays {
		foreign, err := os.ReadFile(filepath.Join(dir, a.Name+".npy"))
		require.NoError(t, err)
		native, err := a.Array.Encode()
		require.NoError(t, err)
		require.Equal(t, string(foreign), string(native), a.Name)
	}
}

// requireNumPys checks everything that testdata/make.py writes.
func requireNumPys(t *testing.T, dir string) {
	types, err := npy.OpenArchive(filepath.Join(dir, "types.npz"))
	require.NoError(t, err)
	defer types.Close()
	want := every(24)
	want["f2"] = want["f4"]
	require.Len(t, types.Names(), 4*len(want))
	for _, name := range types.Names() {
		a, err := types.Read(name)
		require.NoError(t, err, name)
		require.Equal(t, npy.Array{Shape: tensor.Shape{2, 3, 4}, Data: want[name[:2]]}, a, name)
	}

	shapes, err := npy.OpenArchive(filepath.Join(dir, "shapes.npz"))
	require.NoError(t, err)
	defer shapes.Close()
	for name, want := range map[string]npy.Array{
		"number": {Shape: tensor.Shape{}, Data: []float32{2.5}},
		"empty":  {Shape: tensor.Shape{0, 5}, Data: []int16{}},
		"one":    {Shape: tensor.Shape{1}, Data: []uint8{7}},
		"ones":   {Shape: tensor.Shape{1, 2, 1, 3, 1}, Data: []float32{0, 1, 2, 3, 4, 5}},
		"vector": {Shape: tensor.Shape{4}, Data: []float64{0, 1, 2, 3}},
		"halves": {Shape: tensor.Shape{6}, Data: []float32{0, float32(math.Copysign(0, -1)), 0x1p-24, -0x1p-14, 65504, 0.333251953125}},
	} {
		a, err := shapes.Read(name)
		require.NoError(t, err, name)
		require.Equal(t, want, a, name)
	}
	special, err := shapes.Read("special")
	require.NoError(t, err)
	var bits []uint32
	for _, v := range special.Data.([]float32) {
		bits = append(bits, math.Float32bits(v))
	}
	require.Equal(t, []uint32{0x7fc00000, 0x7f800000, 0xff800000, 0x80000000, 1}, bits)

	for _, version := range []string{"1", "2", "3"} {
		a, err := npy.ReadFile(filepath.Join(dir, "version"+version+".npy"))
		require.NoError(t, err)
		require.Equal(t, npy.Array{Shape: tensor.Shape{2, 3}, Data: []int32{0, 1, 2, 3, 4, 5}}, a)
	}

	refused, err := npy.OpenArchive(filepath.Join(dir, "refused.npz"))
	require.NoError(t, err)
	defer refused.Close()
	require.Len(t, refused.Names(), 6)
	for _, name := range refused.Names() {
		_, err := refused.Read(name)
		require.ErrorIs(t, err, npy.ErrUnsupported, name)
		require.ErrorContains(t, err, `npy: array "`+name+`": `)
	}
	_, err = refused.Read("objects")
	require.ErrorContains(t, err, "pickles")
}

// every is data of every type, made as in testdata/make.py.
func every(n int) map[string]any {
	truth := make([]bool, n)
	for k := range truth {
		truth[k] = k%3 == 0
	}
	return map[string]any{
		"b1": truth,
		"i1": whole[int8](n), "i2": whole[int16](n), "i4": whole[int32](n), "i8": whole[int64](n),
		"u1": whole[uint8](n), "u2": whole[uint16](n), "u4": whole[uint32](n), "u8": whole[uint64](n),
		"f4": parts[float32](n), "f8": parts[float64](n),
	}
}

func whole[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](n int) []T {
	data := make([]T, n)
	for k := range data {
		data[k] = T(k*37 - 100) // wraps, as NumPy does
	}
	return data
}

func parts[T float32 | float64](n int) []T {
	data := make([]T, n)
	for k := range data {
		data[k] = T(k-11) * 0.375
	}
	return data
}
