package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// spiking is the neuron of the preset networks.
var spiking = snn.LIF{Decay: 0.9, Surrogate: surrogate.FastSigmoid(5), Detach: snn.DetachSpikeInReset}

// readout is a membrane for each output.
var readout = snn.LI{Decay: 0.9}

// networkPreset is a network that has a name, for any input and any number of
// outputs.
type networkPreset struct {
	name, what string
	sizes      []int // of hidden layers, or channels
	build      func(in tensor.Shape, sizes []int, out int) ([]forward.Node, error)
	whole      bool // sizes may be written with those of input and output around them
}

var networkPresets = []networkPreset{
	{"mlp", "hidden layers of neurons, each connected to the whole of the one before", []int{256}, mlpNodes, true},
	{"conv", "5 x 5 convolutions of pictures, each with neurons and a pooling to half", []int{16, 32}, convNodes, false},
	{"dvs", "convolutions of events: 5 x 5 by every second pixel, then 3 x 3, each with neurons and a pooling to half", []int{12, 32}, dvsNodes, false},
	{"recurrent", "neurons that hear each other a step later", []int{256}, recurrentNodes, true},
}

// presetNetwork describes a preset network in words like mlp, mlp:256,128 or
// mlp:700,256,20, where the numbers are sizes of hidden layers, or, if there
// are more than for these, of input, hidden layers and output. in and out are
// what data ask for; without data, in is nil, and all sizes have to be there.
// known is false for other words.
func presetNetwork(text string, in tensor.Shape, out int) (s forward.Spec, known bool, err error) {
	name, list, _ := strings.Cut(text, ":")
	i := slices.IndexFunc(networkPresets, func(p networkPreset) bool { return p.name == name })
	if i < 0 {
		return s, false, nil
	}
	p := networkPresets[i]
	sizes, err := wholeNumbers(list)
	if err != nil {
		return s, true, fmt.Errorf("%s: %w", text, err)
	}
	in, sizes, out, err = p.dims(in, sizes, out)
	if err != nil {
		return s, true, fmt.Errorf("%s: %w", text, err)
	}
	if p.whole { // the shape does not matter: samples are given another
		in = tensor.Shape{in.Size()}
	}
	nodes, err := p.build(in, sizes, out)
	if err != nil {
		return s, true, fmt.Errorf("%s: %w", text, err)
	}
	return forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: in}}, Layers: nodes}, true, nil
}

// dims are what the sizes mean.
func (p networkPreset) dims(in tensor.Shape, sizes []int, out int) (tensor.Shape, []int, int, error) {
	if len(sizes) == 0 {
		sizes = p.sizes
	}
	switch {
	case in != nil && p.whole && len(sizes) >= 3 && sizes[0] == in.Size() && sizes[len(sizes)-1] == out:
		sizes = sizes[1 : len(sizes)-1]
	case in != nil:
	case p.whole && len(sizes) >= 3:
		in, out, sizes = tensor.Shape{sizes[0]}, sizes[len(sizes)-1], sizes[1:len(sizes)-1]
	case p.whole:
		return nil, nil, 0, fmt.Errorf("without data, the sizes of input, hidden layers and output are needed, as %s:700,256,20", p.name)
	default:
		return nil, nil, 0, fmt.Errorf("without data, --input C,H,W and --classes are needed")
	}
	return in, sizes, out, nil
}

// wholeNumbers are the sizes in a text like 700,256,20.
func wholeNumbers(text string) ([]int, error) {
	if text == "" {
		return nil, nil
	}
	var all []int
	for _, field := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 || n > 1<<24 {
			return nil, fmt.Errorf("%q is no size: they are whole numbers from 1 on, with commas between them", field)
		}
		all = append(all, n)
	}
	return all, nil
}

// chained are layers one after another.
func chained(layers ...snn.Layer) (nodes []forward.Node) {
	for _, l := range layers {
		nodes = append(nodes, forward.Node{Layer: l})
	}
	return nodes
}

func mlpNodes(in tensor.Shape, hidden []int, out int) ([]forward.Node, error) {
	var nodes []forward.Node
	for _, n := range hidden {
		nodes = append(nodes, chained(snn.Linear{Out: n}, spiking)...)
	}
	return append(nodes, chained(snn.Linear{Out: out}, readout)...), nil
}

// pictures reports an input that is no picture.
func pictures(in tensor.Shape) error {
	if len(in) != 3 {
		return fmt.Errorf("convolutions are of pictures, [channels, height, width]; the input is %v", in)
	}
	return nil
}

func convNodes(in tensor.Shape, channels []int, out int) ([]forward.Node, error) {
	var nodes []forward.Node
	for _, n := range channels {
		nodes = append(nodes, chained(snn.Conv2d{Out: n, Kernel: snn.Size{5, 5}, Padding: snn.Size{2, 2}}, spiking, snn.MaxPool2d{Kernel: snn.Size{2, 2}})...)
	}
	return append(nodes, chained(snn.Flatten{}, snn.Linear{Out: out}, readout)...), pictures(in)
}

func dvsNodes(in tensor.Shape, channels []int, out int) ([]forward.Node, error) {
	var nodes []forward.Node
	for i, n := range channels {
		conv := snn.Conv2d{Out: n, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}}
		if i == 0 {
			conv = snn.Conv2d{Out: n, Kernel: snn.Size{5, 5}, Stride: snn.Size{2, 2}, Padding: snn.Size{2, 2}}
		}
		nodes = append(nodes, chained(conv, spiking, snn.MaxPool2d{Kernel: snn.Size{2, 2}})...)
	}
	return append(nodes, chained(snn.Flatten{}, snn.Dropout{Probability: 0.3}, snn.Linear{Out: out}, readout)...), pictures(in)
}

func recurrentNodes(in tensor.Shape, hidden []int, out int) ([]forward.Node, error) {
	if len(hidden) != 1 {
		return nil, fmt.Errorf("it has one hidden layer, not %d", len(hidden))
	}
	heard := spiking
	heard.Decay = 0.95
	return []forward.Node{
		{Name: "in", Layer: snn.Linear{Out: hidden[0]}},
		{Name: "rec", Layer: snn.Linear{Out: hidden[0], NoBias: true}, Sources: []forward.Source{forward.After(1, "lif")}},
		{Name: "lif", Layer: heard, Sources: []forward.Source{forward.From("in"), forward.From("rec")}, Join: forward.JoinSum},
		{Name: "drop", Layer: snn.Dropout{Probability: 0.3}},
		{Name: "out", Layer: snn.Linear{Out: out}},
		{Name: "li", Layer: readout},
	}, nil
}
