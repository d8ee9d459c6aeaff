// Package hdf5 reads and writes the part of HDF5 that NIR files use, with the
// standard library alone.
package hdf5

import "errors"

// ErrFormat is wrapped by errors about files that are damaged, or not HDF5;
// ErrUnsupported by those about parts of HDF5 that this package does not know.
var (
	ErrFormat      = errors.New("not a valid HDF5 file")
	ErrUnsupported = errors.New("unsupported HDF5 feature")
)

// Node is a [*Group] or a [*Dataset].
type Node interface{ node() }

// Group holds nodes by their names.
type Group struct {
	Attributes map[string]*Dataset // without attributes of their own
	Members    map[string]Node
}

// Dataset is an array, row-major.
type Dataset struct {
	Attributes map[string]*Dataset
	Shape      []int // nil of a scalar
	// Data is a slice of float32, float64, int8 to int64, uint8 to uint64, bool
	// (HDF5's enum of FALSE and TRUE) or string.
	Data any
}

func (*Group) node()   {}
func (*Dataset) node() {}
