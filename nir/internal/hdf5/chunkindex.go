package hdf5

// How the chunks of a layout of version 4 are found.
const (
	singleChunk     = 1
	implicitChunks  = 2
	fixedArray      = 3
	extensibleArray = 4
	treeOfChunks    = 5
)

// newChunked reads the chunks of a layout of version 4.
func (c *chunks) newChunked(layout *cursor) error {
	flags := layout.u8()
	rank, width := layout.u8(), layout.u8()
	if width < 1 || width > 8 {
		return broken("dimensions of %d bytes", width)
	}
	if err := c.parseDims(layout, rank, width); err != nil {
		return err
	}
	c.out = c.blank()
	size, skip := uint64(c.size), uint32(0)
	index := layout.u8()
	switch index {
	case singleChunk:
		if flags&(1<<1) != 0 {
			size, skip = layout.u64(), layout.u32()
		}
	case implicitChunks:
	case fixedArray:
		layout.skip(1) // which the array repeats
	case extensibleArray:
		return unsupported("extensible array of chunks, of a dataset that can grow")
	case treeOfChunks:
		layout.skip(6)
	default:
		return unsupported("chunk index %d", index)
	}
	root := layout.u64()
	if err := layout.err("layout"); err != nil || root == undefined {
		return err
	}
	if flags&1 != 0 && len(c.filters) > 0 {
		return unsupported("chunks at the edge without filters")
	}
	switch index {
	case singleChunk:
		return c.put(make([]int, len(c.dims)), root, size, skip)
	case implicitChunks:
		return c.each(func(i uint64, offset []int) error { return c.put(offset, root+i*size, size, 0) })
	case fixedArray:
		return c.fixedArray(root)
	}
	return c.treeOfChunks(root)
}

// each calls f with the number and the beginning of every chunk. They are
// numbered row-major, through those too that the array may grow to.
func (c *chunks) each(f func(i uint64, offset []int) error) error {
	if c.count == 0 {
		return nil
	}
	strides, n := make([]uint64, len(c.dims)), uint64(1)
	for k := len(c.dims) - 1; k >= 0; k-- {
		strides[k] = n
		n *= min((c.most[k]-1)/uint64(c.dims[k])+1, maxBytes/n+1)
	}
	offset, i := make([]int, len(c.dims)), uint64(0)
	for {
		if err := f(i, offset); err != nil {
			return err
		}
		k := len(offset) - 1
		for ; k >= 0; k-- {
			i += strides[k]
			if offset[k] += c.dims[k]; offset[k] < c.shape[k] {
				break
			}
			i -= uint64(offset[k]/c.dims[k]) * strides[k]
			offset[k] = 0
		}
		if k < 0 {
			return nil
		}
	}
}

// fixedArray reads the chunks that an array of addresses lists, page by page if
// it is long.
func (c *chunks) fixedArray(address uint64) error {
	head, err := c.checked(address, 28, "FAHD")
	if err != nil {
		return err
	}
	if version := head.u8(); version != 0 {
		return unsupported("fixed array version %d", version)
	}
	filtered, width := head.u8() == 1, head.u8()
	page, n, block := head.u8(), head.u64(), head.u64()
	if page > 30 || n > uint64(len(c.b)) || width < 8 || filtered && (width < 13 || width > 20) {
		return broken("fixed array at %d of %d entries of %d bytes in pages of 2^%d", address, n, width, page)
	}
	var entries cursor
	const front = 4 + 1 + 1 + 8
	if perPage := uint64(1) << page; n <= perPage {
		data, err := c.checked(block, front+n*uint64(width)+4, "FADB")
		if err != nil {
			return err
		}
		data.skip(front - 4)
		entries = *data
	} else if entries, err = c.pages(block, front, n, perPage, width); err != nil {
		return err
	}
	return c.each(func(i uint64, offset []int) error {
		if i >= n {
			return broken("chunk %d in a fixed array of %d", i, n)
		}
		entry := cursor{b: entries.b[i*uint64(width):][:width]}
		at, size, skip := entry.u64(), uint64(c.size), uint32(0)
		if filtered {
			size, skip = entry.uint(width-12), entry.u32()
		}
		if at == undefined {
			return nil
		}
		return c.put(offset, at, size, skip)
	})
}

// pages reads the entries of a long array. A page that was never written has
// chunks that were not, either.
func (c *chunks) pages(block, front, n, perPage uint64, width int) (entries cursor, err error) {
	count := (n + perPage - 1) / perPage
	head := front + (count+7)/8
	data, err := c.checked(block, head+4, "FADB")
	if err != nil {
		return entries, err
	}
	data.skip(int(front) - 4)
	written := data.b
	at := block + head + 4
	for p := range count {
		some := min(perPage, n-p*perPage)
		bytes := some * uint64(width)
		if written[p/8]>>(7-p%8)&1 == 1 {
			b, err := c.at(at, bytes+4)
			if err != nil {
				return entries, err
			}
			if err := verify(b); err != nil {
				return entries, broken("page of a fixed array at %d: %v", at, err)
			}
			entries.b = append(entries.b, b[:bytes]...)
		} else {
			for range bytes {
				entries.b = append(entries.b, 0xff)
			}
		}
		at += perPage*uint64(width) + 4
	}
	return entries, nil
}

// treeOfChunks reads the chunks that a B-tree lists.
func (c *chunks) treeOfChunks(address uint64) error {
	kind := plainChunks
	if len(c.filters) > 0 {
		kind = filteredChunks
	}
	offset := make([]int, len(c.dims))
	return c.tree2(address, kind, func(record *cursor) error {
		at, size, skip := record.u64(), uint64(c.size), uint32(0)
		if kind == filteredChunks {
			size, skip = record.uint(len(record.b)-4-8*len(offset)), record.u32()
		}
		for i := range offset {
			o := record.u64()
			if o > maxBytes {
				return broken("chunk %d in dimension %d", o, i)
			}
			offset[i] = int(o) * c.dims[i]
			if offset[i] >= c.shape[i] {
				return broken("chunk at %d in dimension %d of %d", offset[i], i, c.shape[i])
			}
		}
		if err := record.err("chunk in a B-tree"); err != nil {
			return err
		}
		return c.put(offset, at, size, skip)
	})
}
