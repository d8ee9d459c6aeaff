package events_test

import (
	"bytes"
	"fmt"

	"github.com/spikelane/spikelane/format/events"
)

func ExampleNewReader() {
	recording := []byte{
		3, 0, 0x00, 0x00, 0x64, // x 3, y 0, off, at 100 us
		0, 1, 0x80, 0x09, 0xc4, // x 0, y 1, on, at 2500 us
	}
	r, err := events.NewReader(bytes.NewReader(recording), events.Options{Format: "bs2", Sensor: events.Sensor{Width: 34, Height: 34}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range r.All() {
		fmt.Println(e.Time, e.X, e.Y, e.On, err)
	}
	// Output:
	// 100µs 3 0 false <nil>
	// 2.5ms 0 1 true <nil>
}
