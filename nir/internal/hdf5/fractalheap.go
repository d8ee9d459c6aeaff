package hdf5

import "math/bits"

// heap is a fractal heap: objects in blocks, which double in size from row to
// row of a table.
type heap struct {
	*file
	offsetSize, lengthSize int
	columns                uint64
	start, largest         uint64 // bytes of a block in the first row, and of one that holds objects
	root                   uint64
	rows                   int // of the root; 0 if that holds objects itself
}

// Kinds of objects in a heap, in the first byte of their names.
const (
	managedObject = 0
	hugeObject    = 1
	tinyObject    = 2
)

// heap reads the header of a heap.
func (f *file) heap(address uint64) (*heap, error) {
	const size = 146
	c, err := f.checked(address, size, "FRHP")
	if err != nil {
		return nil, err
	}
	if version := c.u8(); version != 0 {
		return nil, unsupported("heap version %d", version)
	}
	c.skip(2) // bytes of a name
	if c.u16() != 0 {
		return nil, unsupported("heap with filters")
	}
	c.skip(1)
	longest := uint64(c.u32())
	c.skip(12 * 8) // huge objects, free space, statistics
	h := &heap{file: f, columns: uint64(c.u16()), start: c.u64(), largest: c.u64()}
	wide := c.u16()
	c.skip(2) // rows at first
	h.root, h.rows = c.u64(), c.u16()
	if err := c.err("heap"); err != nil {
		return nil, err
	}
	powers := bits.OnesCount64(h.columns) == 1 && bits.OnesCount64(h.start) == 1 && bits.OnesCount64(h.largest) == 1
	if !powers || h.start > h.largest || h.largest > maxBytes || h.columns > maxBytes || wide == 0 || wide > 64 || h.rows > 64 {
		return nil, broken("heap at %d of %d columns, blocks of %d to %d bytes, %d bits, %d rows", address, h.columns, h.start, h.largest, wide, h.rows)
	}
	h.offsetSize = (wide + 7) / 8
	h.lengthSize = min(width(h.largest), width(max(longest, 1)))
	return h, nil
}

// object returns what a name refers to.
func (h *heap) object(name *cursor) (*cursor, error) {
	first := name.u8()
	switch kind := first >> 4 & 3; kind {
	case managedObject:
	case tinyObject:
		b := name.bytes(first&15 + 1)
		return &cursor{b: b}, name.err("name in a heap")
	default:
		return nil, unsupported("object of kind %d in a heap", kind)
	}
	offset, n := name.uint(h.offsetSize), name.uint(h.lengthSize)
	if err := name.err("name in a heap"); err != nil {
		return nil, err
	}
	address, left, err := h.find(h.root, h.rows, offset)
	if err != nil {
		return nil, err
	}
	if n > left {
		return nil, broken("object of %d bytes in a block of a heap that has %d left", n, left)
	}
	b, err := h.at(address, n)
	return &cursor{b: b}, err
}

// find returns the address of a byte below a block of some rows, and how many
// follow in its block.
func (h *heap) find(address uint64, rows int, offset uint64) (place, left uint64, err error) {
	if rows == 0 {
		if offset >= h.start {
			return 0, 0, broken("byte %d of a heap with %d", offset, h.start)
		}
		return address + offset, h.start - offset, nil
	}
	for {
		row, size, column, rest := h.locate(offset)
		if row >= rows {
			return 0, 0, broken("byte of row %d of a heap with %d", row, rows)
		}
		head := 4 + 1 + 8 + uint64(h.offsetSize)
		c, err := h.signed(address, head+8*(uint64(row)*h.columns+column+1), "FHIB")
		if err != nil {
			return 0, 0, err
		}
		c.skip(len(c.b) - 8)
		if address = c.u64(); address == undefined {
			return 0, 0, broken("object in a block of a heap that is stored nowhere")
		}
		if size <= h.largest {
			return address + rest, size - rest, nil
		}
		offset, rows = rest, bits.Len64(size/(h.start*h.columns)) // as many rows as fill it
	}
}

// locate returns the row of a byte, the size of the blocks in it, the column,
// and the place within the block. The first two rows have blocks of one size.
func (h *heap) locate(offset uint64) (row int, size, column, rest uint64) {
	first := h.start * h.columns // bytes of the first row, and of all before a row that they double to
	size = h.start
	if offset >= first {
		row = bits.Len64(offset / first)
		size <<= row - 1
		offset -= first << (row - 1)
	}
	return row, size, offset / size, offset % size
}
