package encode

import (
	"fmt"
	"iter"
	"time"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/random"
)

// Augment changes recordings at random, anew in every epoch, so that a network
// learns what does not matter. What is drawn is a function of the seed, the
// epoch, the sample, and the event: the same on every machine. In this order:
//
//	time = time * (1 + s), s uniform from -Stretch to Stretch, one for a sample
//	time = time + j, j uniform from -Jitter to Jitter, one for an event
//	the event is dropped with the probability Drop
//	x, y = x + dx, y + dy, whole, from -Shift to Shift, one for a sample; what leaves the sensor is lost
//	x = width-1 - x with the probability 1/2, one for a sample, if Flip
//	with the probability Noise, one more event at that time, anywhere
type Augment struct {
	Shift   int           // pixels, not negative
	Flip    bool          // left and right
	Drop    float64       // from 0 to 1
	Stretch float64       // from 0 to 1
	Jitter  time.Duration // not negative
	Noise   float64       // from 0 to 1
	Seed    uint64
}

// Check reports options out of range.
func (a Augment) Check() error {
	for _, share := range []float64{a.Drop, a.Stretch, a.Noise} {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("encode: Augment: %w: a share of %v; it is from 0 to 1", ErrRange, share)
		}
	}
	if a.Shift < 0 || a.Jitter < 0 {
		return fmt.Errorf("encode: Augment: %w: Shift is %d, Jitter %v; they are not negative", ErrRange, a.Shift, a.Jitter)
	}
	return nil
}

// Numbers that are drawn for a sample, by their places.
const (
	drawDown = iota
	drawRight
	drawFlip
	drawStretch
)

// Events changes the events of a sample in an epoch. Their times may not be in
// order afterwards.
func (a Augment) Events(seq iter.Seq2[events.Event, error], sensor events.Sensor, sample, epoch int) iter.Seq2[events.Event, error] {
	if (a == Augment{Seed: a.Seed}) {
		return seq
	}
	once := random.New(a.Seed, "shift")
	draw := func(place uint32) float64 { return once.Uniform(uint32(epoch), uint64(sample), place) }
	whole := func(place uint32) int { return int(draw(place)*float64(2*a.Shift+1)) - a.Shift }
	down, right := whole(drawDown), whole(drawRight)
	flip := a.Flip && draw(drawFlip) < 0.5
	stretch := 1 + float64(a.Stretch*(float64(2*draw(drawStretch))-1))
	each := random.New(a.Seed, "augment").Uniform
	return func(yield func(events.Event, error) bool) {
		n := uint32(0)
		for e, err := range seq {
			if err != nil {
				yield(e, err)
				return
			}
			if !sensor.Holds(int32(e.X), int32(e.Y)) {
				yield(e, fmt.Errorf("encode: event %d: %w: x, y are %d, %d, the sensor is %v", n, ErrFormat, e.X, e.Y, sensor))
				return
			}
			at := uint64(sample)<<32 | uint64(n)
			n++
			one := func(place uint32) float64 { return each(uint32(epoch), at, place) }
			if a.Stretch > 0 {
				e.Time = time.Duration(float64(e.Time) * stretch)
			}
			if a.Jitter > 0 {
				e.Time = max(0, e.Time+time.Duration(float64(a.Jitter)*(float64(2*one(0))-1)))
			}
			x, y := int32(e.X)+int32(right), int32(e.Y)+int32(down)
			if flip {
				x = int32(sensor.Width) - 1 - x
			}
			if sensor.Holds(x, y) && (a.Drop == 0 || one(1) >= a.Drop) {
				e.X, e.Y = uint16(x), uint16(y)
				if !yield(e, nil) {
					return
				}
			}
			if a.Noise > 0 && one(2) < a.Noise {
				e.X, e.Y, e.On = uint16(one(3)*float64(sensor.Width)), uint16(one(4)*float64(sensor.Height)), one(5) < 0.5
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}
