package events

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spikelane/spikelane/internal/hdf5"
)

// hdf5Format is HDF5 with a group of t, x, y and p, one number an event, as
// Prophesee's tools and DSEC write them, or with spikes/times and spikes/units of
// many recordings, as the Heidelberg digits (SHD, SSC) have them, of which
// [Options.Sample] is one. A file is read as a whole, up to 1 GiB.
var hdf5Format = Format{
	Name: "hdf5", What: "HDF5",
	Match: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte("\x89HDF\r\n\x1a\n")) },
	Open:  openHDF5,
}

func openHDF5(s *Source, o Options) (Decoder, Header, error) {
	at, size, err := s.File()
	if err != nil {
		return nil, Header{}, err
	}
	root, err := hdf5.Read(at, size, hdf5Limit)
	if err != nil {
		return nil, Header{}, formatted(err)
	}
	if spikes, ok := root.Members["spikes"].(*hdf5.Group); ok && o.Group == "" {
		c, err := newCollection(root, spikes)
		if err != nil {
			return nil, Header{}, err
		}
		return c.decoder(o.Sample)
	}
	group, name, err := eventGroup(root, o.Group)
	if err != nil {
		return nil, Header{}, err
	}
	return groupDecoder(root, group, name, o)
}

// hdf5Limit bounds the arrays of a file.
const hdf5Limit = 1 << 32

// eventGroup finds the group of the events.
func eventGroup(root *hdf5.Group, name string) (*hdf5.Group, string, error) {
	names := []string{name}
	if name == "" {
		names = []string{"events", "CD/events", "CD", ""}
	}
	for _, path := range names {
		g, ok := root, true
		for _, part := range strings.FieldsFunc(path, func(r rune) bool { return r == '/' }) {
			if g, ok = g.Members[part].(*hdf5.Group); !ok {
				break
			}
		}
		if ok && name != "" || ok && hasColumns(g) {
			return g, path, nil
		}
	}
	return nil, "", fmt.Errorf("%w: no group of t, x, y and p is in it, nor spikes/times and spikes/units; at its root are %q", ErrFormat, members(root))
}

// members are the names of what is in a group.
func members(g *hdf5.Group) []string {
	var names []string
	for name := range g.Members {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func hasColumns(g *hdf5.Group) bool {
	_, err := namedColumns(members(g))
	return err == nil
}

// groupDecoder gives out the events of a group.
func groupDecoder(root, g *hdf5.Group, name string, o Options) (Decoder, Header, error) {
	names := members(g)
	c, err := namedColumns(names)
	if err != nil {
		return nil, Header{}, err
	}
	if _, dsec := root.Members["ms_to_idx"]; dsec {
		c.unit = time.Microsecond
	}
	unit, _, err := c.timeUnit(o)
	if err != nil {
		return nil, Header{}, err
	}
	d := &listDecoder{unit: unit}
	for k, place := range []int{c.t, c.x, c.y, c.p} {
		if place < 0 {
			continue
		}
		set, ok := g.Members[names[place]].(*hdf5.Dataset)
		if !ok {
			return nil, Header{}, fmt.Errorf("%w: %s/%s is no array", ErrFormat, name, names[place])
		}
		if d.columns[k], err = floats(set); err != nil {
			return nil, Header{}, fmt.Errorf("%s/%s: %w", name, names[place], err)
		}
		if n := len(d.columns[0]); len(d.columns[k]) != n {
			return nil, Header{}, fmt.Errorf("%w: %s/%s has %d numbers, %s %d", ErrFormat, name, names[place], len(d.columns[k]), names[c.t], n)
		}
	}
	return d, Header{Unit: 1}, nil
}

// floats are the numbers of an array, which float64 holds.
func floats(set *hdf5.Dataset) ([]float64, error) {
	v, err := set.Floats()
	if err != nil {
		return nil, formatted(err)
	}
	return v, nil
}

// listDecoder gives out events of columns in memory.
type listDecoder struct {
	columns [4][]float64 // t, x, y, p; nil of what is not there
	unit    time.Duration
	at      int
}

func (d *listDecoder) Decode(dst []Raw) (n int, err error) {
	if d.at == len(d.columns[0]) {
		return 0, io.EOF
	}
	for n < len(dst) && d.at < len(d.columns[0]) {
		e := Raw{Polarity: 1}
		if e.Time, err = nanoseconds(d.columns[0][d.at], d.unit); err != nil {
			return n, err
		}
		for k, to := range []*int32{&e.X, &e.Y, &e.Polarity} {
			if column := d.columns[k+1]; column != nil {
				if *to, err = wholeNumber(column[d.at]); err != nil {
					return n, err
				}
			}
		}
		dst[n] = e
		d.at++
		n++
	}
	return n, nil
}
