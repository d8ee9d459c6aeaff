package nir

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// link is a connection between two nodes, some steps long.
type link struct {
	from, to string
	delay    int
}

// connect adds inputs, outputs and edges.
func (e *exporter) connect() error {
	for _, in := range e.spec.Inputs {
		name := e.unique(in.Name)
		e.inputs[in.Name], e.g.Nodes[name] = name, Input{Shape: sizes(in.Shape)}
	}
	var links []link
	for _, n := range e.spec.Layers {
		if vanishes(n.Layer) {
			continue
		}
		into, err := e.sources(n, 0, nil)
		if err != nil {
			return err
		}
		for _, from := range into {
			links = append(links, link{from.from, n.Name, from.delay})
		}
	}
	for _, name := range e.spec.Outputs {
		out := "output"
		if len(e.spec.Outputs) > 1 {
			out += "_" + name
		}
		out = e.unique(out)
		into, err := e.origins(forward.After(0, name), nil)
		if err != nil {
			return err
		}
		e.g.Nodes[out] = Output{Shape: sizes(e.shape(name))}
		for _, from := range into {
			links = append(links, link{from.from, out, from.delay})
		}
	}
	return e.lay(links)
}

// sources are the links into a layer, those of layers that vanish being traced
// back.
func (e *exporter) sources(n forward.Node, delay int, way []string) (all []link, err error) {
	for _, s := range n.Sources {
		some, err := e.origins(forward.After(delay+s.Delay.Steps(), s.Layer), way)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	for _, in := range n.Inputs {
		all = append(all, link{from: e.inputs[in], delay: delay})
	}
	return all, nil
}

// origins are the nodes that a source stands for.
func (e *exporter) origins(s forward.Source, way []string) ([]link, error) {
	n := e.spec.Layers[e.at[s.Layer]]
	if !vanishes(n.Layer) {
		return []link{{from: s.Layer, delay: s.Delay.Steps()}}, nil
	}
	if slices.Contains(way, s.Layer) {
		return nil, unsupportedf(s.Layer, "a loop through nothing but it")
	}
	return e.sources(n, s.Delay.Steps(), append(way, s.Layer))
}

// lay makes edges of links. A delay of one step that [Graph.Model] gives a loop
// anyway is left unsaid; all others become Delay nodes.
func (e *exporter) lay(links []link) error {
	unsaid := make([]bool, len(links))
	for i, l := range links {
		unsaid[i] = l.delay == 1 && remembers(e.g.Nodes[l.from])
	}
	nodes := maps.Clone(e.g.Nodes)
	for {
		e.g.Nodes, e.g.Edges = maps.Clone(nodes), nil
		for i, l := range links {
			if err := e.edge(l, unsaid[i]); err != nil {
				return err
			}
		}
		delays, err := e.g.loopDelays(e.dt)
		agree := err == nil
		for i, l := range links {
			switch got := delays[Edge{l.from, l.to}]; {
			case unsaid[i] && got == 0:
				unsaid[i], agree = false, false
			case l.delay == 0 && got != 0:
				err = ErrFormat // of one left unsaid
			}
		}
		if agree && err == nil {
			return nil
		}
		if err != nil {
			if !slices.Contains(unsaid, true) {
				return err
			}
			clear(unsaid)
		}
	}
}

// edge adds a link, through a Delay node if its delay has to be said.
func (e *exporter) edge(l link, unsaid bool) error {
	if l.delay == 0 || unsaid {
		if slices.Contains(e.g.Edges, Edge{l.from, l.to}) {
			return unsupportedf(l.to, "it reads %q twice", l.from)
		}
		e.g.Edges = append(e.g.Edges, Edge{l.from, l.to})
		return nil
	}
	name := fmt.Sprintf("%s_delayed_%d", l.from, l.delay)
	if !slices.Contains(e.g.Edges, Edge{l.from, name}) {
		name = e.unique(name)
		shape := e.gives(l.from)
		e.g.Nodes[name] = Delay{Delay: Of(repeated(e.dt*float64(l.delay), shape.Size()), shape...)}
		e.g.Edges = append(e.g.Edges, Edge{l.from, name})
	}
	if slices.Contains(e.g.Edges, Edge{name, l.to}) {
		return unsupportedf(l.to, "it reads %q twice", l.from)
	}
	e.g.Edges = append(e.g.Edges, Edge{name, l.to})
	return nil
}

// gives is the shape of a node's output.
func (e *exporter) gives(name string) tensor.Shape {
	if in, ok := e.g.Nodes[name].(Input); ok {
		s, _ := in.Shape.shape()
		return s
	}
	return e.shape(name)
}
