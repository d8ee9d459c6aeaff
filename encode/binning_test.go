package encode_test

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/tensor"
)

// binned are the first steps of some events.
func binned(t *testing.T, b encode.Binning, steps int, list ...events.Event) *tensor.Events {
	n, err := encode.NewBinner(sequence(list...), b)
	require.NoError(t, err)
	defer n.Close()
	x, err := n.Next(steps)
	require.NoError(t, err)
	require.NoError(t, x.Check())
	return x
}

func TestWaysToBin(t *testing.T) {
	at := func(ms int, x, y uint16, on bool) events.Event {
		return events.Event{Time: time.Duration(ms) * time.Millisecond, X: x, Y: y, On: on}
	}
	list := []events.Event{at(100, 0, 0, true), at(100, 1, 1, false), at(101, 3, 3, true), at(103, 3, 3, false), at(103, 3, 3, true), at(103, 3, 2, true)}
	sensor := events.Sensor{Width: 4, Height: 4}
	late := binned(t, encode.Binning{Sensor: sensor, Origin: encode.OriginFirst}, 4, list...)
	require.Equal(t, []int{0, 2, 3, 3, 6}, late.Rows)
	shuffled := append(append([]events.Event{}, list[3:]...), list[:3]...)
	require.Equal(t, late, binned(t, encode.Binning{Sensor: sensor, Origin: encode.OriginFirst}, 4, shuffled...))
	require.Equal(t, late, binned(t, encode.Binning{Sensor: sensor, Origin: encode.OriginFirst, Ordered: true}, 4, list...))
	require.Empty(t, binned(t, encode.Binning{Sensor: sensor}, 4, list...).Index, "they come after 100 ms")

	counted := binned(t, encode.Binning{Sensor: sensor, Count: 4}, 3, list...)
	require.Equal(t, []int{0, 4, 6, 6}, counted.Rows)

	signed := binned(t, encode.Binning{Sensor: sensor, Origin: encode.OriginFirst, Values: encode.ValuesSigned}, 4, list...)
	require.Equal(t, tensor.Shape{1, 4, 4}, signed.Features)
	require.Equal(t, []int32{0, 5, 15, 11}, signed.Index, "on and off of one pixel and step are nothing together")
	require.Equal(t, []float32{1, -1, 1, 1}, signed.Value)

	small := binned(t, encode.Binning{Sensor: sensor, Count: 6, Downsample: 3}, 1, list...)
	require.Equal(t, tensor.Shape{2, 2, 2}, small.Features)
	require.Equal(t, []int32{0, 3, 4, 5, 7}, small.Index)
	require.Equal(t, []float32{1, 1, 1, 1, 2}, small.Value)

	part := binned(t, encode.Binning{Sensor: sensor, Count: 6, Crop: image.Rect(2, 2, 4, 4)}, 1, list...)
	require.Equal(t, tensor.Shape{2, 2, 2}, part.Features)
	require.Equal(t, []int32{3, 5, 7}, part.Index)
	require.Equal(t, []float32{1, 1, 2}, part.Value)

	for _, bad := range []encode.Binning{{Sensor: sensor, Count: -1}, {Sensor: sensor, Downsample: -1}, {Sensor: sensor, Crop: image.Rect(0, 0, 5, 2)}, {Sensor: sensor, Values: 7}, {Sensor: sensor, Origin: 7}, {}} {
		_, err := encode.NewBinner(sequence(list...), bad)
		require.ErrorIs(t, err, encode.ErrRange)
	}
}

// A recording that is read many at a time has the steps of its sequence.
func TestBinRecording(t *testing.T) {
	for _, name := range []string{"60048.bs2", "1.bs2"} {
		path := shared.Path(t, "data", "nmnist", name)
		steps := func(make func(r *events.Reader) (*encode.Binner, error)) (*tensor.Events, int) {
			r, err := events.Open(path, events.Options{Sensor: nmnist})
			require.NoError(t, err)
			defer r.Close()
			b, err := make(r)
			require.NoError(t, err)
			defer b.Close()
			x, err := b.Next(200)
			require.NoError(t, err)
			later, err := b.Rest()
			require.NoError(t, err)
			return x, later
		}
		o := encode.Binning{Sensor: nmnist, Ordered: true}
		want, later := steps(func(r *events.Reader) (*encode.Binner, error) { return encode.NewBinner(r.All(), o) })
		got, rest := steps(func(r *events.Reader) (*encode.Binner, error) { return encode.BinRecording(r, o) })
		require.Equal(t, want, got)
		require.Equal(t, later, rest)
		in := encode.Input{Of: encode.SampleEvents, Steps: 200, Sensor: [2]int{34, 34}}
		r, err := events.Open(path, events.Options{Sensor: nmnist})
		require.NoError(t, err)
		whole, err := in.Events(r.All(), true)
		require.NoError(t, err)
		require.Equal(t, want, whole)
		require.NoError(t, r.Close())
	}
}

// SLAYER's published binning of a recording: how many cells are not zero.
func TestSLAYERBinning(t *testing.T) {
	for _, c := range []struct {
		width        time.Duration
		cells, total int
		most         float32
	}{{time.Millisecond, 4674, 4681, 2}, {2 * time.Millisecond, 4658, 4681, 3}} {
		r, err := events.Open(shared.Path(t, "data", "nmnist", "1.bs2"), events.Options{Sensor: nmnist})
		require.NoError(t, err)
		b, err := encode.NewBinner(r.All(), encode.Binning{Sensor: nmnist, Width: c.width, Ordered: true})
		require.NoError(t, err)
		x, err := b.Next(400)
		require.NoError(t, err)
		later, err := b.Rest()
		require.NoError(t, err)
		require.Zero(t, later)
		total, most := float32(0), float32(0)
		for _, v := range x.Value {
			total, most = total+v, max(most, v)
		}
		require.Len(t, x.Index, c.cells)
		require.EqualValues(t, c.total, total)
		require.Equal(t, c.most, most)
		b.Close()
		require.NoError(t, r.Close())
	}
}
