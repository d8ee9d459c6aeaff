package conform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/preset/snnax"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// neuronNetwork is the network of a neuron case: the layer "n", with what
// stands around it where the neuron is recurrent.
type neuronNetwork struct {
	model *forward.Model
	// states and gradients are our variables by the case's names: what a layer
	// remembers of a sample, and what it carries back.
	states, gradients map[string]place
	// params are our parameters, of each of the case's.
	params map[string][]param
	// unused are the parameters that the equation does not read.
	unused map[string]bool
	// rest is b if the case begins at a state of rest: any v, and u = b*v.
	rest *float32
	// detached says that resets carry no gradient, nor what remembers them.
	detached bool
	// old are the slopes of the spikes that the membrane before the first step
	// sends; nil where it sends none.
	old func(v []float32) []float32
	// feedback is the input that brings the output of the step before the first
	// to where the neuron reads it, or "".
	feedback string
}

// place is a variable of a layer.
type place struct{ layer, variable string }

// param is one of our parameters, and its layout in the case.
type param struct {
	name   string
	layout layout
}

type layout uint8

const (
	same       layout = iota
	transposed        // [in, out]
	diagonal          // of a matrix
)

// stateNames are our names of what the frameworks call otherwise.
var stateNames = map[string][]string{
	"i": {"current", "sigma"}, "e": {"error"}, "m": {"delta"}, "fb": {"feedback"}, "b": {"a"}, "T": {"a"},
}

// buildNeuron builds the network of a neuron case from its class and its
// parameters.
func buildNeuron(c *vectors.Case) (*neuronNetwork, error) {
	class, err := classOf(c.Meta.Text("class"))
	if err != nil {
		return nil, err
	}
	x, err := c.Tensor("x")
	if err != nil {
		return nil, err
	}
	if len(x.Shape) != 3 {
		return nil, fmt.Errorf("conform: %w: x is %v", vectors.ErrCase, x.Shape)
	}
	p := c.Meta.Object("parameters")
	b := &neuronBuilder{
		c: c, class: class, n: x.Shape[2], weights: map[string]*tensor.Tensor{},
		net: &neuronNetwork{states: map[string]place{}, gradients: map[string]place{}, params: map[string][]param{}, unused: map[string]bool{}},
	}
	b.spec.Inputs = []forward.Input{{Name: "x", Shape: tensor.Shape{b.n}}}
	o, err := class.options(c, p)
	if err != nil {
		return nil, err
	}
	for _, name := range o.unused {
		b.net.unused[name] = true
	}
	if class.rest {
		b.net.rest = &o.numbers["b"][0].values[0]
	}
	b.net.detached = class.detached != nil && class.detached(o.values)
	if class.old {
		b.net.old = o.oldSlopes
	}
	l, err := layerOf(class.typ, o.values)
	if err != nil {
		return nil, err
	}
	if err := b.add(l, o); err != nil {
		return nil, err
	}
	return b.build(p)
}

// layerOf makes a registered layer; an option that it does not have is an
// error.
func layerOf(typ string, options map[string]any) (snn.Layer, error) {
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(options); err != nil {
		return nil, err
	}
	return snn.Unmarshal(typ, text.Bytes())
}

type neuronBuilder struct {
	c       *vectors.Case
	class   class
	n       int
	spec    forward.Spec
	weights map[string]*tensor.Tensor
	net     *neuronNetwork
}

// add adds the neuron, and linear layers around it where there are weights.
func (b *neuronBuilder) add(l snn.Layer, o *options) error {
	plan, err := l.Build(tensor.Shape{b.n})
	if err != nil {
		return err
	}
	for foreign, names := range o.numbers {
		for _, v := range names {
			if err := b.number(plan, foreign, v); err != nil {
				return err
			}
		}
	}
	b.places(plan)
	node := forward.Node{Name: "n", Layer: l, Inputs: []string{"x"}, Join: forward.JoinSum}
	if r, ok := l.(snnax.Response); ok {
		srm := snnax.SRM{Out: b.n, ResponseDecay: r.RDecayConstants, ResetVal: r.ResetVal, Threshold: r.Threshold, AsWritten: r.AsWritten, SpikeFn: r.SpikeFn}
		node.Layer, node.Join = srm.Compound(), forward.JoinConcat
		for i, state := range []string{"p", "q"} {
			b.net.states[state] = place{fmt.Sprintf("n.%d", i), "v"}
			b.net.gradients[state] = b.net.states[state]
		}
	}
	b.surround(&node)
	b.spec.Layers = append(b.spec.Layers, node)
	b.spec.Outputs = []string{"n"}
	return nil
}

// number makes a parameter of the case one of the layer, which may have a
// number a neuron; an option has one.
func (b *neuronBuilder) number(plan *snn.Plan, foreign string, v numbers) error {
	name := v.option
	if !v.elsewhere {
		name = "n." + v.option
		if !slices.ContainsFunc(plan.Params, func(p snn.Param) bool { return p.Name == v.option }) {
			for _, w := range v.values {
				if w != v.values[0] {
					return fmt.Errorf("conform: %w: %s has %d numbers, %s takes one", vectors.ErrCase, foreign, len(v.values), b.class.typ)
				}
			}
			return nil
		}
	}
	if len(v.values) != 1 && len(v.values) != b.n {
		return fmt.Errorf("conform: %w: %s has %d numbers for %d neurons", vectors.ErrCase, foreign, len(v.values), b.n)
	}
	b.weights[name] = tensor.Of(v.values, len(v.values))
	b.net.params[foreign] = append(b.net.params[foreign], param{name: name})
	return nil
}

// places are the variables of the neuron.
func (b *neuronBuilder) places(plan *snn.Plan) {
	add := func(to map[string]place, variables []snn.Variable) {
		for _, v := range variables {
			to[v.Name] = place{"n", v.Name}
		}
		for foreign, names := range stateNames {
			if _, ok := to[foreign]; ok {
				continue
			}
			for _, native := range names {
				if p, ok := to[native]; ok && p.variable == native {
					to[foreign] = p
				}
			}
		}
	}
	add(b.net.states, plan.States)
	add(b.net.gradients, plan.Gradients)
}

// surround adds the layers that bring a neuron its input and its own spikes.
func (b *neuronBuilder) surround(node *forward.Node) {
	has := func(foreign string) bool { return b.class.weights[foreign] != "" && b.c.Has("param."+foreign) }
	add := func(name string, from forward.Node) {
		from.Name, from.Layer, from.Join = name, snn.Linear{Out: b.n, NoBias: !(name == "rec" && has("bias"))}, forward.JoinSum
		b.spec.Layers = append(b.spec.Layers, from)
		node.Sources = append(node.Sources, forward.From(name))
	}
	if has("w_in") {
		add("in", forward.Node{Inputs: []string{"x"}})
		node.Inputs = nil
	}
	if !has("w_rec") && !has("V") && !(has("W") && b.class.weights["W"] == "rec.weight") {
		return
	}
	from := forward.Node{Sources: []forward.Source{forward.After(1, "n")}}
	for _, state := range []string{"s", "z"} {
		if b.c.Has("init." + state) {
			b.net.feedback = state
			b.spec.Inputs = append(b.spec.Inputs, forward.Input{Name: state, Shape: tensor.Shape{b.n}})
			from.Inputs = []string{state}
		}
	}
	// The recurrence comes before the neuron, and reads its last step.
	add("rec", from)
}

// build loads the weights: every tensor of a parameter must repeat what the
// metadata say of it.
func (b *neuronBuilder) build(p *vectors.Fields) (*neuronNetwork, error) {
	for _, foreign := range p.Keys() {
		if !b.c.Has("param." + foreign) {
			continue
		}
		t, err := b.c.Tensor("param." + foreign)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(t.Data, p.Numbers(foreign)) {
			return nil, fmt.Errorf("conform: %w: param.%s is not what the parameters say", vectors.ErrCase, foreign)
		}
		to, ok := b.class.weights[foreign]
		if !ok {
			continue
		}
		name, l := to, same
		switch to {
		case "rec.transposed":
			name, l, t = "rec.weight", transposed, transpose(t)
		case "rec.diagonal":
			name, l, t = "rec.weight", diagonal, spread(t, b.n)
		}
		b.weights[name] = t
		b.net.params[foreign] = []param{{name, l}}
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	g, err := forward.New(b.spec)
	if err != nil {
		return nil, err
	}
	b.net.model, err = g.Load(b.weights)
	return b.net, err
}

// foreign is our gradient of a parameter in the layout of the case.
func (n *neuronNetwork) foreign(name string, grads map[string]*tensor.Tensor, size int) ([]float32, error) {
	var list []float32
	for _, p := range n.params[name] {
		g := grads[p.name]
		switch {
		case g == nil:
			return nil, fmt.Errorf("there is no gradient of %s", p.name)
		case p.layout == transposed:
			list = append(list, transpose(g).Data...)
		case p.layout == diagonal: // one number a neuron, or their sum
			own := make([]float32, size)
			for i := range g.Shape[0] {
				own[i%size] += g.Data[i*g.Shape[0]+i]
			}
			list = append(list, own...)
		default:
			list = append(list, g.Data...)
		}
	}
	if list == nil && n.unused[name] {
		return make([]float32, size), nil
	}
	return list, nil
}

// spread is a weight a neuron as a matrix.
func spread(v *tensor.Tensor, n int) *tensor.Tensor {
	w := tensor.New(n, n)
	for i := range n {
		w.Data[i*n+i] = v.Data[i%len(v.Data)]
	}
	return w
}

func transpose(m *tensor.Tensor) *tensor.Tensor {
	rows, cols := m.Shape[0], m.Shape[1]
	t := tensor.New(cols, rows)
	for i := range rows {
		for j := range cols {
			t.Data[j*rows+i] = m.Data[i*cols+j]
		}
	}
	return t
}

// surrogateOf is the spike function that a case names, whose arguments repeat
// what its parameters say.
func (c class) surrogateOf(m, p *vectors.Fields) (surrogate.Func, error) {
	if c.surrogate == nil {
		if got := m.Text("surrogate"); got != "none" {
			return surrogate.Func{}, fmt.Errorf("conform: %w: the surrogate is %q for neurons that do not spike", vectors.ErrCase, got)
		}
		return surrogate.Func{}, nil
	}
	s := m.Object("surrogate")
	name := s.Text("name")
	if c.named != "" && p.Text(c.named) != name {
		return surrogate.Func{}, fmt.Errorf("conform: %w: the surrogate is %q, and %q in the parameters", vectors.ErrCase, name, p.Text(c.named))
	}
	args := map[string]float64{}
	for _, key := range s.Keys() {
		switch {
		case key == "name" || key == "derivative":
		case s.Peek(key) == "passed but ignored by this version":
			s.Skip(key)
		default:
			args[key] = s.Number(key)
			if from := c.arguments[key]; from == "" || p.Number(from) != args[key] {
				return surrogate.Func{}, fmt.Errorf("conform: %w: the surrogate's %s is %v, not that of the parameters", vectors.ErrCase, key, args[key])
			}
		}
	}
	if err := s.Err(); err != nil {
		return surrogate.Func{}, err
	}
	return c.surrogate(name, args)
}
