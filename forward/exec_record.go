package forward

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spikelane/spikelane/snn"
)

// recordings are the layers of a model whose variables are recorded. They are
// made when a run first needs them.
type recordings struct {
	once  sync.Once
	err   error
	nodes map[int]*recordedNode
}

// recordedNode is a layer that stores variables.
type recordedNode struct {
	names []string
	op    snn.Recording
}

// recordVariables prepares what Record asks for beside outputs of layers: names
// <layer>.<variable>.
func (m *Model) recordVariables() error {
	r := m.options.recordings
	if r == nil {
		return nil
	}
	r.once.Do(func() {
		r.nodes = map[int]*recordedNode{}
		for _, name := range m.options.record {
			if m.graph.find(name) >= 0 {
				continue
			}
			i, variable, err := m.graph.recordable(name)
			if err != nil {
				r.err = err
				return
			}
			if r.nodes[i] == nil {
				r.nodes[i] = &recordedNode{}
			}
			if !slices.Contains(r.nodes[i].names, variable) {
				r.nodes[i].names = append(r.nodes[i].names, variable)
			}
		}
		for i, n := range r.nodes {
			op, ok := m.ops[i].(snn.Recorder)
			if !ok {
				r.err = m.graph.errorAt(i, fmt.Errorf("%w: its variables cannot be recorded, since it is no snn.Recorder; State.Variable reads them between steps", ErrGraph))
				return
			}
			if n.op, r.err = op.Recording(n.names); r.err != nil {
				r.err = m.graph.errorAt(i, r.err)
				return
			}
		}
	})
	return r.err
}

// recordable finds the layer and the variable of a name.
func (g *Graph) recordable(name string) (node int, variable string, err error) {
	at := strings.LastIndexByte(name, '.')
	if at < 0 {
		return 0, "", fmt.Errorf("forward: %w: there is no layer %q to record", ErrGraph, name)
	}
	layer, variable := name[:at], name[at+1:]
	i := g.find(layer)
	switch {
	case i < 0:
		return 0, "", fmt.Errorf("forward: %w: there is no layer %q, nor a layer %q with a variable to record", ErrGraph, name, layer)
	case len(g.nodes[i].plan.States) == 0:
		return 0, "", g.errorAt(i, fmt.Errorf("%w: it has no variables to record, like %q", ErrGraph, variable))
	}
	return i, variable, nil
}

// recorded is how a node stores variables, or nil.
func (m *Model) recorded(i int) *recordedNode {
	if m.options.recordings == nil {
		return nil
	}
	return m.options.recordings.nodes[i]
}

// record runs a piece of the block through a layer that stores variables.
func (e *executor) record(r *recordedNode, i int, piece span, state []float32) {
	b := &e.nodes[i]
	size := e.model.graph.nodes[i].plan.Variable().Size()
	b.variables = growAll(b.variables, len(r.names), 0)
	e.pieces = e.pieces[:0]
	for k := range r.names {
		b.variables[k] = growNumbers(b.variables[k], e.tile.rows()*size)
		e.pieces = append(e.pieces, b.variables[k][piece.at*piece.samples*size:(piece.at+piece.steps)*piece.samples*size])
	}
	b.one[0] = e.input(i, piece)
	y := e.output(i, piece)
	r.op.ForwardRecording(b.one[0], y, state, &e.scratch, e.pieces)
	e.count(i, b.one[:], y)
}
