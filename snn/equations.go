package snn

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// Equations is a neuron of one's own: its equations, in the language of package
// [equation]. This is a leaky integrate-and-fire neuron:
//
//	Equations{
//		Text: `v1 = decay*v + gain*x
//		       spike = fires(v1, threshold)
//		       v = v1 - spike*threshold`,
//		Params: map[string]Parameter{"decay": {Default: 0.9, Min: snn.Zero, Max: 1}, "gain": {Default: 1}, "threshold": {Default: 1}},
//	}
//
// The layer has all that the neurons of this package have: kernels on every
// target, a backward pass that is derived from the text, training of its
// parameters, model files. It runs as vector operations over blocks of neurons
// that stay in a first-level cache, each rounded once, so that the bits are the
// same everywhere. There must be no more than one test of a spike.
//
// With several Inputs, that of the layer is theirs, one after another along its
// first dimension. The output is what the first of Outputs holds: spikes, if it
// is a truth value, else numbers; with several Outputs it is their numbers, one
// after another along the first dimension, a truth value 1 or 0.
//
// Its states are those of the text. An error in the text is an
// [equation.Error] that says where.
type Equations struct {
	Text string `json:"text"`
	// Inputs are the names of what arrives; default x.
	Inputs []string `json:"inputs,omitzero"`
	// Outputs are the names of what is sent; default spike.
	Outputs []string `json:"outputs,omitzero"`
	// States are what the states start at. If there are any, all must be listed:
	// a name that is used before it is set and is not among them is an error.
	// Without, every such name is a state, and starts at 0.
	States map[string]float32 `json:"states,omitzero"`
	// Params are the names that stay as they are from step to step.
	Params    map[string]Parameter `json:"params,omitzero"`
	Surrogate surrogate.Func       `json:"surrogate,omitzero"` // default DefaultSurrogate
}

// Parameter is a parameter of [Equations].
type Parameter struct {
	Default float32 `json:"default"`
	// Min and Max bound it, now, when weights are loaded and while it is trained;
	// by default it is any finite number.
	Min Value `json:"min,omitzero"`
	Max Value `json:"max,omitzero"`
	Per Per   `json:"per,omitzero"`
}

// Per is what a parameter of [Equations] has a number for.
type Per uint8

// The choices. Loaded weights may have any of the three shapes.
const (
	PerLayer   Per = iota // one number, [1]
	PerChannel            // one a channel, the first dimension
	PerNeuron             // one a neuron
)

var perNames = names[Per]{"per", []string{"layer", "channel", "neuron"}}

// String is the name in model files.
func (p Per) String() string { return perNames.of(p) }

// MarshalText writes the name.
func (p Per) MarshalText() ([]byte, error) { return perNames.marshal(p) }

// UnmarshalText reads the name.
func (p *Per) UnmarshalText(text []byte) (err error) {
	*p, err = perNames.unmarshal(text)
	return err
}

// Type returns "Equations".
func (Equations) Type() string { return "Equations" }

// Build reads the text. The first dimension of the input must be a multiple of
// the number of Inputs.
func (e Equations) Build(in tensor.Shape) (*Plan, error) {
	inputs, outputs := e.Inputs, e.Outputs
	if len(inputs) == 0 {
		inputs = []string{"x"}
	}
	if len(outputs) == 0 {
		outputs = []string{"spike"}
	}
	if len(in) == 0 || in[0]%len(inputs) != 0 {
		return nil, fmt.Errorf("%w: an input of %v is not that of %d inputs, %s, one after another", tensor.ErrShape, in, len(inputs), strings.Join(inputs, ", "))
	}
	own := append(tensor.Shape{in[0] / len(inputs)}, in[1:]...)
	k, err := e.kernel(inputs, outputs)
	if err != nil {
		return nil, err
	}
	n := newNeuron(own)
	n.spikes(e.Surrogate, DetachNone)
	if !k.fires {
		n.surrogate = surrogate.Func{}
		if !e.Surrogate.IsZero() {
			n.fail(fmt.Errorf("%w: a Surrogate, and no test of a spike", ErrOption))
		}
	}
	n.names = slices.Sorted(maps.Keys(e.Params))
	for i, name := range n.names {
		e.Params[name].add(n, name, firstOwn+param(i))
	}
	for name, start := range e.States {
		n.fail(checkEach("States: "+name, []float32{start}, -unbounded, unbounded))
		n.starts[name] = start
	}
	p, err := n.plan(k)
	if err != nil {
		return nil, err
	}
	p.Neurons = own
	p.Out = append(tensor.Shape{own[0] * len(outputs)}, own[1:]...)
	return p, nil
}

// firstOwn is the first of the parameters that a text has beside those of this
// package's kernels, which may be there twice.
const firstOwn = 2 * paramCount

// add adds a parameter to a neuron.
func (p Parameter) add(n *neuron, name string, to param) {
	n.fail(perNames.check(p.Per))
	n.param(name, p.Default, p.Min.Or(-unbounded), p.Max.Or(unbounded), to)
	added := &n.params[len(n.params)-1]
	scalar, channel, neuron := tensor.Shape{1}, n.in[:1], n.in
	added.Shape = []tensor.Shape{scalar, channel, neuron}[min(p.Per, PerNeuron)]
	added.Or = []tensor.Shape{scalar, channel, neuron}
}

// kernel reads the text.
func (e Equations) kernel(inputs, outputs []string) (*kernel, error) {
	d := equation.Declaration{Inputs: inputs, Outputs: outputs, Params: slices.Sorted(maps.Keys(e.Params))}
	if d.Params == nil {
		d.Params = []string{}
	}
	if len(e.States) > 0 {
		d.States = slices.Sorted(maps.Keys(e.States))
	}
	description, err := equation.Parse("equations", e.Text, d)
	if err != nil {
		return nil, fmt.Errorf("%w: Text: %w", ErrOption, err)
	}
	k, err := kernelOf(description, d)
	if err != nil {
		return nil, err
	}
	k.text = e.Text
	return k, nil
}

// kernelOf is the kernel of a description.
func kernelOf(description *equation.Kernel, d equation.Declaration) (*kernel, error) {
	own := map[string]param{equation.ResetGradScale: paramResetGradScale, equation.StraightThrough: paramStraightThrough, equation.ThresholdGradScale: paramThresholdGradScale}
	for i, name := range d.Params {
		own[name] = firstOwn + param(i)
	}
	description.Watched = []string{}
	for _, a := range description.Args() {
		if a.Kind == equation.ArgState {
			description.Watched = append(description.Watched, a.Name)
		}
	}
	back := description.Backward()
	k := &kernel{name: description.Name, description: description, traces: description.Traces()}
	for _, a := range description.Args() {
		switch a.Kind {
		case equation.ArgState:
			k.states = append(k.states, a.Name)
		case equation.ArgParam:
			k.params = append(k.params, own[a.Name])
		case equation.ArgInput:
			k.inputs = append(k.inputs, slices.Index(d.Inputs, a.Name))
		}
	}
	var err error
	if k.outputs, err = outputOrder(description, d.Outputs); err != nil {
		return nil, err
	}
	for _, a := range back.Args() {
		switch a.Kind {
		case equation.ArgState:
			k.gradients = append(k.gradients, strings.TrimPrefix(a.Name, equation.GradientOf("")))
		case equation.ArgParam:
			k.backParams = append(k.backParams, own[a.Name])
		case equation.ArgSum:
			k.sums = append(k.sums, own[strings.TrimPrefix(a.Name, equation.GradientOf(""))])
		}
	}
	k.fires = slices.ContainsFunc(description.Recording().Args(), func(a equation.Arg) bool { return a.Kind == equation.ArgDistance })
	p := description.Program()
	for _, e := range p.Effects {
		sent := e.Arg.Kind == equation.ArgBitsOut || e.Arg.Kind == equation.ArgOutput && p.Values[e.Value].Tested != nil
		k.spiking = k.spiking || sent && len(k.outputs) == 1
	}
	k.dense = len(k.outputs) > 1 || !slices.ContainsFunc(description.Args(), func(a equation.Arg) bool { return a.Kind == equation.ArgBitsOut })
	return k, nil
}

// outputOrder says which of some names each output of a description is.
func outputOrder(description *equation.Kernel, names []string) ([]int, error) {
	var order []int
	for _, name := range description.Outputs() {
		i := slices.Index(names, strings.TrimSuffix(name, equation.SentOf("")))
		if i < 0 {
			return nil, fmt.Errorf("%w: the output %q has no place", ErrOption, name)
		}
		order = append(order, i)
	}
	return order, nil
}
