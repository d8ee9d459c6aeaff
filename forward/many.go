package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// StepMany advances many streams by one step together, which is faster than
// one after another: the weights are read once for all. The samples of the
// inputs, [1, samples, features], are those of the states in their order, and
// so are those of the outputs, which are valid until room is used again.
//
// room is a state of as many samples as all states together, from
// [Model.NewState]; what it remembers is lost. The streams may be of different
// age. The bits are those of a [Model.Step] of each state, and nothing is
// allocated once room has been used. No state is changed if there is an error.
func (m *Model) StepMany(room *State, states []*State, in ...tensor.Signal) (*Output, error) {
	samples := 0
	for i, s := range states {
		if s.graph != m.graph && s.graph.fingerprint != m.graph.fingerprint {
			return nil, fmt.Errorf("forward: %w: state %d belongs to another graph", ErrState, i)
		}
		samples += s.batch
	}
	if samples != room.batch {
		return nil, fmt.Errorf("forward: %w: the states have %d samples, the room for them %d", ErrState, samples, room.batch)
	}
	room.step = 0
	first := 0
	for _, s := range states {
		room.exchange(s, first, false)
		first += s.batch
	}
	out, err := m.Step(room, in...)
	if err != nil {
		return nil, err
	}
	first = 0
	for _, s := range states {
		s.step++
		room.exchange(s, first, true)
		first += s.batch
	}
	return out, nil
}

// exchange copies what a stream remembers from s, or, back, to it. In room its
// samples begin at first, and its last steps are counted from room's.
func (room *State) exchange(s *State, first int, back bool) {
	for i, mine := range room.layers {
		n := s.graph.nodes[i].plan.State
		move(mine[first*n:(first+s.batch)*n], s.layers[i], back)
	}
	for i := range room.past {
		p, q := &room.past[i], &s.past[i]
		for ago := 1; ago <= p.depth; ago++ {
			at, from := p.at(room.step-int64(ago), room.batch, first), q.at(s.step-int64(ago), s.batch, 0)
			n := s.batch * p.size
			if p.kind == tensor.KindSpikes {
				move(p.bits[at:at+n], q.bits[from:from+n], back)
			} else {
				move(p.dense[at:at+n], q.dense[from:from+n], back)
			}
		}
	}
}

func move[T any](room, own []T, back bool) {
	if back {
		room, own = own, room
	}
	copy(room, own)
}
