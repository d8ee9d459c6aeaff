package nir

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// recordKey is what the metadata of a node holds about the layer that it was:
// its type, its options in JSON, and the parameters that NIR does not have or
// that its equations do not give back to the bit. That of a graph holds dt.
const recordKey = "spikelane"

// record describes a layer.
func record(l snn.Layer, extra map[string]Array) (Metadata, error) {
	options, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	m := Metadata{"type": One(l.Type()), "options": One(string(options))}
	for name, a := range extra {
		m["param."+name] = a
	}
	return Metadata{recordKey: m}, nil
}

// recorded is the layer that a node was, with the parameters that follow from
// the equations where the record has no others. It is nil without a record.
func (b *builder) recorded(r *NodeReport, n Node) (snn.Layer, error) {
	m, ok := n.metadata()[recordKey].(Metadata)
	if !b.d.Recorded || !ok {
		return nil, nil
	}
	text := func(name string) string {
		a, _ := m[name].(Array)
		s, _ := a.Text()
		return s
	}
	l, err := snn.Unmarshal(text("type"), []byte(text("options")))
	if err != nil {
		return nil, fmt.Errorf("%w: its record: %w", ErrFormat, err)
	}
	foreign := numbersOf(n)
	plan, err := l.Build(foreign.shape)
	if err != nil {
		return nil, fmt.Errorf("%w: its record: %w", ErrFormat, err)
	}
	if plan.Canonical == nil {
		return nil, fmt.Errorf("%w: its record is of a %s, not a neuron", ErrFormat, l.Type())
	}
	native, err := equations(foreign, b.d, r)
	if err != nil {
		return nil, err
	}
	b.asked.time = b.asked.time || native["decay"] != nil
	for _, p := range plan.Params {
		v := native[p.Name]
		if a, ok := m["param."+p.Name].(Array); ok {
			v = a.Floats()
		}
		if v == nil {
			continue
		}
		if len(v) != foreign.shape.Size() {
			return nil, fmt.Errorf("%w: its record has %d numbers %s for neurons of shape %v", ErrFormat, len(v), p.Name, foreign.shape)
		}
		option := b.put(r.Name, foreign.shape, snn.Numbers{p.Name: v})
		if name := r.Name + "." + p.Name; b.weights[name] == nil { // all have the same
			b.weights[name] = tensor.Of([]float32{option(p.Name).Or(0)}, 1)
		}
	}
	r.Notes = append(r.Notes, "as its metadata says")
	return l, nil
}

// equations are the parameters of a layer by the letter of NIR, in steps by
// Euler.
func equations(foreign numbers, d Discretization, r *NodeReport) (snn.Numbers, error) {
	d = Discretization{DT: d.DT, Method: snn.MethodEuler, Reset: snn.ResetToValue}
	c := constants{d: d, foreign: foreign.of, native: snn.Numbers{}, size: foreign.shape.Size(), report: r}
	for _, step := range []func() error{c.membrane, c.current, c.firing} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if c.native["bias"] == nil {
		c.native["bias"] = repeated(0, c.size)
	}
	if c.native["reset"] == nil { // of what has no threshold
		c.native["reset"] = repeated(0, c.size)
	}
	return c.native, nil
}

// recordedDT is the length of a step that a graph remembers, or 0.
func recordedDT(g *Graph) float64 {
	m, _ := g.Metadata[recordKey].(Metadata)
	a, _ := m["dt"].(Array)
	if v := a.Floats(); len(v) == 1 {
		return v[0]
	}
	return 0
}

// rest are parameters of a layer beside those that the equations give back.
func rest(layer, equations snn.Numbers) map[string]Array {
	extra := map[string]Array{}
	for _, name := range slices.Sorted(maps.Keys(layer)) {
		v, back := layer[name], equations[name]
		same := len(v) == len(back)
		for i := 0; same && i < len(v); i++ {
			same = float32(v[i]) == float32(back[i])
		}
		if same {
			continue
		}
		data := make([]float32, len(v))
		for i := range v {
			data[i] = float32(v[i])
		}
		extra[name] = Of(data)
	}
	return extra
}
