package conform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// caseNetwork is the network of a case. Every layer with a record is an output;
// the readout is the main one.
type caseNetwork struct {
	model *forward.Model
	// params are the case's names of our parameters.
	params map[string]string
}

// phrases are the parts of an architecture that say how it is run.
var phrases = map[string]func(b *networkBuilder){
	"all states start at zero":                          nil,
	"every layer uses the output of the same time step": nil,
	"every layer uses the output of the same time step (what the documentation of default_forward_fn promises)": nil,
	"same time step":                         nil,
	"convolution is cross-correlation, NCHW": nil,
	"gradients flow through s_prev":          nil,
	"all initial outputs are zero":           nil,
	"nodes are lin0, lif1, lin2, lif3, sum4 (both products and the sum are one node), lif5, lin6, li7":                                              nil,
	"DELAYED semantics: every edge (including Linear -> LIF) reads the source's output of the previous step, external input is of the current step": func(b *networkBuilder) { b.spec.Rule = forward.RuleDelayed },
	"initial outputs: spikes zero, Linear layers their bias (what init_state of SNNAX gives)":                                                       func(b *networkBuilder) { b.initial = "bias" },
}

// architectures are the rest of an architecture, but for chains.
var architectures = map[string]func(b *networkBuilder){
	"lin0 = W0 x + b0; lif1 = LIF(lin0); lin2 = W2 concat[lif1, x] + b2; lif3 = LIF(lin2); sum4 = (W4a lif3 + b4a) + (W4b lif1 + b4b); lif5 = LIF(sum4); lin6 = W6 lif5 + b6; li7 = LI(lin6)": (*networkBuilder).graph,
	"lif: x_lif = W0 x + b0 + Wrec s_prev (s_prev: spikes of the previous step, zero at first); li = LI(W1 s + b1)":                                                                           func(b *networkBuilder) { b.recurrent("Wrec", "") },
	"h = W0 x + b0; lif: input h + W s_prev + bias; li = LI(W1 s + b1)":                                                                                                                       func(b *networkBuilder) { b.recurrent("W", "bias") },
	"conv2d(C0,c0, stride 1, padding 1) - lif1 - sum pool 2x2 stride 2 - conv2d(C1,c1, stride 1, no padding) - lif2 - max pool 2x2 stride 2 (floor) - flatten (c,h,w) - Linear(W2,b2) - LI": func(b *networkBuilder) {
		b.conv(snn.SumPool2d{Kernel: two}, snn.MaxPool2d{Kernel: two})
	},
	"conv2d(C0,c0, stride 1, padding 1) - lif1 - avg pool 2x2 stride 2 - conv2d(C1,c1, stride 1, no padding) - lif2 - max pool 2x2 stride 2 (floor) - flatten (c,h,w) - Linear(W2,b2) - LI": func(b *networkBuilder) {
		b.conv(snn.AvgPool2d{Kernel: two}, snn.MaxPool2d{Kernel: two})
	},
	"conv2d(C0,c0, stride 1, padding 1) - lif1 - average pool 2x2 stride 2 - conv2d(C1,c1, no padding) - lif2 - SpikingMaxPool2d 2x2 stride 2: H(max(window) - 0.5) with the same surrogate - flatten (c,h,w) - Linear(W2,b2) - LI": func(b *networkBuilder) {
		b.conv(snn.AvgPool2d{Kernel: two}, snn.MaxPool2d{Kernel: two, Surrogate: b.surrogate})
	},
}

var two = snn.Size{2, 2}

// buildNetwork builds a network case from its architecture, its parameters and
// the sizes of its tensors.
func buildNetwork(c *vectors.Case) (*caseNetwork, error) {
	b := &networkBuilder{c: c, weights: map[string]*tensor.Tensor{}, names: map[string]string{}}
	x, err := c.Tensor("x")
	if err != nil {
		return nil, err
	}
	if len(x.Shape) < 3 {
		return nil, fmt.Errorf("conform: %w: x is %v", vectors.ErrCase, x.Shape)
	}
	b.spec.Inputs = []forward.Input{{Name: "x", Shape: x.Shape[2:]}}
	architecture, err := b.architecture()
	if err != nil {
		return nil, err
	}
	if b.networkNeurons, err = neuronsOf(c); err != nil {
		return nil, err
	}
	if architecture(b); b.err != nil {
		return nil, b.err
	}
	if sizes := c.Meta.Ints("sizes"); !slices.Equal(sizes, append(slices.Clone([]int(x.Shape[2:])), b.sizes...)) {
		return nil, fmt.Errorf("conform: %w: the sizes are %v, there is an input %v and layers of %v", vectors.ErrCase, sizes, x.Shape[2:], b.sizes)
	}
	g, err := forward.New(b.spec)
	if err != nil {
		return nil, err
	}
	m, err := g.Load(b.weights)
	return &caseNetwork{m, b.names}, err
}

type networkBuilder struct {
	networkNeurons
	names   map[string]string
	c       *vectors.Case
	spec    forward.Spec
	weights map[string]*tensor.Tensor
	sizes   []int  // of the layers
	initial string // parameter of a Linear
	err     error
}

// architecture is what builds the network, of the case's words.
func (b *networkBuilder) architecture() (func(b *networkBuilder), error) {
	var rest []string
	for phrase := range strings.SplitSeq(b.c.Meta.Text("architecture"), "; ") {
		effect, known := phrases[phrase]
		switch {
		case !known:
			rest = append(rest, phrase)
		case effect != nil:
			effect(b)
		}
	}
	text := strings.Join(rest, "; ")
	if text == b.chainText() {
		return (*networkBuilder).chain, nil
	}
	if a, ok := architectures[text]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("conform: %w: there is no architecture %q", vectors.ErrCase, text)
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
	b.weights[param] = w
	return w
}

// add adds a layer, which is an output if the case records it.
func (b *networkBuilder) add(n forward.Node) {
	b.spec.Layers = append(b.spec.Layers, n)
	if b.c.Has("spikes."+n.Name) || b.c.Has(n.Name) {
		b.spec.Outputs = append(b.spec.Outputs, n.Name)
	}
}

// linear adds a linear layer, and its size to those of the case.
func (b *networkBuilder) linear(name, weight, bias string, from forward.Node) {
	b.sizes = append(b.sizes, b.product(name, weight, bias, from))
}

func (b *networkBuilder) product(name, weight, bias string, from forward.Node) int {
	w := b.weight(name+".weight", weight)
	from.Name, from.Layer, from.Initial = name, snn.Linear{Out: w.Shape[0], NoBias: bias == ""}, b.initial
	if bias != "" {
		b.weight(name+".bias", bias)
	}
	b.add(from)
	return w.Shape[0]
}

// readout is the main output.
func (b *networkBuilder) readout(name string) {
	b.add(forward.Node{Name: name, Layer: b.li})
	b.spec.Outputs = append([]string{name}, b.spec.Outputs...)
}

// depth is how many weights a chain has.
func (b *networkBuilder) depth() int {
	n := 0
	for b.c.Has(fmt.Sprintf("param.W%d", n)) {
		n++
	}
	return n
}

// chainText is the architecture of a chain.
func (b *networkBuilder) chainText() string {
	var list []string
	for i := range b.depth() {
		list = append(list, fmt.Sprintf("Linear(W%d,b%d)", i, i))
		if i < b.depth()-1 {
			list = append(list, fmt.Sprintf("LIF(lif%d)", i+1))
		}
	}
	return strings.Join(append(list, "LI(li)"), " - ")
}

// chain is Linear and LIF in turn, as many as there are weights.
func (b *networkBuilder) chain() {
	for i := range b.depth() {
		b.linear(fmt.Sprintf("linear%d", i), fmt.Sprintf("W%d", i), fmt.Sprintf("b%d", i), forward.Node{})
		if i < b.depth()-1 {
			b.add(forward.Node{Name: fmt.Sprintf("lif%d", i+1), Layer: b.lif})
		}
	}
	b.readout("li")
}

// conv is two convolutions with pools behind, and a Linear.
func (b *networkBuilder) conv(pool1, pool2 snn.Layer) {
	convolution := func(name, weight, bias string, padding int) {
		w := b.weight(name+".weight", weight)
		if len(w.Shape) != 4 {
			b.err = fmt.Errorf("conform: %w: %s is %v", vectors.ErrCase, weight, w.Shape)
			return
		}
		b.weight(name+".bias", bias)
		b.add(forward.Node{Name: name, Layer: snn.Conv2d{Out: w.Shape[0], Kernel: snn.Size{w.Shape[2], w.Shape[3]}, Padding: snn.Size{padding, padding}}})
	}
	convolution("conv0", "C0", "c0", 1)
	b.add(forward.Node{Name: "lif1", Layer: b.lif})
	b.add(forward.Node{Name: "pool1", Layer: pool1})
	convolution("conv1", "C1", "c1", 0)
	b.add(forward.Node{Name: "lif2", Layer: b.lif})
	b.add(forward.Node{Name: "pool2", Layer: pool2})
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
	b.product("lin4b", "W4b", "b4b", from("lif1"))
	sum := from("lin4a", "lin4b")
	sum.Name, sum.Layer, sum.Join = "lif5", b.lif, forward.JoinSum
	b.add(sum)
	b.linear("lin6", "W6", "b6", from("lif5"))
	b.readout("li7")
}

// recurrent is one layer that reads its own last spikes.
func (b *networkBuilder) recurrent(weight, bias string) {
	b.linear("linear0", "W0", "b0", forward.Node{Inputs: []string{"x"}})
	b.product("rec", weight, bias, forward.Node{Sources: []forward.Source{forward.After(1, "lif")}})
	b.add(forward.Node{Name: "lif", Layer: b.lif, Sources: []forward.Source{forward.From("linear0"), forward.From("rec")}, Join: forward.JoinSum})
	b.linear("linear1", "W1", "b1", forward.Node{})
	b.readout("li")
}
