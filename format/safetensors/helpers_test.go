package safetensors

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/tensor"
)

// file is a file of the given header, as it stands, and that many bytes of data.
func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	for i := range data {
		b = append(b, byte(i+1))
	}
	return b
}

// small is a valid file with all that a file can have.
func small(t testing.TB) []byte {
	b, err := Encode([]Named{
		{Name: "fc1.weight", Tensor: tensor.Of([]float32{1, -2, 0.5, float32(math.NaN())}, 2, 2)},
		{Name: "nothing", Tensor: tensor.New(0, 3)},
		{Name: "labels", Ints: &Ints{Shape: tensor.Shape{3}, Data: []int64{math.MinInt64, -1, math.MaxInt64}}},
		{Name: "tau\n\"ü\"", Tensor: tensor.Of([]float32{0.9})},
	}, map[string]string{"format": "pt", "sha": "00000000", "": "\x01\t\\"})
	require.NoError(t, err)
	return b
}

// content is what Encode needs to write f again, of F32 and I64 tensors.
func content(t require.TestingT, f *File) []Named {
	var list []Named
	for _, name := range f.Names() {
		e, ok := f.Entry(name)
		require.True(t, ok)
		switch e.DType {
		case DTypeF32:
			x, err := f.Tensor(name)
			require.NoError(t, err)
			list = append(list, Named{Name: name, Tensor: x})
		case DTypeI64:
			v, shape, err := f.Int64s(name)
			require.NoError(t, err)
			list = append(list, Named{Name: name, Ints: &Ints{Shape: shape, Data: v}})
		default:
			return nil
		}
	}
	return list
}

// requireSame requires that both files hold the same bits under the same names.
func requireSame(t require.TestingT, a, b *File) {
	require.Equal(t, a.Names(), b.Names())
	require.Equal(t, a.Metadata, b.Metadata)
	for _, name := range a.Names() {
		ea, _ := a.Entry(name)
		eb, _ := b.Entry(name)
		require.Equal(t, ea, eb, name)
	}
}
