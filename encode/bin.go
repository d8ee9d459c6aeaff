package encode

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// Binning says how events become steps.
type Binning struct {
	Sensor events.Sensor
	// Width is the length of a step; default 1 ms. An event at time t belongs
	// to step floor(t/Width). One that was computed goes through [Width].
	Width time.Duration
	// Clip makes every value 1. By default it is the number of events that
	// fall on one pixel and polarity in one step.
	Clip bool
	// SwapXY exchanges x and y, to see what a network makes of it.
	SwapXY bool
	// Ordered promises that times never go back, as those of a .bs2 recording
	// and of a camera do. Then events are taken as their steps are asked for,
	// and an earlier time is an error. By default all events are taken before
	// the first step, and sorted.
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

// Shape is the shape of one step: polarity (off, on), height, width.
func (b Binning) Shape() tensor.Shape {
	if b.SwapXY {
		return tensor.Shape{2, b.Sensor.Width, b.Sensor.Height}
	}
	return tensor.Shape{2, b.Sensor.Height, b.Sensor.Width}
}

// check reports options out of range.
func (b Binning) check() error {
	switch {
	case b.Width == noWidth:
		return fmt.Errorf("encode: %w: the length of a step is 0; it is at least 1ns", ErrRange)
	case b.Width < 0:
		return fmt.Errorf("encode: %w: the length of a step is %v; it is at least 1ns", ErrRange, b.Width)
	}
	if err := b.Shape().Check(); err != nil {
		return fmt.Errorf("encode: a sensor of %d x %d: %w", b.Sensor.Width, b.Sensor.Height, err)
	}
	return nil
}

// Binner collects events into steps, as many at a time as are asked for. Of
// events that are [Binning.Ordered] it holds those of one step, of others 16
// bytes each.
type Binner struct {
	Binning
	next  func() (events.Event, error, bool)
	stop  func()
	taken int           // events
	last  time.Duration // of the event before, of those that are ordered

	ahead   spot // the first that has not been used
	pending bool
	sorted  []spot // those after it, of events that are not ordered
	whole   bool   // sorted has been filled
	err     error
	step    int64
	pixels  []int32 // of one step
}

// spot is where an event belongs.
type spot struct {
	step  int64
	pixel int32
}

// NewBinner takes the first event. Close the Binner when done.
//
// An event outside the sensor or before time 0 is an error that wraps
// [ErrFormat] and says which it is, counted from 0, here or of [Binner.Next].
func NewBinner(seq iter.Seq2[events.Event, error], b Binning) (*Binner, error) {
	if b.Width == 0 {
		b.Width = time.Millisecond
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	if seq == nil {
		return nil, fmt.Errorf("encode: %w: there is no sequence of events", tensor.ErrShape)
	}
	n := &Binner{Binning: b}
	n.next, n.stop = iter.Pull2(seq)
	n.ahead, n.pending = n.take()
	if n.err != nil {
		n.stop()
		return nil, n.err
	}
	return n, nil
}

// Close lets go of the events.
func (b *Binner) Close() { b.stop() }

// take is the next event of the sequence; there is none after an error.
func (b *Binner) take() (spot, bool) {
	if b.err != nil {
		return spot{}, false
	}
	e, err, ok := b.next()
	if !ok {
		return spot{}, false
	}
	if err == nil {
		err = b.checkEvent(e)
	}
	if err != nil {
		b.err = err
		return spot{}, false
	}
	b.taken++
	b.last = e.Time
	return spot{int64(e.Time / b.Width), b.feature(e)}, true
}

// checkEvent reports an event that belongs to no pixel or no step.
func (b *Binner) checkEvent(e events.Event) error {
	var err error
	switch {
	case !b.Sensor.Holds(int32(e.X), int32(e.Y)):
		err = fmt.Errorf("x, y are %d, %d, the sensor is %v", e.X, e.Y, b.Sensor)
	case e.Time < 0:
		err = fmt.Errorf("it is at %v, before time 0", e.Time)
	case b.Ordered && e.Time < b.last:
		err = fmt.Errorf("it is at %v, after one at %v; without Ordered they are sorted", e.Time, b.last)
	default:
		return nil
	}
	return fmt.Errorf("encode: event %d: %w: %w", b.taken, ErrFormat, err)
}

// gather takes all events and sorts them, unless their order is promised.
func (b *Binner) gather() {
	if b.whole || b.Ordered || !b.pending {
		return
	}
	b.whole = true
	b.sorted = append(b.sorted, b.ahead)
	for s, ok := b.take(); ok; s, ok = b.take() {
		b.sorted = append(b.sorted, s)
	}
	slices.SortFunc(b.sorted, func(a, c spot) int { return cmp.Compare(a.step, c.step) })
	b.advance()
}

// advance goes on to the next event.
func (b *Binner) advance() {
	if b.Ordered {
		b.ahead, b.pending = b.take()
		return
	}
	b.pending = len(b.sorted) > 0
	if b.pending {
		b.ahead, b.sorted = b.sorted[0], b.sorted[1:]
	}
}

// Next returns the following steps, [steps, 1, 2, height, width]; after the
// last event they are empty. An error of the recording comes back as soon as
// its steps are reached, of events that are not [Binning.Ordered] at once, and
// again from then on.
func (b *Binner) Next(steps int) (*tensor.Events, error) {
	if steps < 0 {
		return nil, fmt.Errorf("encode: %w: %d steps", ErrRange, steps)
	}
	if err := bounded(rowBytes, steps+1); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	b.gather()
	if !b.Ordered && b.err != nil {
		return nil, b.err
	}
	x := tensor.NewEvents(1, b.Shape()...)
	for ; x.T < steps; x.T++ {
		b.pixels = b.pixels[:0]
		for b.pending && b.ahead.step <= b.step {
			b.pixels = append(b.pixels, b.ahead.pixel)
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

// Rest counts the events after the last step, which are dropped, to the end of
// the recording: it may be broken there, too.
func (b *Binner) Rest() (events int, err error) {
	b.gather()
	for b.pending {
		events++
		b.advance()
	}
	return events, b.err
}

// feature is the index of an event's pixel.
func (b *Binner) feature(e events.Event) int32 {
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
