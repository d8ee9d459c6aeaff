package hdf5

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode/utf8"
)

// dataset writes a dataset's elements and returns the messages of its header.
func (w *writer) dataset(d *Dataset) ([]message, error) {
	dataspace, datatype, raw, err := w.array(d)
	if err != nil {
		return nil, err
	}
	address := uint64(undefined)
	if len(raw) > 0 {
		address = uint64(w.put(raw))
	}
	layout := []byte{3, contiguousLayout}
	layout = le.AppendUint64(layout, address)
	layout = le.AppendUint64(layout, uint64(len(raw)))
	return []message{
		{kind: spaceMessage, body: dataspace},
		{kind: typeMessage, body: datatype},
		// Of version 2: allocated late, written if it is set, which it is not.
		{kind: fillMessage, body: []byte{2, 2, 2, 0}},
		{kind: layoutMessage, body: layout},
	}, nil
}

// attribute returns the message of an attribute, of version 3, which is the one
// that says that the name is UTF-8.
func (w *writer) attribute(name string, d *Dataset) (message, error) {
	m := message{kind: attributeMessage}
	switch {
	case name == "" || strings.Contains(name, "\x00") || !utf8.ValidString(name):
		return m, broken("not a name")
	case d == nil:
		return m, broken("no dataset")
	case len(d.Attributes) > 0:
		return m, broken("it has attributes of its own")
	}
	dataspace, datatype, raw, err := w.array(d)
	if err != nil {
		return m, err
	}
	const utf = 1
	size := 9 + len(name) + 1 + len(datatype) + len(dataspace) + len(raw)
	if align(size) > math.MaxUint16 {
		return m, broken("%d bytes do not fit into an object's header", size)
	}
	b := []byte{3, 0}
	b = le.AppendUint16(b, uint16(len(name)+1))
	b = le.AppendUint16(b, uint16(len(datatype)))
	b = le.AppendUint16(b, uint16(len(dataspace)))
	b = append(b, utf)
	b = append(b, name...)
	b = append(b, 0)
	b = append(b, datatype...)
	b = append(b, dataspace...)
	m.body = append(b, raw...)
	return m, nil
}

// array returns the dataspace, the datatype and the elements of an array as
// they are in the file. Strings are written to the global heap.
func (w *writer) array(d *Dataset) (dataspace, datatype, raw []byte, err error) {
	if len(d.Shape) > maxRank {
		return nil, nil, nil, broken("%d dimensions, at most %d are allowed", len(d.Shape), maxRank)
	}
	dims := make([]uint64, len(d.Shape))
	dataspace = append([]byte{1, byte(len(d.Shape)), 0}, make([]byte, 5)...)
	for i, n := range d.Shape {
		dims[i] = uint64(n)
		dataspace = le.AppendUint64(dataspace, dims[i])
	}
	_, count, err := shape(dims)
	if err != nil {
		return nil, nil, nil, broken("shape %v: %v", d.Shape, err)
	}
	datatype, n := describe(d.Data)
	if datatype == nil {
		return nil, nil, nil, broken("data of type %T", d.Data)
	}
	if n != count {
		return nil, nil, nil, broken("%d elements in shape %v", n, d.Shape)
	}
	if list, ok := d.Data.([]string); ok {
		raw, err = w.strings(list)
	} else {
		raw, err = binary.Append(nil, le, d.Data)
	}
	return dataspace, datatype, raw, err
}

// describe returns the datatype of a slice, and its length; nil if HDF5 has none
// for it here.
func describe(data any) (datatype []byte, n int) {
	switch data := data.(type) {
	case []float32:
		return floatType(4), len(data)
	case []float64:
		return floatType(8), len(data)
	case []int8:
		return integerType(1, true), len(data)
	case []int16:
		return integerType(2, true), len(data)
	case []int32:
		return integerType(4, true), len(data)
	case []int64:
		return integerType(8, true), len(data)
	case []uint8:
		return integerType(1, false), len(data)
	case []uint16:
		return integerType(2, false), len(data)
	case []uint32:
		return integerType(4, false), len(data)
	case []uint64:
		return integerType(8, false), len(data)
	case []bool:
		b := typeHead(enumClass, 2, 1)
		b = append(b, integerType(1, true)...)
		b = append(b, "FALSE\x00\x00\x00TRUE\x00\x00\x00\x00\x00\x01"...)
		return b, len(data)
	case []string:
		const text, zeroTerminatedUTF8 = 1, 1 << 8
		b := typeHead(variableClass, text|zeroTerminatedUTF8, 16)
		return append(b, integerType(1, false)...), len(data)
	}
	return nil, 0
}

// typeHead begins a datatype, of version 1.
func typeHead(class, flags, size int) []byte {
	b := []byte{byte(1<<4 | class), byte(flags), byte(flags >> 8), byte(flags >> 16)}
	return le.AppendUint32(b, uint32(size))
}

func integerType(size int, signed bool) []byte {
	flags := 0
	if signed {
		flags = 8
	}
	b := typeHead(integerClass, flags, size)
	b = le.AppendUint16(b, 0)
	return le.AppendUint16(b, uint16(8*size))
}

func floatType(size int) []byte {
	b := typeHead(floatClass, impliedOne|(8*size-1)<<8, size)
	return append(b, ieee[size]...)
}
