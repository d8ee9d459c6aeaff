package nir

import (
	"fmt"
	"math"
	"reflect"

	"github.com/spikelane/spikelane/tensor"
)

// Array is a value of a file: numbers or texts of one type, row-major. What is
// read is written back with the same type and the same bits.
type Array struct {
	Shape tensor.Shape // empty for a single value
	// Data is a slice of float32, float64, int8 to int64, uint8 to uint64, bool
	// or string. It is nil where a file has no such value.
	Data any
}

// Element is a type that files have values of.
type Element interface {
	float32 | float64 | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | bool | string
}

// Of returns an array of the given shape over data, which it keeps; without a
// shape it has one dimension.
func Of[T Element](data []T, shape ...int) Array {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	return Array{shape, data}
}

// One returns a single value.
func One[T Element](value T) Array { return Array{tensor.Shape{}, []T{value}} }

// IsZero reports whether there is no value.
func (a Array) IsZero() bool { return a.Data == nil }

// Len is the number of elements.
func (a Array) Len() int {
	if a.Data == nil {
		return 0
	}
	return reflect.ValueOf(a.Data).Len()
}

// Type is the type of the elements in Go: "float32", "int64", "string".
func (a Array) Type() string {
	if a.Data == nil {
		return "none"
	}
	return reflect.TypeOf(a.Data).Elem().String()
}

// Floats returns the numbers, of whatever type; it is nil for texts. (Of
// integers beyond 2^53 it returns the nearest.)
func (a Array) Floats() []float64 {
	switch data := a.Data.(type) {
	case []float64:
		return append([]float64(nil), data...)
	case []float32:
		return widened(data)
	case []int8:
		return widened(data)
	case []int16:
		return widened(data)
	case []int32:
		return widened(data)
	case []int64:
		return widened(data)
	case []uint8:
		return widened(data)
	case []uint16:
		return widened(data)
	case []uint32:
		return widened(data)
	case []uint64:
		return widened(data)
	case []bool:
		out := make([]float64, len(data))
		for i, v := range data {
			if v {
				out[i] = 1
			}
		}
		return out
	}
	return nil
}

func widened[T float32 | int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64](data []T) []float64 {
	out := make([]float64, len(data))
	for i, v := range data {
		out[i] = float64(v)
	}
	return out
}

// Text returns a single text.
func (a Array) Text() (text string, ok bool) {
	data, ok := a.Data.([]string)
	if !ok || len(data) != 1 || len(a.Shape) != 0 {
		return "", false
	}
	return data[0], true
}

// maxInts bounds the dimensions of a shape before they are looked at.
const maxInts = 64

// ints returns whole numbers, as sizes and shapes are.
func (a Array) ints() ([]int, error) {
	if a.Len() > maxInts {
		return nil, fmt.Errorf("%w: it holds %d numbers, sizes and shapes are of a few", ErrFormat, a.Len())
	}
	numbers := a.Floats()
	if numbers == nil {
		return nil, fmt.Errorf("%w: it is of type %s, not whole numbers", ErrFormat, a.Type())
	}
	out := make([]int, len(numbers))
	for i, v := range numbers {
		if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
			return nil, fmt.Errorf("%w: it holds %v, not a whole number of 32 bits", ErrFormat, v)
		}
		out[i] = int(v)
	}
	return out, nil
}

// shape returns whole numbers as the shape of a signal.
func (a Array) shape() (tensor.Shape, error) {
	n, err := a.ints()
	if err != nil {
		return nil, err
	}
	s := append(tensor.Shape{}, n...)
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return s, nil
}

// pair returns one or two whole numbers as two.
func (a Array) pair() (p [2]int, err error) {
	n, err := a.ints()
	switch {
	case err != nil:
		return p, err
	case len(n) == 1:
		return [2]int{n[0], n[0]}, nil
	case len(n) == 2:
		return [2]int(n), nil
	}
	return p, fmt.Errorf("%w: it holds %d numbers, not one or two", ErrFormat, len(n))
}

// check reports data of a strange type, or a length that is not the shape's.
func (a Array) check() error {
	switch a.Data.(type) {
	case []float32, []float64, []int8, []int16, []int32, []int64, []uint8, []uint16, []uint32, []uint64, []bool, []string:
	default:
		return fmt.Errorf("%w: a value of type %T", ErrFormat, a.Data)
	}
	size := 1
	for _, d := range a.Shape {
		if d < 0 || d > 0 && size > math.MaxInt32/d {
			return fmt.Errorf("%w: a value of shape %v", ErrFormat, a.Shape)
		}
		size *= d
	}
	if size != a.Len() {
		return fmt.Errorf("%w: a value of shape %v holds %d elements", ErrFormat, a.Shape, a.Len())
	}
	return nil
}

// sizes is a shape, as files hold it.
func sizes(s tensor.Shape) Array {
	data := make([]int64, len(s))
	for i, d := range s {
		data[i] = int64(d)
	}
	return Of(data)
}
