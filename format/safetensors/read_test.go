package safetensors

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/tensor"
)

func TestReadAccepts(t *testing.T) {
	cases := []struct {
		name   string
		data   []byte
		tensor []string
	}{
		{"no tensors", file(`{}`, 0), nil},
		{"padding", file(`{}      `, 0), nil},
		{"metadata only", file(`{"__metadata__":{}}`, 0), nil},
		{"single number", file(`{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`, 4), []string{"w"}},
		{"spaces everywhere", file("{ \"w\"\t:\r\n{ \"shape\" : [ 1 , 2 ] , \"data_offsets\" : [ 0 , 8 ] , \"dtype\" : \"F32\" } } ", 8), []string{"w"}},
		{"no name", file(`{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), []string{""}},
		{"unaligned", file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F64","shape":[1],"data_offsets":[1,9]}}`, 9),
			[]string{"a", "b"}},
		{"header in another order than the data",
			file(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"b":{"dtype":"U16","shape":[1],"data_offsets":[0,2]}}`, 3),
			[]string{"b", "a"}},
		{"empty tensors", file(`{"z":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},`+
			`"y":{"dtype":"F32","shape":[2147483647,2147483647,0],"data_offsets":[1,1]},"b":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}`, 1),
			[]string{"b", "a", "z", "y"}},
		{"escaped names", file(`{"\u00fc\ud83d\ude00\/\"\\\b\f\n\r\t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1),
			[]string{"ü😀/\"\\\b\f\n\r\t"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, err := Read(c.data)
			require.NoError(t, err)
			require.Equal(t, c.tensor, f.Names())
		})
	}
}

func TestReadSmall(t *testing.T) {
	data := small(t)
	require.Zero(t, (prefixLen+binary.LittleEndian.Uint64(data))%8, "the data is not aligned")
	f, err := Read(data)
	require.NoError(t, err)
	require.Equal(t, []string{"fc1.weight", "nothing", "labels", "tau\n\"ü\""}, f.Names())
	require.Equal(t, map[string]string{"format": "pt", "sha": "00000000", "": "\x01\t\\"}, f.Metadata)

	x, err := f.Tensor("nothing")
	require.NoError(t, err)
	require.Equal(t, tensor.New(0, 3), x)
	x, err = f.Tensor("tau\n\"ü\"")
	require.NoError(t, err)
	require.Equal(t, &tensor.Tensor{Shape: tensor.Shape{}, Data: []float32{0.9}}, x)
	v, shape, err := f.Int64s("labels")
	require.NoError(t, err)
	require.Equal(t, []int64{math.MinInt64, -1, math.MaxInt64}, v)
	require.Equal(t, tensor.Shape{3}, shape)

	_, err = f.Tensor("fc2.weight")
	require.ErrorIs(t, err, ErrNotFound)
	_, _, err = f.Int64s("fc2.weight")
	require.ErrorIs(t, err, ErrNotFound)
	_, ok := f.Entry("fc2.weight")
	require.False(t, ok)
}

// TestReadCopiesNothing proves that entries are views that cannot grow into
// their neighbours, and that tensors are copies.
func TestReadCopiesNothing(t *testing.T) {
	data := small(t)
	f, err := Read(data)
	require.NoError(t, err)
	x, err := f.Tensor("fc1.weight")
	require.NoError(t, err)
	e, _ := f.Entry("fc1.weight")
	require.Equal(t, len(e.Data), cap(e.Data))
	e.Data[3] ^= 0x80
	require.Equal(t, float32(1), x.Data[0])
	again, err := f.Tensor("fc1.weight")
	require.NoError(t, err)
	require.Equal(t, float32(-1), again.Data[0])
	again.Shape[0] = 7
	require.Equal(t, tensor.Shape{2, 2}, e.Shape)
}

// TestMetadataSpan proves that a value can be replaced in place by one as long.
func TestMetadataSpan(t *testing.T) {
	data := small(t)
	f, err := Read(data)
	require.NoError(t, err)
	begin, end, ok := f.MetadataSpan("sha")
	require.True(t, ok)
	require.Equal(t, "00000000", string(data[begin:end]))
	copy(data[begin:end], "12345678")
	g, err := Read(data)
	require.NoError(t, err)
	require.Equal(t, "12345678", g.Metadata["sha"])

	g.Metadata["sha"] = "00000000"
	requireSame(t, f, g)
	begin, end, ok = f.MetadataSpan("")
	require.True(t, ok)
	require.Equal(t, `\u0001\t\\`, string(data[begin:end]))
	_, _, ok = f.MetadataSpan("absent")
	require.False(t, ok)
}

// TestReadGolden proves that the files which the Python package wrote are read
// whole, and that we write them back with every bit in its place.
func TestReadGolden(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(shared.Path(t, "golden"), "*.safetensors"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	floats, ints := 0, 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		f, err := Read(data)
		require.NoError(t, err, path)
		require.NotEmpty(t, f.Names(), path)
		require.Contains(t, f.Metadata, "tensors", path)

		list := content(t, f)
		require.Len(t, list, len(f.Names()), path)
		for _, n := range list {
			if n.Ints != nil {
				ints += len(n.Ints.Data)
				continue
			}
			require.NoError(t, n.Tensor.Check(), "%s: %s", path, n.Name)
			floats += len(n.Tensor.Data)
		}
		again, err := Encode(list, f.Metadata)
		require.NoError(t, err, path)
		g, err := Read(again)
		require.NoError(t, err, path)
		requireSame(t, f, g)
	}
	t.Logf("%d files, %d float32, %d int64", len(paths), floats, ints)
	require.NotZero(t, floats)
	require.NotZero(t, ints)
}
