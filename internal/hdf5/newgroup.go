package hdf5

// Kinds of links.
const (
	hardLink    = 0
	newSoftLink = 1
)

// links lists the members of a group. One of the new style has a message for
// each, or, if they are many, an index of them in a heap.
func (f *file) links(h header) ([]link, error) {
	if m := h.find(symbolTableMessage); m != nil {
		return f.symbolTable(m)
	}
	var links []link
	add := func(c *cursor) error {
		l, err := c.link()
		links = append(links, l)
		return err
	}
	for i := range h {
		if h[i].kind != linkMessage {
			continue
		}
		c, err := h[i].own()
		if err != nil {
			return nil, err
		}
		if err := add(c); err != nil {
			return nil, err
		}
	}
	c, err := h.find(linkInfoMessage).own()
	if err != nil {
		return nil, err
	}
	if version := c.u8(); version != 0 {
		return nil, unsupported("link info version %d", version)
	}
	if c.u8()&1 != 0 {
		c.skip(8) // the next order of creation
	}
	return links, f.dense(c, "link info", linkRecords, 4, add)
}

// link reads a link message.
func (c *cursor) link() (l link, err error) {
	if version := c.u8(); version != 1 {
		return l, unsupported("link version %d", version)
	}
	flags, kind := c.u8(), hardLink
	if flags&(1<<3) != 0 {
		kind = c.u8()
	}
	if flags&(1<<2) != 0 {
		c.skip(8) // order of creation
	}
	if flags&(1<<4) != 0 {
		c.skip(1) // character set
	}
	n := c.uint(1 << (flags & 3))
	if n > uint64(len(c.b)) {
		return l, broken("a link with a name of %d bytes", n)
	}
	l.name = string(c.bytes(int(n)))
	switch kind {
	case hardLink:
		l.address = c.u64()
	case newSoftLink:
		return l, unsupported("soft link %.80q", l.name)
	default:
		return l, unsupported("link %.80q of kind %d", l.name, kind)
	}
	return l, c.err("link")
}

// denseAttributes reads the attributes of an object that has many.
func (f *file) denseAttributes(c *cursor, add func(*cursor) error) error {
	if version := c.u8(); version != 0 {
		return unsupported("attribute info version %d", version)
	}
	if c.u8()&1 != 0 {
		c.skip(2) // the next order of creation
	}
	return f.dense(c, "attribute info", attributeRecords, 0, add)
}

// dense calls add with the messages in a heap that an index by name refers to,
// if there is one: with what follows skip bytes in the index's records, or, of
// attributes, what they begin with.
func (f *file) dense(c *cursor, what string, records, skip int, add func(*cursor) error) error {
	heap, index := c.u64(), c.u64()
	if err := c.err(what); err != nil || heap == undefined {
		return err
	}
	h, err := f.heap(heap)
	if err != nil {
		return err
	}
	return f.tree2(index, records, func(record *cursor) error {
		record.skip(skip)
		message, err := h.object(record)
		if err != nil {
			return err
		}
		return add(message)
	})
}
