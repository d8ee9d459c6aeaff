package encode

import (
	"fmt"
	"image"
	"math"
	"time"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// Values is what the events of one step become.
type Values uint8

// The choices.
const (
	ValuesCounts  Values = iota // two channels, off and on: how many events fell on a pixel
	ValuesClipped               // the same, and 1 where there were more
	ValuesSigned                // one channel: the events that are on, less those that are off
)

var valuesNames = []string{"counts", "clipped", "signed"}

// String is the name: counts, clipped or signed.
func (v Values) String() string { return nameOf(valuesNames, int(v)) }

// MarshalText is the name.
func (v Values) MarshalText() ([]byte, error) { return marshalName(valuesNames, int(v), "Values") }

// UnmarshalText takes a name.
func (v *Values) UnmarshalText(text []byte) error { return unmarshalName(v, valuesNames, text) }

// Origin is when the first step begins.
type Origin uint8

// The choices.
const (
	OriginZero  Origin = iota // at the recording's time 0
	OriginFirst               // with the first event, so that a late start costs no empty steps
)

var originNames = []string{"zero", "first"}

// String is the name: zero or first.
func (o Origin) String() string { return nameOf(originNames, int(o)) }

// MarshalText is the name.
func (o Origin) MarshalText() ([]byte, error) { return marshalName(originNames, int(o), "Origin") }

// UnmarshalText takes a name.
func (o *Origin) UnmarshalText(text []byte) error { return unmarshalName(o, originNames, text) }

// Binning says how events become steps.
type Binning struct {
	Sensor events.Sensor
	// Width is the length of a step; default 1 ms. An event at time t after the
	// origin belongs to step floor(t/Width). One that was computed goes through
	// [Width].
	Width time.Duration
	// Count, if not 0, ends a step after so many events in place of a time.
	Count  int
	Origin Origin
	Values Values
	// Crop is the part of the sensor that is looked at, the whole of it if it is
	// empty; events outside it are passed over.
	Crop image.Rectangle
	// Downsample makes squares of so many pixels one, at floor(x/Downsample);
	// what is left at the edges is one more. 0 is 1.
	Downsample int
	// SwapXY exchanges x and y, to see what a network makes of it.
	SwapXY bool
	// Ordered promises that times never go back, as those of a recording that was
	// read strictly. Then events are taken as their steps are asked for, and an
	// earlier time is an error. By default all events are taken before the first
	// step, and sorted.
	Ordered bool
}

// Width is the length of a step that was computed: one of 0, or one that was
// rounded to 0, is an error of [NewBinner] and not the default.
func Width(d time.Duration) time.Duration {
	if d == 0 {
		return noWidth
	}
	return d
}

// noWidth is a length of a step that is no time.
const noWidth time.Duration = math.MinInt64

// Shape is the shape of one step: channels, height, width. The channels are off
// and on, or one.
func (b Binning) Shape() tensor.Shape {
	width, height := b.Sensor.Width, b.Sensor.Height
	if !b.Crop.Empty() {
		width, height = b.Crop.Dx(), b.Crop.Dy()
	}
	n := max(1, b.Downsample)
	width, height = (width+n-1)/n, (height+n-1)/n
	channels := 2
	if b.Values == ValuesSigned {
		channels = 1
	}
	if b.SwapXY {
		width, height = height, width
	}
	return tensor.Shape{channels, height, width}
}

// check reports options out of range.
func (b Binning) check() error {
	switch {
	case b.Width == noWidth:
		return fmt.Errorf("encode: %w: the length of a step is 0; it is at least 1ns", ErrRange)
	case b.Width < 0:
		return fmt.Errorf("encode: %w: the length of a step is %v; it is at least 1ns", ErrRange, b.Width)
	case b.Count < 0 || b.Downsample < 0:
		return fmt.Errorf("encode: %w: %d events a step, %d pixels made one; they are not negative", ErrRange, b.Count, b.Downsample)
	case b.Origin > OriginFirst || b.Values > ValuesSigned:
		return fmt.Errorf("encode: %w: Origin is %d, Values %d", ErrRange, b.Origin, b.Values)
	case !b.Sensor.Known() || b.Sensor.Check() != nil:
		return fmt.Errorf("encode: %w: a sensor of %v", ErrRange, b.Sensor)
	case b.Crop != image.Rectangle{} && (b.Crop.Empty() || !b.Crop.In(image.Rect(0, 0, b.Sensor.Width, b.Sensor.Height))):
		return fmt.Errorf("encode: %w: the part %v of a sensor of %v", ErrRange, b.Crop, b.Sensor)
	}
	if err := b.Shape().Check(); err != nil {
		return fmt.Errorf("encode: a sensor of %v: %w", b.Sensor, err)
	}
	return nil
}
