package encode_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

func idx(typ byte, data []byte, dims ...uint32) []byte {
	b := []byte{0, 0, typ, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, data...)
}

func zipped(data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(data)
	z.Close()
	return b.Bytes()
}

func TestIDX(t *testing.T) {
	pixels := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255}
	for _, data := range [][]byte{idx(8, pixels, 2, 2, 3), zipped(idx(8, pixels, 2, 2, 3))} {
		m, err := encode.ReadIDXImages(bytes.NewReader(data))
		require.NoError(t, err)
		require.Equal(t, &encode.Images{Count: 2, Rows: 2, Cols: 3, Pixels: pixels}, m)
		require.Equal(t, pixels[6:], m.Image(1))
		x := encode.ConstantCurrent(m, []int{1, 0}, 3)
		require.Equal(t, tensor.Shape{3, 2, 6}, x.Shape)
		require.Equal(t, []float32{7. / 255, 8. / 255, 9. / 255, 10. / 255, 11. / 255, 1}, x.Data[24:30])
	}
	m, err := encode.ReadIDXImages(bytes.NewReader(idx(8, pixels, 2, 2, 3)))
	require.NoError(t, err)
	for _, bad := range []struct {
		images []int
		steps  int
	}{{[]int{2}, 1}, {[]int{-1}, 1}, {nil, 1}, {[]int{0}, 0}, {[]int{0}, -1}, {[]int{0}, 1 << 30}} {
		require.Panics(t, func() { encode.ConstantCurrent(m, bad.images, bad.steps) })
	}
	labels, err := encode.ReadIDXLabels(bytes.NewReader(idx(8, []byte{3, 4}, 2)))
	require.NoError(t, err)
	require.Equal(t, []byte{3, 4}, labels)
}

// A small file that claims to be a large one, and decompresses to it, is
// refused before it has been.
func TestIDXBomb(t *testing.T) {
	const side = 1 << 13
	bomb := zipped(idx(8, make([]byte, side*side), 1, side, side))
	require.Less(t, len(bomb), 1<<17)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := encode.ReadIDXImages(bytes.NewReader(bomb))
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, encode.ErrFormat)
	require.ErrorContains(t, err, "more than 100 times as many: unpack the file first")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(250*len(bomb)+4<<20))
	whole := zipped(idx(8, make([]byte, 1<<20-64), 1, 1, 1<<20-64))
	_, err = encode.ReadIDXImages(bytes.NewReader(whole))
	require.NoError(t, err, "small files may be blank")
}

func TestBrokenIDX(t *testing.T) {
	whole := zipped(idx(8, []byte{1, 2, 3}, 3, 1, 1))
	for name, data := range map[string][]byte{
		"empty":               nil,
		"cut in the header":   idx(8, nil, 3, 1),
		"another type":        idx(9, []byte{1}, 1, 1, 1),
		"another rank":        idx(8, []byte{1}, 1, 1),
		"cut in the data":     idx(8, []byte{1, 2}, 3, 1, 1),
		"too long":            idx(8, []byte{1, 2, 3, 4}, 3, 1, 1),
		"no elements":         idx(8, nil, 0, 1, 1),
		"absurd size":         idx(8, []byte{1}, 1<<31, 1<<31, 1<<31),
		"large and not there": idx(8, []byte{1}, 1<<10, 1<<10, 1<<9),
		"zip cut":             whole[:len(whole)-6],
		"zip broken":          append([]byte{0x1f, 0x8b}, 1, 2, 3),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := encode.ReadIDXImages(bytes.NewReader(data))
			require.ErrorIs(t, err, encode.ErrFormat)
		})
	}
}

// A header is not believed: what is allocated is bounded by what is there.
func TestIDXAllocation(t *testing.T) {
	data := idx(8, []byte{1}, 1<<10, 1<<10, 1<<9)
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			encode.ReadIDXImages(bytes.NewReader(data))
		}
	})
	require.Less(t, r.AllocedBytesPerOp(), int64(64<<10))
}

func FuzzReadIDX(f *testing.F) {
	f.Add(idx(8, []byte{1, 2}, 2, 1, 1))
	f.Add(zipped(idx(8, []byte{1, 2}, 2, 1, 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := encode.ReadIDXImages(bytes.NewReader(data)); err == nil {
			require.Len(t, m.Pixels, m.Count*m.Rows*m.Cols)
		}
	})
}
