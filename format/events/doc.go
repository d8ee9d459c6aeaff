// Package events reads and writes recordings of event cameras and artificial
// cochleas, whatever tool wrote them.
//
//	r, err := events.Open("night.raw", events.Options{})
//	defer r.Close()
//	for e, err := range r.All() {
//		...
//	}
//
// A format is recognised by the content of a file. All of them give the same
// [Event], and obey the same rules:
//
//   - polarities 0 and 1, -1 and 1, false and true are the same; others are an
//     error, and so are 0 and -1 in one recording;
//   - an event outside the sensor is an error, or counted and dropped
//     ([Options.Outside]);
//   - a time before the one of the event before is an error, or sorted, or kept
//     ([Options.Backward]);
//   - a time has the unit that the format fixes, or that the file or
//     [Options.Unit] states; none is guessed;
//   - a time before 0, or over 292 years, is an error;
//   - a file that is cut short is an error that says how many whole events came
//     before, and they are given out first.
//
// Files are read as they are asked for, in memory that does not depend on their
// length; only BackwardSort holds a recording, 16 bytes an event, and HDF5 files
// are read as a whole. Errors that
// are the file's wrap [ErrFormat], those of a file that is cut short
// [ErrTruncated] too; they name the event, counted from 0.
package events

import (
	"errors"
	"fmt"
)

var (
	// ErrFormat is wrapped by errors about files that break a rule of their
	// format or of this package.
	ErrFormat = errors.New("not a valid recording of events")
	// ErrTruncated is wrapped, as ErrFormat is, by errors about files that end
	// inside an event or before what their header promises.
	ErrTruncated = fmt.Errorf("%w: it is cut short", ErrFormat)
	// ErrUnknown is wrapped by errors about files of no known format.
	ErrUnknown = errors.New("not a known format of events")
	// ErrOption is wrapped by errors about options that are out of range, or
	// that are needed and missing.
	ErrOption = errors.New("unsuitable option")
)
