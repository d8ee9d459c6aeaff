package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
)

// recordingFlags say how recordings of events are read.
type recordingFlags struct {
	Sensor   string        `placeholder:"WxH" help:"The size of the camera, where files do not say it, as 34x34."`
	Unit     time.Duration `help:"The unit of times in arrays and tables that do not say it: 1us, 1ms, 1s."`
	Outside  string        `enum:",error,drop" default:"" help:"What becomes of events outside the sensor: error or drop."`
	Backward string        `enum:",error,sort,keep" default:"" help:"What becomes of times that go back: error, sort or keep."`
	Columns  string        `placeholder:"NAMES" help:"The columns of a table or an array without names, as t,x,y,p; _ is passed over."`
	Group    string        `placeholder:"NAME" help:"Which stream of events of a file that has several."`
	Sample   int           `placeholder:"N" help:"Which recording of a file that has many, from 0."`
	Format   string        `placeholder:"NAME" help:"The format, where it cannot be recognised: spikelane events --help names them."`
}

// read is how recordings are read, beginning with what a recipe says.
func (f recordingFlags) read(o events.Options) (events.Options, error) {
	if f.Sensor != "" {
		n, err := fmt.Sscanf(f.Sensor, "%dx%d", &o.Sensor.Width, &o.Sensor.Height)
		if n != 2 || err != nil || !o.Sensor.Known() {
			return o, fmt.Errorf("--sensor %s: it is written as 34x34", f.Sensor)
		}
		if err := o.Sensor.Check(); err != nil {
			return o, fmt.Errorf("--sensor: %w", err)
		}
	}
	o.Unit, o.Columns, o.Group, o.Format, o.Sample = f.Unit, f.Columns, f.Group, f.Format, f.Sample
	o.Outside = map[string]events.Outside{"drop": events.OutsideDrop}[f.Outside]
	o.Backward = map[string]events.Backward{"sort": events.BackwardSort, "keep": events.BackwardKeep}[f.Backward]
	return o, nil
}

// inputFlags say how samples become input, in place of what a recipe or a model
// says.
type inputFlags struct {
	Steps      *int           `help:"How many steps a sample has."`
	Bin        *time.Duration `help:"The length of a step of recordings, as 10ms."`
	BinEvents  int            `name:"bin-events" placeholder:"N" help:"End a step after so many events, in place of a time."`
	Origin     *encode.Origin `help:"When the first step begins: zero, or with the first event."`
	Values     *encode.Values `help:"What events of one step become: counts, clipped or signed."`
	Crop       []int          `placeholder:"L,T,R,B" help:"The part of the sensor that is looked at: left, top, right and bottom edge."`
	Downsample int            `placeholder:"N" help:"Make squares of N x N pixels one."`
	Encode     *encode.Coding `placeholder:"CODING" help:"How numbers become steps: current, rate or latency; over time delta or none."`
	Threshold  float32        `help:"Of delta: the change that is a spike; of latency: the least number that spikes."`
	Range      []float32      `placeholder:"LOW,HIGH" help:"The numbers that become 0 and 1."`
	Pattern    string         `placeholder:"P" help:"How class and group stand in the names of files: {class}_{group}_{index}."`
	Signals    bool           `help:"Arrays are [N, T, features...], numbers over time."`
	SwapXY     bool           `name:"swap-xy" help:"Exchange x and y, to see the accuracy fall."`
	recordingFlags
}

// adjust changes an input by what was asked for, of what its samples have:
// unusedBy reports the rest.
func (f inputFlags) adjust(in *encode.Input) {
	change(&in.Steps, f.Steps)
	if in.Of == encode.SampleEvents {
		f.adjustEvents(in)
		return
	}
	change(&in.Coding, f.Encode)
	if f.Threshold != 0 {
		in.Threshold = f.Threshold
	}
	if len(f.Range) == 2 {
		in.Range = [2]float32(f.Range)
	}
}

// adjustEvents changes how recordings become steps.
func (f inputFlags) adjustEvents(in *encode.Input) {
	if f.Bin != nil {
		in.Step = encode.Duration(encode.Width(*f.Bin))
	}
	if f.BinEvents != 0 {
		in.Count, in.Step = f.BinEvents, 0
	}
	change(&in.Origin, f.Origin)
	change(&in.Values, f.Values)
	if len(f.Crop) == 4 {
		in.Crop = [4]int(f.Crop)
	}
	if f.Downsample != 0 {
		in.Downsample = f.Downsample
	}
	in.SwapXY = in.SwapXY || f.SwapXY
}

// check reports numbers out of range, and lists of a wrong length.
func (f inputFlags) check() error {
	if f.Steps != nil && *f.Steps < 1 {
		return fmt.Errorf("--steps is %d; a sample has 1 at least", *f.Steps)
	}
	if f.Bin != nil && *f.Bin < 1 {
		return fmt.Errorf("--bin is %v: a step takes some time, as 1ms", *f.Bin)
	}
	if n := len(f.Crop); n != 0 && n != 4 {
		return fmt.Errorf("--crop has %d numbers; it has the left, top, right and bottom edge", n)
	}
	if n := len(f.Range); n != 0 && n != 2 {
		return fmt.Errorf("--range has %d numbers; it has the least and the greatest", n)
	}
	return nil
}

// options are those for a set of data: of a model that says its input, that, and
// what contradicts it is told.
func (f inputFlags) options(stored *encode.Input, r recipe, part string) (dataset.Options, error) {
	o := dataset.Options{Part: part, Pattern: r.pattern, Signals: f.Signals}
	if f.Pattern != "" {
		o.Pattern = f.Pattern
	}
	var err error
	if err := f.check(); err != nil {
		return o, err
	}
	if o.Read, err = f.read(r.read); err != nil {
		return o, err
	}
	if stored == nil {
		o.Adjust = func(in *encode.Input) {
			if r.input != nil {
				r.input(in)
			}
			f.adjust(in)
		}
		return o, nil
	}
	in := *stored
	f.adjust(&in)
	if was, is := stored.String(), in.String(); was != is {
		fmt.Fprintf(os.Stderr, "spikelane: the model was made for %s; it is given %s, as asked for\n", was, is)
	}
	o.Input = &in
	return o, nil
}

// ofKind are the flags that mean something for one kind of samples only.
var ofKind = map[encode.Sample][]string{
	encode.SampleEvents:  {"bin", "bin-events", "origin", "values", "crop", "downsample", "swap-xy", "sensor", "unit", "outside", "backward", "columns", "group", "format"},
	encode.SampleNumbers: {"encode", "threshold", "range"},
}

// unusedBy reports a flag that does nothing for samples of a kind.
func (g given) unusedBy(in encode.Input) error {
	reason := fmt.Sprintf("the samples are %s", in.Of)
	if in.Of == encode.SampleEvents {
		return g.unused(reason, ofKind[encode.SampleNumbers]...)
	}
	return g.unused(reason, ofKind[encode.SampleEvents]...)
}

// standardInput maps - to the standard input.
func standardInput(path string) string {
	if path == "-" {
		return "/dev/stdin"
	}
	return path
}
