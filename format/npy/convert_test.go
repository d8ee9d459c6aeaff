package npy_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/tensor"
)

func vector(data any, n int) npy.Array { return npy.Array{Shape: tensor.Shape{n}, Data: data} }

func TestTensor(t *testing.T) {
	for code, data := range every(24) {
		if code == "u4" || code == "u8" {
			continue // its wrapped negative numbers have too many digits
		}
		x, err := npy.Array{Shape: tensor.Shape{4, 6}, Data: data}.Tensor()
		require.NoError(t, err, code)
		require.Equal(t, tensor.Shape{4, 6}, x.Shape)
		var want float32 // of element 23
		switch code {
		case "b1":
		case "f4", "f8":
			want = 4.5
		case "u1", "i1":
			want = map[string]float32{"u1": 751 % 256, "i1": 751%256 - 256}[code]
		default:
			want = 751
		}
		require.Equal(t, want, x.Data[23], code)
	}
	x := tensor.Of([]float32{1, 2}, 2)
	back, err := npy.FromTensor(x).Tensor()
	require.NoError(t, err)
	require.Equal(t, x, back)
}

// A number is exact in float32, or an error; rounded, only the largest are.
func TestTensorIsExact(t *testing.T) {
	for _, c := range []struct {
		name    string
		array   npy.Array
		exact   bool
		rounded float32 // 0 for an error
	}{
		{"2^24", vector([]int32{1 << 24}, 1), true, 1 << 24},
		{"2^24+1", vector([]int32{1<<24 + 1}, 1), false, 1 << 24},
		{"2^24+2", vector([]uint32{1<<24 + 2}, 1), true, 1<<24 + 2},
		{"2^60+1", vector([]int64{1<<60 + 1}, 1), false, 1 << 60},
		{"-2^63", vector([]int64{math.MinInt64}, 1), true, -1 << 63},
		{"2^63-1", vector([]int64{math.MaxInt64}, 1), false, 1 << 63},
		{"2^64-1", vector([]uint64{math.MaxUint64}, 1), false, 1 << 64},
		{"-128", vector([]int8{-128}, 1), true, -128},
		{"a quarter", vector([]float64{0.25}, 1), true, 0.25},
		{"a tenth", vector([]float64{0.1}, 1), false, 0.1},
		{"a tenth of 32 bits", vector([]float64{float64(float32(0.1))}, 1), true, 0.1},
		{"too small", vector([]float64{0x1p-150 * 1.5}, 1), false, 0x1p-149},
		{"too large", vector([]float64{1e39}, 1), false, 0},
		{"infinite", vector([]float32{float32(math.Inf(-1))}, 1), false, 0},
		{"not a number", vector([]float64{math.NaN()}, 1), false, 0},
	} {
		x, err := c.array.Tensor()
		if c.exact {
			require.NoError(t, err, c.name)
			require.Equal(t, c.rounded, x.Data[0], c.name)
		} else {
			require.ErrorIs(t, err, npy.ErrValue, c.name)
			require.ErrorContains(t, err, "element 0", c.name)
		}
		x, err = c.array.Rounded()
		if c.rounded == 0 {
			require.ErrorIs(t, err, npy.ErrValue, c.name)
		} else {
			require.NoError(t, err, c.name)
			require.Equal(t, c.rounded, x.Data[0], c.name)
		}
	}
}

func TestSpikes(t *testing.T) {
	s := tensor.NewSpikes(3, 2, 5, 14)
	s.Set(0, 1, 3)
	s.Set(2, 0, 69)
	data, err := npy.FromSpikes(s).Encode()
	require.NoError(t, err)
	a, err := npy.Parse(data)
	require.NoError(t, err)
	require.IsType(t, []bool{}, a.Data)
	back, err := a.Spikes()
	require.NoError(t, err)
	require.Equal(t, s, back)
	back, err = npy.FromTensor(s.Dense()).Spikes() // of floats, as frameworks have them
	require.NoError(t, err)
	require.Equal(t, s, back)

	for name, bad := range map[string]npy.Array{
		"two spikes":    {Shape: tensor.Shape{1, 1, 2}, Data: []uint8{1, 2}},
		"half a spike":  {Shape: tensor.Shape{1, 1, 2}, Data: []float32{1, 0.5}},
		"not a number":  {Shape: tensor.Shape{1, 1, 1}, Data: []float32{float32(math.NaN())}},
		"no features":   {Shape: tensor.Shape{2, 1}, Data: []bool{true, false}},
		"no neurons":    {Shape: tensor.Shape{2, 1, 0}, Data: []bool{}},
		"negative":      {Shape: tensor.Shape{1, 1, 1}, Data: []int8{-1}},
		"no such shape": {Shape: tensor.Shape{1, 1, 3}, Data: []bool{true}},
	} {
		_, err := bad.Spikes()
		require.Error(t, err, name)
	}
}

func TestBadArrays(t *testing.T) {
	for name, c := range map[string]struct {
		array npy.Array
		is    error
	}{
		"nothing":          {npy.Array{}, npy.ErrUnsupported},
		"text":             {vector([]string{"a"}, 1), npy.ErrUnsupported},
		"ints":             {vector([]int{1}, 1), npy.ErrUnsupported},
		"too few":          {vector([]int8{1}, 2), tensor.ErrShape},
		"negative shape":   {npy.Array{Shape: tensor.Shape{-1, -1}, Data: []int8{1}}, tensor.ErrShape},
		"shape overflows":  {npy.Array{Shape: tensor.Shape{math.MaxInt, 2}, Data: []int8{1}}, tensor.ErrShape},
		"empty, but there": {npy.Array{Shape: tensor.Shape{0}, Data: []int8{1}}, tensor.ErrShape},
	} {
		_, err := c.array.Encode()
		require.ErrorIs(t, err, c.is, name)
		_, err = c.array.Tensor()
		require.ErrorIs(t, err, c.is, name)
	}
	_, err := npy.Array{Shape: make(tensor.Shape, 65), Data: []int8{}}.Encode()
	require.ErrorIs(t, err, npy.ErrFormat)
}
