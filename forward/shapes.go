package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// shapes builds every layer for the shape of its input.
//
// In a cycle a layer's input depends on its own output. Most layers know the
// shape of their output from a part of their input, or without it; so every
// layer is built for what is known, until nothing changes, and then once more
// for good. Those of whose input nothing is known come last.
func (g *Graph) shapes(order []int) error {
	out := make([]tensor.Shape, len(g.nodes))
	g.settle(order, out, nil)
	g.settle(order, out, tensor.Shape{1})
	total := int64(0)
	for _, i := range order {
		n := &g.nodes[i]
		in, err := g.joined(i, out)
		if err != nil {
			return g.errorAt(i, err)
		}
		for _, p := range n.parts {
			if p.node >= 0 && out[p.node] == nil {
				if err := g.unknown(p.node, out); err != nil {
					return err
				}
			}
		}
		if n.plan, err = n.layer.Build(in); err == nil {
			err = n.plan.Out.Check()
		}
		if err != nil {
			return g.errorAt(i, err)
		}
		if !n.plan.Out.Equal(out[i]) {
			return g.errorAt(i, fmt.Errorf("%w: in its cycle the shape does not settle", tensor.ErrShape))
		}
		n.in = in
		g.widest = max(g.widest, in.Size(), n.plan.Out.Size())
		for _, p := range n.plan.Params {
			g.heaviest = max(g.heaviest, p.Shape.Size())
		}
		if total += int64(n.plan.Out.Size()); total > maxFeatures {
			return g.errorAt(i, fmt.Errorf("%w: all layers together have over %d features", tensor.ErrShape, maxFeatures))
		}
	}
	return nil
}

// settle finds shapes of outputs until nothing changes. An input of which
// nothing is known is taken for unknown, or with nil leaves the layer out.
func (g *Graph) settle(order []int, out []tensor.Shape, unknown tensor.Shape) {
	for changed, passes := true, 0; changed && passes <= len(g.nodes)+1; passes++ {
		changed = false
		for _, i := range order {
			in, err := g.joined(i, out)
			if in == nil {
				in = unknown
			}
			if err != nil || in == nil {
				continue
			}
			plan, err := g.nodes[i].layer.Build(in)
			if err == nil && plan.Out.Check() == nil && !plan.Out.Equal(out[i]) {
				out[i], changed = plan.Out, true
			}
		}
	}
}

// maxFeatures bounds the memory that a graph can ask for before any weights
// are there to vouch for its size.
const maxFeatures = 1 << 26

// unknown is why the shape of node i could not be found out.
func (g *Graph) unknown(i int, out []tensor.Shape) error {
	in, err := g.joined(i, out)
	if err == nil && in != nil {
		_, err = g.nodes[i].layer.Build(in)
	}
	if err == nil {
		err = fmt.Errorf("%w: its shape depends on itself", tensor.ErrShape)
	}
	return g.errorAt(i, err)
}

// joined is the shape of a node's input from the parts whose shapes are known;
// nil if there is none.
func (g *Graph) joined(i int, out []tensor.Shape) (tensor.Shape, error) {
	n := g.nodes[i]
	var shape tensor.Shape
	for _, p := range n.parts {
		s := g.inputs[p.input].Shape
		if p.node >= 0 {
			s = out[p.node]
		}
		switch {
		case s == nil:
		case shape == nil:
			shape = append(tensor.Shape{}, s...)
		case n.join == Sum:
			if !s.Equal(shape) {
				return nil, fmt.Errorf("%w: it sums %v and %v", tensor.ErrShape, shape, s)
			}
		case len(s) != len(shape) || len(s) == 0 || !s[1:].Equal(shape[1:]):
			return nil, fmt.Errorf("%w: it concatenates %v and %v", tensor.ErrShape, shape, s)
		default:
			shape[0] += s[0]
		}
	}
	return shape, shape.Check()
}
