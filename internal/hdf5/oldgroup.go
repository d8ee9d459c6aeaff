package hdf5

// link is a member of a group before it is read.
type link struct {
	name    string
	address uint64
}

// softLink is how a symbol table marks a name that stands for another.
const softLink = 2

// symbolTable lists the members of a group of the old style: a B-tree of names,
// which are in a local heap.
func (f *file) symbolTable(m *message) ([]link, error) {
	c, err := m.own()
	if err != nil {
		return nil, err
	}
	tree, heap := c.u64(), c.u64()
	if err := c.err("symbol table"); err != nil {
		return nil, err
	}
	names, err := f.localHeap(heap)
	if err != nil {
		return nil, err
	}
	return f.symbolTree(nil, tree, -1, names)
}

// localHeap returns the strings of a group.
func (f *file) localHeap(address uint64) ([]byte, error) {
	c, err := f.signed(address, 32, "HEAP")
	if err != nil {
		return nil, err
	}
	if version := c.u8(); version != 0 {
		return nil, unsupported("local heap version %d", version)
	}
	c.skip(3)
	size := c.u64()
	c.skip(8) // free space
	return f.at(c.u64(), size)
}

// symbolTree appends the links below a node of a group's B-tree.
func (f *file) symbolTree(links []link, address uint64, parent int, names []byte) ([]link, error) {
	level, count, entries, err := f.treeNode(address, groupTree, parent, 8)
	if err != nil {
		return nil, err
	}
	for range count {
		entries.skip(8) // the name where it begins
		child := entries.u64()
		if level > 0 {
			links, err = f.symbolTree(links, child, level, names)
		} else {
			links, err = f.symbols(links, child, names)
		}
		if err != nil {
			return nil, err
		}
	}
	return links, nil
}

// symbols appends the links of a leaf.
func (f *file) symbols(links []link, address uint64, names []byte) ([]link, error) {
	head, err := f.signed(address, 8, "SNOD")
	if err != nil {
		return nil, err
	}
	head.skip(2)
	count := head.u16()
	b, err := f.at(address+8, 40*uint64(count))
	if err != nil {
		return nil, err
	}
	c := &cursor{b: b}
	for range count {
		name, address, cache := c.u64(), c.u64(), c.u32()
		c.skip(4 + 16)
		if name > uint64(len(names)) {
			return nil, broken("name at %d of a heap of %d bytes", name, len(names))
		}
		text := untilZero(names[name:])
		if err := f.spend(uint64(len(text))); err != nil {
			return nil, err
		}
		l := link{string(text), address}
		if cache == softLink {
			return nil, unsupported("soft link %.80q", l.name)
		}
		links = append(links, l)
	}
	return links, nil
}
