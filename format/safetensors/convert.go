package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/spikelane/spikelane/internal/half"
	"github.com/spikelane/spikelane/tensor"
)

// Tensor returns a copy of a tensor as float32. F32 keeps its bits, F16 and
// BF16 widen exactly; F64 rounds to the nearest float32, ties to even, to an
// infinity beyond the range. The same bits come out on every machine, NaNs
// included. Errors: [ErrNotFound], and [ErrDType] for all other types.
func (f *File) Tensor(name string) (*tensor.Tensor, error) {
	e, ok := f.entries[name]
	if !ok {
		return nil, fmt.Errorf("%w: %.80q", ErrNotFound, name)
	}
	switch e.DType {
	case DTypeF32, DTypeF16, DTypeBF16, DTypeF64:
	default:
		return nil, fmt.Errorf("%w: tensor %.80q is %s, want F32, F16, BF16 or F64", ErrDType, name, e.DType)
	}
	n, err := e.count(name, 4)
	if err != nil {
		return nil, err
	}
	x := &tensor.Tensor{Shape: slices.Clone(e.Shape), Data: make([]float32, n)}
	switch e.DType {
	case DTypeF32:
		for i := range x.Data {
			x.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(e.Data[4*i:]))
		}
	case DTypeF16:
		for i := range x.Data {
			x.Data[i] = math.Float32frombits(half.Bits(binary.LittleEndian.Uint16(e.Data[2*i:])))
		}
	case DTypeBF16:
		for i := range x.Data {
			x.Data[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(e.Data[2*i:])) << 16)
		}
	case DTypeF64:
		for i := range x.Data {
			x.Data[i] = math.Float32frombits(fromF64(binary.LittleEndian.Uint64(e.Data[8*i:])))
		}
	}
	return x, nil
}

// Int64s returns a copy of a tensor of integers, I8 to I64 or U8 to U64, and
// its shape. Errors: [ErrNotFound], and [ErrDType] for all other types and for
// a U64 above 2^63-1.
func (f *File) Int64s(name string) ([]int64, tensor.Shape, error) {
	e, ok := f.entries[name]
	if !ok {
		return nil, nil, fmt.Errorf("%w: %.80q", ErrNotFound, name)
	}
	var value func(b []byte) int64
	switch e.DType {
	case DTypeI8:
		value = func(b []byte) int64 { return int64(int8(b[0])) }
	case DTypeU8:
		value = func(b []byte) int64 { return int64(b[0]) }
	case DTypeI16:
		value = func(b []byte) int64 { return int64(int16(binary.LittleEndian.Uint16(b))) }
	case DTypeU16:
		value = func(b []byte) int64 { return int64(binary.LittleEndian.Uint16(b)) }
	case DTypeI32:
		value = func(b []byte) int64 { return int64(int32(binary.LittleEndian.Uint32(b))) }
	case DTypeU32:
		value = func(b []byte) int64 { return int64(binary.LittleEndian.Uint32(b)) }
	case DTypeI64, DTypeU64:
		value = func(b []byte) int64 { return int64(binary.LittleEndian.Uint64(b)) }
	default:
		return nil, nil, fmt.Errorf("%w: tensor %.80q is %s, want an integer type", ErrDType, name, e.DType)
	}
	size := e.DType.Size()
	n, err := e.count(name, 8)
	if err != nil {
		return nil, nil, err
	}
	out := make([]int64, n)
	for i := range out {
		out[i] = value(e.Data[i*size:])
		if out[i] < 0 && e.DType == DTypeU64 {
			return nil, nil, fmt.Errorf("%w: tensor %.80q, element %d: the U64 %d does not fit an int64",
				ErrDType, name, i, uint64(out[i]))
		}
	}
	return out, slices.Clone(e.Shape), nil
}

// count is the number of elements, an error if a 32-bit machine cannot hold
// them once each takes size bytes.
func (e Entry) count(name string, size int) (int, error) {
	n := len(e.Data) / e.DType.Size()
	if n > math.MaxInt/size {
		return 0, fmt.Errorf("%w: tensor %.80q of shape %v is too large for this machine", tensor.ErrShape, name, e.Shape)
	}
	return n, nil
}

// fromF64 returns the bits of the nearest float32. NaNs are made here, as amd64
// and arm64 make them: the other machines' conversions give other bits.
func fromF64(b uint64) uint32 {
	v := math.Float64frombits(b)
	if v != v {
		return uint32(b>>32)&0x80000000 | 0x7fc00000 | uint32(b>>29)&0x3fffff
	}
	return math.Float32bits(float32(v))
}
