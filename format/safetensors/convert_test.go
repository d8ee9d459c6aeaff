package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/tensor"
)

// single is a file of one tensor "w" with one dimension.
func single(t *testing.T, dtype DType, data []byte) *File {
	n := len(data) / dtype.Size()
	b := file(one(fmt.Sprintf(`"dtype":%q,"shape":[%d],"data_offsets":[0,%d]`, dtype, n, len(data))), 0)
	f, err := Read(append(b, data...))
	require.NoError(t, err)
	return f
}

func requireBits(t *testing.T, f *File, want []uint32) {
	x, err := f.Tensor("w")
	require.NoError(t, err)
	require.Equal(t, tensor.Shape{len(want)}, x.Shape)
	require.Len(t, x.Data, len(want))
	for i, w := range want {
		require.Equal(t, w, math.Float32bits(x.Data[i]), "element %d: %g", i, x.Data[i])
	}
}

// TestF16 widens every half and compares it with its value by the formula of
// IEEE 754.
func TestF16(t *testing.T) {
	var data []byte
	var want []uint32
	for h := range 1 << 16 {
		data = binary.LittleEndian.AppendUint16(data, uint16(h))
		exponent, fraction := h>>10&31, float64(h&1023)
		v := math.Ldexp(1+fraction/1024, exponent-15)
		if exponent == 0 {
			v = math.Ldexp(fraction/1024, -14)
		}
		bits := math.Float32bits(float32(v))
		if exponent == 31 {
			bits = 0x7f800000 | uint32(h&1023)<<13
		}
		want = append(want, bits|uint32(h>>15)<<31)
	}
	requireBits(t, single(t, DTypeF16, data), want)
}

func TestBF16(t *testing.T) {
	var data []byte
	var want []uint32
	for h := range 1 << 16 {
		data = binary.LittleEndian.AppendUint16(data, uint16(h))
		want = append(want, uint32(h)<<16)
	}
	requireBits(t, single(t, DTypeBF16, data), want)
}

// TestF32 keeps signalling NaNs and subnormals.
func TestF32(t *testing.T) {
	want := []uint32{0, 1 << 31, 1, 0x7fffff, 0x3f800000, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffbfffff}
	var data []byte
	for _, w := range want {
		data = binary.LittleEndian.AppendUint32(data, w)
	}
	requireBits(t, single(t, DTypeF32, data), want)
}

func TestF64(t *testing.T) {
	cases := []struct{ in, want uint64 }{
		{math.Float64bits(0), 0},
		{1 << 63, 1 << 31},
		{math.Float64bits(-1.5), 0xbfc00000},
		{math.Float64bits(1 + 0x1p-24), 0x3f800000}, // a tie, to even
		{math.Float64bits(1 + 0x3p-24), 0x3f800002}, // a tie, to even
		{math.Float64bits(1 + 0x1p-24 + 0x1p-52), 0x3f800001},
		{math.Float64bits(math.MaxFloat32), 0x7f7fffff},
		{math.Float64bits(0x1.fffffefffffffp127), 0x7f7fffff},
		{math.Float64bits(0x1.ffffffp127), 0x7f800000}, // halfway to 2^128
		{math.Float64bits(-1e300), 0xff800000},
		{math.Float64bits(0x1p-149), 1},
		{math.Float64bits(0x1p-150), 0},
		{math.Float64bits(0x1.0000000000001p-150), 1},
		{math.Float64bits(-0x1p-1074), 1 << 31},
		{math.Float64bits(math.Inf(-1)), 0xff800000},
		{0x7ff8000000000000, 0x7fc00000},
		{0x7ff0000000000001, 0x7fc00000},
		{0xfff8000020000000, 0xffc00001},
	}
	var data []byte
	var want []uint32
	for _, c := range cases {
		data = binary.LittleEndian.AppendUint64(data, c.in)
		want = append(want, uint32(c.want))
	}
	requireBits(t, single(t, DTypeF64, data), want)
}

func TestInt64s(t *testing.T) {
	data := []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xfe, 0, 0, 0, 0, 0, 0, 0}
	cases := map[DType][]int64{
		DTypeI8:  {-1, -1, -1, -1, -1, -1, -1, 127, -2, 0, 0, 0, 0, 0, 0, 0},
		DTypeU8:  {255, 255, 255, 255, 255, 255, 255, 127, 254, 0, 0, 0, 0, 0, 0, 0},
		DTypeI16: {-1, -1, -1, 0x7fff, 0xfe, 0, 0, 0},
		DTypeU16: {65535, 65535, 65535, 0x7fff, 0xfe, 0, 0, 0},
		DTypeI32: {-1, 0x7fffffff, 0xfe, 0},
		DTypeU32: {1<<32 - 1, 0x7fffffff, 0xfe, 0},
		DTypeI64: {math.MaxInt64, 0xfe},
		DTypeU64: {math.MaxInt64, 0xfe},
	}
	for dtype, want := range cases {
		v, shape, err := single(t, dtype, data).Int64s("w")
		require.NoError(t, err, dtype)
		require.Equal(t, want, v, dtype)
		require.Equal(t, tensor.Shape{len(want)}, shape, dtype)
	}
	_, _, err := single(t, DTypeU64, []byte{0, 0, 0, 0, 0, 0, 0, 0x80}).Int64s("w")
	require.ErrorIs(t, err, ErrDType)
	require.ErrorContains(t, err, "9223372036854775808")
}

// TestDTypes proves of every type that it is read by its size, and given as
// floats, as integers or as neither.
func TestDTypes(t *testing.T) {
	sizes := map[DType]int{
		DTypeBool: 1, DTypeU8: 1, DTypeI8: 1, DTypeF8E5M2: 1, DTypeF8E4M3: 1, DTypeI16: 2, DTypeU16: 2, DTypeF16: 2, DTypeBF16: 2,
		DTypeI32: 4, DTypeU32: 4, DTypeF32: 4, DTypeF64: 8, DTypeI64: 8, DTypeU64: 8,
	}
	floats := map[DType]bool{DTypeF16: true, DTypeBF16: true, DTypeF32: true, DTypeF64: true}
	neither := map[DType]bool{DTypeBool: true, DTypeF8E5M2: true, DTypeF8E4M3: true}
	for dtype, size := range sizes {
		f := single(t, dtype, make([]byte, 3*size))
		e, ok := f.Entry("w")
		require.True(t, ok)
		require.Equal(t, Entry{DType: dtype, Shape: tensor.Shape{3}, Data: make([]byte, 3*size)}, e)
		_, asFloats := f.Tensor("w")
		_, _, asInts := f.Int64s("w")
		if floats[dtype] {
			require.NoError(t, asFloats, dtype)
		} else {
			require.ErrorIs(t, asFloats, ErrDType)
			require.ErrorContains(t, asFloats, string(dtype))
		}
		if floats[dtype] || neither[dtype] {
			require.ErrorIs(t, asInts, ErrDType)
			require.ErrorContains(t, asInts, string(dtype))
		} else {
			require.NoError(t, asInts, dtype)
		}
	}
	require.Zero(t, DType("C64").Size())
}
