package hdf5

// How the chunks of a layout of version 4 are found.
const (
	singleChunk     = 1
	implicitChunks  = 2
	fixedArray      = 3
	extensibleArray = 4
	treeOfChunks    = 5
)

// newChunked reads the chunks of a layout of version 4 or 5.
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
		layout.skip(1) // what the array itself says too, as below
	case extensibleArray:
		layout.skip(5)
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
		return c.put(make([]int, rank-1), root, size, skip)
	case implicitChunks:
		return c.implicit(root)
	case fixedArray:
		return c.fixedArray(root)
	case extensibleArray:
		return c.extensibleArray(root)
	}
	return c.treeOfChunks(root)
}

// along is how many chunks there may be along a dimension, as far as it grows.
func (c *chunks) along(k int) uint64 {
	return (max(c.most[k], 1)-1)/uint64(c.dims[k]) + 1
}

// nth returns where chunk i begins. Chunks are numbered row-major, but that the
// dimension named slowest comes before all others.
func (c *chunks) nth(i uint64, slowest int) ([]int, error) {
	offset := make([]int, len(c.dims))
	set := func(k int, n uint64) error {
		if n > maxBytes || n*uint64(c.dims[k]) > maxBytes {
			return broken("chunk %d in dimension %d", n, k)
		}
		offset[k] = int(n) * c.dims[k]
		return nil
	}
	for k := len(c.dims) - 1; k >= 0; k-- {
		if k == slowest {
			continue
		}
		n := c.along(k)
		if err := set(k, i%n); err != nil {
			return nil, err
		}
		i /= n
	}
	return offset, set(slowest, i)
}

// implicit reads chunks that follow each other, those too that the array may
// still grow to.
func (c *chunks) implicit(address uint64) error {
	count := uint64(1)
	for k := range c.dims {
		if n := c.along(k); n > uint64(len(c.b)) || count*n > uint64(len(c.b)) {
			return broken("chunks that take more than the file has")
		}
		count *= c.along(k)
	}
	for i := range count {
		offset, err := c.nth(i, 0)
		if err != nil {
			return err
		}
		if !c.within(offset) {
			continue
		}
		if err := c.put(offset, address+i*uint64(c.size), uint64(c.size), 0); err != nil {
			return err
		}
	}
	return nil
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
			n := record.u64()
			if n > maxBytes || n*uint64(c.dims[i]) > maxBytes {
				return broken("chunk %d in dimension %d", n, i)
			}
			offset[i] = int(n) * c.dims[i]
		}
		if err := record.err("chunk in a B-tree"); err != nil {
			return err
		}
		return c.put(offset, at, size, skip)
	})
}
