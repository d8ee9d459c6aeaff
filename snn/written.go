package snn

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// Written is a layer of neurons in the language of package equation: layers of
// [Equations] that compute the same bits one after another, a synapse first, as
// programs. It is how to begin a neuron that is almost one of this package, and
// how to compare the two ways to run one.
//
// Their parameters are those of the equations, not of l: where l has a
// threshold, they have what is tested, test, and what a spike subtracts, amount.
// Their values are those of a new layer. A layer that is not made of one
// equation, or two with a synapse, is an error, and so are Graded and Detach,
// which are not parts of a text.
func Written(l Layer, in tensor.Shape) ([]Equations, error) {
	if e, ok := l.(Equations); ok {
		return []Equations{e}, nil
	}
	plan, err := l.Build(in)
	if err != nil {
		return nil, err
	}
	params := map[string]*tensor.Tensor{}
	for _, p := range plan.Params {
		params[p.Name] = tensor.New(p.Shape...)
		p.Init(params[p.Name].Data, p.Shape, 0, p.Name)
	}
	op, err := plan.Prepare(params)
	if err != nil {
		return nil, err
	}
	if t, ok := op.(*translation); ok {
		op = t.cell
	}
	c, ok := op.(*cell)
	if !ok || c.graded != nil || c.detaches() {
		return nil, fmt.Errorf("%w: %s is more than its equations", ErrOption, l.Type())
	}
	state := make([]float32, plan.State)
	if plan.InitState != nil {
		plan.InitState(state)
	}
	list := []Equations{c.membrane.written(state)}
	list[0].Surrogate = c.surrogate
	if c.synapse != nil {
		list = []Equations{c.synapse.written(state), list[0]}
	}
	return list, nil
}

// detaches reports whether the backward pass leaves out what the equations have.
func (c *cell) detaches() bool {
	return slices.ContainsFunc(c.membrane.k.backParams, func(p param) bool {
		return (p == paramResetGradScale || p == paramThresholdGradScale) && c.gates[p] == 0 || p == paramStraightThrough && c.gates[p] != 0
	})
}

// written are the equations of a stage. state is that of one sample, before its
// first step.
func (s *stage) written(state []float32) Equations {
	d := s.k.declaration()
	e := Equations{Text: s.k.text, Inputs: d.Inputs, Outputs: d.Outputs, States: map[string]float32{}, Params: map[string]Parameter{}}
	first := make([]float32, s.n)
	for i, name := range s.k.states {
		s.state.Get(first, s.state.in(state), i)
		e.States[name] = first[0]
	}
	for i, p := range s.k.params {
		e.Params[d.Params[i]] = Parameter{Default: s.values[p][0]}
	}
	return e
}
