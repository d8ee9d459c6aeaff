package forward

import (
	"errors"
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// ErrState is wrapped by errors about states that belong to another graph, or
// cannot be read.
var ErrState = errors.New("bad state")

// errBroken is of a state in which a step was left half-done.
var errBroken = fmt.Errorf("forward: %w: a layer panicked in its last step: Reset it", ErrState)

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
	// broken says that a step was left half-done.
	broken bool

	// For StepMany: a view of some of the samples, how many samples a view can
	// have, and whether the state has been counted.
	part     *State
	most     int
	together bool

	// What Step returns.
	out      *Output
	outOf    *Model
	outKinds []tensor.Kind
}

// NewState returns the state of a batch before its first step. It panics where
// [Model.StateFor] returns an error.
func (m *Model) NewState(batch int) *State {
	s, err := m.StateFor(batch)
	if err != nil {
		panic(err)
	}
	return s
}

// StateFor returns the state of a batch before its first step. A batch below 1
// is an error, and so is a state that would be larger than the [Limits] allow:
// of a network that comes from somebody else this is the one to call.
func (m *Model) StateFor(batch int) (*State, error) {
	if batch < 1 {
		return nil, fmt.Errorf("forward: %w: a state has at least one sample, not %d", ErrState, batch)
	}
	if err := within(fmt.Sprintf("a state of %d samples", batch), times(int64(batch), m.graph.stateBytes()), m.options.limits.State); err != nil {
		return nil, fmt.Errorf("forward: %w", err)
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
	return s, nil
}

// Reset goes back to before the first step.
func (s *State) Reset() {
	s.step, s.broken = 0, false
	for i, n := range s.graph.nodes {
		clear(s.layers[i])
		if n.plan.InitState != nil {
			for b := range s.batch {
				n.plan.InitState(s.layers[i][b*n.plan.State : (b+1)*n.plan.State])
			}
		}
		s.past[i].fill(s.start[i])
	}
}

// Clone returns an independent copy.
func (s *State) Clone() *State {
	c := &State{graph: s.graph, batch: s.batch, step: s.step, start: s.start, broken: s.broken}
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

// SetPast makes the delayed edges of a layer deliver start, of the layer's
// shape, until its own outputs arrive. It is meant for states that have made
// no step; [State.Reset] undoes it.
func (s *State) SetPast(layer string, start *tensor.Tensor) error {
	i := s.graph.find(layer)
	if i < 0 {
		return fmt.Errorf("forward: %w: there is no layer %q", ErrGraph, layer)
	}
	if err := start.Check(); err != nil {
		return s.graph.errorAt(i, err)
	}
	if !start.Shape.Equal(s.graph.nodes[i].plan.Out) {
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
			at, n := (d*p.batch+first)*p.size, to.batch*p.size
			if p.kind == tensor.KindSpikes {
				copy(to.bits[d*n:(d+1)*n], p.bits[at:])
			} else {
				copy(to.dense[d*n:(d+1)*n], p.dense[at:])
			}
		}
	}
}
