// Package hdf5 reads and writes the part of HDF5 that NIR files use, with the
// standard library alone.
//
// [Read] takes a file of any version of the library: groups of both styles,
// arrays of numbers, booleans and strings in every layout, deflated, shuffled,
// with Fletcher's checksum, and attributes. [Encode] writes one that every
// version reads. What HDF5 has beyond that (links other than hard ones, compound
// types, LZF and the other filters) is an error that wraps [ErrUnsupported] and
// names the object.
//
// A file may come from anywhere: it never causes a panic, and takes no more
// memory and time than its size allows. Nothing is allocated from a number in
// it before that is checked against the bytes that are there.
//
// The format is described in the HDF5 File Format Specification, version 3.0.
package hdf5

import (
	"errors"
	"fmt"
)

// ErrFormat is wrapped by errors about files that are damaged, or not HDF5, and
// about content that cannot be written as one; ErrUnsupported by those about
// parts of HDF5 that this package does not know.
var (
	ErrFormat      = errors.New("not a valid HDF5 file")
	ErrUnsupported = errors.New("unsupported HDF5 feature")
)

// Node is a [*Group] or a [*Dataset].
type Node interface{ node() }

// Group holds nodes by their names.
type Group struct {
	Attributes map[string]*Dataset // without attributes of their own; nil if there are none
	Members    map[string]Node
}

// Dataset is an array, row-major.
type Dataset struct {
	Attributes map[string]*Dataset // as a group's
	Shape      []int               // nil of a scalar
	// Data is a slice of float32, float64, int8 to int64, uint8 to uint64, bool
	// (HDF5's enum of FALSE and TRUE) or string, or of lists of numbers of
	// different lengths, as float64.
	Data any
}

func (*Group) node()   {}
func (*Dataset) node() {}

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}

// Floats are the numbers of an array as float64; whole numbers of more than 53
// bits are an error.
func (d *Dataset) Floats() ([]float64, error) {
	switch data := d.Data.(type) {
	case []bool:
		out := make([]float64, len(data))
		for i, b := range data {
			if b {
				out[i] = 1
			}
		}
		return out, nil
	case []string, [][]float64:
		return nil, broken("an array of %T, not of numbers", data)
	}
	out := widened(d.Data)
	for i, v := range out {
		if _, whole := d.Data.([]float64); !whole && (v > 1<<53 || v < -1<<53) {
			return nil, unsupported("number %d is %v, of over 53 bits", i, v)
		}
	}
	return out, nil
}
