package hdf5

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"unicode/utf8"
)

// Encode returns the file that holds a tree: of the oldest version, which every
// reader knows, with arrays in one piece and uncompressed. The same tree gives
// the same bytes. Strings are written as UTF-8 of variable length.
//
// What HDF5 or [Read] could not take is an error that wraps [ErrFormat]: names
// that are empty, "." or contain "/", strings with a zero byte or invalid UTF-8,
// data that does not fill its shape, 64 KiB and more in an attribute, groups
// nested deeper than 32 (or in themselves), more than 1 GiB.
func Encode(root *Group) ([]byte, error) {
	w := &writer{}
	w.alloc(superblockSize)
	address, err := w.node(nil, root, 0)
	if err != nil {
		return nil, err
	}
	w.alloc(0)
	w.superblock(address)
	return w.b, nil
}

// writer is a file that grows. Addresses are places in it.
type writer struct {
	b    []byte
	heap globalHeap
}

// alloc appends n zero bytes, at a multiple of 8, and returns where.
func (w *writer) alloc(n int) int {
	at := align(len(w.b))
	w.b = append(w.b, make([]byte, at+n-len(w.b))...)
	return at
}

// put appends bytes, at a multiple of 8, and returns where.
func (w *writer) put(b []byte) int {
	at := w.alloc(0)
	w.b = append(w.b, b...)
	return at
}

const superblockSize = 96

// superblock fills in the superblock, of version 0.
func (w *writer) superblock(root int) {
	b := append(w.b[:0], signature...)
	b = append(b, 0, 0, 0, 0, 0, 8, 8, 0) // versions; bytes of addresses and lengths
	b = le.AppendUint16(b, leafRank)
	b = le.AppendUint16(b, treeRank)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint64(b, 0)         // the file's beginning
	b = le.AppendUint64(b, undefined) // free space
	b = le.AppendUint64(b, uint64(len(w.b)))
	b = le.AppendUint64(b, undefined) // driver
	b = le.AppendUint64(b, 0)         // the root's name
	le.AppendUint64(b, uint64(root))
}

// node writes an object and all that is in it, and returns its address.
func (w *writer) node(p *place, n Node, depth int) (int, error) {
	var messages []message
	var attributes map[string]*Dataset
	switch n := n.(type) {
	case *Group:
		if n == nil {
			return 0, p.failed(broken("no group"))
		}
		if depth == maxDepth {
			return 0, p.failed(broken("groups are nested deeper than %d", maxDepth))
		}
		entries, err := w.members(p, n, depth)
		if err != nil {
			return 0, err
		}
		messages, attributes = w.symbolTable(entries), n.Attributes
	case *Dataset:
		if n == nil {
			return 0, p.failed(broken("no dataset"))
		}
		var err error
		if messages, err = w.dataset(n); err != nil {
			return 0, p.failed(err)
		}
		attributes = n.Attributes
	default:
		return 0, p.failed(broken("neither a group nor a dataset"))
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		m, err := w.attribute(name, attributes[name])
		if err != nil {
			return 0, p.failed(fmt.Errorf("attribute %.80q: %w", name, err))
		}
		messages = append(messages, m)
	}
	if len(messages) > math.MaxUint16 {
		return 0, p.failed(broken("%d attributes", len(attributes)))
	}
	address := w.header(messages)
	if len(w.b) > maxBytes {
		return 0, p.failed(broken("the file grows beyond %d bytes", maxBytes))
	}
	return address, nil
}

// members writes the members of a group.
func (w *writer) members(p *place, g *Group, depth int) ([]link, error) {
	var links []link
	for _, name := range slices.Sorted(maps.Keys(g.Members)) {
		if err := checkName(name); err != nil {
			return nil, p.failed(err)
		}
		if !utf8.ValidString(name) {
			return nil, p.failed(broken("a member named %.80q, which is not UTF-8", name))
		}
		address, err := w.node(&place{p, name}, g.Members[name], depth+1)
		if err != nil {
			return nil, err
		}
		links = append(links, link{name, uint64(address)})
	}
	return links, nil
}

// header writes an object's header, of version 1.
func (w *writer) header(messages []message) int {
	var body []byte
	for _, m := range messages {
		size := align(len(m.body))
		body = le.AppendUint16(body, uint16(m.kind))
		body = le.AppendUint16(body, uint16(size))
		body = append(body, 0, 0, 0, 0)
		body = append(body, m.body...)
		body = append(body, make([]byte, size-len(m.body))...)
	}
	head := []byte{1, 0}
	head = le.AppendUint16(head, uint16(len(messages)))
	head = le.AppendUint32(head, 1) // link to it
	head = le.AppendUint32(head, uint32(len(body)))
	head = le.AppendUint32(head, 0)
	return w.put(append(head, body...))
}
