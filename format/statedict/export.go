package statedict

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// ErrNoPlace is wrapped by errors about parameters that the framework keeps in
// its code and not in state dicts, and that are not as the options say.
var ErrNoPlace = errors.New("a state dict has no place for it")

// Export returns the state dict of a model, in the order of its layers, for
// load_state_dict of a PyTorch network of the same modules. The modules have
// the names that names say, else those of the layers. Layers without
// counterpart in PyTorch keep the names that their parameters have here.
//
// One number has the shape [1], which PyTorch loads as [] and as [1], and one
// number a channel [C, 1, ...]. num_batches_tracked, which PyTorch does not
// ask for, and the beta of a Lapicque, which snnTorch asks for but does not
// compute with (strict=False), are left out. A parameter that has no place in
// a state dict, such as SpikingJelly's tau, must be as the graph's options say,
// or is an error that wraps [ErrNoPlace].
func Export(m *forward.Model, names Names) ([]safetensors.Named, error) {
	list, err := export(m, names)
	if err != nil {
		return nil, fmt.Errorf("statedict: %w", err)
	}
	return list, nil
}

func export(m *forward.Model, names Names) ([]safetensors.Named, error) {
	fresh, err := m.Graph().Init(0) // for what the options say
	if err != nil {
		return nil, err
	}
	standard, params := fresh.Params(), m.Params()
	modules := map[string]string{}
	for _, module := range sorted(names) {
		layer := names[module]
		if _, ok := modules[layer]; ok {
			return nil, fmt.Errorf("%w: names: two modules are the layer %q", ErrMatch, layer)
		}
		modules[layer] = module
	}
	var list []safetensors.Named
	for _, u := range units(m.Graph(), params) {
		module, ok := modules[u.name]
		if !ok {
			module = u.name
		}
		delete(modules, u.name)
		held := map[string]bool{}
		for _, e := range u.entries {
			held[e.native] = true
			if t := u.tensor(e, params); t.Tensor != nil || t.Ints != nil {
				t.Name = full(module, e.foreign)
				list = append(list, t)
			}
		}
		for _, own := range sorted(u.shapes) {
			name := u.name + "." + own
			if !held[own] && !slices.Equal(params[name].Data, standard[name].Data) {
				return nil, fmt.Errorf("%w: %s of a %s, which is not as the options say", ErrNoPlace, name, u.layer.Type())
			}
		}
	}
	if len(modules) > 0 {
		return nil, fmt.Errorf("%w: names: the graph has no layer with parameters named %s", ErrMatch, strings.Join(sorted(modules), ", "))
	}
	return list, nil
}

// tensor is what a state dict holds of an entry, without a name.
func (u *unit) tensor(e entry, params map[string]*tensor.Tensor) (t safetensors.Named) {
	switch {
	case e.form == unused:
	case e.must != nil && e.foreign == resetMechanism:
		t.Ints = &safetensors.Ints{Data: []int64{int64(e.must(u.layer))}}
	case e.must != nil:
		t.Tensor = tensor.Of([]float32{e.must(u.layer)}, 1)
	default:
		t.Tensor = params[u.name+"."+e.native]
		if shape := t.Tensor.Shape; e.form == number || e.form == again {
			t.Tensor.Shape = spread(shape, u.features)
		}
	}
	return t
}

// spread is the shape that PyTorch broadcasts to features as a parameter of one
// number a channel means it.
func spread(shape, features tensor.Shape) tensor.Shape {
	if len(shape) == 1 && shape[0] > 1 && len(features) > 1 {
		shape = append(slices.Clone(shape), slices.Repeat([]int{1}, len(features)-1)...)
	}
	return shape
}
