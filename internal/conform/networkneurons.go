package conform

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
)

// networkNeurons are the layers of neurons of a network case.
type networkNeurons struct {
	lif, li   snn.Layer
	surrogate surrogate.Func
}

// readouts are the layers that a framework's networks end in.
var readouts = map[string]struct {
	class   string            // of the neurons before it
	typ     string            // of the readout
	options map[string]string // of the readout, in the case's parameters
	flags   map[string]string // which are the other way round
}{
	"snnax":        {"snnax.snn.SimpleLIF", "snnax.SimpleLI", map[string]string{"decay": "decay_li"}, nil},
	"snntorch":     {"snntorch.Leaky", "LI", map[string]string{"decay": "beta_li"}, nil}, // Leaky that never resets, read at its membrane
	"jaxpike":      {"jaxpike.neurons.LIF", "jaxpike.LeakyIntegrator", map[string]string{"log_tau": "log_tau_li", "dt": "dt"}, nil},
	"spikingjelly": {"spikingjelly.activation_based.neuron.LIFNode", "spikingjelly.LI", map[string]string{"tau": "tau_li"}, map[string]string{"no_decay_input": "decay_input"}},
}

// neuronsOf builds the neurons of a network case.
func neuronsOf(c *vectors.Case) (n networkNeurons, err error) {
	framework := c.Meta.Text("framework")
	r, ok := readouts[framework]
	if !ok {
		return n, fmt.Errorf("conform: %w: there are no networks of %q", vectors.ErrCase, framework)
	}
	class, err := classOf(r.class)
	if err != nil {
		return n, err
	}
	if c.Has("param.W") && framework == "snntorch" {
		if class, err = classOf("snntorch.RLeaky"); err != nil {
			return n, err
		}
		class.weights = nil
	}
	p := c.Meta.Object("parameters")
	readout := map[string]any{}
	for option, key := range r.options {
		readout[option] = float32(p.Number(key))
		if option != key {
			class.elsewhere = append(class.elsewhere, key)
		}
	}
	for option, key := range r.flags {
		if !p.Flag(key) {
			readout[option] = true
		}
	}
	o, err := class.options(c, p)
	if err != nil {
		return n, err
	}
	for foreign, list := range o.numbers {
		if len(list) != 1 || len(list[0].values) != 1 {
			return n, fmt.Errorf("conform: %w: %s has several numbers", vectors.ErrCase, foreign)
		}
	}
	if n.surrogate, err = class.surrogateOf(c.Meta, p); err != nil {
		return n, err
	}
	if n.lif, err = layerOf(class.typ, o.values); err != nil {
		return n, err
	}
	n.li, err = layerOf(r.typ, readout)
	return n, err
}
