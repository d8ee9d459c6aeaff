package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

type bench struct {
	Model      string        `arg:"" optional:"" help:"A model file, or a NIR file; without one, a network of --layers with new weights."`
	Layers     []int         `default:"700,256,256,20" help:"How many inputs, neurons of each layer, and outputs."`
	Steps      int           `default:"100" help:"Steps of a sequence."`
	Batch      int           `default:"256" help:"Samples at once; a stream is of one sample."`
	Rate       float64       `default:"0.05" help:"The share of inputs that spike at a step."`
	HiddenRate float64       `default:"0.05" help:"How often hidden neurons of new weights spike: the weights are multiplied until they do; 0 leaves them, and the network hardly fires."`
	Mode       string        `enum:"infer,stream,train" default:"infer" help:"Run whole sequences, step a stream, or train."`
	Workers    int           `default:"1" help:"How many goroutines share the samples."`
	Neuron     string        `default:"LIF" help:"The type of the hidden neurons, as in model files: LIF, snntorch.Leaky, ..."`
	Time       time.Duration `default:"2s" help:"How long to measure."`
	Single     int           `default:"1000000" help:"How many steps of a stream to time one by one."`
	JSON       bool          `name:"json" help:"Print one JSON object."`

	discretization `embed:"" group:"Of a NIR file:"`
}

// benchResult is what bench prints.
type benchResult struct {
	Mode       string             `json:"mode"`
	Model      string             `json:"model,omitempty"` // else of new weights
	Layers     []int              `json:"layers,omitempty"`
	Neuron     string             `json:"neuron,omitempty"`
	Steps      int                `json:"steps"`
	Batch      int                `json:"batch"`
	Workers    int                `json:"workers"`
	Kernels    string             `json:"kernels"`
	CPUs       int                `json:"cpus"`
	Runs       int                `json:"runs"`
	Seconds    float64            `json:"seconds_a_run"`  // the median
	SampleStep float64            `json:"ns_sample_step"` // a sample and step
	Synaptic   float64            `json:"synaptic_operations_s,omitempty"`
	Allocated  float64            `json:"bytes_allocated_a_run"`
	Latencies  *latencies         `json:"latencies,omitempty"`   // of a stream
	HiddenRate float64            `json:"hidden_rate,omitempty"` // that was asked for
	Rates      map[string]float64 `json:"rates"`                 // spikes a neuron and step
}

// latencies are those of single steps of a stream, in nanoseconds.
type latencies struct {
	Steps  int   `json:"steps"`
	Median int64 `json:"median_ns"`
	P99    int64 `json:"p99_ns"`
	P999   int64 `json:"p999_ns"`
}

// Run measures.
func (b bench) Run(ctx context.Context) error {
	if err := b.checkUse(); err != nil {
		return err
	}
	if b.Mode == "stream" {
		b.Batch = 1
	}
	if len(b.Layers) < 2 || b.Steps < 1 || b.Batch < 1 || b.Workers < 1 || b.Mode == "stream" && b.Single < 1 || !(b.Rate >= 0 && b.Rate <= 1 && b.HiddenRate >= 0 && b.HiddenRate < 1) {
		return fmt.Errorf("--layers names inputs and outputs, --steps, --batch, --workers and --single are at least 1, --rate is from 0 to 1, --hidden-rate below 1")
	}
	m, err := b.network()
	if err != nil {
		return err
	}
	if b.Model == "" && b.HiddenRate > 0 {
		if m, err = b.calibrate(ctx, m); err != nil {
			return err
		}
	}
	x, err := b.input(m)
	if err != nil {
		return err
	}
	res, err := b.measure(ctx, m, x)
	if err != nil {
		return err
	}
	if b.JSON {
		return json.NewEncoder(stdout).Encode(res)
	}
	network := res.Model
	if network == "" {
		network = fmt.Sprintf("%v of %s", res.Layers, res.Neuron)
	}
	printf("network   %s, %s, %d steps, batch %d, kernels %s, %d workers, %d CPUs\n",
		network, res.Mode, res.Steps, res.Batch, res.Kernels, res.Workers, res.CPUs)
	for _, layer := range m.Graph().Layers() {
		if rate, ok := res.Rates[layer]; ok {
			printf("%-9s %.2f %% of neurons spike at a step\n", layer, 100*rate)
		}
	}
	printf("time      %.3f ms (the median of %d), %.1f ns a sample and step\n", 1e3*res.Seconds, res.Runs, res.SampleStep)
	if res.Synaptic > 0 {
		printf("synapses  %.2f thousand million operations/s\n", res.Synaptic/1e9)
	}
	if l := res.Latencies; l != nil {
		printf("latency   of %d steps: median %d ns, 99 %% below %d ns, 99.9 %% below %d ns\n", l.Steps, l.Median, l.P99, l.P999)
	}
	printf("memory    %.0f bytes allocated each time\n", res.Allocated)
	return nil
}

// checkUse reports flags that do nothing.
func (b bench) checkUse() error {
	var err error
	if b.Model != "" {
		err = b.unused("the network is that of "+b.Model, "layers", "neuron", "hidden-rate")
	} else {
		err = b.unused("there is no NIR file", nirFlags...)
	}
	if b.Mode == "stream" {
		return errors.Join(err, b.unused("a stream is of one sample", "batch"))
	}
	return errors.Join(err, b.unused("single steps are timed in the mode stream", "single"))
}

// network is that of a file, or has new weights.
func (b bench) network() (*forward.Model, error) {
	if b.Model != "" {
		m, err := b.model(b.Model)
		if err != nil {
			return nil, err
		}
		return m.With(forward.Workers(b.Workers)), nil
	}
	neuron, err := snn.Unmarshal(b.Neuron, nil)
	if err != nil {
		return nil, err
	}
	var layers []snn.Layer
	for _, n := range b.Layers[1 : len(b.Layers)-1] {
		layers = append(layers, snn.Linear{Out: n}, neuron)
	}
	layers = append(layers, snn.Linear{Out: b.Layers[len(b.Layers)-1]}, snn.LI{Decay: 0.9})
	g, err := forward.Sequential(tensor.Shape{b.Layers[0]}, layers...)
	if err != nil {
		return nil, err
	}
	m, err := g.Init(1)
	if err != nil {
		return nil, err
	}
	return m.With(forward.Workers(b.Workers)), nil
}

// maxWords bounds the spikes that are made to measure with: 4 GiB of them.
const maxWords = 1 << 29

// input is spikes at random.
func (b bench) input(m *forward.Model) (*tensor.Spikes, error) {
	in := m.Graph().Inputs()
	if len(in) != 1 {
		return nil, fmt.Errorf("%s: it has %d inputs, not one", b.Model, len(in))
	}
	if words := float64(b.Steps) * float64(b.Batch) * float64(tensor.Words(in[0].Shape.Size())); words > maxWords {
		return nil, fmt.Errorf("%d steps of %d samples are %.0f MiB of spikes, at most %d: take fewer --steps or a smaller --batch", b.Steps, b.Batch, words*8/(1<<20), maxWords*8>>20)
	}
	key, x := random.New(1, "bench"), tensor.NewSpikes(b.Steps, b.Batch, in[0].Shape...)
	for t := range b.Steps {
		for s := range b.Batch {
			for i := range in[0].Shape.Size() {
				if key.Uniform(uint32(s), uint64(t), uint32(i)) < b.Rate {
					x.Set(t, s, i)
				}
			}
		}
	}
	return x, nil
}

// measure repeats the work for as long as asked.
func (b bench) measure(ctx context.Context, m *forward.Model, x *tensor.Spikes) (*benchResult, error) {
	work, err := b.work(ctx, m, x)
	if err != nil {
		return nil, err
	}
	if err := work(); err != nil { // memory is made, caches are warm
		return nil, err
	}
	var times []float64
	for start := time.Now(); len(times) == 0 || time.Since(start) < b.Time; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one := time.Now()
		if err := work(); err != nil {
			return nil, err
		}
		times = append(times, time.Since(one).Seconds())
	}
	slices.Sort(times)
	res := &benchResult{
		Mode: b.Mode, Model: b.Model, Steps: b.Steps, Batch: b.Batch, Workers: b.Workers,
		Kernels: simd.Tier(), CPUs: runtime.NumCPU(), Runs: len(times), Seconds: times[len(times)/2], Rates: map[string]float64{},
	}
	if b.Model == "" {
		res.Layers, res.Neuron, res.HiddenRate = b.Layers, b.Neuron, b.HiddenRate
	}
	res.SampleStep = 1e9 * res.Seconds / float64(b.Steps*b.Batch)
	if res.Allocated, err = allocated(min(len(times), 9), work); err != nil {
		return nil, err
	}
	if b.Mode == "stream" {
		if res.Latencies, err = b.latencies(ctx, m, x); err != nil {
			return nil, err
		}
	}
	var c forward.Counters
	if _, err := m.With(forward.Count(&c)).Run(ctx, m.NewState(b.Batch), x); err != nil {
		return nil, err
	}
	operations := int64(0)
	for _, l := range c.Layers() {
		operations += l.Operations
		if l.Spikes > 0 {
			res.Rates[l.Layer] = l.Rate
		}
	}
	if b.Mode != "train" {
		res.Synaptic = float64(operations) / res.Seconds
	}
	return res, nil
}

// allocated is how many bytes work allocates, the median of some times, since the
// runtime allocates now and then too.
func allocated(times int, work func() error) (float64, error) {
	bytes := make([]float64, times)
	for i := range bytes {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := work(); err != nil {
			return 0, err
		}
		runtime.ReadMemStats(&after)
		bytes[i] = float64(after.TotalAlloc - before.TotalAlloc)
	}
	slices.Sort(bytes)
	return bytes[times/2], nil
}

// latencies times every step by itself.
func (b bench) latencies(ctx context.Context, m *forward.Model, x *tensor.Spikes) (*latencies, error) {
	s, words := m.NewState(1), tensor.Words(x.Features.Size())
	step := &tensor.Spikes{T: 1, B: 1, Features: x.Features}
	times := make([]int64, b.Single)
	for i := range times {
		if i%b.Steps == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t := i % b.Steps
		step.Bits = x.Bits[t*words : (t+1)*words]
		one := time.Now()
		if _, err := m.Step(s, step); err != nil {
			return nil, err
		}
		times[i] = time.Since(one).Nanoseconds()
	}
	slices.Sort(times)
	n := len(times)
	return &latencies{n, times[n/2], times[n*99/100], times[n*999/1000]}, nil
}

// work is what is timed.
func (b bench) work(ctx context.Context, m *forward.Model, x *tensor.Spikes) (func() error, error) {
	if _, err := m.StateFor(b.Batch); err != nil { // all others are as large at the most
		return nil, err
	}
	switch b.Mode {
	case "infer":
		return func() error {
			_, err := m.Run(ctx, m.NewState(b.Batch), x)
			return err
		}, nil
	case "stream":
		s := m.NewState(1)
		words := tensor.Words(x.Features.Size())
		step := &tensor.Spikes{T: 1, B: 1, Features: x.Features}
		return func() error {
			for t := range b.Steps {
				step.Bits = x.Bits[t*words : (t+1)*words]
				if _, err := m.Step(s, step); err != nil {
					return err
				}
			}
			return nil
		}, nil
	}
	t, err := train.New(m, train.Config{Loss: train.CrossEntropy{}, Workers: b.Workers})
	if err != nil {
		return nil, err
	}
	batch := train.Batch{Inputs: []tensor.Signal{x}, Targets: make([]train.Target, b.Batch)}
	classes := m.Graph().Shape(m.Graph().Outputs()[0]).Size()
	for i := range batch.Targets {
		batch.Targets[i].Class = i % classes
	}
	return func() error {
		_, err := t.Step(ctx, batch)
		return err
	}, nil
}
