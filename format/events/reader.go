package events

import (
	"fmt"
	"io"
	"iter"
	"os"
)

// Reader reads a recording.
type Reader struct {
	format  string
	decoder Decoder
	rules   rules
	raw     []Raw // read, not yet given out
	buffer  [512]Raw
	sorted  []Event // what is left of BackwardSort
	sorting bool
	err     error // that comes after raw
	file    io.Closer
}

// Open reads a file. Errors name it. Close the Reader when done.
func Open(path string, o Options) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	r, err := open(f, o)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("events: %s: %w", path, err)
	}
	r.rules.path, r.file = path+": ", f
	return r, nil
}

// NewReader reads a stream: a pipe, a connection. An event is given out when
// its bytes have come. Where r is an [*os.File] of a regular file, formats that
// are read here and there can be read, too.
func NewReader(r io.Reader, o Options) (*Reader, error) {
	n, err := open(r, o)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return n, nil
}

// Decoded reads what a decoder of one's own gives, by the rules of this
// package.
func Decoded(d Decoder, h Header, o Options) (*Reader, error) {
	r, err := decoded(d, h, o)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return r, nil
}

func open(in io.Reader, o Options) (*Reader, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := newSource(in)
	f, err := s.format(o)
	if err != nil {
		return nil, err
	}
	d, h, err := f.Open(s, o)
	if err == nil {
		var r *Reader
		if r, err = decoded(d, h, o); err == nil {
			r.format = f.Name
			return r, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", f.What, err)
}

// format is the one that is asked for, or recognised.
func (s *Source) format(o Options) (Format, error) {
	if o.Format != "" {
		return named(o.Format)
	}
	return s.recognise()
}

func decoded(d Decoder, h Header, o Options) (*Reader, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	rules, err := newRules(h, o)
	if err != nil {
		return nil, err
	}
	return &Reader{decoder: d, rules: rules, sorting: o.Backward == BackwardSort}, nil
}

// Format is the name of the recording's format.
func (r *Reader) Format() string { return r.format }

// Sensor is that of [Options], or else of the file. It is not known where
// neither says it.
func (r *Reader) Sensor() Sensor { return r.rules.sensor }

// Dropped is how many events outside the sensor have been dropped.
func (r *Reader) Dropped() int { return r.rules.dropped }

// Backward is how many times went back, of events that are kept or sorted.
func (r *Reader) Backward() int { return r.rules.backward }

// Close closes the file that was opened.
func (r *Reader) Close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// Read fills dst from its beginning and returns how many events it has written.
// At the end of the recording that is 0 and [io.EOF]. It waits only while it
// has none. An error comes again from then on.
func (r *Reader) Read(dst []Event) (int, error) {
	if len(dst) == 0 {
		return 0, nil
	}
	if r.sorting {
		return r.readSorted(dst)
	}
	for {
		n, used, err := r.rules.apply(dst, r.raw)
		r.raw = r.raw[used:]
		if err != nil {
			r.raw, r.err = nil, err
		}
		if n > 0 {
			return n, nil
		}
		if r.err != nil && len(r.raw) == 0 {
			return 0, r.err
		}
		if len(r.raw) == 0 {
			r.fill()
		}
	}
}

// fill decodes events.
func (r *Reader) fill() {
	n, err := r.decoder.Decode(r.buffer[:])
	r.raw = r.buffer[:n]
	switch {
	case err == io.EOF:
		r.err = io.EOF
	case err != nil:
		r.err = fmt.Errorf("events: %safter %d whole events: %w", r.rules.path, r.rules.seen+n, err)
	case n == 0:
		r.err = fmt.Errorf("events: %w", io.ErrNoProgress)
	}
}

// All is the events, one after another. It ends after an error, which comes
// with no event.
func (r *Reader) All() iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var some [512]Event
		for {
			n, err := r.Read(some[:])
			for _, e := range some[:n] {
				if !yield(e, nil) {
					return
				}
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Event{}, err)
				return
			}
		}
	}
}
