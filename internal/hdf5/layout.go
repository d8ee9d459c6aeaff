package hdf5

import "bytes"

// array is what the messages in a header say of an array.
type array struct {
	dataspace
	datatype
	fill    []byte // an element of what was never written; nil for zeros
	filters []filter
}

// bytes is the number of bytes of all elements in the file.
func (a *array) bytes() uint64 { return uint64(a.count) * uint64(a.size) }

// blank makes the bytes of an array that was never written.
func (a *array) blank() []byte {
	raw := make([]byte, a.bytes())
	if len(bytes.Trim(a.fill, "\x00")) == 0 {
		return raw
	}
	for n := copy(raw, a.fill); n < len(raw); n *= 2 {
		copy(raw[n:], raw[:n])
	}
	return raw
}

// Layouts, by their class in the file.
const (
	compactLayout    = 0
	contiguousLayout = 1
	chunkedLayout    = 2
	virtualLayout    = 3
)

// raw gets the bytes of an array's elements, which the layout says the place of.
func (f *file) raw(a *array, layout *cursor) ([]byte, error) {
	if err := f.allow(a.bytes()); err != nil {
		return nil, err
	}
	version, class := layout.u8(), layout.u8()
	if err := layout.err("layout"); err != nil {
		return nil, err
	}
	if version < 3 || version > 5 {
		return nil, unsupported("layout version %d", version)
	}
	switch class {
	case compactLayout:
		return f.compact(a, layout)
	case contiguousLayout:
		return f.contiguous(a, layout)
	case chunkedLayout:
		return f.chunked(a, layout, version)
	case virtualLayout:
		return nil, unsupported("virtual dataset")
	}
	return nil, broken("layout class %d", class)
}

func (f *file) compact(a *array, layout *cursor) ([]byte, error) {
	raw := layout.bytes(layout.u16())
	if err := layout.err("compact data"); err != nil {
		return nil, err
	}
	if uint64(len(raw)) < a.bytes() {
		return nil, broken("%d elements of %d bytes in %d", a.count, a.size, len(raw))
	}
	return raw[:a.bytes()], nil
}

func (f *file) contiguous(a *array, layout *cursor) ([]byte, error) {
	address, size := layout.u64(), layout.u64()
	if err := layout.err("layout"); err != nil {
		return nil, err
	}
	if address == undefined {
		return a.blank(), nil
	}
	if size < a.bytes() {
		return nil, broken("%d elements of %d bytes in %d", a.count, a.size, size)
	}
	return f.at(address, a.bytes())
}
