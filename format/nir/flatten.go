package nir

import (
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// flat is a graph without graphs in it, and without inputs and outputs as
// nodes.
type flat struct {
	inputs  []port
	layers  []place
	outputs []port
}

// port is an input or an output of the network.
type port struct {
	name    string
	shape   tensor.Shape // of an input
	sources []source     // of an output
}

// place is a node that becomes a layer, and what it reads.
type place struct {
	name    string
	node    Node
	sources []source
}

// source is a layer, or an input.
type source struct {
	name  string
	input bool
}

// maxLayers and maxSources bound what a hostile graph can ask for.
const (
	maxLayers  = 1 << 12
	maxSources = 1 << 18
)

// flatten takes graphs apart. Names of nodes within are put behind those of
// their graphs and a dot.
func (g *Graph) flatten() (*flat, error) {
	f := &flattener{flat: &flat{}}
	top := newScope(g, "", nil)
	for _, name := range of[Input](g) {
		_, shape, err := g.Nodes[name].shapes(nil)
		if err != nil {
			return nil, at(name, err)
		}
		f.inputs = append(f.inputs, port{name: name, shape: shape})
	}
	if err := f.collect(top); err != nil {
		return nil, err
	}
	for _, name := range g.Names() {
		_, output := g.Nodes[name].(Output)
		if !output && len(top.readers[name]) > 0 {
			continue // an end of the graph is an output even if nothing says so
		}
		if _, input := g.Nodes[name].(Input); input {
			continue
		}
		sources, err := f.origin(top, name, nil)
		if err != nil {
			return nil, err
		}
		f.outputs = append(f.outputs, port{name: name, sources: sources})
	}
	return f.flat, nil
}

type flattener struct {
	*flat
	sources int
}

// scope is a graph in its place.
type scope struct {
	g       *Graph
	path    string
	name    string // in the outer graph
	outer   *scope
	inner   map[string]*scope
	feeders map[string][]string // of each node
	readers map[string][]string
}

func newScope(g *Graph, name string, outer *scope) *scope {
	s := &scope{g: g, name: name, outer: outer, inner: map[string]*scope{}, feeders: map[string][]string{}, readers: map[string][]string{}}
	if outer != nil {
		s.path = inside(outer.path, name)
	}
	for _, e := range g.Edges {
		s.feeders[e.To] = append(s.feeders[e.To], e.From)
		s.readers[e.From] = append(s.readers[e.From], e.To)
	}
	for name, n := range g.Nodes {
		if nested, ok := n.(*Graph); ok {
			s.inner[name] = newScope(nested, name, s)
		}
	}
	return s
}

// collect lists the layers of a graph and of those in it.
func (f *flattener) collect(s *scope) error {
	for _, name := range s.g.Names() {
		n, path := s.g.Nodes[name], inside(s.path, name)
		switch n := n.(type) {
		case Input, Output:
			continue
		case *Graph:
			if err := f.collect(s.inner[name]); err != nil {
				return err
			}
			continue
		default:
			p := place{name: path, node: n}
			var err error
			if p.sources, err = f.feeding(s, name, nil); err != nil {
				return err
			}
			if len(p.sources) == 0 {
				if err := f.unfed(s, &p); err != nil {
					return err
				}
			}
			if f.layers = append(f.layers, p); len(f.layers) > maxLayers {
				return unsupportedf(path, "a network of more than %d layers", maxLayers)
			}
		}
	}
	return nil
}

// unfed gives a node that nothing feeds an input of the network, as the Python
// package does.
func (f *flattener) unfed(s *scope, p *place) error {
	shape, _, err := p.node.shapes(nil)
	if err != nil {
		return at(p.name, err)
	}
	if s.outer != nil || shape == nil {
		return unsupportedf(p.name, "nothing feeds it")
	}
	in := port{name: "input_" + p.name, shape: shape}
	f.inputs = append(f.inputs, in)
	p.sources = []source{{in.name, true}}
	return nil
}

// feeding lists what feeds a node.
func (f *flattener) feeding(s *scope, name string, way []string) (all []source, err error) {
	for _, from := range s.feeders[name] {
		some, err := f.origin(s, from, way)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// origin lists the layers and inputs of the network that a node stands for:
// itself, if it is a layer. way are the nodes on the way here.
func (f *flattener) origin(s *scope, name string, way []string) ([]source, error) {
	path := inside(s.path, name)
	if f.sources++; f.sources > maxSources {
		return nil, unsupportedf(path, "a network of more than %d connections", maxSources)
	}
	n := s.g.Nodes[name]
	switch n.(type) {
	case Input, Output, *Graph:
		if slices.Contains(way, path) {
			return nil, unsupportedf(path, "a cycle without a neuron")
		}
		way = append(way, path)
	}
	switch n.(type) {
	case Input:
		if s.outer == nil {
			return []source{{name, true}}, nil
		}
		if len(of[Input](s.g)) > 1 {
			return nil, unsupportedf(s.path, "a graph with several inputs as a node")
		}
		return f.feeding(s.outer, s.name, way)
	case Output:
		return f.feeding(s, name, way)
	case *Graph:
		inner := s.inner[name]
		out := of[Output](inner.g)
		if len(out) != 1 {
			return nil, unsupportedf(path, "a graph with %d outputs as a node", len(out))
		}
		return f.origin(inner, out[0], way)
	}
	return []source{{path, false}}, nil
}
