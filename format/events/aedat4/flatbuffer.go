package aedat4

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// errBuffer is the error of a FlatBuffer whose offsets lead out of it.
var errBuffer = errors.New("a damaged FlatBuffer")

// buffer is a FlatBuffer. Every look into it is checked.
type buffer []byte

// at is where n bytes at a place are, if they are there.
func (b buffer) at(place, n int64) ([]byte, error) {
	if place < 0 || n < 0 || place > int64(len(b))-n {
		return nil, errBuffer
	}
	return b[place : place+n], nil
}

func (b buffer) uint32(place int64) (int64, error) {
	v, err := b.at(place, 4)
	if err != nil {
		return 0, err
	}
	return int64(binary.LittleEndian.Uint32(v)), nil
}

// root is where the table is of a buffer with this identifier.
func (b buffer) root(identifier string) (int64, error) {
	name, err := b.at(4, 4)
	if err != nil {
		return 0, err
	}
	if string(name) != identifier {
		return 0, fmt.Errorf("%w: it is %q, not %s", errBuffer, name, identifier)
	}
	return b.uint32(0)
}

// field is where field i of a table is, or 0 if it has none: the default.
func (b buffer) field(table, i int64) (int64, error) {
	back, err := b.uint32(table)
	if err != nil {
		return 0, err
	}
	fields := table - int64(int32(back))
	size, err := b.at(fields, 2)
	if err != nil {
		return 0, err
	}
	if 4+2*i+2 > int64(binary.LittleEndian.Uint16(size)) {
		return 0, nil
	}
	offset, err := b.at(fields+4+2*i, 2)
	if err != nil {
		return 0, err
	}
	if o := int64(binary.LittleEndian.Uint16(offset)); o > 0 {
		return table + o, nil
	}
	return 0, nil
}

// vector is field i of a table, with elements of some size; nil if it is not
// there.
func (b buffer) vector(table, i, size int64) ([]byte, error) {
	place, err := b.field(table, i)
	if err != nil || place == 0 {
		return nil, err
	}
	offset, err := b.uint32(place)
	if err != nil {
		return nil, err
	}
	n, err := b.uint32(place + offset)
	if err != nil {
		return nil, err
	}
	return b.at(place+offset+4, n*size)
}

// eventStructs are the events of an unpacked packet, 16 bytes each.
func eventStructs(packet []byte) ([]byte, error) {
	if len(packet) < 4 {
		return nil, errBuffer
	}
	b := buffer(packet[4:])
	root, err := b.root("EVTS")
	if err != nil {
		return nil, err
	}
	return b.vector(root, 0, eventSize)
}
