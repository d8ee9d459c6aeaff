package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/spikelane/spikelane/format/events"
	_ "github.com/spikelane/spikelane/format/events/aedat4" // recordings in it
	"github.com/spikelane/spikelane/format/events/live"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/internal/picture"
)

type eventsCommand struct {
	Files   []string      `arg:"" optional:"" name:"file" help:"Recordings; - is the standard input."`
	UDP     string        `name:"udp" placeholder:"ADDRESS" help:"Listen for AEStream's packets, as on :3333, in place of a file."`
	Follow  bool          `help:"Wait for more at the end of the one file, which another program still writes."`
	For     time.Duration `help:"Stop after so long."`
	Convert string        `placeholder:"FILE" help:"Write the one recording as .bs2, .npy or .csv."`
	Picture string        `placeholder:"FILE.svg" help:"Draw the one recording: how often each pixel saw something, or of a cochlea its spikes over time."`
	JSON    bool          `name:"json" help:"Print one JSON object for each recording, a line each."`
	recordingFlags
}

// Help is shown by --help.
func (eventsCommand) Help() string {
	text := `    spikelane events night.raw drive.aedat4
    spikelane events spikes.csv --unit 1us --sensor 64x64
    spikelane events old.dat --backward sort --convert new.npy
    spikelane events --udp :3333 --for 10s --convert heard.npy

Formats, which are recognised by what is in a file:

`
	for _, f := range events.Formats() {
		text += fmt.Sprintf("    %-8s %s\n", f.Name, f.What)
	}
	return text
}

// recordingReport is what is known of a recording.
type recordingReport struct {
	File     string   `json:"file"`
	Format   string   `json:"format"`
	Width    int      `json:"width,omitempty"` // of the sensor, if it is known
	Height   int      `json:"height,omitempty"`
	Events   int      `json:"events"`
	On       int      `json:"on"`
	Dropped  int      `json:"dropped"`  // outside the sensor
	Backward int      `json:"backward"` // times that went back
	First    float64  `json:"first_seconds"`
	Last     float64  `json:"last_seconds"`
	Mean     float64  `json:"events_per_second"`
	Peak     float64  `json:"peak_events_per_second"` // of 10 ms
	Hot      [][3]int `json:"hot_pixels"`             // x, y, events
}

// peakTime is over what the greatest rate is looked for.
const peakTime = 10 * time.Millisecond

// Run reports on recordings, and draws or converts one.
func (c eventsCommand) Run(ctx context.Context) error {
	if c.UDP != "" {
		c.Files = append(c.Files, c.UDP)
	}
	switch n := len(c.Files); {
	case n == 0:
		return fmt.Errorf("name recordings, or an address to listen on: --udp :3333")
	case n != 1 && (c.Convert != "" || c.Picture != "" || c.UDP != "" || c.Follow):
		return fmt.Errorf("--convert, --picture, --udp and --follow are for one recording; there are %d", n)
	}
	if c.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.For)
		defer cancel()
	}
	o, err := c.read(events.Options{})
	if err != nil {
		return err
	}
	for _, path := range c.Files {
		if err := c.file(ctx, path, o); err != nil {
			return err
		}
	}
	return nil
}

// file reads one recording.
func (c eventsCommand) file(ctx context.Context, path string, o events.Options) error {
	r, source, err := c.open(ctx, path, o)
	if err != nil {
		return err
	}
	defer source.Close()
	census := newCensus()
	seq := counted(ctx, r, census)
	if c.Convert != "" {
		if _, err := events.WriteFile(c.Convert, seq); err != nil {
			return err
		}
	} else {
		for _, err := range seq {
			if err != nil {
				return err
			}
		}
	}
	if c.Picture != "" {
		if err := atomicfile.Write(c.Picture, picture.SVG(census.panel(r.Sensor()))); err != nil {
			return err
		}
	}
	res := census.report(r)
	res.File = path
	if c.JSON {
		return json.NewEncoder(stdout).Encode(res)
	}
	res.print()
	return nil
}

// open begins to read a recording, or what is heard. The source is closed in the
// end.
func (c eventsCommand) open(ctx context.Context, path string, o events.Options) (r *events.Reader, source io.Closer, err error) {
	switch {
	case c.UDP != "":
		r, err = live.UDP(ctx, path, o)
	case c.Follow:
		in, err := live.Follow(ctx, path, 0)
		if err != nil {
			return nil, nil, err
		}
		if r, err = events.NewReader(in, o); err != nil {
			return nil, nil, errors.Join(err, in.Close())
		}
		return r, in, nil
	default:
		r, err = events.Open(standardInput(path), o)
	}
	return r, r, err
}

// counted are the events of a recording, each of which is counted; it ends with
// an error when ctx does.
func counted(ctx context.Context, r *events.Reader, c *census) iter.Seq2[events.Event, error] {
	return func(yield func(events.Event, error) bool) {
		some := make([]events.Event, 4096)
		for {
			n, err := r.Read(some)
			c.add(some[:n])
			for _, e := range some[:n] {
				if !yield(e, nil) {
					return
				}
			}
			if err == nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return // --for
			}
			if err == nil {
				err = ctx.Err()
			}
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(events.Event{}, err)
				return
			}
		}
	}
}

// census counts events.
type census struct {
	events, on  int
	first, last time.Duration
	pixels      map[uint32]int // events, by y and x
	slot        time.Duration  // of 10 ms, the number
	inSlot      int
	peak        int
	right, low  uint16 // the greatest x and y
}

func newCensus() *census { return &census{pixels: map[uint32]int{}} }

func (c *census) add(some []events.Event) {
	for _, e := range some {
		if c.events == 0 {
			c.first, c.last = e.Time, e.Time
		}
		c.events++
		if e.On {
			c.on++
		}
		c.first, c.last = min(c.first, e.Time), max(c.last, e.Time)
		c.right, c.low = max(c.right, e.X), max(c.low, e.Y)
		c.pixels[uint32(e.Y)<<16|uint32(e.X)]++
		if slot := e.Time / peakTime; slot != c.slot {
			c.slot, c.inSlot = slot, 0
		}
		c.inSlot++
		c.peak = max(c.peak, c.inSlot)
	}
}

// mostHot is how many hot pixels are told.
const mostHot = 10

// hot are the pixels with more than ten times the events of the median of those that
// have any, and more than 100; those with the most come first.
func (c *census) hot() [][3]int {
	var counts []int
	for _, n := range c.pixels {
		counts = append(counts, n)
	}
	if counts == nil {
		return nil
	}
	slices.Sort(counts)
	limit := max(100, 10*counts[len(counts)/2])
	var hot [][3]int
	for place, n := range c.pixels {
		if n > limit {
			hot = append(hot, [3]int{int(place & 0xffff), int(place >> 16), n})
		}
	}
	slices.SortFunc(hot, func(a, b [3]int) int {
		if a[2] != b[2] {
			return b[2] - a[2]
		}
		return (a[1]-b[1])<<16 + a[0] - b[0]
	})
	return hot[:min(mostHot, len(hot))]
}

func (c *census) report(r *events.Reader) recordingReport {
	res := recordingReport{
		Format: cmp.Or(r.Format(), "packets"), Width: r.Sensor().Width, Height: r.Sensor().Height, Events: c.events, On: c.on, Dropped: r.Dropped(), Backward: r.Backward(),
		First: c.first.Seconds(), Last: c.last.Seconds(), Peak: float64(c.peak) / peakTime.Seconds(), Hot: c.hot(),
	}
	if span := c.last - c.first; span > 0 {
		res.Mean = float64(c.events) / span.Seconds()
	}
	return res
}

func (r recordingReport) print() {
	sensor := "not stated"
	if r.Width > 0 {
		sensor = fmt.Sprintf("%d x %d", r.Width, r.Height)
	}
	printf("%s\n", r.File)
	printf("format      %s, sensor %s\n", r.Format, sensor)
	printf("events      %d: %d on, %d off\n", r.Events, r.On, r.Events-r.On)
	printf("time        from %.6f s to %.6f s\n", r.First, r.Last)
	printf("rate        %.0f events/s, at most %.0f in %v\n", r.Mean, r.Peak, peakTime)
	if r.Dropped > 0 {
		printf("dropped     %d outside the sensor\n", r.Dropped)
	}
	if r.Backward > 0 {
		printf("backward    %d times went back\n", r.Backward)
	}
	for _, h := range r.Hot {
		printf("hot pixel   %d, %d: %d events\n", h[0], h[1], h[2])
	}
	if r.First > 1 {
		printf("late start  steps from the first event on: --origin first\n")
	}
}

// panel is a picture of how often each pixel saw something: the brightest as
// often as 99 of 100 or more.
func (c *census) panel(sensor events.Sensor) picture.Panel {
	if !sensor.Known() {
		sensor = events.Sensor{Width: int(c.right) + 1, Height: int(c.low) + 1}
	}
	var counts []int
	for _, n := range c.pixels {
		counts = append(counts, n)
	}
	slices.Sort(counts)
	most := 1
	if len(counts) > 0 {
		most = max(1, counts[len(counts)*99/100])
	}
	p := picture.Panel{Title: fmt.Sprintf("%d events, %.3f s", c.events, (c.last - c.first).Seconds()), X: "x, pixels", Y: "y, pixels"}
	for y := range sensor.Height {
		row := make([]byte, sensor.Width)
		for x := range row {
			row[x] = byte(255 * min(most, c.pixels[uint32(y)<<16|uint32(x)]) / most)
		}
		p.Grey = append(p.Grey, row)
	}
	return p
}
