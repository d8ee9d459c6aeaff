package statedict_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/tensor"
)

// convert_pt.py keeps names, shapes, types and numbers, whatever the layout in
// memory, and refuses what is no dict of tensors without running it.
func TestConvert(t *testing.T) {
	dir := t.TempDir()
	out := python.Run(t, "testdata/checkpoints.py", dir)
	data, err := os.ReadFile(filepath.Join(dir, "every.safetensors"))
	require.NoError(t, err)
	f, err := safetensors.Read(data)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		dtype safetensors.DType
		shape tensor.Shape
		want  []float32
	}{
		"float64":   {safetensors.DTypeF64, tensor.Shape{2, 3}, []float32{0, 1, 2, 3, 4, 5}},
		"float32":   {safetensors.DTypeF32, tensor.Shape{2, 3}, []float32{0, 1, 2, 3, 4, 5}},
		"float16":   {safetensors.DTypeF16, tensor.Shape{2, 3}, []float32{0, 1, 2, 3, 4, 5}},
		"bfloat16":  {safetensors.DTypeBF16, tensor.Shape{2, 3}, []float32{0, 1, 2, 3, 4, 5}},
		"columns":   {safetensors.DTypeF32, tensor.Shape{3, 2}, []float32{0, 3, 1, 4, 2, 5}},
		"tied":      {safetensors.DTypeF32, tensor.Shape{3, 2}, []float32{0, 3, 1, 4, 2, 5}},
		"slice":     {safetensors.DTypeF32, tensor.Shape{2, 2}, []float32{1, 2, 4, 5}},
		"number":    {safetensors.DTypeF32, tensor.Shape{}, []float32{2.5}},
		"empty":     {safetensors.DTypeF32, tensor.Shape{0, 3}, []float32{}},
		"parameter": {safetensors.DTypeF32, tensor.Shape{2}, []float32{1, 1}},
	} {
		e, ok := f.Entry(name)
		require.True(t, ok, name)
		require.Equal(t, c.dtype, e.DType, name)
		x, err := f.Tensor(name)
		require.NoError(t, err, name)
		require.Equal(t, tensor.Of(c.want, c.shape...), x, name)
	}
	for name, dtype := range map[string]safetensors.DType{
		"int64": safetensors.DTypeI64, "int32": safetensors.DTypeI32, "int16": safetensors.DTypeI16, "int8": safetensors.DTypeI8, "uint8": safetensors.DTypeU8,
	} {
		e, _ := f.Entry(name)
		require.Equal(t, dtype, e.DType, name)
		whole, _, err := f.Int64s(name)
		require.NoError(t, err, name)
		require.Equal(t, []int64{0, 1, 2, 3, 4, 5}, whole, name)
	}
	truth, _ := f.Entry("bool")
	require.Equal(t, safetensors.Entry{DType: safetensors.DTypeBool, Shape: tensor.Shape{2, 3}, Data: []byte{0, 1, 1, 1, 1, 1}}, truth)

	data, err = os.ReadFile(filepath.Join(dir, "key.safetensors"))
	require.NoError(t, err)
	f, err = safetensors.Read(data)
	require.NoError(t, err)
	w, _, err := f.Int64s("w")
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2, 3, 4, 5, 6}, w)

	for _, name := range []string{"module", "harm", "list", "empty", "mixed", "two", "complex", "sparse"} {
		require.Contains(t, out, name+" refused: ")
	}
	require.NotContains(t, out, "left a file")
	require.NoFileExists(t, filepath.Join(dir, "harm"))
}
