package golden

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"

	// The layers that cases name.
	_ "github.com/spikelane/spikelane/preset/mlgenn"
)

// parameters are those of a case, by the framework's names.
type parameters map[string]any

// positive are the options that a preset states the other way round, because
// the framework's default is true.
var positive = map[string]string{
	"reset_delay": "no_reset_delay", "norm_input": "no_norm_input", "decay_input": "no_decay_input",
	"relative_reset": "absolute_reset", "stop_reset_grad": "full_reset_grad",
}

// renamed are the names that differ, for a type of layer or for all.
var renamed = map[string]string{
	"sinabs.LIF.threshold": "spike_threshold", "sinabs.IAF.threshold": "spike_threshold", "sinabs.ALIF.threshold": "b0",
}

// split are SNNAX's lists of decays.
var split = map[string][]string{
	"snnax.SimpleLI": {"decay"}, "snnax.SimpleLIF": {"decay"}, "snnax.AdaptiveLIF": {"decay"},
	"snnax.LIF": {"decay", "synapse_decay"}, "snnax.LIFSoftReset": {"decay", "synapse_decay"},
	"snnax.IAF": {"synapse_decay"}, "snnax.SigmaDelta": {"sigma_decay", "delta_decay", "feedback_decay"},
}

// options are the parameters as a preset of some type names them. Of a list,
// which the case's tensors repeat, the first number switches the option on.
func (p parameters) options(typ string) map[string]any {
	options := map[string]any{}
	for key, v := range p {
		if to, ok := positive[key]; ok {
			if v == false {
				options[to] = true
			}
			continue
		}
		if key == "decay_constants" {
			list, _ := v.([]any)
			for i, name := range split[typ] {
				if i < len(list) {
					options[name] = first(list[i])
				}
			}
			continue
		}
		if to, ok := renamed[typ+"."+key]; ok {
			key = to
		}
		switch {
		case v == nil && key == "v_reset":
			options["soft_reset"] = true
		case v == nil:
		case key == "spike_fn":
			options["single_spike"] = v == "SingleSpike"
		case key == "reset_fn":
			options["membrane_reset"] = v == "MembraneReset"
		default:
			options[key] = first(v)
		}
	}
	return options
}

// surrogate is what the case names, or zero where it names none that the
// framework has, or one that follows from the threshold: a preset's default.
func (c *Case) surrogate(framework string) surrogate.Func {
	var p parameters
	if err := c.Meta("surrogate", &p); err != nil {
		return surrogate.Func{}
	}
	name, _ := p["name"].(string)
	name, _, _ = strings.Cut(name, " ")
	n := &numbers{p: p}
	var f surrogate.Func
	if make, ok := surrogates[framework+"."+name]; ok {
		f = make(n)
	} else {
		f = surrogate.SuperSpike(n.of("beta"))
	}
	if n.err != nil {
		return surrogate.Func{}
	}
	return f
}

// GradientOf is the gradient that a case gives of one of our parameters, or
// nil: a tensor of its own, or a part of SNNAX's list of decays.
func (c *Case) GradientOf(name string) (*tensor.Tensor, error) {
	if c.Has("grad." + name) {
		return c.Tensor("grad." + name)
	}
	if !c.Has("grad.decay_constants") {
		return nil, nil
	}
	all, err := c.Tensor("grad.decay_constants")
	if err != nil {
		return nil, err
	}
	parts := strings.Split(strings.TrimPrefix(c.Name, "neuron."), ".")
	list := split[strings.Join(parts[:min(2, len(parts))], ".")]
	for i, constant := range list {
		if constant == name {
			each := len(all.Data) / len(list)
			return tensor.Of(all.Data[i*each:(i+1)*each], each), nil
		}
	}
	return nil, nil
}

func first(v any) any {
	for {
		list, ok := v.([]any)
		if !ok || len(list) == 0 {
			return v
		}
		v = list[0]
	}
}

// layer makes a registered layer with the surrogate of the case; options that
// the type does not have are left out.
func (c *Case) layer(typ string, options map[string]any) (snn.Layer, error) {
	l, err := snn.Unmarshal(typ, nil)
	if err != nil {
		return nil, fmt.Errorf("golden: %w: %w", ErrCase, err)
	}
	known := map[string]any{}
	t := reflect.TypeOf(l)
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if v, ok := options[name]; ok {
			known[name] = v
		}
		if t.Field(i).Type == reflect.TypeFor[surrogate.Func]() {
			framework, _, _ := strings.Cut(typ, ".")
			if f := c.surrogate(framework); !f.IsZero() {
				known[name] = f
			}
		}
	}
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(known); err != nil {
		return nil, err
	}
	return snn.Unmarshal(typ, text.Bytes())
}

// weights collects the tensors param.<name> of a case for a layer's
// parameters, by those names.
func (c *Case) weights(typ string, plan *snn.Plan) (map[string]*tensor.Tensor, error) {
	weights := map[string]*tensor.Tensor{}
	for _, p := range plan.Params {
		t, err := c.parameter(typ, p.Name)
		if err != nil {
			return nil, err
		}
		if t != nil {
			weights[p.Name] = tensor.Of(t.Data, len(t.Data))
		}
	}
	return weights, nil
}

// parameter is the tensor of a parameter, or nil.
func (c *Case) parameter(typ, name string) (*tensor.Tensor, error) {
	if c.Has("param." + name) {
		return c.Tensor("param." + name)
	}
	if !c.Has("param.decay_constants") {
		return c.listed(name)
	}
	all, err := c.Tensor("param.decay_constants")
	if err != nil {
		return nil, err
	}
	for i, constant := range split[typ] {
		if constant == name {
			each := len(all.Data) / len(split[typ])
			return tensor.Of(all.Data[i*each:(i+1)*each], each), nil
		}
	}
	return nil, nil
}

// listed is a parameter that no tensor holds, of which the metadata lists a
// number a neuron, or nil.
func (c *Case) listed(name string) (*tensor.Tensor, error) {
	var p parameters
	if err := c.Meta("parameters", &p); err != nil {
		return nil, err
	}
	list, ok := p[name].([]any)
	if !ok {
		return nil, nil
	}
	t := tensor.New(len(list))
	for i, v := range list {
		f, ok := first(v).(float64)
		if !ok {
			return nil, fmt.Errorf("golden: %w: %s[%d] is %v", ErrCase, name, i, v)
		}
		t.Data[i] = float32(f)
	}
	return t, nil
}
