package hdf5

// variable returns the string that an element of variable length refers to. It
// ends with a zero byte if it has one.
func (f *file) variable(element []byte) ([]byte, error) {
	object, n, err := f.object(element)
	if err != nil || n == 0 {
		return nil, err
	}
	if uint64(n) > uint64(len(object)) {
		return nil, broken("a string of %d bytes in %d bytes of the global heap", n, len(object))
	}
	return untilZero(object[:n]), nil
}

// object returns what an element of variable length refers to: how many there
// are, the address of a collection of the global heap, and an index there.
func (f *file) object(element []byte) (object []byte, n uint32, err error) {
	c := &cursor{b: element}
	n, address, index := c.u32(), c.u64(), c.u32()
	if n == 0 {
		return nil, 0, nil
	}
	collection, ok := f.collections[address]
	if !ok {
		if collection, err = f.collection(address); err != nil {
			return nil, 0, err
		}
		f.collections[address] = collection
	}
	if object, ok = collection[index]; !ok {
		return nil, 0, broken("no object %d in the global heap at %d", index, address)
	}
	return object, n, nil
}

// collection reads the objects of a collection, by their indices.
func (f *file) collection(address uint64) (map[uint32][]byte, error) {
	head, err := f.signed(address, 16, "GCOL")
	if err != nil {
		return nil, err
	}
	if version := head.u8(); version != 1 {
		return nil, unsupported("global heap version %d", version)
	}
	head.skip(3)
	b, err := f.at(address, head.u64())
	if err != nil {
		return nil, err
	}
	objects := map[uint32][]byte{}
	c := &cursor{b: b}
	c.skip(16)
	for len(c.b) >= 16 {
		index := uint32(c.u16())
		c.skip(6)
		size := c.u64()
		if index == 0 { // the rest is free
			break
		}
		if size > uint64(len(c.b)) {
			return nil, broken("object %d of %d bytes in the global heap at %d", index, size, address)
		}
		objects[index] = c.bytes(int(size))
		c.skip(min(align(int(size))-int(size), len(c.b)))
	}
	return objects, nil
}
