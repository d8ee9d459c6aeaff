package hdf5

import "fmt"

// attributes reads the attributes of an object.
func (f *file) attributes(h header) (map[string]*Dataset, error) {
	var list map[string]*Dataset
	add := func(body *cursor) error {
		name, d, err := f.attribute(body)
		if err != nil {
			return err
		}
		if list[name] != nil {
			return broken("two attributes %.80q", name)
		}
		if list == nil {
			list = map[string]*Dataset{}
		}
		list[name] = d
		return nil
	}
	for _, m := range h {
		if m.kind != attributeMessage && m.kind != attributeInfo {
			continue
		}
		c, err := m.own()
		if err != nil {
			return nil, err
		}
		if m.kind == attributeMessage {
			err = add(c)
		} else {
			err = f.denseAttributes(c, add)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// attribute reads an attribute's message: the sizes of its name, its datatype
// and its dataspace, then these, then the elements.
func (f *file) attribute(c *cursor) (name string, d *Dataset, err error) {
	version, flags := c.u8(), c.u8()
	sizes := [3]int{c.u16(), c.u16(), c.u16()}
	switch version {
	case 1:
		flags = 0
	case 2:
	case 3:
		c.skip(1) // character set
	default:
		return "", nil, unsupported("attribute version %d", version)
	}
	var parts [3]cursor
	for i, n := range sizes {
		parts[i].b = c.bytes(n)
		if version == 1 {
			c.skip(align(n) - n)
		}
	}
	if err := c.err("attribute"); err != nil {
		return "", nil, err
	}
	name = string(untilZero(parts[0].b))
	if flags != 0 {
		return "", nil, unsupported("committed datatype of attribute %.80q", name)
	}
	d, err = f.inline(&parts[1], &parts[2], c)
	if err != nil {
		return "", nil, fmt.Errorf("attribute %.80q: %w", name, err)
	}
	return name, d, nil
}

// inline reads an array whose elements are at hand.
func (f *file) inline(datatype, dataspace, elements *cursor) (*Dataset, error) {
	var a array
	var err error
	if a.datatype, err = datatype.datatype(); err != nil {
		return nil, err
	}
	if a.dataspace, err = dataspace.dataspace(); err != nil {
		return nil, err
	}
	if a.bytes() > uint64(len(elements.b)) {
		return nil, broken("%d elements of %d bytes in %d", a.count, a.size, len(elements.b))
	}
	if err := f.allow(a.bytes()); err != nil {
		return nil, err
	}
	data, err := f.values(a.datatype, elements.b[:a.bytes()], a.count)
	return &Dataset{Shape: a.shape, Data: data}, err
}
