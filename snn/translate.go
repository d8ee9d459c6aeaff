package snn

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/tensor"
)

// Numbers are parameters, one number a neuron each.
type Numbers map[string][]float32

// Number is a parameter in the words of another framework. Its values are
// finite.
type Number struct {
	Name     string
	Value    Value
	Standard float32 // stands for the zero Value
}

// Translate builds a layer whose parameters go by other names and meanings:
// convert makes those of inner from those of numbers, neuron by neuron, when
// weights are loaded, and once to check the options. What it does not make
// keeps inner's default.
func Translate(in tensor.Shape, inner Layer, numbers []Number, convert func(theirs Numbers) Numbers) (*Plan, error) {
	n := newNeuron(in)
	for _, v := range numbers {
		n.param(v.Name, v.Value.Or(v.Standard), -unbounded, unbounded)
	}
	if n.err != nil {
		return nil, n.err
	}
	one := tensor.Shape{1}
	trial, err := translated(one, inner, n.params, convert)
	if err != nil {
		return nil, err
	}
	options := map[string]*tensor.Tensor{}
	for _, q := range n.params {
		options[q.Name] = tensor.New(1)
		q.Init(options[q.Name].Data, one, 0, q.Name)
	}
	if _, err := trial.Prepare(options); err != nil {
		return nil, err
	}
	return translated(in, inner, n.params, convert)
}

// translated is the plan of inner under other parameters.
func translated(in tensor.Shape, inner Layer, params []Param, convert func(theirs Numbers) Numbers) (*Plan, error) {
	p, err := inner.Build(in)
	if err != nil {
		return nil, err
	}
	plan := *p
	plan.Params = params
	plan.Prepare = func(weights map[string]*tensor.Tensor) (Op, error) {
		theirs := Numbers{}
		for _, q := range params {
			theirs[q.Name] = expand(weights[q.Name], in)
			if err := checkEach(q.Name, theirs[q.Name], -unbounded, unbounded); err != nil {
				return nil, err
			}
		}
		ours := map[string]*tensor.Tensor{}
		for name, v := range convert(theirs) {
			ours[name] = tensor.Of(v, in...)
		}
		for _, q := range p.Params {
			if ours[q.Name] == nil {
				ours[q.Name] = tensor.New(q.Shape...)
				q.Init(ours[q.Name].Data, q.Shape, 0, q.Name)
			}
		}
		if len(ours) != len(p.Params) {
			return nil, fmt.Errorf("%w: a translation makes parameters that %s does not have", ErrOption, inner.Type())
		}
		op, err := p.Prepare(ours)
		if err != nil {
			return nil, fmt.Errorf("%w (it is made of %s)", err, described(params, theirs))
		}
		return op, nil
	}
	return &plan, nil
}

// described lists parameters and their first values.
func described(params []Param, numbers Numbers) string {
	var list []string
	for _, q := range params {
		list = append(list, fmt.Sprintf("%s[0] = %v", q.Name, numbers[q.Name][0]))
	}
	return strings.Join(list, ", ")
}

// Map makes numbers of one parameter.
func Map(f func(a float64) float64, a []float32) []float32 {
	out := make([]float32, len(a))
	for i, v := range a {
		out[i] = float32(f(float64(v)))
	}
	return out
}

// Map2 makes numbers of two parameters.
func Map2(f func(a, b float64) float64, a, b []float32) []float32 {
	out := make([]float32, len(a))
	for i, v := range a {
		out[i] = float32(f(float64(v), float64(b[i])))
	}
	return out
}
