package hdf5

import (
	"strings"
	"unicode/utf8"
)

// globalHeap is the collection that strings are being written to.
type globalHeap struct {
	address int // of the collection
	next    int // where its next object goes
	end     int
	objects int
}

// collectionSize is the library's own. It also keeps the number of objects far
// below what their indices, of 16 bits, can tell apart.
const collectionSize = 4096

// strings writes strings to the global heap and returns the elements that refer
// to them.
func (w *writer) strings(list []string) ([]byte, error) {
	raw := make([]byte, 0, 16*len(list))
	for i, s := range list {
		if strings.Contains(s, "\x00") || !utf8.ValidString(s) {
			return nil, broken("string %d has a zero byte or is not UTF-8: %.80q", i, s)
		}
		if s == "" {
			raw = append(raw, make([]byte, 16)...)
			continue
		}
		if uint64(len(w.b))+uint64(len(s)) > maxBytes {
			return nil, broken("the file grows beyond %d bytes", maxBytes)
		}
		index := w.object(s)
		raw = le.AppendUint32(raw, uint32(len(s)))
		raw = le.AppendUint64(raw, uint64(w.heap.address))
		raw = le.AppendUint32(raw, uint32(index))
	}
	return raw, nil
}

// object writes a string to the collection, or to a new one if that is full,
// and returns its index there.
func (w *writer) object(s string) int {
	const head = 16
	size := head + align(len(s))
	h := &w.heap
	if h.end-h.next < size {
		n := max(collectionSize, head+size)
		begin := w.alloc(n)
		*h = globalHeap{address: begin, next: begin + head, end: begin + n}
		b := append(w.b[:begin], "GCOL\x01\x00\x00\x00"...)
		le.AppendUint64(b, uint64(n))
	}
	h.objects++
	b := le.AppendUint16(w.b[:h.next], uint16(h.objects))
	b = append(b, 0, 0, 0, 0, 0, 0)
	b = le.AppendUint64(b, uint64(len(s)))
	copy(w.b[len(b):], s)
	h.next += size
	// The rest, if it has room for that, is an object without an index: free space.
	if free := h.end - h.next; free >= head {
		b := append(w.b[:h.next], make([]byte, 8)...)
		le.AppendUint64(b, uint64(free))
	}
	return h.objects
}
