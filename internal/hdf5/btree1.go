package hdf5

// Kinds of B-trees of version 1.
const (
	groupTree = 0
	chunkTree = 1
)

// treeNode reads a node of a B-tree of version 1 whose keys are of that size.
// It returns the node's level, 0 for a leaf, and a cursor on its entries: a key
// and the address of a child each, count times, then one more key. A node's
// level must be one below its parent's (any, for a negative one).
func (f *file) treeNode(address uint64, kind, parent, keySize int) (level, count int, entries *cursor, err error) {
	head, err := f.signed(address, 24, "TREE")
	if err != nil {
		return 0, 0, nil, err
	}
	k := head.u8()
	level, count = head.u8(), head.u16()
	if k != kind || parent >= 0 && level != parent-1 {
		return 0, 0, nil, broken("B-tree node at %d is of kind %d and level %d", address, k, level)
	}
	b, err := f.at(address+24, uint64(count*(keySize+8)))
	return level, count, &cursor{b: b}, err
}

// tree reads the chunks below a node of a B-tree.
func (c *chunks) tree(address uint64, parent int) error {
	rank := len(c.dims)
	keySize := 4 + 4 + 8*(rank+1)
	level, count, entries, err := c.treeNode(address, chunkTree, parent, keySize)
	if err != nil {
		return err
	}
	offset := make([]int, rank)
	for range count {
		n, skip := entries.u32(), entries.u32()
		for i := range offset {
			o := entries.u64()
			if o > maxBytes || o%uint64(c.dims[i]) != 0 {
				return broken("chunk at %d in dimension %d, chunks have %d", o, i, c.dims[i])
			}
			offset[i] = int(o)
		}
		entries.skip(8) // of the dimension within an element
		child := entries.u64()
		if level > 0 {
			err = c.tree(child, level)
		} else {
			err = c.put(offset, child, uint64(n), skip)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
