package conform

import (
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// nmnist runs the published convolutional network over the recordings of the
// case, in the folder events, and compares what its neurons do at every step.
func (r *comparison) nmnist(c *vectors.Case, events string) error {
	if events == "" {
		return fmt.Errorf("it needs the folder of the recordings (--events)")
	}
	m, err := nmnistModel(c, snn.ResetToZero, filepath.Join(events, "..", "nir", "cnn_sinabs.nir"))
	if err != nil {
		return err
	}
	names, _, err := c.Int64s("recordings")
	if err != nil {
		return err
	}
	w := &nmnistWant{}
	for name, into := range map[string]*counts{
		"layer_totals": &w.layers, "step_totals": &w.steps, "output_counts": &w.outputs, "events": &w.events, "classes": &w.classes,
	} {
		if into.data, into.shape, err = c.Int64s(name); err != nil {
			return err
		}
		if len(into.shape) < 1 || into.shape[0] != len(names) {
			return fmt.Errorf("%s is %v for %d recordings", name, into.shape, len(names))
		}
	}
	if len(w.steps.shape) != 3 || len(w.layers.shape) != 2 || len(w.outputs.shape) != 2 || len(w.events.shape) != 2 || w.events.shape[1] != 2 || len(w.classes.shape) != 1 {
		return fmt.Errorf("%w: counts are of another shape", vectors.ErrCase)
	}
	if err := checkDeviations(c, len(names)); err != nil {
		return err
	}
	m = m.With(forward.Record(m.Graph().Layers()...))
	for i, name := range names {
		if err := r.recording(m, w, i, filepath.Join(events, strconv.FormatInt(name, 10)+".bs2")); err != nil {
			return err
		}
	}
	return r.finish(true)
}

// checkDeviations wants float32 to be further from float64 than no threshold.
func checkDeviations(c *vectors.Case, recordings int) error {
	margin, err := c.Tensor("margin")
	if err != nil {
		return err
	}
	off, err := c.Tensor("float32_deviation")
	if err != nil {
		return err
	}
	for i := range recordings {
		if !(off.Data[i] >= 0 && off.Data[i] < margin.Data[i]) {
			return fmt.Errorf("%w: recording %d: float32 is off by %v, the margin is %v", vectors.ErrCase, i, off.Data[i], margin.Data[i])
		}
	}
	return nil
}

// counts are integers, the first axis the recordings.
type counts struct {
	data  []int64
	shape tensor.Shape
}

// of are those of one recording.
func (c counts) of(i int) []float32 {
	n := len(c.data) / c.shape[0]
	row := make([]float32, n)
	for k, v := range c.data[i*n : (i+1)*n] {
		row[k] = float32(v)
	}
	return row
}

type nmnistWant struct{ layers, steps, outputs, events, classes counts }

// recording runs one.
func (r *comparison) recording(m *forward.Model, w *nmnistWant, i int, path string) error {
	in := m.Graph().Inputs()[0].Shape
	sensor := events.Sensor{Height: in[1], Width: in[2]}
	f, err := events.Open(path, events.Options{Sensor: sensor})
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := encode.NewBinner(f.All(), encode.Binning{Sensor: sensor})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer b.Close()
	x, err := b.Next(w.steps.shape[1])
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	y, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		return err
	}
	var perLayer [][]float32 // spikes at every step
	for _, name := range m.Graph().Layers() {
		if s, ok := y.Layer(name).(*tensor.Spikes); ok {
			perLayer = append(perLayer, stepTotals(s))
		}
	}
	where := filepath.Base(path)
	layers := w.steps.shape[2]
	if len(perLayer) != layers || w.layers.shape[1] != layers {
		return fmt.Errorf("%d layers of neurons, not %d", len(perLayer), layers)
	}
	totals := make([]float32, layers)
	want := w.steps.of(i)
	for t := range w.steps.shape[1] {
		got := make([]float32, layers)
		for k := range got {
			got[k] = perLayer[k][t]
			totals[k] += got[k]
		}
		r.spikes(where+": spikes of the layers", t, want[t*layers:(t+1)*layers], got)
	}
	r.spikes(where+": layer_totals", w.steps.shape[1]-1, w.layers.of(i), totals)
	outputs := make([]float32, w.outputs.shape[1])
	out := y.Dense().Data
	if len(out) != w.steps.shape[1]*len(outputs) {
		return fmt.Errorf("%d outputs a step, not %d", len(out)/w.steps.shape[1], len(outputs))
	}
	for k, v := range out {
		outputs[k%len(outputs)] += v
	}
	r.spikes(where+": output_counts", w.steps.shape[1]-1, w.outputs.of(i), outputs)
	best := slices.Index(outputs, slices.Max(outputs))
	if class := int(w.classes.data[i]); class != best {
		r.fail("%s: the class is %d, not %d", where, best, class)
	}
	return r.events(path, w.steps.shape[1], w.events.of(i))
}

// events compares how many a recording has, and how many are binned.
func (r *comparison) events(path string, steps int, want []float32) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	const size, microseconds = 5, 1000 // of an event, and of a step
	all, early := 0, 0
	for at := 0; at+size <= len(data); at += size {
		all++
		if time := int(data[at+2]&0x7f)<<16 | int(data[at+3])<<8 | int(data[at+4]); time < steps*microseconds {
			early++
		}
	}
	if got := []float32{float32(all), float32(early)}; !slices.Equal(got, want) {
		r.fail("%s: there are %v events, not %v", filepath.Base(path), got, want)
	}
	return nil
}

// stepTotals counts the spikes of every step of one sample.
func stepTotals(s *tensor.Spikes) []float32 {
	totals := make([]float32, s.T)
	for t := range totals {
		for _, word := range s.Row(t, 0) {
			totals[t] += float32(bits.OnesCount64(word))
		}
	}
	return totals
}
