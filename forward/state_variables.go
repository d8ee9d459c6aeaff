package forward

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Variables are the names of what a layer of neurons remembers of every neuron,
// like v; nil for other layers.
func (g *Graph) Variables(layer string) []string {
	i := g.find(layer)
	if i < 0 {
		return nil
	}
	return names(g.nodes[i].plan.States)
}

func names(variables []snn.Variable) []string {
	var list []string
	for _, v := range variables {
		list = append(list, v.Name)
	}
	return list
}

// Variable returns what a layer's neurons remember under a name, like v: [B,
// features], a copy. A layer or a variable that is not there is an error.
func (s *State) Variable(layer, name string) (*tensor.Tensor, error) {
	i, v, err := s.graph.variable(layer, name, func(p *snn.Plan) []snn.Variable { return p.States })
	if err != nil {
		return nil, err
	}
	return s.graph.get(i, v, s.layers[i], s.batch), nil
}

// SetVariable sets what a layer's neurons remember under a name. The values are
// [B, features].
func (s *State) SetVariable(layer, name string, values *tensor.Tensor) error {
	i, v, err := s.graph.variable(layer, name, func(p *snn.Plan) []snn.Variable { return p.States })
	if err != nil {
		return err
	}
	size, err := s.graph.sizeOf(i, values, s.batch)
	if err != nil {
		return err
	}
	each := s.graph.nodes[i].plan.State
	for b := range s.batch {
		v.Put(s.layers[i][b*each:(b+1)*each], values.Data[b*size:(b+1)*size])
	}
	return nil
}

// StateGradient returns the gradient of what a layer's neurons remember under a
// name before the first step of the last Run: [samples, features], a copy. Only
// variables that a gradient reaches have one.
func (t *Tape) StateGradient(layer, name string) (*tensor.Tensor, error) {
	i, v, err := t.m.graph.variable(layer, name, func(p *snn.Plan) []snn.Variable { return p.Gradients })
	if err != nil {
		return nil, err
	}
	if t.rec.traced[i] == nil {
		return nil, t.m.graph.errorAt(i, fmt.Errorf("%w: no gradient comes to it", snn.ErrBackward))
	}
	return t.m.graph.get(i, v, t.back.carried[i], t.samples), nil
}

// addStateGradient adds to the gradient of what is remembered.
func (t *Tape) addStateGradient(layer, name string, gradient *tensor.Tensor) error {
	i, v, err := t.m.graph.variable(layer, name, func(p *snn.Plan) []snn.Variable { return p.Gradients })
	if err != nil {
		return err
	}
	size, err := t.m.graph.sizeOf(i, gradient, t.samples)
	if err != nil || t.rec.traced[i] == nil {
		return err
	}
	each := t.rec.traced[i].StateGradSize()
	for b := range t.samples {
		own := t.back.carried[i][b*each : (b+1)*each]
		for k, g := range gradient.Data[b*size : (b+1)*size] {
			own[v.At(k)] += g
		}
	}
	return nil
}

// variable finds one of a layer's variables.
func (g *Graph) variable(layer, name string, of func(*snn.Plan) []snn.Variable) (int, snn.Variable, error) {
	i := g.find(layer)
	if i < 0 {
		return 0, snn.Variable{}, fmt.Errorf("forward: %w: there is no layer %q", ErrGraph, layer)
	}
	all := of(g.nodes[i].plan)
	k := slices.IndexFunc(all, func(v snn.Variable) bool { return v.Name == name })
	if k < 0 {
		return 0, snn.Variable{}, g.errorAt(i, fmt.Errorf("%w: it has no variable %q, but %q", ErrGraph, name, names(all)))
	}
	return i, all[k], nil
}

// get copies a variable of all samples.
func (g *Graph) get(i int, v snn.Variable, all []float32, samples int) *tensor.Tensor {
	values := tensor.New(append(tensor.Shape{samples}, g.nodes[i].plan.Variable()...)...)
	size, each := len(values.Data)/samples, len(all)/samples
	for b := range samples {
		v.Get(values.Data[b*size:(b+1)*size], all[b*each:(b+1)*each])
	}
	return values
}

// sizeOf checks the values of a variable of all samples, and returns how many a
// sample has.
func (g *Graph) sizeOf(i int, values *tensor.Tensor, samples int) (int, error) {
	want := append(tensor.Shape{samples}, g.nodes[i].plan.Variable()...)
	if err := values.Check(); err != nil {
		return 0, g.errorAt(i, err)
	}
	if !values.Shape.Equal(want) {
		return 0, g.errorAt(i, fmt.Errorf("%w: the values of a variable are %v, not %v", tensor.ErrShape, values.Shape, want))
	}
	return want[1:].Size(), nil
}
