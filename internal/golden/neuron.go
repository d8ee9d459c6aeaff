package golden

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/snnax"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Neuron is the network of a neuron case: the layer "n", with what stands
// around it where the neuron is recurrent.
type Neuron struct {
	Model *forward.Model
	// States says where the states of the case are: "" for the output itself.
	States map[string]Place
	// Gradients says where, in what a layer carries back, those of the states
	// are.
	Gradients map[string]Place
	// Params are the case's names of our parameters.
	Params map[string]string
	// Feedback is the state that the recurrence delivers before the first step,
	// or "".
	Feedback   string
	transposed bool // of the recurrent weights
}

// Place is a variable of a layer: numbers from First on, N of them.
type Place struct {
	Layer    string
	First, N int
}

// stateNames are the framework's names of our variables.
var stateNames = map[string]string{
	"current": "i", "sigma": "i", "error": "e", "delta": "m", "feedback": "fb",
}

// adaptation are the framework's names of the variable a.
var adaptation = []string{"a", "b", "T"}

// Neuron builds the network of a neuron case from its name and parameters.
func (c *Case) Neuron() (*Neuron, error) {
	var p parameters
	if err := c.Meta("parameters", &p); err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(strings.TrimPrefix(c.Name, "neuron."), "equation.")
	parts := strings.Split(name, ".")
	if len(parts) < 2 {
		return nil, fmt.Errorf("golden: %w: the name %q has no class", ErrCase, c.Name)
	}
	x, err := c.Tensor("x")
	if err != nil {
		return nil, err
	}
	if len(x.Shape) != 3 {
		return nil, fmt.Errorf("golden: %w: x is %v", ErrCase, x.Shape)
	}
	b := &neuronBuilder{c: c, n: x.Shape[2], weights: map[string]*tensor.Tensor{}, states: map[string]Place{}, gradients: map[string]Place{}, params: map[string]string{}}
	b.spec.Inputs = []forward.Input{{Name: "x", Shape: tensor.Shape{b.n}}}
	typ := parts[0] + "." + parts[1]
	if typ == "snnax.SRM" {
		return b.spikeResponse(p, len(parts) > 2 && parts[2] == "as_written")
	}
	options := p.options(typ)
	if strings.HasSuffix(typ, "LIF") || typ == "norse.LSNN" {
		options["detach"] = len(parts) > 2 && parts[2] == "recurrent"
	}
	if typ == "snntorch.RLeaky" {
		typ, options["whole_reset"] = "snntorch.Leaky", true
	}
	if typ == "snntorch.RSynaptic" {
		typ = "snntorch.Synaptic"
	}
	l, err := c.layer(typ, options)
	if err != nil {
		return nil, err
	}
	return b.neuron(typ, l)
}

type neuronBuilder struct {
	c       *Case
	n       int
	spec    forward.Spec
	weights map[string]*tensor.Tensor
	states  map[string]Place

	gradients map[string]Place
	params    map[string]string
}

// neuron adds the neuron, and linear layers around it where there are weights.
func (b *neuronBuilder) neuron(typ string, l snn.Layer) (*Neuron, error) {
	plan, err := l.Build(tensor.Shape{b.n})
	if err != nil {
		return nil, err
	}
	own, err := b.c.weights(typ, plan)
	if err != nil {
		return nil, err
	}
	for name, w := range own {
		b.weights["n."+name] = w
	}
	for _, p := range plan.Params {
		b.params["n."+p.Name] = p.Name
	}
	b.places(b.states, plan.States)
	b.places(b.gradients, plan.Gradients)
	node := forward.Node{Name: "n", Layer: l, Inputs: []string{"x"}, Join: forward.Sum}
	feedback, err := b.surround(&node)
	if err != nil {
		return nil, err
	}
	b.spec.Layers = append(b.spec.Layers, node)
	b.spec.Outputs = []string{"n"}
	return b.build(feedback)
}

// places are the variables of the neuron by the framework's names.
func (b *neuronBuilder) places(of map[string]Place, variables []string) {
	for i, s := range variables {
		place := Place{"n", i * b.n, b.n}
		if theirs, ok := stateNames[s]; ok {
			s = theirs
		}
		of[s] = place
		if s == "a" {
			for _, theirs := range adaptation {
				of[theirs] = place
			}
		}
	}
}

// surround adds the layers that bring a neuron its input and its own spikes.
func (b *neuronBuilder) surround(node *forward.Node) (feedback string, err error) {
	add := func(name string, weight *tensor.Tensor, from forward.Node) {
		from.Name, from.Layer = name, snn.Linear{Out: b.n, NoBias: b.weights[name+".bias"] == nil}
		b.spec.Layers = append(b.spec.Layers, from)
		b.weights[name+".weight"] = weight
		node.Sources = append(node.Sources, forward.From(name))
	}
	if b.c.Has("param.w_in") {
		w, err := b.c.Tensor("param.w_in")
		if err != nil {
			return "", err
		}
		add("in", w, forward.Node{Inputs: []string{"x"}})
		b.params["in.weight"] = "w_in"
		node.Inputs = nil
	}
	for _, name := range []string{"w_rec", "W", "V"} {
		if !b.c.Has("param." + name) {
			continue
		}
		w, err := b.c.Tensor("param." + name)
		if err != nil {
			return "", err
		}
		switch {
		case name == "V":
			w = b.diagonal(w)
		case strings.Contains(b.c.Name, "rockpool"):
			w = transposed(w)
		}
		if name == "W" && b.c.Has("param.bias") {
			if b.weights["rec.bias"], err = b.c.Tensor("param.bias"); err != nil {
				return "", err
			}
		}
		b.params["rec.weight"], b.params["rec.bias"] = name, "bias"
		add("rec", w, forward.Node{Sources: []forward.Source{forward.After(1, "n")}})
		// The recurrence comes before the neuron, and reads its last step.
		feedback = "s"
		if b.c.Has("init.z") {
			feedback = "z"
		}
	}
	return feedback, nil
}

// diagonal is a weight a neuron as a matrix.
func (b *neuronBuilder) diagonal(v *tensor.Tensor) *tensor.Tensor {
	w := tensor.New(b.n, b.n)
	for i := range b.n {
		w.Data[i*b.n+i] = v.Data[i%len(v.Data)]
	}
	return w
}

// Theirs is a gradient of ours in the layout of the case: of a diagonal, one
// number a neuron, or their sum.
func (n *Neuron) Theirs(name string, g *tensor.Tensor, shape tensor.Shape) []float32 {
	switch {
	case name != "rec.weight":
		return g.Data
	case n.transposed:
		return transposed(g).Data
	case n.Params[name] == "V":
		own := make([]float32, shape.Size())
		for i := range g.Shape[0] {
			own[i%len(own)] += g.Data[i*g.Shape[0]+i]
		}
		return own
	}
	return g.Data
}

func transposed(m *tensor.Tensor) *tensor.Tensor {
	rows, cols := m.Shape[0], m.Shape[1]
	t := tensor.New(cols, rows)
	for i := range rows {
		for j := range cols {
			t.Data[j*rows+i] = m.Data[i*cols+j]
		}
	}
	return t
}

// spikeResponse adds SNNAX's SRM.
func (b *neuronBuilder) spikeResponse(p parameters, asWritten bool) (*Neuron, error) {
	number := func(v any) snn.Value {
		f, _ := first(v).(float64)
		return value(float32(f))
	}
	decays, ok := p["decay_constants"].([]any)
	if !ok || len(decays) != 2 {
		return nil, fmt.Errorf("golden: %w: decay_constants are %v", ErrCase, p["decay_constants"])
	}
	srm := snnax.SRM{
		Out: b.n, Decays: [2]snn.Value{number(decays[0]), number(decays[1])}, ResponseDecay: number(p["r_decay_constants"]),
		ResetVal: number(p["reset_val"]), Threshold: number(p["threshold"]), AsWritten: asWritten,
	}
	layers := srm.Compound()
	b.spec.Layers = []forward.Node{{Name: "n", Layer: layers}}
	var err error
	for param, theirs := range map[string]string{"weight": "W", "bias": "bias"} {
		b.params["n.2."+param] = theirs
		if b.weights["n.2."+param], err = b.c.Tensor("param." + theirs); err != nil {
			return nil, err
		}
	}
	b.states["p"], b.states["q"] = Place{"n.0", 0, b.n}, Place{"n.1", 0, b.n}
	b.gradients["p"], b.gradients["q"] = b.states["p"], b.states["q"]
	plan, err := layers[len(layers)-1].Build(tensor.Shape{b.n})
	if err != nil {
		return nil, err
	}
	for i, s := range plan.States {
		b.states[s] = Place{"n", i * b.n, b.n}
	}
	return b.build("")
}

func (b *neuronBuilder) build(feedback string) (*Neuron, error) {
	g, err := forward.New(b.spec)
	if err != nil {
		return nil, err
	}
	m, err := g.Load(b.weights)
	if err != nil {
		return nil, err
	}
	return &Neuron{m, b.states, b.gradients, b.params, feedback, strings.Contains(b.c.Name, "rockpool")}, nil
}
