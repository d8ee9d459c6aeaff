package hdf5

import (
	"math/bits"
	"slices"
	"sort"
)

// heap is a fractal heap: objects in blocks, one after the other in a space of
// offsets. Indirect blocks are tables of blocks, whose size doubles from row to
// row, but that the first two rows are alike. Blocks up to a size hold objects
// ("direct"), those beyond are again tables.
type heap struct {
	*file
	address                uint64
	offsetWidth, sizeWidth int // bytes of an object's offset and size
	columns                uint64
	start, largest         uint64 // bytes of a block of the first row, and of the largest direct one
	checksums              bool   // of direct blocks
	blocks                 []heapBlock
}

// heapBlock is a direct block.
type heapBlock struct {
	offset uint64
	b      []byte
}

// heap reads the blocks of a heap.
func (f *file) heap(address uint64) (*heap, error) {
	head, err := f.signed(address, 9, "FRHP")
	if err != nil {
		return nil, err
	}
	if version := head.u8(); version != 0 {
		return nil, unsupported("heap version %d", version)
	}
	head.skip(2) // bytes of what refers to an object
	if head.u16() != 0 {
		return nil, unsupported("heap with filters")
	}
	c, err := f.checked(address, 146, "FRHP")
	if err != nil {
		return nil, err
	}
	c.skip(5)
	h := &heap{file: f, address: address, checksums: c.u8()&2 != 0}
	longest := uint64(c.u32())
	c.skip(12 * 8) // huge objects, free space, statistics
	h.columns, h.start, h.largest = uint64(c.u16()), c.u64(), c.u64()
	wide := c.u16()
	c.skip(2) // rows at first
	root, rows := c.u64(), c.u16()
	powers := bits.OnesCount64(h.columns) == 1 && bits.OnesCount64(h.start) == 1 && bits.OnesCount64(h.largest) == 1
	if !powers || h.start > h.largest || h.largest > maxBytes || wide > 64 {
		return nil, broken("heap at %d of %d columns, blocks of %d to %d bytes, %d bits", address, h.columns, h.start, h.largest, wide)
	}
	h.offsetWidth = (wide + 7) / 8
	h.sizeWidth = min(width(h.largest-1), width(longest))
	switch {
	case root == undefined:
	case rows == 0:
		err = h.direct(root, h.start, 0)
	default:
		err = h.indirect(root, rows, 0)
	}
	return h, err
}

// object returns what a reference refers to.
func (h *heap) object(reference *cursor) (*cursor, error) {
	if kind := reference.u8() >> 4; kind != 0 { // huge ones, and tiny ones that are in the reference
		return nil, unsupported("object of kind %d in a heap", kind)
	}
	offset, n := reference.uint(h.offsetWidth), reference.uint(h.sizeWidth)
	if err := reference.err("reference to a heap"); err != nil {
		return nil, err
	}
	i := sort.Search(len(h.blocks), func(i int) bool { return h.blocks[i].offset > offset }) - 1
	if i < 0 || offset-h.blocks[i].offset > uint64(len(h.blocks[i].b)) {
		return nil, broken("no block at %d of a heap", offset)
	}
	b := h.blocks[i].b[offset-h.blocks[i].offset:]
	if n > uint64(len(b)) {
		return nil, broken("object of %d bytes in a block of a heap that has %d left", n, len(b))
	}
	return &cursor{b: b[:n]}, h.spend(n)
}

// indirect reads the blocks in a table of some rows.
func (h *heap) indirect(address uint64, rows int, offset uint64) error {
	n := uint64(4+1+8+h.offsetWidth+4) + uint64(rows)*h.columns*8
	c, err := h.checked(address, n, "FHIB")
	if err != nil {
		return err
	}
	if err := h.front(c, offset); err != nil {
		return err
	}
	size := h.start
	for row := range rows {
		if row > 1 {
			size *= 2 // 0 beyond 64 bits, where no file has blocks
		}
		for range h.columns {
			switch child := c.u64(); {
			case child == undefined:
			case size == 0:
				err = broken("heap at %d of more than 64 bits", h.address)
			case size <= h.largest:
				err = h.direct(child, size, offset)
			default:
				// As many rows as make up its size, which is fewer than these.
				err = h.indirect(child, bits.Len64(size/(h.start*h.columns)), offset)
			}
			if err != nil {
				return err
			}
			offset += size
		}
	}
	return nil
}

// direct reads a block with objects.
func (h *heap) direct(address, size, offset uint64) error {
	c, err := h.signed(address, size, "FHDB")
	if err != nil {
		return err
	}
	if err := h.front(c, offset); err != nil {
		return err
	}
	b := h.b[address : address+size]
	if h.checksums {
		// It was taken with zeros in its own place.
		at := len(b) - len(c.b)
		want := c.u32()
		if err := c.err("block of a heap"); err != nil {
			return err
		}
		blank := slices.Clone(b)
		clear(blank[at : at+4])
		if err := h.compare(want, blank); err != nil {
			return broken("block at %d: %v", address, err)
		}
	}
	h.blocks = append(h.blocks, heapBlock{offset, b})
	return nil
}

// front reads what a block begins with: version, heap, offset.
func (h *heap) front(c *cursor, offset uint64) error {
	version, heap, at := c.u8(), c.u64(), c.uint(h.offsetWidth)
	if err := c.err("block of a heap"); err != nil {
		return err
	}
	if version != 0 || heap != h.address || at != offset {
		return broken("block of version %d at %d of the heap at %d, want version 0 at %d of that at %d", version, at, heap, offset, h.address)
	}
	return nil
}
