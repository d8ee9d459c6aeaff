package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

type run struct {
	Model   string        `arg:"" help:"A model file, or a NIR file."`
	Events  string        `placeholder:"DIR" help:"A folder of .bs2 recordings."`
	Digits  bool          `help:"Judge the model by MNIST's 10,000 test digits, in place of recordings."`
	Data    string        `placeholder:"DIR" help:"A folder with MNIST's files, for --digits."`
	Labels  string        `placeholder:"FILE" help:"Which recordings, and the class of each; without it, all of the folder."`
	Steps   int           `default:"300" help:"How many steps of each recording."`
	Bin     time.Duration `default:"1ms" help:"The length of a step."`
	SwapXY  bool          `name:"swap-xy" help:"Exchange x and y, to see the accuracy fall."`
	Workers int           `default:"1" help:"How many recordings at once."`
	JSON    bool          `name:"json" help:"Print one JSON object."`
	NaN     bool          `name:"nan" help:"Go on where a layer remembers or puts out NaN or an infinite number, which is an error otherwise: such a neuron is silent for ever."`
	Memory  int64         `default:"4096" placeholder:"MIB" help:"How many MiB of spikes, which the hash at the end is of, and of what is recorded may be kept; 0: any number."`

	recorder
	discretization `embed:"" group:"Of a NIR file:"`
}

// result is what run prints.
type result struct {
	Model      string         `json:"model"`
	Recordings []recordResult `json:"recordings"`
	Layers     []layerTotal   `json:"layers"`
	Labelled   int            `json:"labelled"`
	Right      int            `json:"right"`
	Accuracy   *float64       `json:"accuracy,omitempty"` // where there are labels
	Hash       string         `json:"spike_hash"`
	Seconds    float64        `json:"seconds"`
	PerSecond  float64        `json:"recordings_per_second"`
}

// recordResult is what the network says of one recording: for each class the
// sum of its output over all steps, and the class with the greatest, the
// lowest on a tie. It is undecided, -1, where every sum is 0 or one is NaN.
type recordResult struct {
	Name      string    `json:"name"`
	Class     *int      `json:"class,omitempty"`
	Predicted int       `json:"predicted"`
	Counts    []float64 `json:"counts"`
	Later     int       `json:"later_events"` // after the last step, not used
}

type layerTotal struct {
	Name   string  `json:"name"`
	Spikes int64   `json:"spikes"`
	Rate   float64 `json:"rate"` // a neuron and step
}

// check reports flags that are out of range, or do nothing.
func (r run) check() error {
	if r.Steps < 1 || r.Workers < 1 || r.Memory < 0 {
		return fmt.Errorf("--steps and --workers are at least 1, --memory at least 0")
	}
	if r.Digits {
		return r.unused("--digits judges by pictures", "events", "labels", "steps", "bin", "swap-xy", "json", "memory", "record", "record-to")
	}
	if r.Bin < 1 {
		return fmt.Errorf("--bin is %v: a step takes some time, as 1ms", r.Bin)
	}
	if err := r.recorder.check(); err != nil {
		return err
	}
	return r.unused("it is where --digits are", "data")
}

// checkMemory reports more than may be kept, before there is any.
func (r run) checkMemory(m *forward.Model, recordings int) error {
	bytes := 4 * r.floats(m.Graph())
	for _, name := range m.Graph().Layers() {
		bytes += 8 * tensor.Words(m.Graph().Shape(name).Size())
	}
	if mib := float64(r.Steps) * float64(recordings) * float64(bytes) / (1 << 20); r.Memory > 0 && mib > float64(r.Memory) {
		return fmt.Errorf("%d steps of %d recordings have %.0f MiB to be kept, --memory is %d: take fewer --steps, or fewer recordings (--labels)", r.Steps, recordings, mib, r.Memory)
	}
	return nil
}

// Run classifies the recordings.
func (r run) Run(ctx context.Context) error {
	if err := r.check(); err != nil {
		return err
	}
	m, err := r.model(r.Model)
	if err != nil {
		return err
	}
	m = m.With(forward.CheckFinite(!r.NaN))
	if r.Digits {
		return r.judge(ctx, m)
	}
	if r.Events == "" {
		return fmt.Errorf("name recordings with --events, or judge by --digits")
	}
	sensor, err := sensorOf(m)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Model, err)
	}
	list, err := listRecordings(r.Events, r.Labels)
	if err != nil {
		return err
	}
	if err := checkClasses(list, r.Labels, m); err != nil {
		return err
	}
	if err := r.checkMemory(m, len(list)); err != nil {
		return err
	}
	start := time.Now()
	classified, err := r.classifyAll(ctx, m, sensor, list)
	if err != nil {
		return err
	}
	if err := r.recorder.write(classified); err != nil {
		return err
	}
	res := summarize(classified, time.Since(start))
	res.Model = r.Model
	if r.JSON {
		return json.NewEncoder(stdout).Encode(res)
	}
	return res.print()
}

// classified is a recording and what every layer of spiking neurons sent.
type classified struct {
	recordResult
	names  []string // in the order of the network
	layers []tensor.Signal
	// recorded is what --record names, in its order.
	recorded []*tensor.Tensor
}

// classifyAll runs the recordings, several at once, and keeps their order.
func (r run) classifyAll(ctx context.Context, m *forward.Model, sensor events.Sensor, list []recording) ([]classified, error) {
	m = m.With(forward.Record(append(m.Graph().Layers(), r.Record...)...))
	all := make([]classified, len(list))
	next := make(chan int)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	bar := newProgress(len(list), "recordings")
	var workers sync.WaitGroup
	for range min(r.Workers, len(list)) {
		workers.Go(func() {
			for i := range next {
				c, err := r.classify(ctx, m, sensor, list[i])
				if err != nil {
					cancel(err)
					return
				}
				all[i] = c
				bar.Add(1)
			}
		})
	}
feed:
	for i := range list {
		select {
		case next <- i:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	workers.Wait()
	bar.Finish()
	return all, context.Cause(ctx)
}

// blockSteps is how many steps of a recording are binned and run at once.
const blockSteps = 64

// classify runs one recording, block by block: a long one needs no more memory
// than a short one, its spikes aside.
func (r run) classify(ctx context.Context, m *forward.Model, sensor events.Sensor, rec recording) (classified, error) {
	c := classified{recordResult: recordResult{Name: rec.name, Class: rec.class}}
	binned, err := r.open(rec, sensor)
	if err != nil {
		return c, err
	}
	defer binned.Close()
	s, err := m.StateFor(1)
	if err != nil {
		return c, err
	}
	for at := 0; at < r.Steps; at += blockSteps {
		in, err := binned.Next(min(blockSteps, r.Steps-at))
		if err != nil {
			return c, err
		}
		out, err := m.Run(ctx, s, in)
		if err != nil {
			return c, fmt.Errorf("%s: %w", rec.path, err)
		}
		c.take(m.Graph().Layers(), out)
		c.recorded = r.add(c.recorded, out)
	}
	c.Predicted = argmax(c.Counts)
	c.Later, err = binned.Rest()
	return c, err
}

// take adds a block to the counts and the recorded spikes.
func (c *classified) take(layers []string, out *forward.Output) {
	_, _, classes := out.Dims()
	if c.Counts == nil {
		c.Counts = make([]float64, classes.Size())
		for _, name := range layers {
			if out.Spiking(name) {
				c.names = append(c.names, name)
				c.layers = append(c.layers, nil)
			}
		}
	}
	for i, v := range out.Dense().Data {
		c.Counts[i%len(c.Counts)] += float64(v)
	}
	for k, name := range c.names {
		c.layers[k] = appendSteps(c.layers[k], out.Layer(name))
	}
}

// appendSteps is the steps of two signals of one kind, one after the other.
func appendSteps(all, more tensor.Signal) tensor.Signal {
	switch all := all.(type) {
	case *tensor.Spikes:
		all.T += more.(*tensor.Spikes).T
		all.Bits = append(all.Bits, more.(*tensor.Spikes).Bits...)
		return all
	case *tensor.Tensor:
		all.Shape[0] += more.(*tensor.Tensor).Shape[0]
		all.Data = append(all.Data, more.(*tensor.Tensor).Data...)
		return all
	}
	return more
}

// sent is the sum of the numbers of a signal: how many spikes, of those that
// are one each.
func sent(x tensor.Signal) (sum float64) {
	if s, ok := x.(*tensor.Spikes); ok {
		return float64(s.Count())
	}
	for _, v := range x.Dense().Data {
		sum += float64(v)
	}
	return sum
}

const undecided = -1

// argmax is the place of the greatest number, the first of several, and
// undecided where there is nothing to go by.
func argmax(v []float64) int {
	if !slices.ContainsFunc(v, func(x float64) bool { return x != 0 }) || slices.ContainsFunc(v, math.IsNaN) {
		return undecided
	}
	best := 0
	for i := range v {
		if v[i] > v[best] {
			best = i
		}
	}
	return best
}

// summarize counts what is right, and the spikes of every layer.
func summarize(all []classified, took time.Duration) result {
	res := result{Seconds: took.Seconds(), PerSecond: float64(len(all)) / took.Seconds()}
	h := forward.NewHasher()
	for _, c := range all {
		res.Recordings = append(res.Recordings, c.recordResult)
		if c.Class != nil {
			res.Labelled++
			if *c.Class == c.Predicted {
				res.Right++
			}
		}
		h.Add(c.layers...)
	}
	if res.Labelled > 0 {
		accuracy := float64(res.Right) / float64(res.Labelled)
		res.Accuracy = &accuracy
	}
	for k, name := range all[0].names {
		total, spikes, places := layerTotal{Name: name}, 0.0, 0
		for _, c := range all {
			steps, _, features := c.layers[k].Dims()
			spikes += sent(c.layers[k])
			places += steps * features.Size()
		}
		total.Spikes, total.Rate = int64(spikes), spikes/float64(max(1, places))
		res.Layers = append(res.Layers, total)
	}
	sum := h.Sum()
	res.Hash = hex.EncodeToString(sum[:])
	return res
}

func (res result) print() error {
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "recording\tclass\tpredicted\tcounts\t")
	late, silent := 0, 0
	for _, r := range res.Recordings {
		class, predicted := "-", fmt.Sprint(r.Predicted)
		if r.Class != nil {
			class = fmt.Sprint(*r.Class)
		}
		if r.Predicted == undecided {
			predicted = "undecided"
			silent++
		}
		if r.Later > 0 {
			late++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%v\t\n", r.Name, class, predicted, r.Counts)
	}
	fmt.Fprintln(w, "\nlayer\tspikes\trate\t\t")
	for _, l := range res.Layers {
		fmt.Fprintf(w, "%s\t%d\t%.4f\t\t\n", l.Name, l.Spikes, l.Rate)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	printline()
	if res.Accuracy != nil {
		printf("right        %d of %d (%.1f %%)\n", res.Right, res.Labelled, 100**res.Accuracy)
	}
	if silent > 0 {
		printf("undecided    %d of %d, whose outputs are all 0 or not a number\n", silent, len(res.Recordings))
	}
	if late > 0 {
		printf("not used     %d events of %d recordings, after the last step: --steps and --bin say when that is\n", res.later(), late)
	}
	printf("spike hash   %s\n", res.Hash)
	printf("speed        %.1f recordings/s (%d in %.2f s)\n", res.PerSecond, len(res.Recordings), res.Seconds)
	return nil
}

// later is how many events came after the last step.
func (res result) later() int {
	n := 0
	for _, r := range res.Recordings {
		n += r.Later
	}
	return n
}
