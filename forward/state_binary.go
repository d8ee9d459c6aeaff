package forward

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
)

// The binary form of a state, little-endian: the magic with its version, the
// fingerprint of the graph, samples and steps (uint64 each), then the numbers
// of every layer, then what is remembered of every layer, as float32 or as
// words of bits, and last the first bytes of the SHA-256 of all that. The
// lengths follow from the graph.
const (
	stateName    = "spikest"
	stateVersion = 3
	stateHeader  = len(stateName) + 1 + 32 + 8 + 8
	stateSum     = 16
)

// MarshalBinary writes the state, but not the weights it has run with.
func (s *State) MarshalBinary() ([]byte, error) {
	if s.broken {
		return nil, errBroken
	}
	b := make([]byte, 0, stateHeader+int(s.graph.stateBytes())*s.batch+stateSum)
	b = append(append(b, stateName...), stateVersion)
	b = append(b, s.graph.fingerprint[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(s.batch))
	b = binary.LittleEndian.AppendUint64(b, uint64(s.step))
	floats := func(v []float32) {
		for _, f := range v {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
		}
	}
	for _, l := range s.layers {
		floats(l)
	}
	for _, p := range s.past {
		floats(p.dense)
		for _, w := range p.bits {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:stateSum]...), nil
}

// LoadState reads what [State.MarshalBinary] wrote. A state of another graph,
// one in which a bit has changed, and one that is larger than the limits allow,
// are errors.
func (m *Model) LoadState(data []byte) (*State, error) {
	batch, step, body, err := m.readStateHeader(data)
	if err != nil {
		return nil, fmt.Errorf("forward: %w: %w", ErrState, err)
	}
	s, err := m.StateFor(batch)
	if err != nil {
		return nil, err
	}
	s.step = step
	floats := func(v []float32) {
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(body))
			body = body[4:]
		}
	}
	for _, l := range s.layers {
		floats(l)
	}
	for i, p := range s.past {
		floats(p.dense)
		n := m.graph.nodes[i].plan.Out.Size()
		for k := range p.bits {
			p.bits[k] = binary.LittleEndian.Uint64(body)
			body = body[8:]
			if last := k%p.size == p.size-1; last && n%64 != 0 && p.bits[k]>>(n%64) != 0 {
				return nil, fmt.Errorf("forward: %w: bits set past the last feature of %q", ErrState, m.graph.nodes[i].name)
			}
		}
	}
	return s, nil
}

// readStateHeader checks all of a binary state but its numbers, which it
// returns as bytes.
func (m *Model) readStateHeader(data []byte) (batch int, step int64, body []byte, err error) {
	bad := func(format string, args ...any) (int, int64, []byte, error) {
		return 0, 0, nil, fmt.Errorf(format, args...)
	}
	if len(data) < stateHeader || string(data[:len(stateName)]) != stateName {
		return bad("this is not a state")
	}
	switch version := data[len(stateName)]; {
	case version == 1:
		return bad("it is of version 1, which had no checksum, and is no longer read")
	case version == 2:
		return bad("it is of version 2, in which neurons lay in another order, and is no longer read")
	case version != stateVersion:
		return bad("it is of version %d, this is version %d", version, stateVersion)
	case len(data) < stateHeader+stateSum:
		return bad("it ends after %d bytes, before its checksum", len(data))
	}
	text, want := data[:len(data)-stateSum], data[len(data)-stateSum:]
	if sum := sha256.Sum256(text); [stateSum]byte(want) != [stateSum]byte(sum[:]) {
		return bad("its checksum does not fit: it is damaged, or cut off")
	}
	rest := text[len(stateName)+1:]
	if [32]byte(rest) != m.graph.fingerprint {
		return bad("it belongs to another graph")
	}
	samples, steps := binary.LittleEndian.Uint64(rest[32:]), binary.LittleEndian.Uint64(rest[40:])
	body = text[stateHeader:]
	each := m.graph.stateBytes()
	if samples < 1 || samples > math.MaxInt32 || steps > math.MaxInt64 || int64(len(body)) != times(int64(samples), each) {
		return bad("%d bytes for %d samples of %d bytes", len(body), samples, each)
	}
	return int(samples), int64(steps), body, nil
}
