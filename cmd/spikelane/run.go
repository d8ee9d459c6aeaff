package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spikelane/spikelane/encode"
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

	discretisation `embed:"" group:"Of a NIR file:"`
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
// lowest on a tie.
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

// Run classifies the recordings.
func (r run) Run(ctx context.Context) error {
	if r.Steps < 1 || r.Workers < 1 {
		return fmt.Errorf("--steps and --workers are at least 1")
	}
	m, err := r.model(r.Model)
	if err != nil {
		return err
	}
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
	start := time.Now()
	classified, err := r.classifyAll(ctx, m, sensor, list)
	if err != nil {
		return err
	}
	res := summarise(classified, time.Since(start))
	res.Model = r.Model
	if r.JSON {
		return json.NewEncoder(os.Stdout).Encode(res)
	}
	return res.print()
}

// classified is a recording and the spikes of every layer that made some.
type classified struct {
	recordResult
	names  []string // in the order of the network
	layers []*tensor.Spikes
}

// classifyAll runs the recordings, several at once, and keeps their order.
func (r run) classifyAll(ctx context.Context, m *forward.Model, sensor encode.Sensor, list []recording) ([]classified, error) {
	m = m.With(forward.Record(m.Graph().Layers()...))
	all := make([]classified, len(list))
	next := make(chan int)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	bar := newProgress(len(list), "recordings")
	var workers sync.WaitGroup
	for range r.Workers {
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
func (r run) classify(ctx context.Context, m *forward.Model, sensor encode.Sensor, rec recording) (classified, error) {
	c := classified{recordResult: recordResult{Name: rec.name, Class: rec.class}}
	binned, err := r.open(rec, sensor)
	if err != nil {
		return c, err
	}
	defer binned.Close()
	s := m.NewState(1)
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
			if s, ok := out.Layer(name).(*tensor.Spikes); ok {
				c.names = append(c.names, name)
				c.layers = append(c.layers, tensor.NewSpikes(0, 1, s.Features...))
			}
		}
	}
	for i, v := range out.Dense().Data {
		c.Counts[i%len(c.Counts)] += float64(v)
	}
	for k, name := range c.names {
		s := out.Layer(name).(*tensor.Spikes)
		c.layers[k].T += s.T
		c.layers[k].Bits = append(c.layers[k].Bits, s.Bits...)
	}
}

// argmax is the place of the greatest number, the first of several.
func argmax(v []float64) int {
	best := 0
	for i := range v {
		if v[i] > v[best] {
			best = i
		}
	}
	return best
}

// summarise counts what is right, and the spikes of every layer.
func summarise(all []classified, took time.Duration) result {
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
		total := layerTotal{Name: name}
		places := 0
		for _, c := range all {
			total.Spikes += int64(c.layers[k].Count())
			places += c.layers[k].T * c.layers[k].Features.Size()
		}
		total.Rate = float64(total.Spikes) / float64(max(1, places))
		res.Layers = append(res.Layers, total)
	}
	sum := h.Sum()
	res.Hash = hex.EncodeToString(sum[:])
	return res
}

func (res result) print() error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "recording\tclass\tpredicted\tcounts\t")
	for _, r := range res.Recordings {
		class := "-"
		if r.Class != nil {
			class = fmt.Sprint(*r.Class)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%v\t\n", r.Name, class, r.Predicted, r.Counts)
	}
	fmt.Fprintln(w, "\nlayer\tspikes\trate\t\t")
	for _, l := range res.Layers {
		fmt.Fprintf(w, "%s\t%d\t%.4f\t\t\n", l.Name, l.Spikes, l.Rate)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Println()
	if res.Accuracy != nil {
		fmt.Printf("right        %d of %d (%.1f %%)\n", res.Right, res.Labelled, 100**res.Accuracy)
	}
	fmt.Printf("spike hash   %s\n", res.Hash)
	fmt.Printf("speed        %.1f recordings/s (%d in %.2f s)\n", res.PerSecond, len(res.Recordings), res.Seconds)
	return nil
}
