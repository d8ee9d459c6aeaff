package forward

import (
	"errors"
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// ErrState is wrapped by errors about states that belong to another graph, or
// cannot be read.
var ErrState = errors.New("bad state")

// State is what the samples of one batch of streams remember. It belongs to a
// graph, not to weights: another model with the same fingerprint may go on
// with it. It is not safe for concurrent use.
type State struct {
	graph  *Graph
	batch  int
	step   int64
	layers [][]float32 // of each layer, [B][numbers]
	past   []past
	start  [][]float32 // what past begins with

	// What Step returns.
	out      *Output
	outOf    *Model
	outKinds []tensor.Kind
}

// NewState returns the state of a batch before its first step. It panics if
// batch is below 1.
func (m *Model) NewState(batch int) *State {
	if batch < 1 {
		panic("forward: a state has at least one sample")
	}
	s := &State{graph: m.graph, batch: batch, start: m.initial}
	for i, n := range m.graph.nodes {
		s.layers = append(s.layers, make([]float32, batch*n.plan.State))
		if n.history > 0 {
			s.past = append(s.past, newPast(m.graph, i, batch))
		} else {
			s.past = append(s.past, past{})
		}
	}
	s.Reset()
	return s
}

// Reset goes back to before the first step.
func (s *State) Reset() {
	s.step = 0
	for i, n := range s.graph.nodes {
		clear(s.layers[i])
		if n.plan.Start != nil {
			for b := range s.batch {
				n.plan.Start(s.layers[i][b*n.plan.State : (b+1)*n.plan.State])
			}
		}
		s.past[i].fill(s.start[i])
	}
}

// Clone returns an independent copy.
func (s *State) Clone() *State {
	c := &State{graph: s.graph, batch: s.batch, step: s.step, start: s.start}
	for i := range s.layers {
		c.layers = append(c.layers, append([]float32(nil), s.layers[i]...))
		p := s.past[i]
		p.dense, p.bits = append([]float32(nil), p.dense...), append([]uint64(nil), p.bits...)
		c.past = append(c.past, p)
	}
	return c
}

// Steps is how many steps the state has made.
func (s *State) Steps() int64 { return s.step }

// Batch is how many samples it holds.
func (s *State) Batch() int { return s.batch }

// Values returns what a layer remembers, [B, numbers] one sample after another:
// its membranes, for a neuron. It is the state itself, not a copy. It is nil if
// there is no such layer.
func (s *State) Values(layer string) []float32 {
	if i := s.graph.find(layer); i >= 0 {
		return s.layers[i]
	}
	return nil
}

// SetPast makes the delayed edges of a layer deliver start, of the layer's
// shape, until its own outputs arrive. It is meant for states that have made
// no step; [State.Reset] undoes it.
func (s *State) SetPast(layer string, start *tensor.Tensor) error {
	i := s.graph.find(layer)
	if i < 0 {
		return fmt.Errorf("forward: %w: there is no layer %q", ErrGraph, layer)
	}
	if !start.Shape.Equal(s.graph.nodes[i].plan.Out) || start.Check() != nil {
		return s.graph.errorAt(i, fmt.Errorf("%w: its past is %v, its output %v", tensor.ErrShape, start.Shape, s.graph.nodes[i].plan.Out))
	}
	s.past[i].fill(start.Data)
	return nil
}

// copy makes the state equal to another of the same graph and batch.
func (s *State) copy(from *State) {
	s.step = from.step
	for i := range s.layers {
		copy(s.layers[i], from.layers[i])
		copy(s.past[i].dense, from.past[i].dense)
		copy(s.past[i].bits, from.past[i].bits)
	}
}

// pick copies the samples of a larger batch from first on.
func (s *State) pick(from *State, first int) {
	s.step = from.step
	for i := range s.layers {
		n := s.graph.nodes[i].plan.State
		copy(s.layers[i], from.layers[i][first*n:])
		to, p := &s.past[i], &from.past[i]
		for d := range to.depth {
			at, n := (d*from.batch+first)*p.size, s.batch*p.size
			if p.kind == tensor.KindSpikes {
				copy(to.bits[d*n:(d+1)*n], p.bits[at:])
			} else {
				copy(to.dense[d*n:(d+1)*n], p.dense[at:])
			}
		}
	}
}
