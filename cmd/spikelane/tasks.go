package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// task is a set of data with a network that learns it well.
type task struct {
	network func() forward.Spec
	config  train.Config
	plan    train.Plan
	load    func(dir string) (data, test source, err error)
}

// tasks are those that have a name.
var tasks = map[string]task{
	"mlp": {
		network: chain(tensor.Shape{28 * 28}, snn.Linear{Out: 256}, spiking, snn.Linear{Out: 10}, readout),
		config:  train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 3e-3, Schedule: train.Cosine(0.05, 0.01)},
		plan:    train.Plan{Batch: 128, Epochs: 6},
		load:    mnist(digitSteps, tensor.Shape{28 * 28}),
	},
	"conv": {
		network: chain(tensor.Shape{1, 28, 28},
			snn.Conv2d{Out: 16, Kernel: snn.Size{5, 5}, Padding: snn.Size{2, 2}}, spiking, snn.MaxPool2d{Kernel: snn.Size{2, 2}},
			snn.Conv2d{Out: 32, Kernel: snn.Size{5, 5}, Padding: snn.Size{2, 2}}, spiking, snn.MaxPool2d{Kernel: snn.Size{2, 2}},
			snn.Flatten{}, snn.Linear{Out: 10}, readout),
		config: train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 3e-3, Schedule: train.Cosine(0.05, 0.01)},
		plan:   train.Plan{Batch: 128, Epochs: 4},
		load:   mnist(digitSteps, tensor.Shape{1, 28, 28}),
	},
	"nmnist": {
		network: chain(tensor.Shape{2, 34, 34},
			snn.Conv2d{Out: 12, Kernel: snn.Size{5, 5}, Stride: snn.Size{2, 2}, Padding: snn.Size{2, 2}}, spiking, snn.MaxPool2d{Kernel: snn.Size{2, 2}},
			snn.Conv2d{Out: 32, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}}, spiking, snn.MaxPool2d{Kernel: snn.Size{2, 2}},
			snn.Flatten{}, snn.Dropout{Probability: 0.3}, snn.Linear{Out: 10}, readout),
		config: train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 3e-3, Schedule: train.Cosine(0.05, 0.01)},
		plan:   train.Plan{Batch: 32, Epochs: 15},
		load:   recordings(events.Sensor{Width: 34, Height: 34}, 15, 20*time.Millisecond, 2),
	},
	"fsdd": {
		network: recurrent(64, 256),
		config:  train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 2e-3, Schedule: train.Cosine(0.05, 0.01), ClipNorm: 1},
		plan:    train.Plan{Batch: 64, Epochs: 30},
		load:    spokenDigits(32, 80, 0.5),
	},
}

// chain describes layers one after another.
func chain(in tensor.Shape, layers ...snn.Layer) func() forward.Spec {
	return func() forward.Spec {
		s := forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: in}}}
		for _, l := range layers {
			s.Layers = append(s.Layers, forward.Node{Layer: l})
		}
		return s
	}
}

// recurrent is a layer of neurons that hear each other a step later.
func recurrent(in, hidden int) func() forward.Spec {
	return func() forward.Spec {
		heard := spiking
		heard.Decay = 0.95
		return forward.Spec{
			Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{in}}},
			Layers: []forward.Node{
				{Name: "in", Layer: snn.Linear{Out: hidden}},
				{Name: "rec", Layer: snn.Linear{Out: hidden, NoBias: true}, Sources: []forward.Source{forward.After(1, "lif")}},
				{Name: "lif", Layer: heard, Sources: []forward.Source{forward.From("in"), forward.From("rec")}, Join: forward.JoinSum},
				{Name: "drop", Layer: snn.Dropout{Probability: 0.3}},
				{Name: "out", Layer: snn.Linear{Out: 10}},
				{Name: "li", Layer: readout},
			},
		}
	}
}

// mnist loads the digits, to be shown for some steps.
func mnist(steps int, shape tensor.Shape) func(dir string) (data, test source, err error) {
	return func(dir string) (data, test source, err error) {
		a, err := readDigits(dir, "train")
		if err != nil {
			return nil, nil, err
		}
		b, err := readDigits(dir, "t10k")
		if err != nil {
			return nil, nil, err
		}
		return digitSource{a, steps, shape}, digitSource{b, steps, shape}, nil
	}
}

// digitSource shows digits as constant currents.
type digitSource struct {
	digits
	steps int
	shape tensor.Shape
}

func (d digitSource) Len() int { return d.Count }

// fit is the source for a network, which may want pictures in another shape,
// but not of another size. Only pictures are of a size that their files say.
func fit(data source, g *forward.Graph) (source, error) {
	d, pictures := data.(digitSource)
	in := g.Inputs()
	if !pictures || len(in) != 1 {
		return data, nil
	}
	if in[0].Shape.Size() != d.Rows*d.Cols {
		return nil, fmt.Errorf("%w: the pictures are %d x %d, the network's input is %v: another --network would read them, or it other pictures (--data)",
			tensor.ErrShape, d.Rows, d.Cols, in[0].Shape)
	}
	d.shape = in[0].Shape
	return d, nil
}

func (d digitSource) sum() string {
	h := sha256.New()
	fmt.Fprintln(h, d.steps, d.Count, d.Rows, d.Cols)
	h.Write(d.Pixels)
	h.Write(d.labels)
	return hex.EncodeToString(h.Sum(nil))
}

func (d digitSource) Batch(places []int, _ int) (train.Batch, error) {
	x := encode.ConstantCurrent(d.Images, places, d.steps)
	x.Shape = append(tensor.Shape{d.steps, len(places)}, d.shape...)
	b := train.Batch{Inputs: []tensor.Signal{x}}
	for _, i := range places {
		b.Targets = append(b.Targets, train.Target{Class: int(d.labels[i])})
	}
	return b, nil
}
