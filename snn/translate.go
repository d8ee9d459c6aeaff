package snn

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/tensor"
)

// Numbers are parameters, one number a neuron each.
type Numbers map[string][]float64

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
func Translate(in tensor.Shape, inner Layer, numbers []Number, convert func(foreign Numbers) Numbers) (*Plan, error) {
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
func translated(in tensor.Shape, inner Layer, params []Param, convert func(foreign Numbers) Numbers) (*Plan, error) {
	p, err := inner.Build(in)
	if err != nil {
		return nil, err
	}
	plan := *p
	plan.Params = params
	converted := func(weights map[string]*tensor.Tensor) (foreign Numbers, native map[string]*tensor.Tensor, err error) {
		foreign = Numbers{}
		for _, q := range params {
			numbers := expand(weights[q.Name], in)
			if err := checkEach(q.Name, numbers, -unbounded, unbounded); err != nil {
				return nil, nil, err
			}
			foreign[q.Name] = widened(numbers)
		}
		native = map[string]*tensor.Tensor{}
		for name, v := range convert(foreign) {
			native[name] = tensor.Of(rounded(v), in...)
		}
		return foreign, native, nil
	}
	if p.Canonical != nil {
		plan.Canonical = func(weights map[string]*tensor.Tensor) (Layer, map[string]*tensor.Tensor, error) {
			_, native, err := converted(weights)
			if err != nil {
				return nil, nil, err
			}
			return p.Canonical(native)
		}
	}
	plan.Prepare = func(weights map[string]*tensor.Tensor) (Op, error) {
		foreign, native, err := converted(weights)
		if err != nil {
			return nil, err
		}
		for _, q := range p.Params {
			if native[q.Name] == nil {
				native[q.Name] = tensor.New(q.Shape...)
				q.Init(native[q.Name].Data, q.Shape, 0, q.Name)
			}
		}
		if len(native) != len(p.Params) {
			return nil, fmt.Errorf("%w: a translation makes parameters that %s does not have", ErrOption, inner.Type())
		}
		op, err := p.Prepare(native)
		if err != nil {
			return nil, fmt.Errorf("%w (it is made of %s)", err, described(params, foreign))
		}
		c, ok := op.(*cell)
		if !ok {
			return nil, fmt.Errorf("%w: a translation of %s, which is no neuron", ErrOption, inner.Type())
		}
		shapes := map[string]tensor.Shape{}
		for name, w := range weights {
			shapes[name] = w.Shape
		}
		return &translation{cell: c, params: params, shapes: shapes, foreign: foreign, convert: convert}, nil
	}
	return &plan, nil
}

func widened(numbers []float32) []float64 {
	wide := make([]float64, len(numbers))
	for i, v := range numbers {
		wide[i] = float64(v)
	}
	return wide
}

func rounded(numbers []float64) []float32 {
	narrow := make([]float32, len(numbers))
	for i, v := range numbers {
		narrow[i] = float32(v)
	}
	return narrow
}

// translation is neurons whose parameters go by other names. All else that they
// can do, they still can.
type translation struct {
	*cell
	params  []Param
	shapes  map[string]tensor.Shape // in which they were given
	foreign Numbers
	convert func(foreign Numbers) Numbers
}

// ParamGrads goes through the derivatives of the conversion, which are central
// differences in float64: of functions of one number or two, exact to some ten
// digits. Outside of a framework's clamp they are zero.
func (t *translation) ParamGrads(sums []float32) map[string]*tensor.Tensor {
	inner := t.cell.ParamGrads(sums)
	grads := map[string]*tensor.Tensor{}
	for _, q := range t.params {
		g := make([]float32, len(t.foreign[q.Name]))
		slopes := t.slopes(q.Name)
		for _, name := range slices.Sorted(maps.Keys(slopes)) {
			if from := inner[name]; from != nil {
				for i, s := range slopes[name] {
					g[i] += float32(s * float64(from.Data[i]))
				}
			}
		}
		grads[q.Name] = gathered(g, t.shapes[q.Name])
	}
	return grads
}

// described lists parameters and their first values.
func described(params []Param, numbers Numbers) string {
	var list []string
	for _, q := range params {
		list = append(list, fmt.Sprintf("%s[0] = %v", q.Name, numbers[q.Name][0]))
	}
	return strings.Join(list, ", ")
}

// slopes are the derivatives, neuron by neuron, of our parameters by one of
// theirs.
func (t *translation) slopes(name string) map[string][]float64 {
	shifted := func(by float64) Numbers {
		other := maps.Clone(t.foreign)
		other[name] = Map(func(v float64) float64 { return v + float64(by*max(math.Abs(v), 1e-3)) }, t.foreign[name])
		return t.convert(other)
	}
	const h = 0x1p-17
	up, down := shifted(h), shifted(-h)
	slopes := map[string][]float64{}
	for native := range up {
		slopes[native] = make([]float64, len(up[native]))
		for i, v := range t.foreign[name] {
			slopes[native][i] = (up[native][i] - down[native][i]) / float64(2*h*max(math.Abs(v), 1e-3))
		}
	}
	return slopes
}

// Map makes numbers of one parameter.
func Map(f func(a float64) float64, a []float64) []float64 {
	out := make([]float64, len(a))
	for i, v := range a {
		out[i] = f(v)
	}
	return out
}

// Map2 makes numbers of two parameters.
func Map2(f func(a, b float64) float64, a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i, v := range a {
		out[i] = f(v, b[i])
	}
	return out
}
