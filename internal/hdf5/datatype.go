package hdf5

import (
	"bytes"
	"encoding/binary"
)

// kind is what elements are.
type kind int

const (
	signedInteger kind = iota
	unsignedInteger
	float
	boolean
	fixedString    // of the element's size, padded
	variableString // of a size each, in a global heap
	sequence       // of numbers, of a length each, in a global heap
)

// datatype is what an element is, and how it is stored.
type datatype struct {
	kind    kind
	size    int              // bytes of an element
	order   binary.ByteOrder // of numbers
	padding int              // of a fixed string: one of the following
	base    *datatype        // of the numbers of a sequence
}

const (
	zeroTerminated = iota
	zeroPadded
	spacePadded
)

// Classes of datatypes in the file.
const (
	integerClass  = 0
	floatClass    = 1
	stringClass   = 3
	enumClass     = 8
	variableClass = 9
)

var otherClasses = map[int]string{
	2: "time", 4: "bit field", 5: "opaque", 6: "compound", 7: "reference", 10: "array", 11: "complex",
}

func (c *cursor) datatype() (datatype, error) {
	head, flags, size := c.u8(), int(c.uint(3)), c.u32()
	if err := c.err("datatype"); err != nil {
		return datatype{}, err
	}
	version, class := head>>4, head&15
	if version == 0 || version > 5 {
		return datatype{}, unsupported("datatype version %d", version)
	}
	if size == 0 || size > maxBytes {
		return datatype{}, broken("elements of %d bytes", size)
	}
	t := datatype{size: int(size), order: binary.LittleEndian}
	if flags&1 != 0 && class <= floatClass {
		t.order = binary.BigEndian
	}
	switch class {
	case integerClass:
		return t.integer(c, flags)
	case floatClass:
		return t.float(c, flags)
	case stringClass:
		t.kind, t.padding = fixedString, flags&15
		if t.padding > spacePadded {
			return t, broken("padding %d of strings", t.padding)
		}
		return t, nil
	case enumClass:
		return t.enum(c, version, flags&0xffff)
	case variableClass:
		return t.variable(c, flags&15)
	}
	if name, ok := otherClasses[class]; ok {
		return t, unsupported("%s datatype", name)
	}
	return t, unsupported("datatype class %d", class)
}

// variable reads the type of elements in a global heap: strings, or sequences of
// numbers.
func (t datatype) variable(c *cursor, of int) (datatype, error) {
	if t.size != 16 {
		return t, broken("elements of variable length of %d bytes, want 16", t.size)
	}
	if of == 1 {
		t.kind = variableString
		return t, nil
	}
	base, err := c.datatype()
	if err != nil {
		return t, err
	}
	if of != 0 || base.kind > float {
		return t, unsupported("variable-length sequences other than of numbers, and strings")
	}
	t.kind, t.base = sequence, &base
	return t, nil
}

func (t datatype) integer(c *cursor, flags int) (datatype, error) {
	if flags&8 == 0 {
		t.kind = unsignedInteger
	}
	offset, precision := c.u16(), c.u16()
	if err := c.err("datatype"); err != nil {
		return t, err
	}
	switch t.size {
	case 1, 2, 4, 8:
		if offset == 0 && precision == 8*t.size {
			return t, nil
		}
	}
	return t, unsupported("integers of %d bits in %d bytes", precision, t.size)
}

// ieee is what the properties of a float are in the file, by its size: offset,
// precision, exponent's and mantissa's place and size, bias of the exponent.
var ieee = map[int]string{
	2: "\x00\x00\x10\x00\x0a\x05\x00\x0a\x0f\x00\x00\x00",
	4: "\x00\x00\x20\x00\x17\x08\x00\x17\x7f\x00\x00\x00",
	8: "\x00\x00\x40\x00\x34\x0b\x00\x34\xff\x03\x00\x00",
}

// impliedOne says of a float that the mantissa's first bit is not stored.
const impliedOne = 2 << 4

func (t datatype) float(c *cursor, flags int) (datatype, error) {
	t.kind = float
	properties := c.bytes(12)
	if err := c.err("datatype"); err != nil {
		return t, err
	}
	sign := 8*t.size - 1
	if string(properties) != ieee[t.size] || flags&0x70 != impliedOne || flags>>8 != sign {
		return t, unsupported("floats of %d bytes that are not IEEE's", t.size)
	}
	return t, nil
}

// enum reads a type of named integers: a boolean if they are FALSE and TRUE,
// else the integers.
func (t datatype) enum(c *cursor, version, members int) (datatype, error) {
	base, err := c.datatype()
	if err != nil {
		return t, err
	}
	if base.kind > unsignedInteger || base.size != t.size {
		return t, broken("enum of %d bytes that are not integers", t.size)
	}
	if members != 2 || t.size != 1 {
		return base, nil
	}
	var names [2]string
	for i := range names {
		names[i] = c.name(version < 3)
	}
	values := c.bytes(2)
	if err := c.err("enum"); err != nil {
		return t, err
	}
	if names == [2]string{"FALSE", "TRUE"} && string(values) == "\x00\x01" {
		t.kind = boolean
		return t, nil
	}
	return base, nil
}

// name takes a string that ends with a zero byte, and with more of them up to a
// multiple of 8 if it is padded.
func (c *cursor) name(padded bool) string {
	end := bytes.IndexByte(c.b, 0)
	if end < 0 {
		c.b, c.short = nil, true
		return ""
	}
	name := string(c.b[:end])
	n := end + 1
	if padded {
		n = align(n)
	}
	c.skip(n)
	return name
}

// align rounds up to a multiple of 8.
func align(n int) int { return (n + 7) &^ 7 }
