package encode_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/tensor"
)

// Descriptions of inputs, as model files have them.
var inputs = map[string]string{
	"events":  `{"of":"events","steps":15,"classes":["0","1"],"step":"20ms","origin":"first","values":"signed","sensor":[34,34],"crop":[2,2,32,32],"downsample":2}`,
	"numbers": `{"of":"numbers","steps":5,"features":[1,2,2],"coding":"rate","range":[0,16],"seed":7}`,
	"latency": `{"of":"numbers","steps":5,"features":[4],"coding":"latency","threshold":0.01}`,
	"signals": `{"of":"signals","steps":3,"features":[4],"coding":"none"}`,
	"sound":   `{"of":"sound","steps":80,"pattern":"{class}_{index}","coding":"delta","threshold":0.5,"mel":{"rate":8000,"frame":256,"hop":80,"bands":32,"low":60}}`,
}

// What is read is written again, byte by byte.
func TestInputAsJSON(t *testing.T) {
	for name, text := range inputs {
		in, err := encode.ParseInput([]byte(text))
		require.NoError(t, err, name)
		again, err := json.Marshal(in)
		require.NoError(t, err)
		require.Equal(t, text, string(again), name)
		require.NotEmpty(t, in.String())
	}
	for _, text := range []string{
		``, `{}`, `[]`, `{"of":"smells","steps":1}`, `{"of":"events","steps":1}`, `{"of":"events","steps":0,"sensor":[3,3]}`, `{"of":"events","steps":1,"sensor":[3,3],"more":1}`,
		`{"of":"events","steps":1,"sensor":[3,3],"step":"-1ms"}`, `{"of":"events","steps":1,"sensor":[3,3],"step":"x"}`, `{"of":"events","steps":99999999,"sensor":[3,3]}`,
		`{"of":"numbers","steps":1}`, `{"of":"numbers","steps":1,"features":[0]}`, `{"of":"numbers","steps":1,"features":[2],"coding":"delta","threshold":1}`,
		`{"of":"numbers","steps":1,"features":[2],"range":[3,2]}`, `{"of":"signals","steps":1,"features":[2]}`, `{"of":"signals","steps":1,"features":[2],"coding":"delta"}`,
		`{"of":"sound","steps":1,"coding":"none"}`, `{"of":"sound","steps":1,"mel":{"rate":8000,"frame":256,"hop":80,"bands":32}}`, `{"of":"sound","steps":1,"coding":"none","mel":{"rate":8000,"frame":255,"hop":80,"bands":32}}`,
		inputs["sound"] + "{}", `{"of":"events","steps":1,"sensor":[3,3],"crop":[2,2,1,1]}`, `{"of":"events","steps":1,"sensor":[3,3],"step":"1ms","count":3}`,
		`{"of":"events","steps":1,"sensor":[3,3],"coding":"rate"}`, `{"of":"events","steps":1,"sensor":[3,3],"threshold":1}`, `{"of":"events","steps":1,"sensor":[3,3],"features":[3]}`,
		`{"of":"numbers","steps":1,"features":[2],"sensor":[3,3]}`, `{"of":"numbers","steps":1,"features":[2],"downsample":2}`, `{"of":"numbers","steps":1,"features":[2],"seed":2}`,
	} {
		_, err := encode.ParseInput([]byte(text))
		require.Error(t, err, text)
	}
}

// Samples have the steps and the shape that their input says.
func TestInputs(t *testing.T) {
	parse := func(name string) encode.Input {
		in, err := encode.ParseInput([]byte(inputs[name]))
		require.NoError(t, err)
		return in
	}
	check := func(in encode.Input, steps int, x tensor.Signal, err error) {
		require.NoError(t, err)
		n, _, features := x.Dims()
		require.Equal(t, steps, n, in)
		require.Equal(t, in.Shape(), features, in)
	}
	in := parse("events")
	require.Equal(t, tensor.Shape{1, 15, 15}, in.Shape())
	x, err := in.Events(sequence(events.Event{X: 5, Y: 5, On: true}), true)
	check(in, 15, x, err)
	require.Equal(t, []float32{1}, x.Value)

	in = parse("numbers")
	numbers := tensor.Of([]float32{0, 8, 16, 99}, 1, 4)
	a, err := in.Numbers(numbers, []uint32{3})
	check(in, 5, a, err)
	b, err := in.Numbers(numbers, []uint32{3})
	require.NoError(t, err)
	require.Equal(t, a, b)
	s := a.(*tensor.Spikes)
	for step := range 5 {
		require.False(t, s.At(step, 0, 0))
		require.True(t, s.At(step, 0, 2))
		require.True(t, s.At(step, 0, 3), "99 is cut to 16")
	}
	_, err = in.Numbers(tensor.Of([]float32{1, 2}, 1, 2), nil)
	require.ErrorIs(t, err, tensor.ErrShape)
	in = parse("latency")
	y, err := in.Numbers(tensor.Of([]float32{0, 0.5, 1, 0}, 1, 4), nil)
	check(in, 5, y, err)
	in = parse("signals")
	signal := tensor.New(3, 1, 4)
	y, err = in.Signal(signal)
	check(in, 3, y, err)
	_, err = in.Signal(tensor.New(3, 1, 5))
	require.ErrorIs(t, err, tensor.ErrShape)
	_, err = in.Signal(tensor.New(3, 2, 4))
	require.ErrorIs(t, err, tensor.ErrShape)
	signal.Data[5] = float32(math.Inf(1))
	_, err = in.Signal(signal)
	require.ErrorIs(t, err, encode.ErrRange)

	in = parse("sound")
	code, err := in.Sounds()
	require.NoError(t, err)
	f, err := os.Open(shared.Path(t, "data", "fsdd", "recordings", "7_jackson_3.wav"))
	require.NoError(t, err)
	defer f.Close()
	sound, err := encode.ReadWAV(f)
	require.NoError(t, err)
	y, err = code(sound)
	require.NoError(t, err)
	_, _, features := y.Dims()
	require.Equal(t, tensor.Shape{64}, features)
	require.Greater(t, len(y.(*tensor.Events).Index), 50)
	sound.Rate = 44100
	_, err = code(sound)
	require.ErrorIs(t, err, encode.ErrRange)
	require.ErrorContains(t, err, "resample")
}

// Recordings are changed as stated, and the same in the same epoch.
func TestAugment(t *testing.T) {
	sensor := events.Sensor{Width: 40, Height: 40}
	var list []events.Event
	for i := range 400 {
		list = append(list, events.Event{Time: time.Duration(i) * time.Millisecond, X: 20, Y: 10, On: i%2 == 0})
	}
	run := func(a encode.Augment, sample, epoch int) (out []events.Event) {
		require.NoError(t, a.Check())
		for e, err := range a.Events(sequence(list...), sensor, sample, epoch) {
			require.NoError(t, err)
			out = append(out, e)
		}
		return out
	}
	require.Equal(t, list, run(encode.Augment{}, 0, 0))
	moved := run(encode.Augment{Shift: 5}, 1, 2)
	require.Len(t, moved, 400)
	require.Equal(t, moved, run(encode.Augment{Shift: 5}, 1, 2))
	places := map[[2]uint16]bool{}
	for epoch := range 60 {
		e := run(encode.Augment{Shift: 5}, 1, epoch)[0]
		require.LessOrEqual(t, math.Abs(float64(e.X)-20), 5.0)
		require.LessOrEqual(t, math.Abs(float64(e.Y)-10), 5.0)
		places[[2]uint16{e.X, e.Y}] = true
	}
	require.Greater(t, len(places), 30)
	flipped := 0
	for epoch := range 60 {
		if run(encode.Augment{Flip: true}, 1, epoch)[0].X == 19 {
			flipped++
		}
	}
	require.InDelta(t, 30, flipped, 15)
	require.InDelta(t, 300, len(run(encode.Augment{Drop: 0.25}, 1, 1)), 40)
	require.InDelta(t, 500, len(run(encode.Augment{Noise: 0.25}, 1, 1)), 40)
	stretched := run(encode.Augment{Stretch: 0.2}, 1, 1)
	require.NotEqual(t, list[399].Time, stretched[399].Time)
	require.InDelta(t, 399, stretched[399].Time.Seconds()*1000, 80)
	shaken := run(encode.Augment{Jitter: 5 * time.Millisecond}, 1, 1)
	require.False(t, slices.IsSortedFunc(shaken, func(a, b events.Event) int { return int(a.Time - b.Time) }))
	for i, e := range shaken {
		require.LessOrEqual(t, (e.Time - list[i].Time).Abs(), 5*time.Millisecond)
	}
	for _, err := range (encode.Augment{Shift: 5}).Events(sequence(events.Event{X: 40}), sensor, 0, 0) {
		require.ErrorIs(t, err, encode.ErrFormat, "an event outside the sensor is no part of it")
	}
	for _, bad := range []encode.Augment{{Shift: -1}, {Drop: 2}, {Noise: math.NaN()}, {Stretch: -1}, {Jitter: -1}} {
		require.ErrorIs(t, bad.Check(), encode.ErrRange)
	}
}

func FuzzParseInput(f *testing.F) {
	for _, text := range inputs {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := encode.ParseInput(text)
		if err == nil {
			require.NoError(t, in.Shape().Check())
		}
	})
}
