package forward

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The binary form of a state, little-endian: the magic with its version, the
// fingerprint of the graph, samples and steps (uint64 each), then the numbers
// of every layer, then what is remembered of every layer, as float32 or as
// words of bits. The lengths follow from the graph.
const stateMagic = "spikest\x01"

// MarshalBinary writes the state, but not the weights it has run with.
func (s *State) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, s.binarySize())
	b = append(b, stateMagic...)
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
	return b, nil
}

const stateHeader = len(stateMagic) + 32 + 8 + 8

func (s *State) binarySize() int {
	n := stateHeader
	for _, l := range s.layers {
		n += 4 * len(l)
	}
	for _, p := range s.past {
		n += 4*len(p.dense) + 8*len(p.bits)
	}
	return n
}

// LoadState reads what [State.MarshalBinary] wrote. A state of another graph,
// or a damaged one, is an error.
func (m *Model) LoadState(data []byte) (*State, error) {
	bad := func(format string, args ...any) (*State, error) {
		return nil, fmt.Errorf("forward: %w: %s", ErrState, fmt.Sprintf(format, args...))
	}
	if len(data) < stateHeader || string(data[:len(stateMagic)]) != stateMagic {
		return bad("this is not a state, or of another version")
	}
	rest := data[len(stateMagic):]
	if [32]byte(rest) != m.graph.fingerprint {
		return bad("it belongs to another graph")
	}
	batch, step := binary.LittleEndian.Uint64(rest[32:]), binary.LittleEndian.Uint64(rest[40:])
	// A sample takes at least a byte of what follows, unless nothing does.
	one := m.NewState(1)
	each := one.binarySize() - stateHeader
	body := data[stateHeader:]
	if batch < 1 || batch > math.MaxInt32 || step > math.MaxInt64 || uint64(len(body)) != batch*uint64(each) {
		return bad("%d bytes for %d samples of %d bytes", len(body), batch, each)
	}
	s := m.NewState(int(batch))
	s.step = int64(step)
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
				return bad("bits set past the last feature of %q", m.graph.nodes[i].name)
			}
		}
	}
	return s, nil
}
