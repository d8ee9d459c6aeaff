package conform

import (
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

const (
	selfSteps = 60
	selfBatch = 2
	selfWidth = 67 // no multiple of a vector or a word
)

// selfNetwork is a network of the built-in table.
type selfNetwork struct {
	name  string
	in    tensor.Shape
	nodes []forward.Node
	alone snn.Layer // that is all of it; nil in networks of several
}

// alone is the network of one layer.
func alone(name string, l snn.Layer) selfNetwork {
	return selfNetwork{name, tensor.Shape{selfWidth}, []forward.Node{{Name: "n", Layer: l}}, l}
}

var selfLIF = snn.LIF{Decay: 0.875}

func selfMLP() selfNetwork {
	return selfNetwork{name: "mlp", in: tensor.Shape{selfWidth}, nodes: []forward.Node{
		{Name: "linear0", Layer: snn.Linear{Out: 130}}, {Name: "lif0", Layer: selfLIF},
		{Name: "linear1", Layer: snn.Linear{Out: 75}}, {Name: "lif1", Layer: selfLIF},
	}}
}

func selfConv() selfNetwork {
	return selfNetwork{name: "conv", in: tensor.Shape{2, 13, 11}, nodes: []forward.Node{
		{Name: "conv0", Layer: snn.Conv2d{Out: 9, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}}}, {Name: "lif0", Layer: selfLIF},
		{Name: "pool", Layer: snn.SumPool2d{Kernel: snn.Size{2, 2}}},
		{Name: "conv1", Layer: snn.Conv2d{Out: 5, Kernel: snn.Size{3, 3}}}, {Name: "lif1", Layer: selfLIF},
	}}
}

// model builds the network. Its currents are of every size, so that some
// neurons run away: nobody looks for finite numbers.
func (n selfNetwork) model() (*forward.Model, error) {
	if n.alone != nil {
		if plan, err := n.alone.Build(n.in); err != nil || len(plan.States) == 0 {
			return nil, errNotAlone
		}
	}
	g, err := forward.New(forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: n.in}}, Layers: n.nodes})
	if err != nil {
		return nil, err
	}
	m, err := g.Init(1)
	if err != nil {
		return nil, err
	}
	return m.With(forward.CheckFinite(false)), nil
}

// input is that of the network: neurons count in different units, so currents
// of every size reach all.
func (n selfNetwork) input() *tensor.Tensor {
	x := tensor.New(append(tensor.Shape{selfSteps, selfBatch}, n.in...)...)
	key, each := random.New(1, n.name), len(x.Data)/selfSteps
	for i := range x.Data {
		scale := float32(int(1) << (2 * (i % each % 5)))
		x.Data[i] = scale * (float32(key.Uniform(0, uint64(i/each), uint32(i%each))) - 0.25)
	}
	return x
}
