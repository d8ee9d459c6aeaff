package hdf5

import "math/bits"

// extensible is a list of chunks for an array that grows along one dimension
// without bounds. A few entries are in an index block; then come data blocks,
// in groups: those of group u are 2^(u/2) blocks of smallest * 2^((u+1)/2)
// entries. The index block knows the data blocks of the first groups, and of
// the others a block each that knows them ("super block").
type extensible struct {
	chunkList
	smallest    uint64 // entries of a data block
	groups      int
	offsetWidth int // bytes of the number of an entry
}

// extensibleArray reads the chunks of such a list.
func (c *chunks) extensibleArray(address uint64) error {
	head, err := c.checked(address, 72, "EAHD")
	if err != nil {
		return err
	}
	e := &extensible{chunkList: chunkList{chunks: c, header: address}}
	if err := e.parse(head); err != nil {
		return err
	}
	for k, most := range c.most {
		if most == unlimited {
			e.slowest = k
		}
	}
	log, first := head.u8(), uint64(head.u8()) // 2^log entries at most
	e.smallest = uint64(head.u8())
	pointers := uint64(head.u8()) // that the first super block would have
	if err := e.pages(head.u8()); err != nil {
		return err
	}
	head.skip(6 * 8) // statistics
	index := head.u64()
	e.groups = 1 + log - (bits.Len64(e.smallest) - 1)
	direct := 2 * (bits.Len64(pointers) - 1)
	if bits.OnesCount64(e.smallest) != 1 || bits.OnesCount64(pointers) != 1 || log > 64 || direct > e.groups {
		return broken("list of chunks at %d: blocks of %d, %d pointers, 2^%d entries", address, e.smallest, pointers, log)
	}
	if index == undefined {
		return nil
	}
	e.offsetWidth = (log + 7) / 8

	blocks := 2 * (pointers - 1)
	size := first*uint64(e.width) + 8*(blocks+uint64(e.groups-direct))
	data, err := e.block(index, size, "EAIB")
	if err != nil {
		return err
	}
	if err := e.entries(&cursor{b: data.bytes(int(first) * e.width)}, 0); err != nil {
		return err
	}
	at := first
	for u := range e.groups {
		count, n := uint64(1)<<(u/2), e.smallest<<((u+1)/2)
		if u < direct {
			for range count {
				if err := e.data(data.u64(), n, at, nil); err != nil {
					return err
				}
				at += n
			}
			continue
		}
		if err := e.super(data.u64(), count, n, at); err != nil {
			return err
		}
		at += count * n
	}
	return nil
}

// super reads count data blocks of n entries each that a super block knows.
func (e *extensible) super(address, count, n, first uint64) error {
	if address == undefined {
		return nil
	}
	pages, bitmap := uint64(0), uint64(0) // of a data block
	if n > e.page {
		pages = n / e.page
		bitmap = (pages + 7) / 8
	}
	if file := uint64(len(e.b)); count > file || bitmap > file {
		return broken("block of %d pointers at %d, the file has %d bytes", count, address, file)
	}
	c, err := e.block(address, uint64(e.offsetWidth)+count*(bitmap+8), "EASB")
	if err != nil {
		return err
	}
	c.skip(e.offsetWidth)
	written := c.bytes(int(count * bitmap))
	for i := range count {
		err := e.data(c.u64(), n, first+i*n, func(p uint64) bool { return bit(written, i*pages+p) })
		if err != nil {
			return err
		}
	}
	return nil
}

// data reads a data block of n entries.
func (e *extensible) data(address, n, first uint64, written func(page uint64) bool) error {
	switch {
	case address == undefined:
		return nil
	case n <= e.page:
		c, err := e.block(address, uint64(e.offsetWidth)+n*uint64(e.width), "EADB")
		if err != nil {
			return err
		}
		c.skip(e.offsetWidth)
		return e.entries(c, first)
	case written == nil:
		return unsupported("list of chunks with pages from its beginning")
	}
	if _, err := e.block(address, uint64(e.offsetWidth), "EADB"); err != nil {
		return err
	}
	return e.paged(address+front+uint64(e.offsetWidth)+4, n, first, written)
}
