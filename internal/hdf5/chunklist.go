package hdf5

// chunkList is an array of where chunks are. It may have gaps, of chunks that
// were never written.
type chunkList struct {
	*chunks
	header   uint64 // the address of the list itself, which its blocks repeat
	slowest  int    // dimension, in the numbering of chunks
	filtered bool
	width    int // bytes of an entry
	page     uint64
}

// parse reads what the headers of lists begin with.
func (l *chunkList) parse(head *cursor) error {
	if version := head.u8(); version != 0 {
		return unsupported("version %d of a list of chunks", version)
	}
	l.filtered, l.width = head.u8() == 1, head.u8()
	if l.width < 8 || l.filtered && (l.width < 8+1+4 || l.width > 8+8+4) {
		return broken("list of chunks at %d with entries of %d bytes", l.header, l.width)
	}
	return nil
}

// pages sets the number of entries in a page, 2^log.
func (l *chunkList) pages(log int) error {
	if log > 30 {
		return broken("list of chunks at %d with pages of 2^%d entries", l.header, log)
	}
	l.page = 1 << log
	return nil
}

// front is what every block of a list begins with: its signature, version, kind
// and the address of the list.
const front = 4 + 1 + 1 + 8

// block returns a cursor on a block, behind its front, that has n more bytes
// before its checksum.
func (l *chunkList) block(address, n uint64, signature string) (*cursor, error) {
	if n > uint64(len(l.b)) {
		return nil, broken("%s block of %d bytes at %d, the file has %d", signature, n, address, len(l.b))
	}
	c, err := l.checked(address, front+n+4, signature)
	if err != nil {
		return nil, err
	}
	if version := c.u8(); version != 0 {
		return nil, unsupported("version %d of a list of chunks", version)
	}
	c.skip(1)
	if list := c.u64(); list != l.header {
		return nil, broken("%s block at %d is of the list at %d, not of that at %d", signature, address, list, l.header)
	}
	return c, nil
}

// entries reads the chunks that entries tell of, the first of which has that
// number.
func (l *chunkList) entries(c *cursor, first uint64) error {
	for i := first; len(c.b) >= l.width; i++ {
		entry := cursor{b: c.bytes(l.width)}
		address, size, skip := entry.u64(), uint64(l.size), uint32(0)
		if address == undefined {
			continue
		}
		if l.filtered {
			size, skip = entry.uint(l.width-12), entry.u32()
		}
		offset, err := l.nth(i, l.slowest)
		if err != nil {
			return err
		}
		if err := l.put(offset, address, size, skip); err != nil {
			return err
		}
	}
	return nil
}

// paged reads n entries from the pages at an address. Those whose bit in
// written is not set were never written. A page ends with a checksum.
func (l *chunkList) paged(address, n, first uint64, written func(page uint64) bool) error {
	for p := range (n + l.page - 1) / l.page {
		done := p * l.page
		if written(p) {
			bytes := min(l.page, n-done) * uint64(l.width)
			c, err := l.sealed(address, bytes+4)
			if err != nil {
				return err
			}
			if err := l.entries(c, first+done); err != nil {
				return err
			}
		}
		address += l.page*uint64(l.width) + 4
	}
	return nil
}

// bit returns bit i of a map, the highest bit of each byte being the first.
func bit(bitmap []byte, i uint64) bool { return bitmap[i/8]>>(7-i%8)&1 == 1 }

// fixedArray reads the chunks of an array that does not grow, or not without
// bounds: all entries in one block.
func (c *chunks) fixedArray(address uint64) error {
	head, err := c.checked(address, 28, "FAHD")
	if err != nil {
		return err
	}
	l := &chunkList{chunks: c, header: address}
	if err := l.parse(head); err != nil {
		return err
	}
	if err := l.pages(head.u8()); err != nil {
		return err
	}
	n, block := head.u64(), head.u64()
	if block == undefined {
		return nil
	}
	if n > uint64(len(c.b)) {
		return broken("list of %d chunks at %d, the file has %d bytes", n, address, len(c.b))
	}
	if n <= l.page {
		data, err := l.block(block, n*uint64(l.width), "FADB")
		if err != nil {
			return err
		}
		return l.entries(data, 0)
	}
	pages := (n + l.page - 1) / l.page
	bitmap := (pages + 7) / 8
	data, err := l.block(block, bitmap, "FADB")
	if err != nil {
		return err
	}
	return l.paged(block+front+bitmap+4, n, 0, func(p uint64) bool { return bit(data.b, p) })
}
