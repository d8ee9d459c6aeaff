package events

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/format/npy"
)

// npzFormat is an archive of NumPy with an array each of t, x, y and p, or with
// one array of records.
var npzFormat = Format{
	Name: "npz", What: "NumPy archive",
	Match: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) },
	Open:  openNPZ,
}

func openNPZ(s *Source, o Options) (Decoder, Header, error) {
	at, size, err := s.File()
	if err != nil {
		return nil, Header{}, err
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, Header{}, formatted(err)
	}
	var names []string
	for _, m := range z.File {
		names = append(names, strings.TrimSuffix(m.Name, ".npy"))
	}
	if len(names) == 1 && o.Columns == "" {
		r, err := member(z.File[0])
		if err != nil {
			return nil, Header{}, err
		}
		c, err := recordColumns(r, o)
		if err != nil {
			return nil, Header{}, err
		}
		return newRecordDecoder(r, c, o)
	}
	c, err := namedColumns(names)
	if err != nil {
		return nil, Header{}, err
	}
	return newColumnsDecoder(z.File, c, o)
}

// member begins to read an array of the archive.
func member(m *zip.File) (*npy.Records, error) {
	in, err := m.Open()
	if err != nil {
		return nil, formatted(err)
	}
	r, err := npy.NewRecords(in)
	if err != nil {
		return nil, fmt.Errorf("%w: %.80q: %w", ErrFormat, m.Name, err)
	}
	return r, nil
}

// columnsDecoder reads several arrays side by side.
type columnsDecoder struct {
	arrays [4]*npy.Records // t, x, y, p; nil of what is not there
	one    recordDecoder
	rows   []byte // one of each array, one after another
	count  int
}

func newColumnsDecoder(files []*zip.File, c columns, o Options) (Decoder, Header, error) {
	d := &columnsDecoder{count: -1}
	size := 0
	joined := &npy.Records{}
	for k, place := range []int{c.t, c.x, c.y, c.p} {
		if place < 0 {
			continue
		}
		r, err := member(files[place])
		if err != nil {
			return nil, Header{}, err
		}
		if len(r.Fields) != 1 {
			return nil, Header{}, fmt.Errorf("%w: %q is not one number an event", ErrFormat, files[place].Name)
		}
		if d.count >= 0 && r.Count != d.count {
			return nil, Header{}, fmt.Errorf("%w: %q has %d numbers, %q %d: there is one of each for every event", ErrFormat, files[place].Name, r.Count, files[c.t].Name, d.count)
		}
		d.count, d.arrays[k] = r.Count, r
		f := r.Fields[0]
		f.Offset = size
		size += r.Size
		joined.Fields = append(joined.Fields, f)
		*[]*int{&c.t, &c.x, &c.y, &c.p}[k] = len(joined.Fields) - 1
	}
	decoder, h, err := newRecordDecoder(joined, c, o)
	if err != nil {
		return nil, h, err
	}
	d.one = *decoder.(*recordDecoder)
	return d, h, nil
}

// end is [io.EOF] if every array ends here, whole as its checksum says.
func (d *columnsDecoder) end() error {
	for _, r := range d.arrays {
		if r == nil {
			continue
		}
		if _, err := r.Next(1); err != io.EOF {
			return formatted(err)
		}
	}
	return io.EOF
}

func (d *columnsDecoder) Decode(dst []Raw) (int, error) {
	if d.count == 0 {
		return 0, d.end()
	}
	n := min(len(dst), d.count)
	var parts [4][]byte
	size := 0
	for k, r := range d.arrays {
		if r == nil {
			continue
		}
		// Arrays come in pieces of their own: all as many as the fewest.
		b, err := r.Next(n)
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrTruncated, err)
		}
		for len(b) < n*r.Size {
			b = slices.Clone(b)
			more, err := r.Next(n - len(b)/r.Size)
			if err != nil {
				return 0, fmt.Errorf("%w: %w", ErrTruncated, err)
			}
			b = append(b, more...)
		}
		parts[k] = b
		size += r.Size
	}
	d.rows = slices.Grow(d.rows[:0], size)[:size]
	for i := range n {
		at := 0
		for k, r := range d.arrays {
			if r != nil {
				at += copy(d.rows[at:], parts[k][i*r.Size:][:r.Size])
			}
		}
		e, err := d.one.event(d.rows)
		if err != nil {
			return i, err
		}
		dst[i] = e
	}
	d.count -= n
	return n, nil
}
