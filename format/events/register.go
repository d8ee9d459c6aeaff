package events

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Raw is an event as a file has it, before any rule.
type Raw struct {
	Time     int64 // in units of [Header.Unit]
	X, Y     int32
	Polarity int32
}

// Header is what a file says before its events.
type Header struct {
	Sensor Sensor // zero if it says none
	// Unit is that of [Raw.Time]: the format's or the file's, or of
	// [Options.Unit], in Open's error if there is none.
	Unit time.Duration
	// Fixed says that the file or its format states the unit, so that another
	// in [Options.Unit] is an error.
	Fixed bool
}

// Decoder takes events out of a file, one after another.
type Decoder interface {
	// Decode fills dst from its beginning and returns how many events it has
	// written: at least one, or an error; io.EOF after the last. It waits for
	// bytes only while it has no event to return. What it writes beside an
	// error counts. dst is not empty.
	Decode(dst []Raw) (int, error)
}

// Format is a way to write recordings down.
type Format struct {
	Name string // short, lower case: evt3
	What string // in a word or two: Prophesee EVT 3.0
	// Match reports whether a file is one, from its first bytes, of which there
	// are few at first where they come slowly, and 64 KiB at most, and from its
	// base name, which is empty for a stream. It does not return true for the
	// beginning of a file of another format.
	Match func(head []byte, name string) bool
	// Open reads what comes before the events. Errors about the file wrap
	// [ErrFormat], errors about options [ErrOption].
	Open func(s *Source, o Options) (Decoder, Header, error)
}

var (
	registering sync.Mutex
	// formats are tried in this order: those with a mark at their beginning
	// come before those that are known by their names, text comes last.
	formats = []Format{evt3, evt21, evt2, dat, eventStream, aedat2, aedat3, hdf5Format, npyFormat, npzFormat, bs2, table}
)

// Register makes a format known, which is tried before the others. A name that
// is taken panics. Packages for formats that need a library call it when they
// are imported.
func Register(f Format) {
	registering.Lock()
	defer registering.Unlock()
	if slices.ContainsFunc(formats, func(g Format) bool { return g.Name == f.Name }) {
		panic("events: Register: two formats have one name")
	}
	formats = slices.Concat([]Format{f}, formats)
}

// Formats are the formats that are known.
func Formats() []Format {
	registering.Lock()
	defer registering.Unlock()
	return slices.Clone(formats)
}

// named is the format of a name.
func named(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("%w: there is no format %q; known are %s", ErrOption, name, strings.Join(names, ", "))
}
