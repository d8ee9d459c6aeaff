package encode

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// ErrRange is wrapped by errors about numbers and options that cannot be coded.
// It wraps [tensor.ErrShape].
var ErrRange error = outOfRange{}

type outOfRange struct{}

func (outOfRange) Error() string { return "out of range" }

func (outOfRange) Unwrap() error { return tensor.ErrShape }

// mostBytes bounds what one call returns.
const mostBytes = 1 << 30

const (
	floatBytes = 4
	wordBytes  = 8 // of spikes
	rowBytes   = 8 // an offset of events
)

// bounded reports an output of more than mostBytes.
func bounded(each int, dims ...int) error {
	left := mostBytes / each
	for _, d := range dims {
		if d < 1 || d > left {
			return fmt.Errorf("%w: an output of %v numbers or rows is over %d bytes; encode it in parts", ErrRange, dims, mostBytes)
		}
		left /= d
	}
	return nil
}

// numbers reports a tensor that is nil, empty or malformed, and numbers that
// are not finite.
func numbers(x *tensor.Tensor) error {
	if x == nil {
		return fmt.Errorf("%w: there is no tensor", tensor.ErrShape)
	}
	if err := x.Shape.Check(); err != nil {
		return err
	}
	if err := x.Check(); err != nil {
		return err
	}
	for i, v := range x.Data {
		if v-v != 0 {
			return fmt.Errorf("%w: number %d of %v is %v, not finite", ErrRange, i, x.Shape, v)
		}
	}
	return nil
}

// samples is the shape of numbers, [B, features...]: how many samples, of how
// many numbers each.
func samples(x *tensor.Tensor) (batch, n int, err error) {
	if err := numbers(x); err != nil {
		return 0, 0, err
	}
	if len(x.Shape) < 2 {
		return 0, 0, fmt.Errorf("%w: numbers of %v are not [samples, features]", tensor.ErrShape, x.Shape)
	}
	return x.Shape[0], x.Shape[1:].Size(), nil
}
