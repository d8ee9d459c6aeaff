// Package encode turns recordings, pictures, sounds and numbers into signals.
//
//	r, err := events.Open("60001.bs2", events.Options{Sensor: sensor})
//	b, err := encode.NewBinner(r.All(), encode.Binning{Sensor: sensor, Ordered: true})
//	for {
//		x, err := b.Next(64) // *tensor.Events, [64, 1, 2, 34, 34]
//	}
//
// Readers are lazy and strict: what is no recording is an error that says where,
// and nothing is allocated from a number in a file before it has been checked.
// Encoders take finite numbers and return up to 1 GiB at once: what cannot be
// coded is an error that names the number, and comes before any work is done.
package encode

import "errors"

// ErrFormat is wrapped by errors about files that break the rules of their
// format, and about events that belong to no pixel or no step.
var ErrFormat = errors.New("bad format")
