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

// Size is the number of elements, the product of the dimensions. It is wrong if
// that overflows: what comes from outside is checked with [Shape.Check] first.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// count is the number of elements, or false if there can be none or too many.
func (s Shape) count() (n int, ok bool) {
	n = 1
	for _, d := range s {
		if d < 0 || d > 0 && n > math.MaxInt/d {
			return 0, false
		}
		n *= d
	}
	return n, true
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
