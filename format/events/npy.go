package events

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spikelane/spikelane/format/npy"
)

// npyFormat is an array of NumPy: of records with fields like t, x, y and p, or
// of rows whose columns [Options.Columns] names.
var npyFormat = Format{
	Name: "npy", What: "NumPy array",
	Match: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte("\x93NUMPY")) },
	Open: func(s *Source, o Options) (Decoder, Header, error) {
		r, err := npy.NewRecords(s)
		if err != nil {
			return nil, Header{}, formatted(err)
		}
		c, err := recordColumns(r, o)
		if err != nil {
			return nil, Header{}, err
		}
		return newRecordDecoder(r, c, o)
	},
}

// formatted says that an error of a reader is one of the format.
func formatted(err error) error { return fmt.Errorf("%w: %w", ErrFormat, err) }

// recordColumns are the columns of records.
func recordColumns(r *npy.Records, o Options) (columns, error) {
	if o.Columns != "" {
		return givenColumns(o.Columns, len(r.Fields))
	}
	if !r.Named {
		return columns{}, fmt.Errorf("%w: rows of %d numbers without names: name the columns, as t,x,y,p", ErrOption, len(r.Fields))
	}
	var names []string
	for _, f := range r.Fields {
		names = append(names, f.Name)
	}
	return namedColumns(names)
}

// recordDecoder takes events out of records.
type recordDecoder struct {
	records *npy.Records
	fields  [4]*npy.Field // t, x, y, p; nil of what is not there
	unit    time.Duration // of times with a fraction
}

func newRecordDecoder(r *npy.Records, c columns, o Options) (Decoder, Header, error) {
	d := &recordDecoder{records: r}
	for k, place := range []int{c.t, c.x, c.y, c.p} {
		if place < 0 {
			continue
		}
		d.fields[k] = &r.Fields[place]
		if !d.fields[k].Number() {
			return nil, Header{}, fmt.Errorf("%w: the field %q is of type %s, no number", ErrFormat, r.Fields[place].Name, r.Fields[place].Type)
		}
	}
	if said := d.fields[0].Unit(); said != "" {
		c.unit = timeUnits[said]
		if c.unit == 0 {
			return nil, Header{}, fmt.Errorf("%w: times in units of %q", ErrFormat, said)
		}
	}
	unit, fixed, err := c.timeUnit(o)
	if err != nil {
		return nil, Header{}, err
	}
	h := Header{Unit: unit, Fixed: fixed}
	if d.fields[0].Float() {
		d.unit, h.Unit, h.Fixed = unit, 1, false
	}
	return d, h, nil
}

func (d *recordDecoder) Decode(dst []Raw) (int, error) {
	b, err := d.records.Next(len(dst))
	if err != nil {
		if err != io.EOF {
			err = fmt.Errorf("%w: %w", ErrTruncated, err)
		}
		return 0, err
	}
	size := d.records.Size
	for i := range len(b) / size {
		record := b[i*size:][:size]
		e, err := d.event(record)
		if err != nil {
			return i, err
		}
		dst[i] = e
	}
	return len(b) / size, nil
}

// event is that of a record.
func (d *recordDecoder) event(record []byte) (e Raw, err error) {
	t, x, y, p := d.fields[0], d.fields[1], d.fields[2], d.fields[3]
	if t.Float() {
		if e.Time, err = nanoseconds(t.Number64(record), d.unit); err != nil {
			return e, err
		}
	} else {
		e.Time = t.Int(record)
	}
	e.Polarity = 1
	for i, f := range []*npy.Field{x, y, p} {
		if f == nil {
			continue
		}
		to := [...]*int32{&e.X, &e.Y, &e.Polarity}[i]
		if !f.Float() {
			*to = coordinate(f.Int(record))
		} else if *to, err = wholeNumber(f.Number64(record)); err != nil {
			return e, err
		}
	}
	return e, nil
}

// wholeNumber is a coordinate or a polarity that has no fraction.
func wholeNumber(v float64) (int32, error) {
	if v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
		return 0, fmt.Errorf("%w: %v, where x, y and polarity are whole numbers", ErrFormat, v)
	}
	return int32(v), nil
}

// nanoseconds are a time with a fraction, rounded, halves to even.
func nanoseconds(v float64, unit time.Duration) (int64, error) {
	ns := math.RoundToEven(v * float64(unit))
	if ns-ns != 0 || math.Abs(ns) >= 1<<63 {
		return 0, fmt.Errorf("%w: a time of %v", ErrFormat, v)
	}
	return int64(ns), nil
}
