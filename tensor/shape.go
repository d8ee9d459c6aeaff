package tensor

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ErrShape is wrapped by every error about sizes that do not fit.
var ErrShape = errors.New("shape mismatch")

// Shape is the size of each dimension, outermost first. The empty shape is a
// single number.
type Shape []int

// Size is the number of elements, the product of the dimensions.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// Equal reports whether both have the same dimensions.
func (s Shape) Equal(o Shape) bool { return slices.Equal(s, o) }

// Check reports a dimension below 1, or a size that an int32 cannot count:
// feature indices are int32 everywhere.
func (s Shape) Check() error {
	n := 1
	for _, d := range s {
		if d < 1 {
			return fmt.Errorf("%w: shape %v has a dimension below 1", ErrShape, s)
		}
		if d > math.MaxInt32/n {
			return fmt.Errorf("%w: shape %v has more than 2^31-1 elements", ErrShape, s)
		}
		n *= d
	}
	return nil
}
