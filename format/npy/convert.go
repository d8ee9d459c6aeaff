package npy

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// number is a type of elements but for booleans.
type number interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64 | float32 | float64
}

// Tensor returns the numbers as float32; true is 1. A number that is not
// finite, or that no float32 is equal to (0.1 as a float64, 2^24+1), is an
// error that wraps [ErrValue]: signals and weights have neither.
func (a Array) Tensor() (*tensor.Tensor, error) { return a.tensor(true) }

// Rounded is [Array.Tensor] but for numbers between two float32: it returns the
// nearest, ties to even. A number beyond the range of float32 is an error.
func (a Array) Rounded() (*tensor.Tensor, error) { return a.tensor(false) }

func (a Array) tensor(exact bool) (*tensor.Tensor, error) {
	if _, err := a.check(); err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	var data []float32
	var err error
	switch d := a.Data.(type) {
	case []bool:
		data = make([]float32, len(d))
		for i, v := range d {
			if v {
				data[i] = 1
			}
		}
	case []int8:
		data, err = floats(d, exact)
	case []int16:
		data, err = floats(d, exact)
	case []int32:
		data, err = floats(d, exact)
	case []int64:
		data, err = floats(d, exact)
	case []uint8:
		data, err = floats(d, exact)
	case []uint16:
		data, err = floats(d, exact)
	case []uint32:
		data, err = floats(d, exact)
	case []uint64:
		data, err = floats(d, exact)
	case []float32:
		data, err = floats(d, exact)
	case []float64:
		data, err = floats(d, exact)
	}
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return tensor.Of(data, slices.Clone(a.Shape)...), nil
}

// floats are numbers as float32.
func floats[T number](numbers []T, exact bool) ([]float32, error) {
	data := make([]float32, len(numbers))
	for i, v := range numbers {
		data[i] = float32(v)
		if wide := float64(data[i]); math.IsNaN(wide) || math.IsInf(wide, 0) {
			return nil, fmt.Errorf("%w: element %d, %v, is no finite float32", ErrValue, i, v)
		}
		if exact && !fits(v) {
			return nil, fmt.Errorf("%w: element %d, %v, lies between two float32", ErrValue, i, v)
		}
	}
	return data, nil
}

// fits reports whether a finite number within the range of float32 is one.
func fits[T number](v T) bool {
	if half := 0.5; T(half) != 0 { // floats have it, integers do not
		return float64(float32(v)) == float64(v)
	}
	size := uint64(v)
	if v < 0 {
		size = -size
	}
	return bits.Len64(size)-bits.TrailingZeros64(size) <= 24
}

// Spikes returns the array as spikes: [T, B, features...], of zeros and ones or
// truth values. Any other number, or a shape of fewer than three dimensions or
// without any neurons, is an error.
func (a Array) Spikes() (*tensor.Spikes, error) {
	x, err := a.Tensor()
	if err != nil {
		return nil, err
	}
	if len(x.Shape) < 3 || x.Shape[2:].Check() != nil {
		return nil, fmt.Errorf("npy: %w: spikes of shape %v, not [T, B, features...]", tensor.ErrShape, x.Shape)
	}
	for i, v := range x.Data {
		if v != 0 && v != 1 {
			return nil, fmt.Errorf("npy: %w: element %d, %v, is neither a spike nor none", ErrValue, i, v)
		}
	}
	return tensor.SpikesOf(x), nil
}

// FromTensor is an array of float32, which shares its numbers with x.
func FromTensor(x *tensor.Tensor) Array { return Array{x.Shape, x.Data} }

// FromSpikes is an array of truth values, [T, B, features...].
func FromSpikes(s *tensor.Spikes) Array {
	x := s.Dense()
	spikes := make([]bool, len(x.Data))
	for i, v := range x.Data {
		spikes[i] = v != 0
	}
	return Array{x.Shape, spikes}
}
