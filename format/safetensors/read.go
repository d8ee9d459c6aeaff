package safetensors

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/spikelane/spikelane/tensor"
)

var (
	// ErrFormat is wrapped by every error about bytes that are no safetensors
	// file, and about content that cannot be written as one.
	ErrFormat = errors.New("not a valid safetensors file")
	// ErrNotFound is wrapped when a file has no tensor of the name asked for.
	ErrNotFound = errors.New("no such tensor")
	// ErrDType is wrapped when a tensor cannot be had as the numbers asked for.
	ErrDType = errors.New("unsuitable dtype")
)

const (
	prefixLen = 8
	// maxHeader is the reference's own limit.
	maxHeader = 100_000_000
)

// File is a file that was read. It keeps the bytes given to [Read] and is safe
// for concurrent use while nobody changes them.
type File struct {
	// Metadata is the header's __metadata__, nil if it has none.
	Metadata map[string]string

	names   []string
	entries map[string]Entry
	spans   map[string][2]int
}

// Entry is a tensor as it lies in the file. Shape and Data belong to the file
// and must not be changed.
type Entry struct {
	DType DType
	Shape tensor.Shape // empty for a single number; dimensions may be 0
	Data  []byte       // little-endian, row-major, in place in the bytes given to Read
}

// Read reads a file from memory and checks all of it but the values of the
// numbers. The numbers are not copied: data must stay unchanged while the File
// is in use. Every error wraps [ErrFormat].
func Read(data []byte) (*File, error) {
	if len(data) < prefixLen {
		return nil, fmt.Errorf("%w: %d bytes, a file has at least 8 before its header", ErrFormat, len(data))
	}
	n := binary.LittleEndian.Uint64(data)
	rest := data[prefixLen:]
	switch {
	case n > maxHeader:
		return nil, fmt.Errorf("%w: a header of %d bytes, the limit is %d", ErrFormat, n, maxHeader)
	case n > uint64(len(rest)):
		return nil, fmt.Errorf("%w: a header of %d bytes, %d are left in the file", ErrFormat, n, len(rest))
	case n == 0 || rest[0] != '{':
		return nil, fmt.Errorf("%w: header does not begin with '{'", ErrFormat)
	}
	s := &scanner{text: rest[:n], where: "header"}
	// Checked once for all strings: what lies outside of them is ASCII or an error anyway.
	if !utf8.Valid(s.text) {
		return nil, s.fail(firstInvalid(s.text), "invalid UTF-8")
	}
	f := &File{entries: map[string]Entry{}}
	records, err := f.header(s, rest[n:])
	if err != nil {
		return nil, err
	}
	if err := tile(records, len(rest)-int(n)); err != nil {
		return nil, err
	}
	for _, r := range records {
		f.names = append(f.names, r.name)
	}
	return f, nil
}

// tile puts the tensors into the order of their data and reports data that
// belongs to none or to two of them.
func tile(records []record, size int) error {
	slices.SortStableFunc(records, func(a, b record) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	last, end := "", 0
	for _, r := range records {
		if r.begin > end {
			return fmt.Errorf("%w: tensor %.80q begins at byte %d of the data, bytes %d to %d before it belong to no tensor",
				ErrFormat, r.name, r.begin, end, r.begin)
		}
		if r.begin < end {
			return fmt.Errorf("%w: tensor %.80q begins at byte %d of the data and overlaps %.80q, which ends at %d",
				ErrFormat, r.name, r.begin, last, end)
		}
		last, end = r.name, r.end
	}
	if end != size {
		return fmt.Errorf("%w: %d bytes after the last tensor, which ends at byte %d of the data", ErrFormat, size-end, end)
	}
	return nil
}

func firstInvalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// Names returns the names of the tensors in the order of their data.
func (f *File) Names() []string { return slices.Clone(f.names) }

// Entry returns the tensor of that name as it lies in the file, and whether
// there is one.
func (f *File) Entry(name string) (Entry, bool) {
	e, ok := f.entries[name]
	return e, ok
}

// MetadataSpan returns where in the bytes given to [Read] the value of a
// metadata key lies: data[begin:end] is its JSON text between the quotes. A
// checksum over the file can thus be kept in the file: it is taken with the
// span blanked.
func (f *File) MetadataSpan(key string) (begin, end int, ok bool) {
	s, ok := f.spans[key]
	return s[0], s[1], ok
}
