package conform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// isWeight reports whether a tensor of a case of the kind nmnist is a weight.
func isWeight(name string) bool {
	return strings.HasSuffix(name, ".weight") || strings.HasSuffix(name, ".bias")
}

// NMNIST builds the convolutional network of the NIR paper from the case
// nmnist_cnn. Its layers have the names of its nodes: 0 to 12. The neurons
// reset as told; published is the reset to zero.
func NMNIST(c *vectors.Case, reset snn.Reset) (*forward.Model, error) {
	return nmnistModel(c, reset, "")
}

// nmnistModel takes the weights that the case does not have from the network's
// NIR file.
func nmnistModel(c *vectors.Case, reset snn.Reset, network string) (*forward.Model, error) {
	if !c.Meta.Has("layers") && network != "" {
		return published(network, reset)
	}
	b := &nmnistBuilder{c: c, network: network, weights: map[string]*tensor.Tensor{}}
	spec := forward.Spec{Inputs: []forward.Input{{Name: "input", Shape: tensor.Shape{2, 34, 34}}}}
	for i, n := range c.Meta.Objects("layers") {
		want := strconv.Itoa(i)
		if n.Text("type") == "Output" {
			want = "output"
		}
		if n.Text("node") != want {
			n.Fail("node", "it is %q, not %q", n.Text("node"), want)
		}
		layer, err := b.layer(n, reset)
		if err != nil {
			return nil, err
		}
		if layer != nil {
			spec.Layers = append(spec.Layers, forward.Node{Name: n.Text("node"), Layer: layer})
		}
	}
	if err := c.Meta.Err(); err != nil {
		return nil, err
	}
	g, err := forward.New(spec)
	if err != nil {
		return nil, err
	}
	if err := checkShapes(c, g); err != nil {
		return nil, err
	}
	return g.Load(b.weights)
}

type nmnistBuilder struct {
	c         *vectors.Case
	network   string
	published map[string]*tensor.Tensor
	weights   map[string]*tensor.Tensor
}

// weight is the tensor of a parameter.
func (b *nmnistBuilder) weight(n *vectors.Fields, param string) (*tensor.Tensor, error) {
	name := n.Text(param)
	w, err := b.c.Tensor(name)
	if !b.c.Has(name) && b.network != "" {
		w, err = b.fromNIR(n.Text("node") + "." + param)
	}
	if err != nil {
		return nil, err
	}
	if len(w.Shape) == 0 {
		return nil, fmt.Errorf("conform: %w: %s is a number", vectors.ErrCase, name)
	}
	b.weights[n.Text("node")+"."+param] = w
	return w, nil
}

// fromNIR is a parameter of the published network.
func (b *nmnistBuilder) fromNIR(name string) (*tensor.Tensor, error) {
	if b.published == nil {
		m, err := published(b.network, snn.ResetToZero)
		if err != nil {
			return nil, fmt.Errorf("the case has no weights: %w", err)
		}
		b.published = m.Params()
	}
	if w, ok := b.published[name]; ok {
		return w, nil
	}
	return nil, fmt.Errorf("conform: %w: neither the case nor %s has %s", vectors.ErrCase, b.network, name)
}

// published is the network of a NIR file.
func published(path string, reset snn.Reset) (*forward.Model, error) {
	g, err := nir.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d, err := nir.As("nir", 0) // integrators ask for no time
	if err != nil {
		return nil, err
	}
	d.Reset = reset
	m, _, err := g.Model(d)
	return m, err
}

// layer is the node as a layer; the output node is none.
func (b *nmnistBuilder) layer(n *vectors.Fields, reset snn.Reset) (snn.Layer, error) {
	size := func(name string, least int) snn.Size {
		list := n.Ints(name)
		if len(list) != 2 || slices.Min(list) < least {
			n.Fail(name, "it is %v", list)
			return snn.Size{}
		}
		return snn.Size{list[0], list[1]}
	}
	switch typ := n.Text("type"); typ {
	case "Conv2d", "Affine":
		w, err := b.weight(n, "weight")
		if err != nil {
			return nil, err
		}
		if _, err := b.weight(n, "bias"); err != nil {
			return nil, err
		}
		if typ == "Affine" {
			return snn.Linear{Out: w.Shape[0]}, nil
		}
		if len(w.Shape) != 4 {
			return nil, fmt.Errorf("conform: %w: node %s has no kernel", vectors.ErrCase, n.Text("node"))
		}
		groups := n.Int("groups")
		if groups < 1 {
			n.Fail("groups", "it is %d", groups)
		}
		return snn.Conv2d{
			Out: w.Shape[0], Kernel: snn.Size{w.Shape[2], w.Shape[3]},
			Stride: size("stride", 1), Padding: size("padding", 0), Dilation: size("dilation", 1), Groups: groups,
		}, nil
	case "SumPool2d":
		return snn.SumPool2d{Kernel: size("kernel_size", 1), Stride: size("stride", 1), Padding: size("padding", 0)}, nil
	case "Flatten":
		if first, last := n.Int("start_dim"), n.Int("end_dim"); first != 0 || last != -1 {
			n.Fail("start_dim", "it flattens %d to %d", first, last)
		}
		return snn.Flatten{}, nil
	case "IF":
		return snn.IF{Gain: snn.Num(float32(n.Number("r"))), Threshold: snn.Num(float32(n.Number("v_threshold"))), Strict: true, Reset: reset}, nil
	case "Output":
		return nil, nil
	default:
		return nil, fmt.Errorf("conform: %w: node %s is of type %q", vectors.ErrCase, n.Text("node"), typ)
	}
}

// checkShapes compares what the nodes say of their shapes with the network's.
func checkShapes(c *vectors.Case, g *forward.Graph) error {
	in := g.Inputs()[0].Shape
	for _, n := range c.Meta.Objects("layers") {
		out := in // of the output node
		if name := n.Text("node"); n.Text("type") != "Output" {
			if out = g.Shape(name); out == nil {
				return fmt.Errorf("conform: %w: there is no layer %s", vectors.ErrCase, name)
			}
		}
		said := map[string]map[string][]int{
			"Conv2d": {"input_shape": in[max(0, len(in)-2):]}, "Flatten": {"input_type": in}, "IF": {"shape": out}, "Output": {"shape": out},
		}
		for entry, want := range said[n.Text("type")] {
			if !slices.Equal(n.Ints(entry), want) {
				return fmt.Errorf("conform: %w: %s of node %s is %v, not %v", vectors.ErrCase, entry, n.Text("node"), n.Peek(entry), want)
			}
		}
		in = out
	}
	return nil
}
