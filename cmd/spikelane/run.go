package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

type run struct {
	Model   string   `arg:"" help:"A model file, or a NIR file."`
	Inputs  []string `arg:"" optional:"" name:"input" help:"Recordings, sounds, pictures, folders or lists of them, .npz or .npy arrays of samples, - for the standard input; mnist for MNIST's test digits."`
	Array   string   `name:"input" placeholder:"X.npy" help:"An array over time, [T, B, ...] or [T, ...], that is input as it is."`
	Out     string   `placeholder:"FILE" help:"Write answers: .jsonl, .csv, or with the outputs at every step .npz or .npy, [T, B, ...]; - prints lines of JSON."`
	Events  string   `hidden:"" placeholder:"DIR"`
	Digits  bool     `hidden:""`
	Data    string   `hidden:"" placeholder:"DIR"`
	Labels  string   `placeholder:"FILE" help:"Which recordings of the folder, and the class of each."`
	Workers int      `default:"1" help:"How many samples at once."`
	JSON    bool     `name:"json" help:"Print one JSON object."`
	NaN     bool     `name:"nan" help:"Go on where a layer remembers or puts out NaN or an infinite number, which is an error otherwise: such a neuron is silent for ever."`
	Memory  int64    `default:"4096" placeholder:"MIB" help:"How many MiB of what is recorded or written may be kept; 0: any number."`

	inputFlags
	recorder
	discretization `embed:"" group:"Of a NIR file:"`
}

// Help is shown by --help.
func (run) Help() string {
	return `    spikelane run out/model.safetensors recordings/            # as it was trained
    spikelane run out/model.safetensors one.aedat4 --out answers.csv
    spikelane run net.nir --as snntorch --dt 0.001 --input x.npy --out y.npy
    spikelane run out/model.safetensors night.raw --record lif1.v --record-to trace.npz
    cat night.raw | spikelane run out/model.safetensors - --out -`
}

// check reports flags that are out of range, or do nothing.
func (r run) check() error {
	if r.Workers < 1 || r.Memory < 0 {
		return fmt.Errorf("--workers is at least 1, --memory at least 0")
	}
	if err := r.inputFlags.check(); err != nil {
		return err
	}
	if !r.Digits && !slices.Contains(r.Inputs, mnistName) {
		if err := r.unused("it is where --digits are", "data"); err != nil {
			return err
		}
	}
	if err := checkOut(r.Out); err != nil {
		return err
	}
	return r.recorder.check()
}

// Run runs the model over the inputs.
func (r run) Run(ctx context.Context) error {
	if err := r.check(); err != nil {
		return err
	}
	m, about, err := r.modelAndMeta(r.Model)
	if err != nil {
		return err
	}
	set, err := r.set(m, about)
	if err != nil {
		return err
	}
	c, err := r.classifier(m, about, set)
	if err != nil {
		return err
	}
	start := time.Now()
	classified, err := c.all(ctx)
	if err != nil {
		return err
	}
	if err := r.recorder.write(classified); err != nil {
		return err
	}
	res := summarize(classified, c.totals, time.Since(start))
	res.Model = r.Model
	if err := writeOut(r.Out, classified, set.Input()); err != nil {
		return err
	}
	switch {
	case r.Out == "-":
		return nil
	case r.JSON:
		return json.NewEncoder(stdout).Encode(res)
	}
	return res.print()
}

// classifier runs the samples of a set.
func (r run) classifier(m *forward.Model, about meta, set *dataset.Set) (*classifier, error) {
	if err := r.checkMemory(m, set); err != nil {
		return nil, err
	}
	if err := r.unusedBy(set.Input()); err != nil {
		return nil, err
	}
	if _, err := fit(set, m.Graph()); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Model, err)
	}
	shape := m.Graph().Shape(m.Graph().Outputs()[0])
	if err := about.readout.Check(shape.Size()); err != nil {
		return nil, fmt.Errorf("%s: %w", r.Model, err)
	}
	classes := shape.Size() / max(1, about.readout.Neurons)
	for i := range set.Len() {
		if c := set.Class(i); c >= classes {
			return nil, fmt.Errorf("recording %s is of class %d, the network has %d outputs, 0 to %d", set.Name(i), c, classes, classes-1)
		}
	}
	layers := m.Graph().Layers()
	m = m.With(forward.CheckFinite(!r.NaN), forward.Record(append(layers, r.Record...)...))
	return &classifier{model: m, set: set, readout: about.readout, recorder: r.recorder, workers: r.Workers, outputs: wantsOutputs(r.Out), layers: layers}, nil
}

// checkMemory reports more than may be kept, before there is any.
func (r run) checkMemory(m *forward.Model, set *dataset.Set) error {
	bytes := 4 * r.floats(m.Graph())
	if wantsOutputs(r.Out) {
		bytes += 4 * m.Graph().Shape(m.Graph().Outputs()[0]).Size()
	}
	spikes := 0 // of a step, packed, of which the hash of a sample is made at its end
	for _, name := range m.Graph().Layers() {
		spikes += 8 * tensor.Words(m.Graph().Shape(name).Size())
	}
	steps, n := set.Input().Steps, set.Len()
	kept := float64(n*bytes + min(r.Workers, n)*spikes)
	if mib := float64(steps) * kept / (1 << 20); r.Memory > 0 && mib > float64(r.Memory) {
		return fmt.Errorf("%d steps of %d samples have %.0f MiB to be kept, --memory is %d: take fewer --steps, or fewer samples (--labels)", steps, n, mib, r.Memory)
	}
	return nil
}

// set is the samples of all inputs.
func (r run) set(m *forward.Model, about meta) (*dataset.Set, error) {
	inputs := r.Inputs
	if r.Events != "" {
		inputs = append(inputs, r.Events)
	}
	if r.Digits {
		inputs = append(inputs, mnistName)
	}
	if r.Array != "" {
		if len(inputs) > 0 {
			return nil, fmt.Errorf("--input is the whole input: %s is another", inputs[0])
		}
		return arrayOverTime(r.Array, m)
	}
	if len(inputs) == 0 {
		return nil, fmt.Errorf("what is the input? Name recordings, sounds, pictures, folders or lists of them, arrays, or - for the standard input")
	}
	return r.open(inputs, m, about.input)
}

// open makes one set of several inputs.
func (r run) open(inputs []string, m *forward.Model, stored *encode.Input) (*dataset.Set, error) {
	var sets []*dataset.Set
	for _, path := range inputs {
		recipe, folder := recipe{read: sensorOf(m), input: unsaid}, ""
		switch {
		case path == mnistName:
			recipe.input = recipes["mlp"]().input
			var err error
			if path, err = mnistFolder(r.Data); err != nil {
				return nil, err
			}
		case r.Labels != "":
			path, folder = r.Labels, path
		}
		o, err := r.options(stored, recipe, dataset.PartTest)
		if err != nil {
			return nil, err
		}
		o.Folder = folder
		s, err := dataset.Open(standardInput(path), o)
		if err != nil {
			return nil, err
		}
		sets = append(sets, s)
	}
	return dataset.Join(sets...)
}

// unsaid is the input of a model that does not say it: 300 steps of 1 ms.
func unsaid(in *encode.Input) {
	if in.Of == encode.SampleEvents {
		in.Step, in.Steps = encode.Duration(time.Millisecond), 300
	}
}

// arrayOverTime is the input in an array [T, B, ...] or [T, ...].
func arrayOverTime(path string, m *forward.Model) (*dataset.Set, error) {
	x, err := readSignal(path)
	if err != nil {
		return nil, err
	}
	in := m.Graph().Inputs()
	if len(in) != 1 {
		return nil, fmt.Errorf("the network has %d inputs, and an array is one", len(in))
	}
	signals, err := samplesOf(x, in[0].Shape)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return dataset.OfSignals(signals, nil)
}

// wantsOutputs reports whether outputs of every step are written.
func wantsOutputs(out string) bool {
	return slices.Contains([]string{".npz", ".npy"}, strings.ToLower(filepath.Ext(out)))
}

// undecided is no class: outputs give nothing to go by.
const undecided = -1

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
