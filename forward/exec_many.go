package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// StepMany advances many streams by one step together, which is faster than
// one after another: the weights are read once for all. The samples of the
// inputs, [1, samples, features], are those of the states in their order, and
// so are those of the outputs, which are valid until workspace is used again.
//
// workspace is a state of at least as many samples as all states together, from
// [Model.NewState]; what it remembers is lost. The streams may be of different
// age, but no state may be there twice. The bits are those of a [Model.Step] of
// each state, and nothing is allocated once workspace has been used. No state is
// changed if there is an error.
func (m *Model) StepMany(workspace *State, states []*State, in ...tensor.Signal) (*Output, error) {
	view, err := m.gather(workspace, states)
	if err != nil {
		return nil, err
	}
	out, err := m.Step(view, in...)
	if err != nil {
		view.broken = false // all of it is written anew
		return nil, err
	}
	first := 0
	for _, s := range states {
		s.step++
		view.exchange(s, first, true)
		first += s.batch
	}
	return out, nil
}

// gather copies what the streams remember into as much of workspace as they need.
func (m *Model) gather(workspace *State, states []*State) (*State, error) {
	if err := m.checkState(workspace); err != nil {
		return nil, fmt.Errorf("%w (the workspace)", err)
	}
	samples, err := m.countSamples(workspace, states)
	if err != nil {
		return nil, err
	}
	if samples < 1 || samples > workspace.batch {
		return nil, fmt.Errorf("forward: %w: the states have %d samples, the workspace for them %d", ErrState, samples, workspace.batch)
	}
	view := workspace.view(samples)
	first := 0
	for _, s := range states {
		view.exchange(s, first, false)
		first += s.batch
	}
	return view, nil
}

// countSamples adds up the samples of states that can be stepped together.
func (m *Model) countSamples(workspace *State, states []*State) (samples int, err error) {
	workspace.together = true
	last := 0
	for i, s := range states {
		if err = m.checkState(s); err != nil {
			err = fmt.Errorf("%w (state %d)", err, i)
			break
		}
		if s.together {
			err = fmt.Errorf("forward: %w: state %d is there twice, or is the workspace", ErrState, i)
			break
		}
		s.together = true
		samples += s.batch
		last = i + 1
	}
	workspace.together = false
	for _, s := range states[:last] {
		s.together = false
	}
	return samples, err
}

// view is a state of some samples, before their first step, in the memory of
// one of more.
func (s *State) view(samples int) *State {
	if s.part == nil {
		s.part = &State{graph: s.graph, start: s.start, layers: make([][]float32, len(s.layers)), past: make([]past, len(s.past))}
	}
	v := s.part
	v.step, v.most = 0, s.batch
	if v.batch == samples {
		return v
	}
	v.batch = samples
	for i, l := range s.layers {
		v.layers[i] = l[:samples*s.graph.nodes[i].plan.State]
	}
	for i, p := range s.past {
		p.batch = samples
		p.dense, p.bits = p.dense[:len(p.dense)/s.batch*samples], p.bits[:len(p.bits)/s.batch*samples]
		v.past[i] = p
	}
	return v
}

// exchange copies what a stream remembers from s, or, back, to it. Its samples
// begin at first, and its last steps are counted from those of the whole.
func (s *State) exchange(own *State, first int, back bool) {
	for i, all := range s.layers {
		n := s.graph.nodes[i].plan.State
		move(all[first*n:(first+own.batch)*n], own.layers[i], back)
	}
	for i := range s.past {
		p, q := &s.past[i], &own.past[i]
		for ago := 1; ago <= p.depth; ago++ {
			at, from := p.at(s.step-int64(ago), first), q.at(own.step-int64(ago), 0)
			n := own.batch * p.size
			if p.kind == tensor.KindSpikes {
				move(p.bits[at:at+n], q.bits[from:from+n], back)
			} else {
				move(p.dense[at:at+n], q.dense[from:from+n], back)
			}
		}
	}
}

func move[T any](all, own []T, back bool) {
	if back {
		all, own = own, all
	}
	copy(all, own)
}
