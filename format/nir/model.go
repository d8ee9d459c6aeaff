package nir

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Model makes a network in steps of a graph. Layers have the names of the
// nodes, those of nested graphs behind the name of their graph and a dot; an
// Output that reads one node becomes an output of the network by the name of
// that node, one that reads several their sum. A loop gets a delay of one step,
// on the edge that leaves its neuron. The report says what was assumed, and of
// every node whether the layer is faithful to it. What no layer can do is an
// error that wraps [ErrUnsupported] and names the node. Of files from elsewhere,
// ask [forward.Graph.Within] before a state is made: a delay is a small number
// in a file, and a large memory.
func (g *Graph) Model(d Discretization) (*forward.Model, *Report, error) {
	if err := g.Check(); err != nil {
		return nil, nil, err
	}
	f, err := g.flatten()
	if err != nil {
		return nil, nil, err
	}
	written := recordedDT(g)
	if d.Recorded && d.DT == 0 {
		d.DT = written
	}
	other := written != 0 && d.DT != 0 && !near(d.DT, written)
	if d.Recorded && other {
		return nil, nil, fmt.Errorf("nir: %w: the file was written for steps of %v, which give the same network back, not for steps of %v: other presets than this follow the equations", ErrUnsupported, written, d.DT)
	}
	b := &builder{d: d, weights: map[string]*tensor.Tensor{}}
	spec, report, err := b.spec(f)
	if err != nil {
		return nil, nil, err
	}
	graph, err := forward.New(spec)
	if err != nil {
		return nil, nil, fmt.Errorf("nir: %w", err)
	}
	m, err := graph.Load(b.weights)
	if err != nil {
		return nil, nil, fmt.Errorf("nir: %w", err)
	}
	if other {
		report.Assumed = append(report.Assumed, fmt.Sprintf("dt: the file was written for steps of %v; by its equations, without a leak r is for a step of that length", written))
	}
	return m, report, nil
}

// builder collects what the layers are made of.
type builder struct {
	d       Discretization
	weights map[string]*tensor.Tensor
	asked   questions
}

// built is a node as a layer.
type built struct {
	layer     snn.Layer
	remembers bool // it has a state that a loop can go through
	delay     int  // of the edges into it
	report    NodeReport
}

// spec describes the network.
func (b *builder) spec(f *flat) (s forward.Spec, r *Report, err error) {
	for _, in := range f.inputs {
		s.Inputs = append(s.Inputs, forward.Input{Name: in.name, Shape: in.shape})
	}
	layers, w, err := b.wire(f)
	if err != nil {
		return s, nil, err
	}
	r = &Report{}
	order := w.order()
	place := make([]int, len(order))
	for at, i := range order {
		place[i] = at
	}
	into := make([][]wire, len(order))
	for _, e := range w.wires {
		into[e.to] = append(into[e.to], e)
	}
	for _, i := range order {
		n := forward.Node{Name: f.layers[i].name, Layer: layers[i].layer, Join: forward.JoinSum}
		// Their order is the same however the file lists its edges.
		slices.SortStableFunc(into[i], func(a, b wire) int { return place[a.from] - place[b.from] })
		for _, e := range into[i] {
			n.Sources = append(n.Sources, forward.After(e.delay, f.layers[e.from].name))
		}
		n.Inputs = inputsAmong(f.layers[i].sources)
		s.Layers = append(s.Layers, n)
		r.Nodes = append(r.Nodes, layers[i].report)
	}
	addOutputs(&s, f.outputs)
	r.Assumed = b.asked.answers(b.d)
	for _, e := range w.wires {
		if e.delay > layers[e.to].delay {
			r.Assumed = append(r.Assumed, fmt.Sprintf("loop: %s hears %s of the step before", w.names[e.to], w.names[e.from]))
		}
	}
	return s, r, nil
}

// wire builds the layers and connects them.
func (b *builder) wire(f *flat) ([]built, *wiring, error) {
	layers, index := make([]built, len(f.layers)), map[string]int{}
	for i, p := range f.layers {
		var err error
		if layers[i], err = b.build(p); err != nil {
			return nil, nil, at(p.name, err)
		}
		if _, twice := index[p.name]; twice {
			return nil, nil, unsupportedf(p.name, "two nodes would make layers of this name")
		}
		index[p.name] = i
	}
	w := &wiring{}
	for i, p := range f.layers {
		w.names, w.remembers = append(w.names, p.name), append(w.remembers, layers[i].remembers)
		for _, from := range p.sources {
			if from.input {
				w.first = append(w.first, i)
			} else {
				w.wires = append(w.wires, wire{index[from.name], i, layers[i].delay})
			}
		}
	}
	return layers, w, w.delayLoops()
}

// loopDelays are those that [Graph.Model] gives the edges between layers because
// of loops.
func (g *Graph) loopDelays(dt float64) (map[Edge]int, error) {
	f, err := g.flatten()
	if err != nil {
		return nil, err
	}
	b := &builder{d: Discretization{DT: dt, Method: snn.MethodEuler}, weights: map[string]*tensor.Tensor{}}
	layers, w, err := b.wire(f)
	if err != nil {
		return nil, err
	}
	delays := map[Edge]int{}
	for _, e := range w.wires {
		delays[Edge{w.names[e.from], w.names[e.to]}] = e.delay - layers[e.to].delay
	}
	return delays, nil
}

func inputsAmong(sources []source) (names []string) {
	for _, from := range sources {
		if from.input {
			names = append(names, from.name)
		}
	}
	slices.SortFunc(names, compareNames)
	return names
}

// addOutputs names the outputs. An output that is not one layer, or the same
// layer as another, becomes a layer.
func addOutputs(s *forward.Spec, outputs []port) {
	for _, out := range outputs {
		if len(out.sources) == 1 && !out.sources[0].input && !slices.Contains(s.Outputs, out.sources[0].name) {
			s.Outputs = append(s.Outputs, out.sources[0].name)
			continue
		}
		n := forward.Node{Name: out.name, Layer: snn.Identity{}, Join: forward.JoinSum, Inputs: inputsAmong(out.sources)}
		for _, l := range s.Layers { // in the order of the network
			for _, from := range out.sources {
				if !from.input && from.name == l.Name {
					n.Sources = append(n.Sources, forward.After(0, l.Name))
				}
			}
		}
		s.Layers, s.Outputs = append(s.Layers, n), append(s.Outputs, out.name)
	}
}
