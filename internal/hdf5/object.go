package hdf5

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// place is where an object is: its name in a group, or the root, nil.
type place struct {
	group *place
	name  string
}

func (p *place) String() string {
	if p == nil {
		return "/"
	}
	path := p.name
	for p = p.group; p != nil; p = p.group {
		path = p.name + "/" + path
	}
	if len(path) > 200 || strings.ContainsFunc(path, unicode.IsControl) {
		return fmt.Sprintf("%.200q", "/"+path)
	}
	return "/" + path
}

// failed is an error of the object at a place.
func (p *place) failed(err error) error { return fmt.Errorf("hdf5: %v: %w", p, err) }

// node reads the object at an address, and all that is in it.
func (f *file) node(p *place, address uint64) (Node, error) {
	h, err := f.header(address)
	if err != nil {
		return nil, p.failed(err)
	}
	attributes, err := f.attributes(h)
	if err != nil {
		return nil, p.failed(err)
	}
	if h.find(symbolTableMessage) != nil || h.find(linkInfoMessage) != nil {
		links, err := f.links(h)
		if err != nil {
			return nil, p.failed(err)
		}
		members, err := f.members(p, address, links)
		if err != nil {
			return nil, err
		}
		return &Group{Attributes: attributes, Members: members}, nil
	}
	d, err := f.dataset(h)
	if err != nil {
		return nil, p.failed(err)
	}
	d.Attributes = attributes
	return d, nil
}

// members reads the objects in the group at an address.
func (f *file) members(p *place, address uint64, links []link) (map[string]Node, error) {
	if slices.Contains(f.groups, address) {
		return nil, p.failed(unsupported("the group is within itself"))
	}
	if len(f.groups) == maxDepth {
		return nil, p.failed(unsupported("groups are nested deeper than %d", maxDepth))
	}
	f.groups = append(f.groups, address)
	members := make(map[string]Node, len(links))
	for _, l := range links {
		if err := checkName(l.name); err != nil {
			return nil, p.failed(err)
		}
		if members[l.name] != nil {
			return nil, p.failed(broken("two members %.80q", l.name))
		}
		member, err := f.node(&place{p, l.name}, l.address)
		if err != nil {
			return nil, err
		}
		members[l.name] = member
	}
	f.groups = f.groups[:len(f.groups)-1]
	return members, nil
}

// checkName checks the name of a member.
func checkName(name string) error {
	if name == "" || name == "." || strings.ContainsAny(name, "/\x00") {
		return broken("a member named %.80q", name)
	}
	return nil
}

// dataset reads the array that a header describes.
func (f *file) dataset(h header) (*Dataset, error) {
	if h.find(spaceMessage) == nil || h.find(layoutMessage) == nil {
		if h.find(typeMessage) != nil {
			return nil, unsupported("committed datatype")
		}
		return nil, broken("an object that is neither a group nor a dataset")
	}
	a, err := h.array()
	if err != nil {
		return nil, err
	}
	layout, err := h.find(layoutMessage).own()
	if err != nil {
		return nil, err
	}
	if h.find(externalMessage) != nil {
		return nil, unsupported("data in another file")
	}
	raw, err := f.raw(a, layout)
	if err != nil {
		return nil, err
	}
	data, err := f.values(a.datatype, raw, a.count)
	return &Dataset{Shape: a.shape, Data: data}, err
}

// array reads the messages that say what a dataset's elements are.
func (h header) array() (*array, error) {
	a := &array{}
	for _, m := range h {
		switch m.kind {
		case spaceMessage, typeMessage, filterMessage, fillMessage, oldFillMessage:
		default:
			continue
		}
		c, err := m.own()
		if err != nil {
			return nil, err
		}
		switch m.kind {
		case spaceMessage:
			a.dataspace, err = c.dataspace()
		case typeMessage:
			a.datatype, err = c.datatype()
		case filterMessage:
			a.filters, err = c.filters()
		case fillMessage:
			a.fill, err = c.fill()
		case oldFillMessage:
			if h.find(fillMessage) == nil { // which repeats it
				a.fill, err = c.fillValue()
			}
		}
		if err != nil {
			return nil, err
		}
	}
	size := a.size
	if size == 0 {
		return nil, broken("a dataset without a datatype")
	}
	if a.fill != nil && len(a.fill) != size {
		return nil, broken("fill value of %d bytes for elements of %d", len(a.fill), size)
	}
	return a, nil
}

// fill reads what elements are that were never written.
func (c *cursor) fill() ([]byte, error) {
	version := c.u8()
	defined := true
	switch version {
	case 1, 2:
		c.skip(2) // when to allocate and to write
		defined = c.u8() != 0 || version == 1
	case 3:
		defined = c.u8()&(1<<5) != 0
	default:
		return nil, unsupported("fill value version %d", version)
	}
	if err := c.err("fill value"); err != nil || !defined {
		return nil, err
	}
	return c.fillValue()
}

// fillValue is nil for zeros.
func (c *cursor) fillValue() ([]byte, error) {
	size := int32(c.u32())
	if size <= 0 {
		return nil, c.err("fill value")
	}
	return c.bytes(int(size)), c.err("fill value")
}
