package golden

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Network builds a network case from its name, its tensors' sizes and the
// words of its architecture. Every layer with a record is an output; the
// readout is the main one.
func (c *Case) Network() (*Network, error) {
	b := &networkBuilder{c: c, weights: map[string]*tensor.Tensor{}, names: map[string]string{}}
	parts := strings.Split(strings.TrimPrefix(c.Name, "network."), ".")
	if len(parts) < 2 {
		return nil, fmt.Errorf("golden: %w: the name %q has no architecture and framework", ErrCase, c.Name)
	}
	if err := c.Meta("architecture", &b.words); err != nil {
		return nil, err
	}
	x, err := c.Tensor("x")
	if err != nil {
		return nil, err
	}
	if len(x.Shape) < 3 {
		return nil, fmt.Errorf("golden: %w: x is %v", ErrCase, x.Shape)
	}
	b.spec.Inputs = []forward.Input{{Name: "x", Shape: x.Shape[2:]}}
	if err := b.neurons(parts[1]); err != nil {
		return nil, err
	}
	if strings.Contains(b.words, "DELAYED") {
		b.spec.Rule = forward.Delayed
	}
	if strings.Contains(b.words, "Linear layers their bias") {
		b.initial = "bias"
	}
	architecture, ok := map[string]func(){"mlp": b.chain, "conv": b.conv, "graph": b.graph, "recurrent": b.recurrent}[parts[0]]
	if !ok {
		return nil, fmt.Errorf("golden: %w: there is no architecture %q", ErrCase, parts[0])
	}
	architecture()
	if b.err != nil {
		return nil, b.err
	}
	g, err := forward.New(b.spec)
	if err != nil {
		return nil, err
	}
	m, err := g.Load(b.weights)
	return &Network{m, b.names}, err
}

// Network is the network of a case.
type Network struct {
	Model *forward.Model
	// Params are the case's names of our parameters.
	Params map[string]string
}

type networkBuilder struct {
	names   map[string]string
	c       *Case
	words   string
	spec    forward.Spec
	weights map[string]*tensor.Tensor
	lif, li snn.Layer
	initial string // parameter of a Linear
	err     error
}

// neurons are the layers that a framework's words mean.
func (b *networkBuilder) neurons(framework string) error {
	types, ok := map[string][2]string{
		"snnax": {"snnax.SimpleLIF", "snnax.SimpleLI"}, "snntorch": {"snntorch.Leaky", "snntorch.Leaky"},
		"jaxpike": {"jaxpike.LIF", "jaxpike.LeakyIntegrator"}, "spikingjelly": {"spikingjelly.LIF", "spikingjelly.LI"},
	}[framework]
	if !ok {
		return fmt.Errorf("golden: %w: there is no framework %q", ErrCase, framework)
	}
	var p parameters
	if err := b.c.Meta("parameters", &p); err != nil {
		return err
	}
	readout := parameters{}
	for key, v := range p {
		if _, isReadouts := p[key+"_li"]; !isReadouts {
			readout[strings.TrimSuffix(key, "_li")] = v
		}
	}
	var err error
	if b.lif, err = b.c.layer(types[0], p.options(types[0])); err != nil {
		return err
	}
	if framework == "snntorch" { // Leaky that never resets, read at its membrane
		decay, _ := readout["beta"].(float64)
		b.li = snn.LI{Decay: value(float32(decay))}
		return nil
	}
	b.li, err = b.c.layer(types[1], readout.options(types[1]))
	return err
}

// weight returns the tensor of a parameter; the first that is missing fails
// the case.
func (b *networkBuilder) weight(param, name string) *tensor.Tensor {
	b.names[param] = name
	w, err := b.c.Tensor("param." + name)
	if err != nil {
		if b.err == nil {
			b.err = err
		}
		return tensor.New(1, 1)
	}
	return w
}

// add adds a layer, which is an output if the case records it.
func (b *networkBuilder) add(n forward.Node) {
	b.spec.Layers = append(b.spec.Layers, n)
	if b.c.Has("spikes."+n.Name) || b.c.Has(n.Name) {
		b.spec.Outputs = append(b.spec.Outputs, n.Name)
	}
}

func (b *networkBuilder) linear(name, weight, bias string, from forward.Node) {
	w := b.weight(name+".weight", weight)
	from.Name, from.Layer, from.Initial = name, snn.Linear{Out: w.Shape[0]}, b.initial
	b.weights[name+".weight"], b.weights[name+".bias"] = w, b.weight(name+".bias", bias)
	b.add(from)
}

// readout is the main output.
func (b *networkBuilder) readout(name string) {
	b.add(forward.Node{Name: name, Layer: b.li})
	b.spec.Outputs = append([]string{name}, b.spec.Outputs...)
}

// chain is Linear and LIF in turn, as many as there are weights.
func (b *networkBuilder) chain() {
	for i := 0; b.c.Has(fmt.Sprintf("param.W%d", i)); i++ {
		b.linear(fmt.Sprintf("linear%d", i), fmt.Sprintf("W%d", i), fmt.Sprintf("b%d", i), forward.Node{})
		if b.c.Has(fmt.Sprintf("param.W%d", i+1)) {
			b.add(forward.Node{Name: fmt.Sprintf("lif%d", i+1), Layer: b.lif})
		}
	}
	b.readout("li")
}

// conv is two convolutions with pools behind, and a Linear.
func (b *networkBuilder) conv() {
	convolution := func(name, weight, bias string, padding int) {
		w := b.weight(name+".weight", weight)
		if len(w.Shape) != 4 {
			b.err = fmt.Errorf("golden: %w: %s is %v", ErrCase, weight, w.Shape)
			return
		}
		b.weights[name+".weight"], b.weights[name+".bias"] = w, b.weight(name+".bias", bias)
		b.add(forward.Node{Name: name, Layer: snn.Conv2d{Out: w.Shape[0], Kernel: snn.Size{w.Shape[2], w.Shape[3]}, Padding: snn.Size{padding, padding}}})
	}
	two := snn.Size{2, 2}
	convolution("conv0", "C0", "c0", 1)
	b.add(forward.Node{Name: "lif1", Layer: b.lif})
	if strings.Contains(b.words, "sum pool") {
		b.add(forward.Node{Name: "pool1", Layer: snn.SumPool2d{Kernel: two}})
	} else {
		b.add(forward.Node{Name: "pool1", Layer: snn.AvgPool2d{Kernel: two}})
	}
	convolution("conv1", "C1", "c1", 0)
	b.add(forward.Node{Name: "lif2", Layer: b.lif})
	pool := snn.MaxPool2d{Kernel: two}
	if strings.Contains(b.words, "SpikingMaxPool2d") {
		pool.Surrogate = b.c.surrogate("snnax")
	}
	b.add(forward.Node{Name: "pool2", Layer: pool})
	b.add(forward.Node{Name: "flatten", Layer: snn.Flatten{}})
	b.linear("linear2", "W2", "b2", forward.Node{})
	b.readout("li")
}

// graph has a skip from the input, and a sum of two linear layers.
func (b *networkBuilder) graph() {
	from := func(names ...string) forward.Node {
		var n forward.Node
		for _, name := range names {
			n.Sources = append(n.Sources, forward.From(name))
		}
		return n
	}
	b.linear("lin0", "W0", "b0", forward.Node{Inputs: []string{"x"}})
	b.add(forward.Node{Name: "lif1", Layer: b.lif})
	concat := from("lif1")
	concat.Inputs = []string{"x"}
	b.linear("lin2", "W2", "b2", concat)
	b.add(forward.Node{Name: "lif3", Layer: b.lif})
	b.linear("lin4a", "W4a", "b4a", from("lif3"))
	b.linear("lin4b", "W4b", "b4b", from("lif1"))
	sum := from("lin4a", "lin4b")
	sum.Name, sum.Layer, sum.Join = "lif5", b.lif, forward.Sum
	b.add(sum)
	b.linear("lin6", "W6", "b6", from("lif5"))
	b.readout("li7")
}

// recurrent is one layer that reads its own last spikes.
func (b *networkBuilder) recurrent() {
	b.linear("linear0", "W0", "b0", forward.Node{Inputs: []string{"x"}})
	own := forward.Node{Sources: []forward.Source{forward.After(1, "lif")}}
	if b.c.Has("param.Wrec") {
		w := b.weight("rec.weight", "Wrec")
		own.Name, own.Layer = "rec", snn.Linear{Out: w.Shape[0], NoBias: true}
		b.weights["rec.weight"] = w
		b.add(own)
	} else {
		b.linear("rec", "W", "bias", own)
	}
	b.add(forward.Node{Name: "lif", Layer: b.lif, Sources: []forward.Source{forward.From("linear0"), forward.From("rec")}, Join: forward.Sum})
	b.linear("linear1", "W1", "b1", forward.Node{})
	b.readout("li")
}
