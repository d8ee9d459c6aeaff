package golden

import (
	"fmt"
	"strconv"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// graphMeta is the description of a graph case.
type graphMeta struct {
	Rule   string
	Inputs []struct {
		Name string
		Size int
	}
	Layers []struct {
		Type            string
		Size            int
		Sources, Delays []int
		Inputs          []string
		Join            string
		Decay, Gain     float32
		Threshold       float32
		Reset           string
		DetachReset     bool `json:"detach_reset"`
	}
}

// Graph builds the model of a graph case, its layers named "0", "1", ..., all
// of them outputs, and its inputs.
func (c *Case) Graph() (*forward.Model, []tensor.Signal, error) {
	var meta graphMeta
	if err := c.Meta("graph", &meta); err != nil {
		return nil, nil, err
	}
	var sur struct{ Beta float32 }
	if err := c.Meta("surrogate", &sur); err != nil {
		return nil, nil, err
	}
	spec, weights := forward.Spec{}, map[string]*tensor.Tensor{}
	var inputs []tensor.Signal
	for _, in := range meta.Inputs {
		spec.Inputs = append(spec.Inputs, forward.Input{Name: in.Name, Shape: tensor.Shape{in.Size}})
		x, err := c.Tensor(in.Name)
		if err != nil {
			return nil, nil, err
		}
		inputs = append(inputs, x)
	}
	if meta.Rule == "delayed" {
		spec.Rule = forward.Delayed
	}
	for i, l := range meta.Layers {
		n := forward.Node{Name: strconv.Itoa(i), Inputs: l.Inputs}
		if l.Join == "sum" {
			n.Join = forward.Sum
		}
		for k, s := range l.Sources {
			e := forward.From(strconv.Itoa(s))
			if meta.Rule == "custom" {
				e = forward.After(l.Delays[k], e.Layer)
			}
			n.Sources = append(n.Sources, e)
		}
		switch l.Type {
		case "Linear":
			n.Layer = snn.Linear{Out: l.Size}
			for _, p := range []string{"weight", "bias"} {
				w, err := c.Tensor(fmt.Sprintf("param.%d.%s", i, p))
				if err != nil {
					return nil, nil, err
				}
				weights[n.Name+"."+p] = w
			}
		case "LI":
			n.Layer = snn.LI{Decay: value(l.Decay), Gain: value(l.Gain)}
		case "LIF":
			f := snn.LIF{
				Decay: value(l.Decay), Gain: value(l.Gain), Threshold: value(l.Threshold),
				Surrogate: surrogate.SuperSpike(sur.Beta), Detach: snn.DetachReset.When(l.DetachReset),
			}
			switch l.Reset {
			case "subtract":
			case "zero":
				f.Reset = snn.ToZero
			case "none":
				f.Reset = snn.NoReset
			default:
				return nil, nil, fmt.Errorf("golden: %w: reset %q", ErrCase, l.Reset)
			}
			n.Layer = f
		default:
			return nil, nil, fmt.Errorf("golden: %w: layer type %q", ErrCase, l.Type)
		}
		spec.Layers = append(spec.Layers, n)
		spec.Outputs = append(spec.Outputs, n.Name)
	}
	g, err := forward.New(spec)
	if err != nil {
		return nil, nil, err
	}
	m, err := g.Load(weights)
	return m, inputs, err
}

// value is the option that means v, zero included.
func value(v float32) snn.Value {
	if v == 0 {
		return snn.Zero
	}
	return snn.Value(v)
}
