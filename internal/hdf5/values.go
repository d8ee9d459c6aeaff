package hdf5

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/spikelane/spikelane/internal/half"
)

// values makes n elements out of their bytes in the file.
func (f *file) values(t datatype, raw []byte, n int) (any, error) {
	switch t.kind {
	case boolean:
		return booleans(raw)
	case fixedString, variableString:
		return f.strings(t, raw, n)
	case sequence:
		return f.sequences(t, raw, n)
	case float:
		switch t.size {
		case 2:
			return f.halves(numbers[uint16](t, raw, n))
		case 4:
			if t.order == binary.LittleEndian {
				return singles(raw, n), nil
			}
			return numbers[float32](t, raw, n), nil
		}
		return numbers[float64](t, raw, n), nil
	case signedInteger:
		switch t.size {
		case 1:
			return numbers[int8](t, raw, n), nil
		case 2:
			return numbers[int16](t, raw, n), nil
		case 4:
			return numbers[int32](t, raw, n), nil
		}
		return numbers[int64](t, raw, n), nil
	}
	switch t.size {
	case 1:
		return numbers[uint8](t, raw, n), nil
	case 2:
		return numbers[uint16](t, raw, n), nil
	case 4:
		return numbers[uint32](t, raw, n), nil
	}
	return numbers[uint64](t, raw, n), nil
}

func numbers[T any](t datatype, raw []byte, n int) []T {
	data := make([]T, n)
	if _, err := binary.Decode(raw, t.order, data); err != nil {
		panic("hdf5: too few bytes for the elements of an array") // their number was checked
	}
	return data
}

// singles does for weights, which files mostly consist of, what numbers does, in
// about half the time.
func singles(raw []byte, n int) []float32 {
	data := make([]float32, n)
	for i := range data {
		data[i] = math.Float32frombits(le.Uint32(raw[4*i:]))
	}
	return data
}

// halves widens floats of two bytes, exactly.
func (f *file) halves(raw []uint16) ([]float32, error) {
	if err := f.allow(2 * uint64(len(raw))); err != nil {
		return nil, err
	}
	return half.Widen(raw), nil
}

func booleans(raw []byte) ([]bool, error) {
	data := make([]bool, len(raw))
	for i, b := range raw {
		if b > 1 {
			return nil, broken("element %d is %d, want FALSE (0) or TRUE (1)", i, b)
		}
		data[i] = b == 1
	}
	return data, nil
}

// stringCost is what a string takes beside its bytes.
const stringCost = 16

func (f *file) strings(t datatype, raw []byte, n int) ([]string, error) {
	if err := f.allow(stringCost * uint64(n)); err != nil {
		return nil, err
	}
	data := make([]string, n)
	for i := range data {
		b := raw[i*t.size : (i+1)*t.size]
		if t.kind == variableString {
			var err error
			if b, err = f.variable(b); err != nil {
				return nil, err
			}
		} else {
			b = trim(b, t.padding)
		}
		if err := f.allow(uint64(len(b))); err != nil {
			return nil, err
		}
		data[i] = string(b)
	}
	return data, nil
}

// sequences are numbers in a global heap, each as many as there are.
func (f *file) sequences(t datatype, raw []byte, n int) ([][]float64, error) {
	if err := f.allow(stringCost * uint64(n)); err != nil {
		return nil, err
	}
	data := make([][]float64, n)
	for i := range data {
		b, count, err := f.object(raw[i*t.size : (i+1)*t.size])
		if err != nil {
			return nil, err
		}
		if uint64(count)*uint64(t.base.size) > uint64(len(b)) {
			return nil, broken("a sequence of %d numbers of %d bytes, in %d bytes", count, t.base.size, len(b))
		}
		if err := f.allow(8 * uint64(count)); err != nil {
			return nil, err
		}
		one, err := f.values(*t.base, b[:int(count)*t.base.size], int(count))
		if err != nil {
			return nil, err
		}
		data[i] = widened(one)
	}
	return data, nil
}

// widened are numbers as float64.
func widened(data any) []float64 {
	switch data := data.(type) {
	case []int8:
		return wide(data)
	case []int16:
		return wide(data)
	case []int32:
		return wide(data)
	case []int64:
		return wide(data)
	case []uint8:
		return wide(data)
	case []uint16:
		return wide(data)
	case []uint32:
		return wide(data)
	case []uint64:
		return wide(data)
	case []float32:
		return wide(data)
	}
	return data.([]float64)
}

func wide[T int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32](data []T) []float64 {
	out := make([]float64, len(data))
	for i, v := range data {
		out[i] = float64(v)
	}
	return out
}

// trim takes the padding off a string of fixed size.
func trim(b []byte, padding int) []byte {
	switch padding {
	case zeroPadded:
		return bytes.TrimRight(b, "\x00")
	case spacePadded:
		return bytes.TrimRight(b, " ")
	}
	return untilZero(b)
}

func untilZero(b []byte) []byte {
	if end := bytes.IndexByte(b, 0); end >= 0 {
		return b[:end]
	}
	return b
}
