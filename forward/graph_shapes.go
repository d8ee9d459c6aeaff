package forward

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/snn"
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
	s := settling{g: g, out: out, targets: g.targets(func(part) bool { return true }), queued: make([]bool, len(g.nodes)), inside: make([]bool, len(g.nodes))}
	for _, gr := range g.groups {
		s.group(gr)
	}
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
			err = checkPlan(n.plan, in)
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
			n.weights = max(n.weights, p.Shape.Size())
		}
		g.heaviest = max(g.heaviest, n.weights)
		n.cost = n.operations()
		g.cost += n.cost
		if total += int64(n.plan.Out.Size()); total > maxFeatures {
			return g.errorAt(i, fmt.Errorf("%w: all layers together have over %d features", tensor.ErrShape, maxFeatures))
		}
	}
	return nil
}

// checkPlan reports what is missing from a plan, or cannot be.
func checkPlan(p *snn.Plan, in tensor.Shape) error {
	if p == nil {
		return fmt.Errorf("%w: its Build returned no plan", ErrGraph)
	}
	if err := p.Out.Check(); err != nil {
		return err
	}
	switch {
	case p.Reshape && p.Out.Size() != in.Size():
		return fmt.Errorf("%w: it shows %v as %v", tensor.ErrShape, in, p.Out)
	case p.Prepare == nil && !p.Reshape:
		return fmt.Errorf("%w: its plan has no Prepare", ErrGraph)
	case p.State < 0:
		return fmt.Errorf("%w: its state has %d numbers", ErrGraph, p.State)
	}
	for _, param := range p.Params {
		if err := param.Shape.Check(); err != nil {
			return fmt.Errorf("%s: %w", param.Name, err)
		}
		if param.Init == nil {
			return fmt.Errorf("%w: its parameter %s has no Init", ErrGraph, param.Name)
		}
	}
	return nil
}

// operations estimates what a row of a node's input costs if no number of it is
// zero: a pass through its numbers, and its largest parameter, which meets
// every place of a map of features.
func (n *node) operations() int64 {
	places := 1
	if len(n.plan.Out) > 1 {
		places = n.plan.Out[1:].Size()
	}
	return int64(n.weights)*int64(places) + int64(n.in.Size()) + int64(n.plan.Out.Size())
}

// settling finds the shapes of outputs, group by group.
type settling struct {
	g       *Graph
	out     []tensor.Shape
	targets [][]int // the readers of each node
	queued  []bool
	inside  []bool // in the group at work
}

// group finds the shapes of a group whose sources' are known.
func (s *settling) group(gr group) {
	for _, i := range gr.nodes {
		s.inside[i] = true
	}
	s.settle(slices.Clone(gr.nodes), nil)
	var unknown []int
	for _, i := range gr.nodes {
		if in, err := s.g.joined(i, s.out); err == nil && in == nil {
			unknown = append(unknown, i)
		}
	}
	s.settle(unknown, tensor.Shape{1})
	for _, i := range gr.nodes {
		s.inside[i] = false
	}
}

// settle builds the nodes, and again those in the group that read what has
// changed, until nothing does. An input of which nothing is known is taken for
// unknown, or with nil leaves the layer out. Shapes that grow for ever are left
// at some length.
func (s *settling) settle(queue []int, unknown tensor.Shape) {
	limit := 0
	for _, i := range queue {
		limit += 16 * (1 + len(s.g.nodes[i].parts) + len(s.targets[i]))
		s.queued[i] = true
	}
	for ; len(queue) > 0; queue = queue[1:] {
		i := queue[0]
		s.queued[i] = false
		if limit--; limit < 0 {
			continue
		}
		in, err := s.g.joined(i, s.out)
		if in == nil {
			in = unknown
		}
		if err != nil || in == nil {
			continue
		}
		plan, err := s.g.nodes[i].layer.Build(in)
		if err != nil || plan == nil || plan.Out.Check() != nil || plan.Out.Equal(s.out[i]) {
			continue
		}
		s.out[i] = plan.Out
		for _, k := range s.targets[i] {
			if s.inside[k] && !s.queued[k] {
				s.queued[k] = true
				queue = append(queue, k)
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
		case n.join == JoinSum:
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
