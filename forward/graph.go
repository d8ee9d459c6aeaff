package forward

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// ErrGraph is wrapped by errors about edges: names that are not there, and
// cycles without delay.
var ErrGraph = errors.New("bad graph")

// Graph is a network whose edges and shapes have been checked. It is
// immutable.
type Graph struct {
	inputs  []Input
	nodes   []node
	rule    Rule
	outputs []int
	// groups are the nodes in the order in which they run.
	groups      []group
	widest      int // features of the largest signal
	heaviest    int // numbers of the largest parameter
	cost        int64
	limits      Limits
	fingerprint [sha256.Size]byte
}

// node is a layer in its place.
type node struct {
	name    string
	layer   snn.Layer
	plan    *snn.Plan
	parts   []part
	join    Join
	initial string
	in      tensor.Shape // joined
	history int          // the greatest delay of an edge that leaves it
	weights int          // numbers of its largest parameter
	cost    int64        // operations a row, if no input is zero
	cyclic  bool
}

// part is an edge into a node: from another node, or from a model input.
type part struct {
	node  int // -1 for a model input
	input int
	delay int
}

// Sequential is a chain of layers, each reading the one before it.
func Sequential(in tensor.Shape, layers ...snn.Layer) (*Graph, error) {
	s := Spec{Inputs: []Input{{Name: "x", Shape: in}}}
	for _, l := range layers {
		s.Layers = append(s.Layers, Node{Layer: l})
	}
	return New(s)
}

// New checks a description. Errors name the layer.
func New(s Spec) (*Graph, error) {
	g := &Graph{rule: s.Rule, inputs: append([]Input(nil), s.Inputs...)}
	if len(s.Layers) == 0 || len(s.Inputs) == 0 {
		return nil, fmt.Errorf("forward: %w: a network has at least one input and one layer", ErrGraph)
	}
	if s.Rule > RuleDelayed {
		return nil, fmt.Errorf("forward: %w: there is no rule %d", ErrGraph, s.Rule)
	}
	s, err := expand(s)
	if err != nil {
		return nil, fmt.Errorf("forward: %w", err)
	}
	names, err := g.places(s)
	if err != nil {
		return nil, fmt.Errorf("forward: %w", err)
	}
	for i, n := range s.Layers {
		if n.Join > JoinSum {
			return nil, g.errorAt(i, fmt.Errorf("%w: there is no way %d to join inputs", ErrGraph, n.Join))
		}
		parts, err := g.parts(s, i, names)
		if err != nil {
			return nil, g.errorAt(i, err)
		}
		g.nodes[i].parts, g.nodes[i].join, g.nodes[i].initial = parts, n.Join, n.Initial
	}
	for _, n := range g.nodes {
		for _, p := range n.parts {
			if p.node >= 0 {
				g.nodes[p.node].history = max(g.nodes[p.node].history, p.delay)
			}
		}
	}
	order, err := g.order()
	if err != nil {
		return nil, fmt.Errorf("forward: %w", err)
	}
	g.groups = g.group(order)
	if err := g.shapes(order); err != nil {
		return nil, err
	}
	if err := g.checkKinds(); err != nil {
		return nil, err
	}
	for _, name := range s.Outputs {
		i, ok := names.layers[name]
		if !ok {
			return nil, fmt.Errorf("forward: %w: there is no layer %q to return", ErrGraph, name)
		}
		g.outputs = append(g.outputs, i)
	}
	if len(g.outputs) == 0 {
		g.outputs = []int{len(g.nodes) - 1}
	}
	return g, g.identify()
}

// places finds inputs and layers by their names.
type places struct{ inputs, layers map[string]int }

func (g *Graph) places(s Spec) (places, error) {
	all := places{map[string]int{}, map[string]int{}}
	for i, in := range s.Inputs {
		if _, ok := all.inputs[in.Name]; ok || in.Name == "" {
			return all, fmt.Errorf("%w: two inputs are called %q, or one has no name", ErrGraph, in.Name)
		}
		all.inputs[in.Name] = i
		if err := in.Shape.Check(); err != nil {
			return all, fmt.Errorf("input %q: %w", in.Name, err)
		}
	}
	for i, n := range s.Layers {
		if _, ok := all.layers[n.Name]; ok {
			return all, fmt.Errorf("%w: two layers are called %q", ErrGraph, n.Name)
		}
		all.layers[n.Name] = i
		g.nodes = append(g.nodes, node{name: n.Name, layer: n.Layer})
	}
	return all, nil
}

// parts resolves the edges into layer i.
func (g *Graph) parts(s Spec, i int, names places) ([]part, error) {
	n := s.Layers[i]
	if len(n.Sources) == 0 && len(n.Inputs) == 0 {
		if i == 0 {
			return []part{{node: -1}}, nil
		}
		return []part{{node: i - 1, delay: s.Rule.delay(i-1, i)}}, nil
	}
	var parts []part
	for _, e := range n.Sources {
		from, ok := names.layers[e.Layer]
		if !ok {
			return nil, fmt.Errorf("%w: there is no layer %q to read", ErrGraph, e.Layer)
		}
		delay := e.Delay.steps
		if !e.Delay.set {
			delay = s.Rule.delay(from, i)
		}
		if delay < 0 || delay > maxDelay {
			return nil, fmt.Errorf("%w: a delay of %d steps from %q", ErrGraph, delay, e.Layer)
		}
		parts = append(parts, part{node: from, delay: delay})
	}
	for _, name := range n.Inputs {
		k, ok := names.inputs[name]
		if !ok {
			return nil, fmt.Errorf("%w: there is no input %q to read", ErrGraph, name)
		}
		parts = append(parts, part{node: -1, input: k})
	}
	return parts, nil
}

// errorAt names the layer.
func (g *Graph) errorAt(i int, err error) error {
	return fmt.Errorf("forward: layer %d (%s %q): %w", i, g.nodes[i].layer.Type(), g.nodes[i].name, err)
}

// identify computes the fingerprint: over everything that a state depends on.
func (g *Graph) identify() error {
	j, err := g.json()
	if err != nil {
		return err
	}
	j.Outputs = nil
	text, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("forward: %w", err)
	}
	g.fingerprint = sha256.Sum256(text)
	return nil
}

// Bounds calls f with every parameter that has bounds, by the name
// <layer>.<parameter>.
func (g *Graph) Bounds(f func(name string, low, high float32)) {
	for _, n := range g.nodes {
		for _, p := range n.plan.Params {
			if p.Bounds != nil {
				f(n.name+"."+p.Name, p.Bounds[0], p.Bounds[1])
			}
		}
	}
}

// Fingerprint identifies types, shapes, delays and options, not weights: a
// state fits every model with its fingerprint.
func (g *Graph) Fingerprint() [sha256.Size]byte { return g.fingerprint }

// Inputs returns the inputs of the network.
func (g *Graph) Inputs() []Input { return append([]Input(nil), g.inputs...) }

// Outputs returns the names of the layers whose outputs a run returns, the
// main one first.
func (g *Graph) Outputs() []string { return g.Spec().Outputs }

// Layers returns the names of the layers in their order.
func (g *Graph) Layers() []string {
	names := make([]string, len(g.nodes))
	for i, n := range g.nodes {
		names[i] = n.name
	}
	return names
}

// Shape returns the shape of one sample of a layer's output at one step, or
// nil if there is no such layer.
func (g *Graph) Shape(layer string) tensor.Shape {
	for _, n := range g.nodes {
		if n.name == layer {
			return append(tensor.Shape(nil), n.plan.Out...)
		}
	}
	return nil
}

// Spec returns the description of the graph with everything spelled out:
// containers as their layers, every source, input and delay.
func (g *Graph) Spec() Spec {
	s := Spec{Inputs: g.Inputs(), Rule: g.rule}
	for _, n := range g.nodes {
		node := Node{Name: n.name, Layer: n.layer, Join: n.join, Initial: n.initial}
		for _, p := range n.parts {
			if p.node < 0 {
				node.Inputs = append(node.Inputs, g.inputs[p.input].Name)
			} else {
				node.Sources = append(node.Sources, After(p.delay, g.nodes[p.node].name))
			}
		}
		s.Layers = append(s.Layers, node)
	}
	for _, o := range g.outputs {
		s.Outputs = append(s.Outputs, g.nodes[o].name)
	}
	return s
}
