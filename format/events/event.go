package events

import (
	"fmt"
	"time"
)

// Event is a change of brightness that a pixel of a camera saw, or a spike of
// channel X of a cochlea.
type Event struct {
	Time time.Duration // since the recording's time 0
	X, Y uint16
	On   bool // brighter: polarity 1
}

// Sensor is the size of a camera's picture; of a cochlea, the number of its
// channels and 1.
type Sensor struct{ Width, Height int }

// Known reports whether there is a size.
func (s Sensor) Known() bool { return s != Sensor{} }

// String is the size as 640x480.
func (s Sensor) String() string { return fmt.Sprintf("%dx%d", s.Width, s.Height) }

// maxSide is how wide and high a sensor may be: coordinates have 16 bits.
const maxSide = 1 << 16

// Check reports a size that no sensor has.
func (s Sensor) Check() error {
	if s.Known() && (s.Width < 1 || s.Height < 1 || s.Width > maxSide || s.Height > maxSide) {
		return fmt.Errorf("a sensor of %v; width and height are from 1 to %d", s, maxSide)
	}
	return nil
}

// Holds reports whether a pixel is one of the sensor's.
func (s Sensor) Holds(x, y int32) bool {
	return uint(x) < uint(s.Width) && uint(y) < uint(s.Height)
}
