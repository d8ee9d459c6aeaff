package events

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// rules make events of what files hold: the package comment states them.
type rules struct {
	path     string // of the file and ": ", for errors
	sensor   Sensor
	unit     time.Duration
	latest   int64 // time, in units, that does not overflow
	outside  Outside
	backward int
	keep     bool // times may go back
	last     int64
	seen     int // events
	dropped  int
	zero     bool // polarity 0 was seen
	minus    bool // polarity -1 was
}

func newRules(h Header, o Options) (rules, error) {
	if h.Unit < 1 {
		return rules{}, fmt.Errorf("%w: it does not say in which unit times are, and none is guessed: state it (as 1us, 1ms, 1s)", ErrOption)
	}
	if o.Unit != 0 && h.Fixed && o.Unit != h.Unit {
		return rules{}, fmt.Errorf("%w: times of %v are asked for, the file's are of %v", ErrOption, o.Unit, h.Unit)
	}
	if err := h.Sensor.Check(); err != nil {
		return rules{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return rules{
		sensor: cmp.Or(o.Sensor, h.Sensor), unit: h.Unit, latest: math.MaxInt64 / int64(h.Unit),
		outside: o.Outside, keep: o.Backward != BackwardError,
	}, nil
}

// anywhere is the sensor that holds every pixel.
var anywhere = Sensor{maxSide, maxSide}

// apply makes events of raw ones, and returns how many it has made and of how
// many. An error is about the raw one after these.
func (r *rules) apply(dst []Event, raw []Raw) (made, used int, err error) {
	sensor := r.sensor
	if !sensor.Known() {
		sensor = anywhere
	}
	for used < len(raw) && made < len(dst) {
		e := &raw[used]
		if !sensor.Holds(e.X, e.Y) {
			if r.outside == OutsideError {
				return made, used, r.fail(r.seen, "x, y are %d, %d, the sensor is %v", e.X, e.Y, sensor)
			}
			r.dropped++
			r.seen++
			used++
			continue
		}
		if err := r.check(e); err != nil {
			return made, used, err
		}
		r.seen++
		used++
		dst[made] = Event{time.Duration(e.Time) * r.unit, uint16(e.X), uint16(e.Y), e.Polarity == 1}
		made++
	}
	return made, used, nil
}

// check looks at the time and the polarity of an event.
func (r *rules) check(e *Raw) error {
	if e.Time < r.last {
		if e.Time < 0 {
			return r.fail(r.seen, "it is at %d, before time 0", e.Time)
		}
		if !r.keep {
			return r.fail(r.seen, "it is at %v, after one at %v; such times can be sorted or kept, if that is asked for", r.duration(e.Time), r.duration(r.last))
		}
		r.backward++
	}
	if e.Time > r.latest {
		return r.fail(r.seen, "its time is %d of %v, over 292 years", e.Time, r.unit)
	}
	r.last = e.Time
	switch e.Polarity {
	case 1:
		return nil
	case 0:
		r.zero = true
	case -1:
		r.minus = true
	default:
		return r.fail(r.seen, "its polarity is %d; it is 0 or 1, or -1 or 1", e.Polarity)
	}
	if r.zero && r.minus {
		return r.fail(r.seen, "its polarity is %d, and there were others: off is 0 or -1, not both", e.Polarity)
	}
	return nil
}

func (r *rules) duration(t int64) time.Duration { return time.Duration(t) * r.unit }

// fail is an error about an event, counted from 0.
func (r *rules) fail(event int, format string, args ...any) error {
	return fmt.Errorf("events: %sevent %d: %w: %w", r.path, event, ErrFormat, fmt.Errorf(format, args...))
}

// readSorted gives out events in the order of their times, when all have come.
func (r *Reader) readSorted(dst []Event) (int, error) {
	if r.err != io.EOF {
		r.sorting = false
		r.gather()
		r.sorting = true
	}
	n := copy(dst, r.sorted)
	r.sorted = r.sorted[n:]
	if n == 0 {
		return 0, r.err
	}
	return n, nil
}

// gather reads and sorts everything.
func (r *Reader) gather() {
	var some [512]Event
	for {
		n, err := r.Read(some[:])
		r.sorted = append(r.sorted, some[:n]...)
		if err != nil {
			break
		}
	}
	slices.SortStableFunc(r.sorted, func(a, b Event) int { return cmp.Compare(a.Time, b.Time) })
}
