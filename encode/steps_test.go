package encode_test

import (
	"bytes"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/tensor"
)

var nmnist = events.Sensor{Width: 34, Height: 34}

// bs2 writes events as a recording.
func bs2(all ...events.Event) []byte {
	var b []byte
	for _, e := range all {
		us := uint32(e.Time / time.Microsecond)
		if e.On {
			us |= 1 << 23
		}
		b = append(b, byte(e.X), byte(e.Y), byte(us>>16), byte(us>>8), byte(us))
	}
	return b
}

// recorded is the events of a recording.
func recorded(t testing.TB, data []byte) iter.Seq2[events.Event, error] {
	r, err := events.NewReader(bytes.NewReader(data), events.Options{Format: "bs2", Sensor: nmnist})
	require.NoError(t, err)
	return r.All()
}

// The counts that the test vectors give: in the file, and in the first 300 ms.
func TestEventCounts(t *testing.T) {
	for name, want := range map[string][2]int{
		"60048": {2767, 2734}, "60063": {2323, 2294}, "60047": {2870, 2841}, "60042": {2899, 2894}, "60069": {4846, 4831},
	} {
		data, err := os.ReadFile(shared.Path(t, "data", "nmnist", name+".bs2"))
		require.NoError(t, err)
		b, err := encode.NewBinner(recorded(t, data), encode.Binning{Sensor: nmnist})
		require.NoError(t, err)
		x, err := b.Next(300)
		require.NoError(t, err)
		require.NoError(t, x.Check())
		sum := float32(0)
		for _, v := range x.Value {
			sum += v
		}
		require.EqualValues(t, want[1], sum)
		later, err := b.Rest()
		require.NoError(t, err)
		require.Equal(t, want[0]-want[1], later)
		b.Close()
	}
}

func TestBinner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sensor := events.Sensor{Width: rapid.IntRange(1, 9).Draw(t, "width"), Height: rapid.IntRange(1, 9).Draw(t, "height")}
		binning := encode.Binning{Sensor: sensor, Width: 3 * time.Microsecond, Values: encode.Values(rapid.IntRange(0, 1).Draw(t, "values")), SwapXY: rapid.Bool().Draw(t, "swap")}
		var all []events.Event
		at := time.Duration(0)
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			at += time.Duration(rapid.IntRange(0, 4).Draw(t, "wait")) * time.Microsecond
			all = append(all, events.Event{
				X: uint16(rapid.IntRange(0, sensor.Width-1).Draw(t, "x")), Y: uint16(rapid.IntRange(0, sensor.Height-1).Draw(t, "y")),
				On: rapid.Bool().Draw(t, "on"), Time: at,
			})
		}
		steps := rapid.IntRange(0, 40).Draw(t, "steps")

		shape := binning.Shape()
		want, kept := tensor.New(append(tensor.Shape{steps, 1}, shape...)...), 0
		for _, e := range all {
			step, p := int(e.Time/binning.Width), 0
			if step >= steps {
				continue
			}
			kept++
			if e.On {
				p = 1
			}
			i, j := int(e.Y), int(e.X)
			if binning.SwapXY {
				i, j = j, i
			}
			v := &want.Data[((step*2+p)*shape[1]+i)*shape[2]+j]
			*v++
			if binning.Values == encode.ValuesClipped {
				*v = 1
			}
		}

		seq := func(yield func(events.Event, error) bool) {
			for _, e := range all {
				if !yield(e, nil) {
					return
				}
			}
		}
		b, err := encode.NewBinner(seq, binning)
		require.NoError(t, err)
		defer b.Close()
		var got []float32
		for done := 0; done < steps; {
			n := rapid.IntRange(0, steps-done).Draw(t, "block")
			x, err := b.Next(n)
			require.NoError(t, err)
			require.NoError(t, x.Check())
			got = append(got, x.Dense().Data...)
			done += n
		}
		require.Equal(t, want.Data, append([]float32{}, got...))
		later, err := b.Rest()
		require.NoError(t, err)
		require.Equal(t, len(all)-kept, later)
	})
}

func TestBadBinning(t *testing.T) {
	none := func(func(events.Event, error) bool) {}
	for _, b := range []encode.Binning{{}, {Sensor: nmnist, Width: -1}, {Sensor: events.Sensor{Width: 1 << 20, Height: 1 << 20}}} {
		_, err := encode.NewBinner(none, b)
		require.ErrorIs(t, err, tensor.ErrShape)
	}
	good := bs2(events.Event{}, events.Event{Time: 5 * time.Millisecond})
	b, err := encode.NewBinner(recorded(t, good[:8]), encode.Binning{Sensor: nmnist})
	require.NoError(t, err, "the first event is whole")
	_, err = b.Next(-1)
	require.ErrorIs(t, err, tensor.ErrShape)
	for range 2 {
		_, err = b.Next(10)
		require.ErrorIs(t, err, events.ErrTruncated)
	}
}

func TestLabels(t *testing.T) {
	labels, err := encode.ReadLabels(strings.NewReader("#sample #class\r\n60001\t7\r\n\r\n a 0 \n"))
	require.NoError(t, err)
	require.Equal(t, []encode.Label{{Name: "60001", Class: 7}, {Name: "a", Class: 0}}, labels)
	for _, bad := range []string{"1", "1 2 3", "1 x", "1 -2", "1 99999999999999999999"} {
		_, err := encode.ReadLabels(strings.NewReader("0 0\n" + bad))
		require.ErrorIs(t, err, encode.ErrFormat)
		require.ErrorContains(t, err, "line 2")
	}
}

func ExampleBinner() {
	recording := bs2(
		events.Event{X: 3, Y: 0, Time: 100 * time.Microsecond},
		events.Event{X: 3, Y: 0, Time: 900 * time.Microsecond},
		events.Event{X: 0, Y: 1, On: true, Time: 2500 * time.Microsecond},
	)
	sensor := events.Sensor{Width: 4, Height: 2}
	r, err := events.NewReader(bytes.NewReader(recording), events.Options{Format: "bs2", Sensor: sensor})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := encode.NewBinner(r.All(), encode.Binning{Sensor: sensor})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer b.Close()
	x, err := b.Next(3)
	fmt.Println(x.T, x.Features, x.Index, x.Value, err)
	// Output: 3 [2 2 4] [3 12] [2 1] <nil>
}

func BenchmarkBinner(b *testing.B) {
	data, err := os.ReadFile(shared.Path(b, "data", "nmnist", "60048.bs2"))
	require.NoError(b, err)
	for b.Loop() {
		r, err := events.NewReader(bytes.NewReader(data), events.Options{Format: "bs2", Sensor: nmnist})
		require.NoError(b, err)
		n, err := encode.BinRecording(r, encode.Binning{Sensor: nmnist, Ordered: true})
		require.NoError(b, err)
		_, err = n.Next(300)
		require.NoError(b, err)
		n.Close()
	}
	b.ReportMetric(float64(b.N*len(data)/5)/b.Elapsed().Seconds()/1e6, "Mevents/s")
}
