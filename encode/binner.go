package encode

import (
	"cmp"
	"fmt"
	"image"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// Binner collects events into steps, as many at a time as are asked for. Of
// events that are [Binning.Ordered] it holds those of one step, of others 16
// bytes each.
type Binner struct {
	Binning
	next  func() (events.Event, error, bool)
	stop  func()
	shape tensor.Shape
	taken int           // events
	last  time.Duration // of the event before, of those that are ordered
	begin time.Duration // of the first step
	// earliest is the first time of all, wherever it stands.
	earliest time.Duration

	ahead   spot // the first that has not been used
	pending bool
	sorted  []spot // those after it, of events that are not ordered
	whole   bool   // sorted has been filled
	err     error
	step    int64
	pixels  []int64 // of one step
}

// spot is where an event belongs.
type spot struct {
	time  time.Duration
	pixel int64
}

// NewBinner takes the first event. Close the Binner when done.
//
// An event outside the sensor or before time 0 is an error that wraps
// [ErrFormat] and says which it is, counted from 0, here or of [Binner.Next].
func NewBinner(seq iter.Seq2[events.Event, error], b Binning) (*Binner, error) {
	if seq == nil {
		return nil, fmt.Errorf("encode: %w: there is no sequence of events", tensor.ErrShape)
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	next, stop := iter.Pull2(seq)
	return newBinner(next, stop, b)
}

// BinRecording is [NewBinner] of the events of a recording, which it reads many
// at a time: it is several times as fast.
func BinRecording(r *events.Reader, b Binning) (*Binner, error) {
	some := make([]events.Event, 512)
	var left []events.Event
	var failed error
	next := func() (e events.Event, err error, ok bool) {
		if len(left) == 0 && failed == nil {
			var n int
			n, failed = r.Read(some)
			left = some[:n]
		}
		if len(left) == 0 {
			return e, failed, failed != io.EOF
		}
		e, left = left[0], left[1:]
		return e, nil, true
	}
	return newBinner(next, func() {}, b)
}

func newBinner(next func() (events.Event, error, bool), stop func(), b Binning) (*Binner, error) {
	if b.Width == 0 {
		b.Width = time.Millisecond
	}
	if err := b.check(); err != nil {
		stop()
		return nil, err
	}
	n := &Binner{Binning: b, shape: b.Shape(), next: next, stop: stop}
	n.ahead, n.pending = n.take()
	if n.err != nil {
		stop()
		return nil, n.err
	}
	return n, nil
}

// Close lets go of the events.
func (b *Binner) Close() { b.stop() }

// take is the next event of the sequence in the part that is looked at; there is
// none after an error.
func (b *Binner) take() (spot, bool) {
	for b.err == nil {
		e, err, ok := b.next()
		if !ok {
			return spot{}, false
		}
		if err == nil {
			err = b.checkEvent(e)
		}
		if err != nil {
			b.err = err
			break
		}
		if b.taken == 0 && b.Origin == OriginFirst {
			b.begin = e.Time
		}
		if b.taken == 0 || e.Time < b.earliest {
			b.earliest = e.Time
		}
		b.taken++
		b.last = e.Time
		if pixel, seen := b.pixel(e); seen {
			return spot{e.Time, pixel}, true
		}
	}
	return spot{}, false
}

// due reports whether the next event belongs to the step that is being made,
// which has so many already.
func (b *Binner) due(have int) bool {
	if b.Count > 0 {
		return b.pending && have < b.Count
	}
	return b.pending && int64((b.ahead.time-b.begin)/b.Width) <= b.step
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
	slices.SortStableFunc(b.sorted, func(a, c spot) int { return cmp.Compare(a.time, c.time) })
	if b.Origin == OriginFirst {
		b.begin = b.earliest
	}
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

// Next returns the following steps, [steps, 1, channels, height, width]; after the
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
	x := tensor.NewEvents(1, b.shape...)
	for ; x.T < steps; x.T++ {
		b.pixels = b.pixels[:0]
		for b.due(len(b.pixels)) {
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

// merge appends the sorted pixels of a step, each with what its events are
// together.
func (b *Binner) merge(x *tensor.Events) {
	for i := 0; i < len(b.pixels); {
		place, sum := b.pixels[i]>>1, 0
		k := i
		for ; k < len(b.pixels) && b.pixels[k]>>1 == place; k++ {
			if b.Values == ValuesSigned && b.pixels[k]&1 == 0 {
				sum--
			} else {
				sum++
			}
		}
		if b.Values == ValuesClipped {
			sum = 1
		}
		if sum != 0 {
			x.Index, x.Value = append(x.Index, int32(place)), append(x.Value, float32(sum))
		}
		i = k
	}
	x.Rows = append(x.Rows, len(x.Index))
}

// pixel is the index of an event's pixel, times 2, and 1 more if it is on; not
// ok outside the part that is looked at.
func (b *Binner) pixel(e events.Event) (p int64, ok bool) {
	x, y := int(e.X), int(e.Y)
	if !b.Crop.Empty() {
		if !(image.Point{X: x, Y: y}).In(b.Crop) {
			return 0, false
		}
		x, y = x-b.Crop.Min.X, y-b.Crop.Min.Y
	}
	if n := b.Downsample; n > 1 {
		x, y = x/n, y/n
	}
	if b.SwapXY {
		x, y = y, x
	}
	channel, on := 0, int64(0)
	if e.On {
		on = 1
		channel = b.shape[0] - 1
	}
	return int64((channel*b.shape[1]+y)*b.shape[2]+x)*2 + on, true
}
