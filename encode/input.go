package encode

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// Sample is a kind of data.
type Sample uint8

// The choices.
const (
	SampleEvents  Sample = iota // recordings of events
	SampleNumbers               // arrays of numbers that do not change: features, pictures
	SampleSignals               // arrays of [steps, features...], which are input as they are
	SampleSound                 // sounds, which become energies of a mel bank
)

var sampleNames = []string{"events", "numbers", "signals", "sound"}

// String is the name: events, numbers, signals or sound.
func (s Sample) String() string { return nameOf(sampleNames, int(s)) }

// MarshalText is the name.
func (s Sample) MarshalText() ([]byte, error) { return marshalName(sampleNames, int(s), "Sample") }

// UnmarshalText takes a name.
func (s *Sample) UnmarshalText(text []byte) error { return unmarshalName(s, sampleNames, text) }

// Coding is how numbers become steps.
type Coding uint8

// The choices. Of numbers that are scaled to 0..1:
const (
	CodingCurrent Coding = iota // the same current at every step
	CodingRate                  // spikes at random, [Rate]
	CodingLatency               // one spike each, the greater the earlier, [Latency]
	CodingDelta                 // of numbers over time: spikes where they change, [Delta]
	CodingNone                  // numbers over time as they are
)

var codingNames = []string{"current", "rate", "latency", "delta", "none"}

// String is the name: current, rate, latency, delta or none.
func (c Coding) String() string { return nameOf(codingNames, int(c)) }

// MarshalText is the name.
func (c Coding) MarshalText() ([]byte, error) { return marshalName(codingNames, int(c), "Coding") }

// UnmarshalText takes a name.
func (c *Coding) UnmarshalText(text []byte) error { return unmarshalName(c, codingNames, text) }

// Duration is a time that JSON has as a text, as 20ms.
type Duration time.Duration

// MarshalText is the time in units.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText takes a time in units.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	if err != nil {
		return fmt.Errorf("encode: %w: %w", ErrRange, err)
	}
	return nil
}

// Input says how a sample becomes the input of a network: a model file keeps it
// (docs/model-file.md), so that a network runs on what it was trained on.
type Input struct {
	Of    Sample `json:"of"`
	Steps int    `json:"steps"` // of a sample: what is longer is cut, what is shorter ends in silence
	// Features are the shape of a step of numbers and signals.
	Features tensor.Shape `json:"features,omitempty"`
	Classes  []string     `json:"classes,omitempty"` // their names
	// Pattern tells class and group from the names of files: {class}_{group}_{index}.
	Pattern string `json:"pattern,omitempty"`

	// Of events, as in [Binning]:

	Step       Duration `json:"step,omitempty"`
	Count      int      `json:"count,omitempty"`
	Origin     Origin   `json:"origin,omitempty"`
	Values     Values   `json:"values,omitempty"`
	Sensor     [2]int   `json:"sensor,omitzero"` // width, height
	Crop       [4]int   `json:"crop,omitzero"`   // left, top, right, bottom, the last two outside
	Downsample int      `json:"downsample,omitempty"`
	SwapXY     bool     `json:"swap_xy,omitempty"`

	// Of numbers and sound:

	Coding Coding `json:"coding,omitempty"`
	// Range is the least and the greatest number, which become 0 and 1; of
	// numbers that are there already it is left out.
	Range     [2]float32 `json:"range,omitzero"`
	Threshold float32    `json:"threshold,omitempty"` // of Delta; of Latency, the least number that spikes
	Seed      uint64     `json:"seed,omitempty"`      // of Rate

	// Of sound, as in [Mel]; every frame is a step:

	Mel *MelBank `json:"mel,omitempty"`
}

// MelBank are the options of a [Mel].
type MelBank struct {
	Rate  int     `json:"rate"`
	Frame int     `json:"frame"`
	Hop   int     `json:"hop"`
	Bands int     `json:"bands"`
	Low   float64 `json:"low,omitempty"`
	High  float64 `json:"high,omitempty"`
}

// ParseInput reads JSON. What is unknown is an error, as what is out of range.
func ParseInput(text []byte) (Input, error) {
	var in Input
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	if err == nil && d.Decode(new(any)) != io.EOF {
		err = fmt.Errorf("%w: there is more after it", ErrRange)
	}
	if err == nil {
		err = in.Check()
	}
	if err != nil {
		return Input{}, fmt.Errorf("encode: the description of an input: %w", err)
	}
	return in, nil
}

// maxSteps bounds a sample.
const maxSteps = 1 << 24

// Check reports options out of range, or that do not belong together.
func (in Input) Check() error {
	if in.Steps < 1 || in.Steps > maxSteps {
		return fmt.Errorf("encode: %w: a sample of %d steps; it has 1 to %d", ErrRange, in.Steps, maxSteps)
	}
	if err := in.unused(); err != nil {
		return err
	}
	var err error
	switch in.Of {
	case SampleEvents:
		err = in.Binning().check()
	case SampleNumbers, SampleSignals:
		err = in.checkNumbers()
	case SampleSound:
		_, err = in.bank()
		if in.Coding != CodingDelta && in.Coding != CodingNone {
			err = fmt.Errorf("encode: %w: sounds are coded as %s; their energies change over time: delta or none", ErrRange, in.Coding)
		}
	default:
		err = fmt.Errorf("encode: %w: samples of kind %d", ErrRange, in.Of)
	}
	if err == nil && in.Coding == CodingDelta && !(in.Threshold > 0) {
		err = fmt.Errorf("encode: %w: coding by delta with the threshold %v; it is above 0", ErrRange, in.Threshold)
	}
	return err
}

// unused reports a field that means nothing for the kind of samples, or with
// another.
func (in Input) unused() error {
	events, numbers := in.Of == SampleEvents, in.Of == SampleNumbers || in.Of == SampleSignals
	binned := Input{Step: in.Step, Count: in.Count, Origin: in.Origin, Values: in.Values, Sensor: in.Sensor, Crop: in.Crop, Downsample: in.Downsample, SwapXY: in.SwapXY}
	for _, field := range []struct {
		name  string
		given bool
	}{
		{"step, count, origin, values, sensor, crop, downsample or swap_xy", !events && !reflect.DeepEqual(binned, Input{})},
		{"step beside count", in.Step != 0 && in.Count != 0},
		{"features", !numbers && in.Features != nil},
		{"coding", events && in.Coding != 0},
		{"range", in.Of != SampleNumbers && in.Range != [2]float32{}},
		{"threshold", in.Coding != CodingDelta && in.Coding != CodingLatency && in.Threshold != 0},
		{"seed", in.Coding != CodingRate && in.Seed != 0},
		{"mel", in.Of != SampleSound && in.Mel != nil},
	} {
		if field.given {
			return fmt.Errorf("encode: %w: %s is not used by samples that are %s, coded as %s", ErrRange, field.name, in.Of, in.Coding)
		}
	}
	return nil
}

func (in Input) checkNumbers() error {
	if err := in.Features.Check(); err != nil || len(in.Features) == 0 {
		return fmt.Errorf("encode: %w: the features of a step are %v", ErrRange, in.Features)
	}
	over := in.Coding == CodingDelta || in.Coding == CodingNone
	if signals := in.Of == SampleSignals; over != signals {
		return fmt.Errorf("encode: %w: %s coded as %s; numbers become a current, rate or latency, signals delta or none", ErrRange, in.Of, in.Coding)
	}
	if low, high := in.Range[0], in.Range[1]; in.Range != [2]float32{} && !(low < high && high-low < 1e38) {
		return fmt.Errorf("encode: %w: a range from %v to %v", ErrRange, low, high)
	}
	return nil
}

// Binning are the options for events.
func (in Input) Binning() Binning {
	return Binning{
		Sensor: events.Sensor{Width: in.Sensor[0], Height: in.Sensor[1]}, Width: time.Duration(in.Step), Count: in.Count, Origin: in.Origin, Values: in.Values,
		Crop: image.Rectangle{Min: image.Pt(in.Crop[0], in.Crop[1]), Max: image.Pt(in.Crop[2], in.Crop[3])}, Downsample: in.Downsample, SwapXY: in.SwapXY,
	}
}

// Shape is the shape of one step.
func (in Input) Shape() tensor.Shape {
	switch {
	case in.Of == SampleEvents:
		return in.Binning().Shape()
	case in.Of == SampleSound && in.Mel == nil:
		return nil
	case in.Of == SampleSound && in.Coding == CodingDelta:
		return tensor.Shape{2 * in.Mel.Bands}
	case in.Of == SampleSound:
		return tensor.Shape{in.Mel.Bands}
	case in.Coding == CodingDelta:
		return tensor.Shape{2 * in.Features.Size()}
	}
	return slices.Clone(in.Features)
}

// Events are the steps of a recording, [steps, 1, channels, height, width].
// Events after the last step are not looked at. ordered is [Binning.Ordered].
func (in Input) Events(seq iter.Seq2[events.Event, error], ordered bool) (*tensor.Events, error) {
	b := in.Binning()
	b.Ordered = ordered
	n, err := newBinner(in.gathered(seq, b), func() {}, b)
	if err != nil {
		return nil, err
	}
	return n.Next(in.Steps)
}

// gathered holds the events of a sample, of ordered ones no more than its steps
// need, so that they are taken without a coroutine.
func (in Input) gathered(seq iter.Seq2[events.Event, error], b Binning) func() (events.Event, error, bool) {
	var list []events.Event
	var failed error
	end := time.Duration(in.Steps) * cmp.Or(b.Width, time.Millisecond)
	for e, err := range seq {
		if failed = err; err != nil {
			break
		}
		list = append(list, e)
		late := e.Time
		if b.Origin == OriginFirst {
			late -= list[0].Time
		}
		if b.Ordered && (b.Count == 0 && late >= end || b.Count > 0 && len(list) > in.Steps*b.Count && b.Crop.Empty()) {
			break
		}
	}
	return func() (e events.Event, err error, ok bool) {
		if len(list) == 0 {
			return e, failed, failed != nil
		}
		e, list = list[0], list[1:]
		return e, nil, true
	}
}

// Numbers are the steps of samples, [steps, B, features...], of numbers [B,
// features...]. streams are the numbers of the samples, for [CodingRate]; nil is
// 0, 1, ...
func (in Input) Numbers(x *tensor.Tensor, streams []uint32) (tensor.Signal, error) {
	batch, n, err := samples(x)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	if n != in.Features.Size() {
		return nil, fmt.Errorf("encode: %w: samples of %v numbers, the input is of %v", tensor.ErrShape, x.Shape[1:], in.Features)
	}
	if in.Range != [2]float32{} {
		x = x.Clone()
		low, width := in.Range[0], in.Range[1]-in.Range[0]
		for i, v := range x.Data {
			x.Data[i] = min(1, max(0, (v-low)/width))
		}
	}
	x = tensor.Of(x.Data, append(tensor.Shape{batch}, in.Features...)...)
	switch in.Coding {
	case CodingRate:
		return Rate(x, in.Steps, 0, in.Seed, streams)
	case CodingLatency:
		return Latency(x, in.Steps, in.Threshold)
	}
	return in.current(x)
}

// current repeats numbers at every step.
func (in Input) current(x *tensor.Tensor) (tensor.Signal, error) {
	if err := bounded(floatBytes, in.Steps, len(x.Data)); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	y := tensor.New(append(tensor.Shape{in.Steps}, x.Shape...)...)
	for t := range in.Steps {
		copy(y.Data[t*len(x.Data):], x.Data)
	}
	return y, nil
}

// Signal are the steps of one sample, [T, 1, features...]: as they are, or where
// they change.
func (in Input) Signal(x *tensor.Tensor) (tensor.Signal, error) {
	if err := numbers(x); err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	if want := in.signalSize(); len(x.Shape) < 2 || x.Shape[1] != 1 || x.Shape[2:].Size() != want {
		return nil, fmt.Errorf("encode: %w: a sample of %v; it is [T, 1, ...] with %d numbers a step", tensor.ErrShape, x.Shape, want)
	}
	if in.Coding == CodingDelta {
		return Delta(tensor.Of(x.Data, x.Shape[0], 1, x.Shape[1:].Size()), in.Threshold)
	}
	return x, nil
}

// signalSize is how many numbers a step has before it is coded.
func (in Input) signalSize() int {
	if in.Mel != nil {
		return in.Mel.Bands
	}
	return in.Features.Size()
}

// bank is the mel bank.
func (in Input) bank() (*Mel, error) {
	if in.Mel == nil {
		return nil, fmt.Errorf("encode: %w: sounds need a mel bank", ErrRange)
	}
	return NewMel(Mel{Rate: in.Mel.Rate, Frame: in.Mel.Frame, Hop: in.Mel.Hop, Bands: in.Mel.Bands, Low: in.Mel.Low, High: in.Mel.High})
}

// Sounds codes sounds: a function, since the filters of a bank are prepared once.
// It may be called by several goroutines at once. A frame of silence is put
// before a sound, so that it begins with what changes.
func (in Input) Sounds() (func(s *Sound) (tensor.Signal, error), error) {
	bank, err := in.bank()
	if err != nil {
		return nil, err
	}
	return func(s *Sound) (tensor.Signal, error) {
		if s.Rate != bank.Rate {
			return nil, fmt.Errorf("encode: %w: a sound of %d Hz, the input is of %d: resample it (sox in.wav -r %d out.wav)", ErrRange, s.Rate, bank.Rate, bank.Rate)
		}
		x := bank.Energies(append(make([]float32, bank.Frame), s.Samples...))
		if n := x.Shape[0]; n > in.Steps {
			x = tensor.Of(x.Data[:in.Steps*bank.Bands], in.Steps, 1, bank.Bands)
		}
		return in.Signal(x)
	}, nil
}

// String says it in words.
func (in Input) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d steps", in.Of, in.Steps)
	switch in.Of {
	case SampleEvents:
		if in.Count > 0 {
			fmt.Fprintf(&b, " of %d events", in.Count)
		} else {
			fmt.Fprintf(&b, " of %v", time.Duration(in.Step))
		}
		fmt.Fprintf(&b, ", a sensor of %dx%d, %s", in.Sensor[0], in.Sensor[1], in.Values)
	case SampleSound:
		if in.Mel != nil {
			fmt.Fprintf(&b, " of %.4g ms, %d bands, %s", 1000*float64(in.Mel.Hop)/float64(in.Mel.Rate), in.Mel.Bands, in.Coding)
		}
	default:
		fmt.Fprintf(&b, " of %v, %s", in.Features, in.Coding)
	}
	return b.String()
}
