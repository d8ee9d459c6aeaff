package statedict

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// unit is a layer as the counterpart of a module: with the layer that feeds
// its output back, if that is part of the module too.
type unit struct {
	name     string
	layer    snn.Layer
	features tensor.Shape
	listed   bool // in the table
	entries  []entry
	shapes   map[string]tensor.Shape // of the parameters, by the names of entries
}

// units are the layers with parameters in the order of the graph, of which
// params are any parameters.
func units(g *forward.Graph, params map[string]*tensor.Tensor) []*unit {
	layers := g.Spec().Layers
	owned := map[string]bool{}
	for _, n := range layers {
		for _, e := range table[n.Layer.Type()] {
			if strings.HasPrefix(e.native, back) {
				owned[n.Name+".back"] = true
			}
		}
	}
	var list []*unit
	for _, n := range layers {
		if owned[n.Name] {
			continue
		}
		u := &unit{name: n.Name, layer: n.Layer, features: g.Shape(n.Name), shapes: map[string]tensor.Shape{}}
		_, u.listed = table[n.Layer.Type()]
		for name, p := range params {
			own, ok := strings.CutPrefix(name, n.Name+".")
			if ok && (!strings.Contains(own, ".") || u.listed && owned[n.Name+".back"] && strings.HasPrefix(own, back)) {
				u.shapes[own] = p.Shape
			}
		}
		if len(u.shapes) > 0 {
			u.entries = u.possible()
			list = append(list, u)
		}
	}
	return list
}

// back is how the table says that a parameter is of the layer that feeds back.
const back = "back."

// possible are the entries that the layer's options leave.
func (u *unit) possible() []entry {
	var entries []entry
	if !u.listed {
		for _, name := range sorted(u.shapes) {
			entries = append(entries, same(name, own))
		}
		return entries
	}
	for _, e := range table[u.layer.Type()] {
		if _, ok := u.shapes[e.native]; ok {
			e.must = nil
		}
		if e.must != nil || e.form == unused || u.shapes[e.native] != nil {
			entries = append(entries, e)
		}
	}
	return entries
}

// needed reports whether a module must have the tensor.
func (e entry) needed() bool { return e.must == nil && (e.form == whole || e.form == number) }

// needs reports whether some module must be the layer.
func (u *unit) needs() bool {
	for _, e := range u.entries {
		if e.needed() {
			return true
		}
	}
	return false
}

// fits says why a module cannot be the layer, or nil.
func (u *unit) fits(m *module) error {
	known := map[string]bool{}
	for _, e := range u.entries {
		known[e.foreign] = true
		t, ok := m.tensors[e.foreign]
		if !ok && e.needed() {
			return fmt.Errorf("it has no %s", e.foreign)
		}
		if ok && e.must == nil {
			if _, err := u.parameter(e, t); err != nil {
				return err
			}
		}
	}
	for _, name := range sorted(m.tensors) {
		if !known[name] {
			return fmt.Errorf("the layer has no %s", name)
		}
	}
	return nil
}

// parameter is a tensor as the layer's parameter.
func (u *unit) parameter(e entry, t *tensor.Tensor) (*tensor.Tensor, error) {
	switch e.form {
	case unused:
		return nil, nil
	case number, again:
		p, ok := broadcast(t, u.features)
		if !ok {
			return nil, fmt.Errorf("%w: its %s is %v, for features %v", tensor.ErrShape, e.foreign, t.Shape, u.features)
		}
		return p, nil
	case own:
		if len(t.Shape) == 0 { // one number; the graph checks all other shapes
			return tensor.Of(t.Data, 1), nil
		}
	default:
		if want := u.shapes[e.native]; !t.Shape.Equal(want) {
			return nil, fmt.Errorf("%w: its %s is %v, not %v", tensor.ErrShape, e.foreign, t.Shape, want)
		}
	}
	return t, nil
}

// broadcast is a tensor that PyTorch computes with features, as one number, one
// a channel or one a feature. PyTorch aligns shapes at their ends: [5] is one
// number a column, [5, 1, 1] one a channel.
func broadcast(t *tensor.Tensor, features tensor.Shape) (*tensor.Tensor, bool) {
	shape := t.Shape
	for len(shape) > len(features) && shape[0] == 1 {
		shape = shape[1:]
	}
	if len(t.Data) == 1 {
		return tensor.Of(t.Data, 1), true
	}
	if len(shape) > len(features) {
		return nil, false
	}
	step := make([]int, len(features)) // in t, from one index of each dimension to the next
	size := 1
	for k := len(features) - 1; k >= 0; k-- {
		d := 1
		if i := k - len(features) + len(shape); i >= 0 {
			d = shape[i]
		}
		switch d {
		case features[k]:
			step[k] = size
		case 1:
		default:
			return nil, false
		}
		size *= d
	}
	if size == features[0] && size == len(t.Data) && shape[0] == size && len(shape) == len(features) {
		return tensor.Of(t.Data, size), true
	}
	p := tensor.New(features...)
	for i := range p.Data {
		at, rest := 0, i
		for k := len(features) - 1; k >= 0; k-- {
			at += rest % features[k] * step[k]
			rest /= features[k]
		}
		p.Data[i] = t.Data[at]
	}
	return p, true
}
