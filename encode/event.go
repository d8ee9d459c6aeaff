package encode

import (
	"fmt"
	"time"
)

// Event is a change of brightness that an event camera saw.
type Event struct {
	X, Y uint16
	On   bool          // brighter: polarity 1
	Time time.Duration // since the recording began; whole microseconds
}

// Sensor is the size of an event camera's picture.
type Sensor struct{ Width, Height int }

// check reports an event outside the picture.
func (s Sensor) check(e Event) error {
	if int(e.X) >= s.Width || int(e.Y) >= s.Height {
		return fmt.Errorf("x, y are %d, %d, the sensor is %d x %d", e.X, e.Y, s.Width, s.Height)
	}
	return nil
}
