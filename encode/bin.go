package encode

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/spikelane/spikelane/tensor"
)

// Binning says how events become steps.
type Binning struct {
	Sensor Sensor
	// Width is the length of a step; default 1 ms. An event at time t belongs
	// to step floor(t/Width).
	Width time.Duration
	// Clip makes every value 1. By default it is the number of events that
	// fall on one pixel and polarity in one step.
	Clip bool
	// SwapXY exchanges x and y, to see what a network makes of it.
	SwapXY bool
}

// Shape is the shape of one step: polarity (off, on), height, width.
func (b Binning) Shape() tensor.Shape {
	if b.SwapXY {
		return tensor.Shape{2, b.Sensor.Width, b.Sensor.Height}
	}
	return tensor.Shape{2, b.Sensor.Height, b.Sensor.Width}
}

// Binner collects events into steps, as many at a time as are asked for: it
// holds the events of one step, not of the recording.
type Binner struct {
	Binning
	next    func() (Event, error, bool)
	stop    func()
	event   Event // the first that has not been used
	pending bool
	err     error
	step    int64
	pixels  []int32 // of one step
}

// NewBinner starts at the first event. Close it when done.
func NewBinner(events iter.Seq2[Event, error], b Binning) (*Binner, error) {
	if b.Width == 0 {
		b.Width = time.Millisecond
	}
	if b.Width < 0 || b.Sensor.Width < 1 || b.Sensor.Height < 1 {
		return nil, fmt.Errorf("encode: %w: a bin of %v, a sensor of %d x %d", tensor.ErrShape, b.Width, b.Sensor.Width, b.Sensor.Height)
	}
	if err := b.Shape().Check(); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	n := &Binner{Binning: b}
	n.next, n.stop = iter.Pull2(events)
	n.advance()
	return n, n.err
}

// Close lets go of the events.
func (b *Binner) Close() { b.stop() }

// advance takes the next event.
func (b *Binner) advance() {
	e, err, ok := b.next()
	b.event, b.pending = e, ok && err == nil
	if ok && err != nil {
		b.err = err
	}
}

// Next returns the following steps, [steps, 1, 2, height, width]; after the
// last event they are empty. An error of the recording comes back as soon as
// its steps are reached, and again from then on.
func (b *Binner) Next(steps int) (*tensor.Events, error) {
	if steps < 0 {
		return nil, fmt.Errorf("encode: %w: %d steps", tensor.ErrShape, steps)
	}
	x := tensor.NewEvents(1, b.Shape()...)
	for ; x.T < steps; x.T++ {
		b.pixels = b.pixels[:0]
		for b.pending && int64(b.event.Time/b.Width) <= b.step {
			b.pixels = append(b.pixels, b.feature(b.event))
			b.advance()
		}
		if b.err != nil {
			return nil, b.err
		}
		slices.Sort(b.pixels)
		b.merge(x)
		b.step++
	}
	return x, nil
}

// Rest reads the events after the last step, which are dropped, to the end of
// the recording and counts them: a recording may be broken there, too.
func (b *Binner) Rest() (events int, err error) {
	for b.pending {
		events++
		b.advance()
	}
	return events, b.err
}

// feature is the index of an event's pixel.
func (b *Binner) feature(e Event) int32 {
	polarity := 0
	if e.On {
		polarity = 1
	}
	if b.SwapXY {
		return int32((polarity*b.Sensor.Width+int(e.X))*b.Sensor.Height + int(e.Y))
	}
	return int32((polarity*b.Sensor.Height+int(e.Y))*b.Sensor.Width + int(e.X))
}

// merge appends the sorted pixels of a step, each with how often it comes.
func (b *Binner) merge(x *tensor.Events) {
	for i := 0; i < len(b.pixels); {
		k := i + 1
		for k < len(b.pixels) && b.pixels[k] == b.pixels[i] {
			k++
		}
		value := float32(k - i)
		if b.Clip {
			value = 1
		}
		x.Index, x.Value = append(x.Index, b.pixels[i]), append(x.Value, value)
		i = k
	}
	x.Rows = append(x.Rows, len(x.Index))
}
