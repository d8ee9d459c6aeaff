package conform

import (
	"fmt"
	"strconv"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// The words of graphs.
var (
	graphRules  = map[string]forward.Rule{"default": forward.RuleDefault, "delayed": forward.RuleDelayed, "custom": forward.RuleDefault}
	graphJoins  = map[string]forward.Join{"concat": forward.JoinConcat, "sum": forward.JoinSum}
	graphResets = map[string]snn.Reset{"subtract": snn.ResetSubtract, "zero": snn.ResetToZero, "none": snn.ResetNone}
)

// named is the value of a word.
func named[T any](f *vectors.Fields, name string, values map[string]T) T {
	v, ok := values[f.Text(name)]
	if !ok {
		f.Fail(name, "there is no %q", f.Text(name))
	}
	return v
}

// Graph builds the model of a graph case, its layers named "0", "1", ..., all
// of them outputs, and its inputs.
func Graph(c *vectors.Case) (*forward.Model, []tensor.Signal, error) {
	b := &graphBuilder{c: c, weights: map[string]*tensor.Tensor{}}
	graph := c.Meta.Object("graph")
	b.custom = graph.Text("rule") == "custom"
	b.spec.Rule = named(graph, "rule", graphRules)
	s := c.Meta.Object("surrogate")
	var err error
	if b.surrogate, err = superspike(s.Text("name"), map[string]float64{"beta": s.Number("beta")}); err != nil {
		return nil, nil, err
	}
	var inputs []tensor.Signal
	for _, in := range graph.Objects("inputs") {
		spec := forward.Input{Name: in.Text("name"), Shape: tensor.Shape{in.Int("size")}}
		b.spec.Inputs = append(b.spec.Inputs, spec)
		x, err := c.Tensor(spec.Name)
		if err != nil {
			return nil, nil, err
		}
		inputs = append(inputs, x)
	}
	for i, l := range graph.Objects("layers") {
		b.layer(i, l)
	}
	if back := c.Meta.Int("back_edges"); back != b.back {
		c.Meta.Fail("back_edges", "there are %d, not %d", b.back, back)
	}
	if err := c.Meta.Err(); err != nil {
		return nil, nil, err
	}
	g, err := forward.New(b.spec)
	if err != nil {
		return nil, nil, err
	}
	m, err := g.Load(b.weights)
	return m, inputs, err
}

type graphBuilder struct {
	c         *vectors.Case
	spec      forward.Spec
	custom    bool // the delays are as listed, and else follow from the rule
	surrogate surrogate.Func
	weights   map[string]*tensor.Tensor
	back      int // edges from the same or a later layer
}

// layer adds a layer.
func (b *graphBuilder) layer(i int, l *vectors.Fields) {
	n := forward.Node{Name: strconv.Itoa(i), Inputs: l.Texts("inputs"), Join: named(l, "join", graphJoins)}
	sources, delays := l.Ints("sources"), l.Ints("delays")
	if len(sources)+len(n.Inputs) == 0 {
		l.Fail("sources", "the layer reads nothing")
	}
	if len(sources) != len(delays) {
		l.Fail("delays", "there are %d for %d sources", len(delays), len(sources))
		return
	}
	for k, s := range sources {
		if s >= i {
			b.back++
		}
		e := forward.From(strconv.Itoa(s))
		switch rule := b.delay(i, s); {
		case b.custom:
			e = forward.After(delays[k], e.Layer)
		case delays[k] != rule:
			l.Fail("delays", "that of layer %d is %d, by the rule %d", s, delays[k], rule)
		}
		n.Sources = append(n.Sources, e)
	}
	n.Layer = b.typed(i, l)
	b.spec.Layers = append(b.spec.Layers, n)
	b.spec.Outputs = append(b.spec.Outputs, n.Name)
}

// delay is that of an edge by the rule.
func (b *graphBuilder) delay(to, from int) int {
	if b.spec.Rule == forward.RuleDelayed || from >= to {
		return 1
	}
	return 0
}

// typed is the layer itself.
func (b *graphBuilder) typed(i int, l *vectors.Fields) snn.Layer {
	value := func(name string) snn.Value { return snn.Num(float32(l.Number(name))) }
	if t := b.c.Shape(fmt.Sprintf("out.%d", i)); len(t) != 3 || t[2] != l.Int("size") {
		l.Fail("size", "the layer's output is %v", t)
	}
	switch typ := l.Text("type"); typ {
	case "Linear":
		for _, p := range []string{"weight", "bias"} {
			w, err := b.c.Tensor(fmt.Sprintf("param.%d.%s", i, p))
			if err != nil {
				l.Fail("type", "%v", err)
			}
			b.weights[fmt.Sprintf("%d.%s", i, p)] = w
		}
		return snn.Linear{Out: l.Int("size")}
	case "LI":
		return snn.LI{Decay: value("decay"), Gain: value("gain")}
	case "LIF":
		return snn.LIF{
			Decay: value("decay"), Gain: value("gain"), Threshold: value("threshold"), Reset: named(l, "reset", graphResets),
			Surrogate: b.surrogate, Detach: snn.DetachResetTerm.When(l.Flag("detach_reset")),
		}
	default:
		l.Fail("type", "there is no %q", typ)
		return snn.Identity{}
	}
}
