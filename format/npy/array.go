package npy

import (
	"errors"
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

var (
	// ErrFormat is wrapped by errors about bytes that are no NumPy file, and
	// about arrays that cannot be written as one.
	ErrFormat = errors.New("not a valid NumPy file")
	// ErrUnsupported is wrapped by errors about arrays that NumPy can store
	// and this package does not read: objects, text, records, complex numbers.
	ErrUnsupported = errors.New("unsupported kind of array")
	// ErrValue is wrapped when an array cannot be had as the numbers asked for.
	ErrValue = errors.New("unsuitable value")
	// ErrNotFound is wrapped when an archive has no array of the name asked for.
	ErrNotFound = errors.New("no such array")
)

// Array is an array of any type: a slice of numbers, row-major, and its shape.
type Array struct {
	// Shape is empty for a single number; dimensions may be 0.
	Shape tensor.Shape
	// Data is a []bool, []int8 to []int64, []uint8 to []uint64, []float32 or
	// []float64. Halves (f2) are read as []float32.
	Data any
}

// dtype is a type of elements.
type dtype struct {
	code   string // without the byte order
	size   int    // bytes of one
	make   func(n int) any
	length func(data any) (n int, ok bool) // ok if data is a slice of this type
}

func typeOf[T any](code string, size int) dtype {
	return dtype{
		code, size,
		func(n int) any { return make([]T, n) },
		func(data any) (int, bool) { s, ok := data.([]T); return len(s), ok },
	}
}

// dtypes are the types that an [Array] holds.
var dtypes = []dtype{
	typeOf[bool]("b1", 1),
	typeOf[int8]("i1", 1), typeOf[int16]("i2", 2), typeOf[int32]("i4", 4), typeOf[int64]("i8", 8),
	typeOf[uint8]("u1", 1), typeOf[uint16]("u2", 2), typeOf[uint32]("u4", 4), typeOf[uint64]("u8", 8),
	typeOf[float32]("f4", 4), typeOf[float64]("f8", 8),
}

// f2 is read as its bits, which are widened then.
var f2 = typeOf[uint16]("f2", 2)

// check returns the type of the elements, and an error for data of another
// type or that does not fill the shape.
func (a Array) check() (dtype, error) {
	for _, d := range dtypes {
		n, ok := d.length(a.Data)
		if !ok {
			continue
		}
		if want, ok := byteSize(a.Shape, d.size); !ok || want/d.size != n {
			return d, fmt.Errorf("%w: an array of shape %v holds %d numbers", tensor.ErrShape, a.Shape, n)
		}
		return d, nil
	}
	return dtype{}, fmt.Errorf("%w: its data is a %T", ErrUnsupported, a.Data)
}
