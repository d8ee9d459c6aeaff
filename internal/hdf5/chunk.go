package hdf5

// chunks is an array in equal parts. Those at its end reach beyond it.
type chunks struct {
	*file
	*array
	dims []int // of a chunk
	size int   // bytes of a chunk
	out  []byte
}

// chunked reads the chunks of an array through the index that finds them.
func (f *file) chunked(a *array, layout *cursor, version int) ([]byte, error) {
	c := &chunks{file: f, array: a}
	if version == 3 {
		rank := layout.u8()
		root := layout.u64()
		if err := c.parseDims(layout, rank, 4); err != nil {
			return nil, err
		}
		c.out = a.blank()
		if root == undefined {
			return c.out, nil
		}
		return c.out, c.tree(root, -1)
	}
	err := c.newChunked(layout)
	return c.out, err
}

// parseDims reads the dimensions of a chunk, numbers of that width each. There
// is one more than the array has: the bytes of an element.
func (c *chunks) parseDims(layout *cursor, rank, width int) error {
	if rank != len(c.shape)+1 || rank == 1 {
		return broken("chunks of %d dimensions for an array of %d", rank-1, len(c.shape))
	}
	size := uint64(c.datatype.size)
	for range c.shape {
		d := layout.uint(width)
		if d == 0 || d > maxBytes || size*d > maxBytes {
			return broken("chunks of too many or no elements")
		}
		size *= d
		c.dims = append(c.dims, int(d))
	}
	c.size = int(size)
	element := layout.uint(width)
	if err := layout.err("layout"); err != nil {
		return err
	}
	if element != uint64(c.datatype.size) {
		return broken("chunks with elements of %d bytes for an array with %d", element, c.datatype.size)
	}
	return nil
}

// put reads the chunk that begins at an element of the array and is stored in
// n bytes at an address, and sets the elements that it holds.
func (c *chunks) put(offset []int, address, n uint64, skip uint32) error {
	if !c.within(offset) {
		return broken("chunk at %v in an array of shape %v", offset, c.shape)
	}
	raw, err := c.at(address, n)
	if err != nil {
		return err
	}
	if len(c.filters) > 0 {
		// Room for checksums, and for what deflate adds to bytes that it cannot compress.
		limit := c.size + c.size/64 + 64*len(c.filters)
		if err := c.through(int64(limit) * int64(len(c.filters))); err != nil {
			return err
		}
		if raw, err = c.unfilter.run(c.filters, skip, raw, limit); err != nil {
			return err
		}
	}
	if len(raw) != c.size {
		return broken("chunk at %v has %d bytes, want %d", offset, len(raw), c.size)
	}
	c.scatter(offset, raw)
	return nil
}

// within tells whether a chunk that begins there has elements of the array.
func (c *chunks) within(offset []int) bool {
	for i, o := range offset {
		if o >= c.shape[i] {
			return false
		}
	}
	return true
}

// scatter copies the rows of a chunk to their places.
func (c *chunks) scatter(offset []int, raw []byte) {
	last := len(c.dims) - 1
	row := min(c.dims[last], c.shape[last]-offset[last]) * c.datatype.size
	at := make([]int, len(c.dims)) // within the chunk
	for {
		from, to := 0, 0
		for i, x := range at {
			from = from*c.dims[i] + x
			to = to*c.shape[i] + offset[i] + x
		}
		from, to = from*c.datatype.size, to*c.datatype.size
		copy(c.out[to:to+row], raw[from:from+row])
		i := last - 1
		for ; i >= 0; i-- {
			if at[i]++; at[i] < c.dims[i] && offset[i]+at[i] < c.shape[i] {
				break
			}
			at[i] = 0
		}
		if i < 0 {
			return
		}
	}
}
