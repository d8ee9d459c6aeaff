package encode_test

import (
	"errors"
	"iter"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// sequence are events of a user's own.
func sequence(all ...events.Event) iter.Seq2[events.Event, error] {
	return func(yield func(events.Event, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// at are events on one pixel.
func at(times ...time.Duration) (all []events.Event) {
	for _, t := range times {
		all = append(all, events.Event{Time: t})
	}
	return all
}

// Events come into their bins whatever their order; none is lost.
func TestUnsortedEvents(t *testing.T) {
	for _, c := range []struct {
		times []time.Duration
		steps int
		want  []float32
		later int
	}{
		{[]time.Duration{10, 20, 15, 30}, 4, []float32{0, 2, 1, 1}, 0},
		{[]time.Duration{100000, 20, 15, 30}, 4, []float32{0, 1, 1, 1}, 1},
		{[]time.Duration{39, 0, 9, 10}, 4, []float32{2, 1, 0, 1}, 0},
	} {
		b, err := encode.NewBinner(sequence(at(c.times...)...), encode.Binning{Sensor: events.Sensor{Width: 1, Height: 1}, Width: 10})
		require.NoError(t, err)
		x, err := b.Next(c.steps)
		require.NoError(t, err)
		require.NoError(t, x.Check())
		counts := make([]float32, c.steps)
		for i := range counts {
			counts[i] = x.Dense().Data[2*i]
		}
		require.Equal(t, c.want, counts, "%v", c.times)
		later, err := b.Rest()
		require.NoError(t, err)
		require.Equal(t, c.later, later)
		b.Close()
	}
}

// Shuffled events give the bins of sorted ones, which are the same whether
// their order is promised or not.
func TestOrderOfEventsChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sensor := events.Sensor{Width: 3, Height: 2}
		var all []events.Event
		now := time.Duration(0)
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			now += time.Duration(rapid.IntRange(0, 15).Draw(t, "wait"))
			all = append(all, events.Event{X: uint16(rapid.IntRange(0, 2).Draw(t, "x")), Y: uint16(rapid.IntRange(0, 1).Draw(t, "y")), Time: now})
		}
		steps := func(all []events.Event, b encode.Binning) *tensor.Events {
			n, err := encode.NewBinner(sequence(all...), b)
			require.NoError(t, err)
			defer n.Close()
			x, err := n.Next(50)
			require.NoError(t, err)
			return x
		}
		want := steps(all, encode.Binning{Sensor: sensor, Width: 10, Ordered: true})
		require.Equal(t, want, steps(all, encode.Binning{Sensor: sensor, Width: 10}))
		require.Equal(t, want, steps(rapid.Permutation(all).Draw(t, "shuffled"), encode.Binning{Sensor: sensor, Width: 10}))
	})
}

// An event that belongs to no pixel or no step is an error that says which.
func TestEventsOutOfRange(t *testing.T) {
	sensor := events.Sensor{Width: 4, Height: 3}
	good := events.Event{X: 3, Y: 2, Time: 7}
	broken := errors.New("cable")
	for name, c := range map[string]struct {
		second  events.Event
		ordered bool
		says    string
	}{
		"x is the width":   {events.Event{X: 4, Y: 0}, false, "event 1: bad format: x, y are 4, 0, the sensor is 4x3"},
		"y is the height":  {events.Event{X: 0, Y: 3}, false, "event 1: bad format: x, y are 0, 3"},
		"far out":          {events.Event{X: math.MaxUint16, Y: math.MaxUint16}, false, "event 1"},
		"before time 0":    {events.Event{Time: -5}, false, "event 1: bad format: it is at -5ns, before time 0"},
		"ordered, and not": {events.Event{Time: 6}, true, "event 1: bad format: it is at 6ns, after one at 7ns"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, swap := range []bool{false, true} {
				binning := encode.Binning{Sensor: sensor, Width: 10, Ordered: c.ordered, SwapXY: swap}
				b, err := encode.NewBinner(sequence(good, c.second), binning)
				require.NoError(t, err)
				for range 2 {
					_, err = b.Next(1)
					require.ErrorIs(t, err, encode.ErrFormat)
					require.ErrorContains(t, err, c.says)
				}
				_, err = b.Rest()
				require.ErrorIs(t, err, encode.ErrFormat)
				b.Close()
				if !c.ordered {
					_, err = encode.NewBinner(sequence(c.second), binning)
					require.ErrorIs(t, err, encode.ErrFormat, "the first one")
				}
			}
		})
	}
	b, err := encode.NewBinner(func(yield func(events.Event, error) bool) {
		_ = yield(good, nil) && yield(events.Event{}, broken)
	}, encode.Binning{Sensor: sensor})
	require.NoError(t, err)
	_, err = b.Next(1)
	require.ErrorIs(t, err, broken)
}

// A step length that was computed as 0 is no default, and neither lengths nor
// numbers of steps that make no sense are taken.
func TestStepLengths(t *testing.T) {
	sensor := events.Sensor{Width: 4, Height: 3}
	tooShort, err := time.ParseDuration("0.5ns")
	require.NoError(t, err)
	for _, width := range []time.Duration{encode.Width(0), encode.Width(tooShort), encode.Width(-1), -time.Second, math.MinInt64} {
		_, err := encode.NewBinner(sequence(at(1)...), encode.Binning{Sensor: sensor, Width: width})
		require.ErrorIs(t, err, encode.ErrRange)
		require.ErrorContains(t, err, "at least 1ns")
	}
	require.Equal(t, time.Second, encode.Width(time.Second))
	_, err = encode.NewBinner(nil, encode.Binning{Sensor: sensor})
	require.ErrorIs(t, err, tensor.ErrShape)
	b, err := encode.NewBinner(sequence(at(1, math.MaxInt64)...), encode.Binning{Sensor: sensor, Width: encode.Width(1)})
	require.NoError(t, err)
	for _, steps := range []int{-1, 1 << 30, math.MaxInt - 1} {
		_, err = b.Next(steps)
		require.ErrorIs(t, err, encode.ErrRange)
	}
	x, err := b.Next(2)
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 1}, x.Rows)
}
