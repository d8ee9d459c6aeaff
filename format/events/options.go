package events

import (
	"fmt"
	"time"
)

// Outside is what becomes of events outside the sensor.
type Outside uint8

// The choices.
const (
	OutsideError Outside = iota // they are an error
	OutsideDrop                 // they are dropped, and counted: [Reader.Dropped]
)

// Backward is what becomes of an event whose time is before that of the event
// before.
type Backward uint8

// The choices.
const (
	BackwardError Backward = iota // it is an error
	BackwardSort                  // all events are read first and sorted by time; those of one time keep their order
	BackwardKeep                  // it is given out where it stands
)

// Options says how a recording is read. Its zero value takes everything from
// the file and is strict.
type Options struct {
	// Sensor is the size that is wanted: an event outside it is outside the
	// sensor, whatever the file says. By default it is the file's; where the
	// file has none, any pixel is inside, and [Reader.Sensor] is not known.
	Sensor Sensor
	// Unit is the length of a unit of time, for formats that do not fix it:
	// arrays, tables, HDF5. Stating another than a file does is an error.
	Unit     time.Duration
	Outside  Outside
	Backward Backward
	// Format is the name of the format, for files that cannot be recognised;
	// see [Formats].
	Format string
	// Columns names the columns of a table without a header, or the fields of
	// an array without names: t, x, y and p in their order, as "t,x,y,p"; _ is
	// a column that is passed over.
	Columns string
	// Group is where in an HDF5 file the events are; by default the usual
	// places are looked at.
	Group string
	// Sample is which recording of a file that holds several.
	Sample int
}

// check reports options out of range.
func (o Options) check() error {
	err := o.Sensor.Check()
	switch {
	case err != nil:
	case o.Unit < 0:
		err = fmt.Errorf("a unit of time of %v; it is at least 1ns", o.Unit)
	case o.Outside > OutsideDrop:
		err = fmt.Errorf("Outside is %d", o.Outside)
	case o.Backward > BackwardKeep:
		err = fmt.Errorf("Backward is %d", o.Backward)
	case o.Sample < 0:
		err = fmt.Errorf("sample %d; they are counted from 0", o.Sample)
	default:
		return nil
	}
	return fmt.Errorf("%w: %w", ErrOption, err)
}
