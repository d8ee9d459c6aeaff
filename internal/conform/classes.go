package conform

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/preset/jaxpike"
	"github.com/spikelane/spikelane/preset/norse"
	"github.com/spikelane/spikelane/preset/rockpool"
	"github.com/spikelane/spikelane/preset/sinabs"
	"github.com/spikelane/spikelane/preset/slax"
	"github.com/spikelane/spikelane/preset/snnax"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/preset/spikingjelly"
	"github.com/spikelane/spikelane/preset/spyx"
	"github.com/spikelane/spikelane/surrogate"

	// The layers that cases name.
	_ "github.com/spikelane/spikelane/preset/all"
)

// class is a class of neurons of a framework: which of our layers it is, and
// what its parameters are among the options of that layer. A parameter that is
// in none of the lists is an option under its own name.
type class struct {
	typ    string
	always map[string]any // options that the class has whatever the case says

	renamed  map[string]string // options by other names
	opposite map[string]string // flags whose option is the other way round
	words    map[string]word   // parameters whose words are options
	split    []string          // the options in the list decay_constants
	weights  map[string]string // of linear layers around the neuron, by our names

	// surrogate makes the spike function, whose arguments are these parameters.
	surrogate makeSurrogate
	arguments map[string]string
	// named is the parameter that repeats the name of the spike function.
	named string

	// rest says that the cases begin at a state of rest: any v, and u = b*v.
	rest bool
	// detached says that no gradient passes a reset, nor what remembers it.
	detached func(options map[string]any) bool
	// old says that spikes are those of the membrane before the step.
	old bool

	// checks are parameters that follow from others.
	checks map[string]func(p *vectors.Fields) error
	// unused are parameters that the equation of the class does not read.
	unused []string
	// elsewhere are parameters that are not of the class.
	elsewhere []string
	// fit takes options away that are unused beside the others.
	fit map[string]func(options map[string]any) (unused bool)
}

// word says which option the words of a parameter are.
type word struct {
	option string
	values map[any]any // nil leaves the option out
}

type makeSurrogate func(name string, params map[string]float64) (surrogate.Func, error)

// is wants a parameter to have the only value that the preset has.
func is(name string, want any) map[string]func(*vectors.Fields) error {
	return map[string]func(*vectors.Fields) error{name: func(p *vectors.Fields) error {
		if got := p.Peek(name); got != want {
			return fmt.Errorf("%s is %v: there is only %v here", name, got, want)
		}
		return nil
	}}
}

// equations are the surrogates of the frameworks that have none of their own in
// the cases, by the cases' words.
func equations(name string, params map[string]float64) (surrogate.Func, error) {
	switch name {
	case "for the gradients: 1/(1+beta*|v-threshold|)", "none in mlGeNN; the gradients here use 1/(1+beta*|v-v_thresh|)":
		return snnax.Surrogate("superspike", params)
	}
	return surrogate.Func{}, fmt.Errorf("%w: there is no function %q", surrogate.ErrSurrogate, name)
}

// superspike is SNNAX's, by the cases' words.
func superspike(name string, params map[string]float64) (surrogate.Func, error) {
	if name != "superspike (SNNAX form, not squared)" {
		return surrogate.Func{}, fmt.Errorf("%w: there is no function %q", surrogate.ErrSurrogate, name)
	}
	return snnax.Surrogate("superspike", params)
}

var (
	recurrence = map[string]string{"W": "rec.weight", "bias": "rec.bias", "V": "rec.diagonal"}
	cells      = map[string]string{"w_in": "in.weight", "w_rec": "rec.weight"}
)

// Each of these is the classes of a framework, by the path in it.

func jaxpikes() map[string]class {
	c := func(typ string) class {
		return class{typ: typ, surrogate: jaxpike.Surrogate, arguments: map[string]string{"slope": "sgp", "alpha": "sgp", "width": "sgp"}, named: "sg"}
	}
	lif, alif, linear, li, izhikevich := c("jaxpike.LIF"), c("jaxpike.ALIF"), c("jaxpike.LinearLIF"), c("jaxpike.LeakyIntegrator"), c("jaxpike.Izhikevich")
	linear.checks = is("reset", "none")
	li.checks, li.unused = is("reset", "none"), []string{"threshold", "sg", "sgp"}
	li.surrogate, li.named = nil, ""
	izhikevich.checks = map[string]func(*vectors.Fields) error{"threshold": func(p *vectors.Fields) error {
		if p.Peek("threshold") != p.Peek("v_peak") {
			return fmt.Errorf("threshold is %v, v_peak is %v", p.Peek("threshold"), p.Peek("v_peak"))
		}
		return nil
	}}
	const path = "jaxpike.neurons."
	return map[string]class{path + "LIF": lif, path + "ALIF": alif, path + "LinearLIF": linear, path + "LeakyIntegrator": li, path + "Izhikevich": izhikevich}
}

func norses() map[string]class {
	c := func(typ string) class {
		return class{typ: typ, surrogate: norse.Surrogate, arguments: map[string]string{"alpha": "alpha_sg"}}
	}
	silent := func(typ string) class { return class{typ: typ} }
	recurrent := func(typ string, detach bool) class {
		r := c(typ)
		r.weights = cells
		if detach {
			r.always = map[string]any{"detach": true}
		}
		return r
	}
	izhikevich := c("norse.Izhikevich")
	izhikevich.rest = true
	iaf := c("norse.IAF")
	iaf.unused = []string{"dt"}
	box := c("norse.LIFBox")
	box.fit = map[string]func(map[string]any) bool{"v_reset": when("reset", "subtract")}
	const path = "norse.torch.functional."
	return map[string]class{
		path + "lif.lif_feed_forward_step": c("norse.LIF"), path + "lif.lif_step": recurrent("norse.LIF", true),
		path + "lif_box.lif_box_feed_forward_step": box, path + "iaf.iaf_feed_forward_step": iaf,
		path + "leaky_integrator.li_feed_forward_step": silent("norse.LI"), path + "leaky_integrator_box.li_box_feed_forward_step": silent("norse.LIBox"),
		path + "lsnn.lsnn_feed_forward_step": c("norse.LSNN"), path + "lsnn.lsnn_step": recurrent("norse.LSNN", true),
		path + "lsnn.ada_lif_step": recurrent("norse.AdaLIF", false), path + "izhikevich.izhikevich_feed_forward_step": izhikevich,
	}
}

func sinabses() map[string]class {
	c := func(typ string) class {
		return class{
			typ: typ, surrogate: sinabs.Surrogate, arguments: map[string]string{"grad_width": "grad_width"},
			renamed: map[string]string{"threshold": "spike_threshold"}, opposite: map[string]string{"norm_input": "no_norm_input"},
			words: map[string]word{
				"spike_fn":  {"single_spike", map[any]any{"SingleSpike": true, "MultiSpike": nil}},
				"reset_fn":  {"membrane_reset", map[any]any{"MembraneReset": true, "MembraneSubtract": nil}},
				"min_v_mem": {"min_v_mem", map[any]any{nil: nil}},
			},
			fit: map[string]func(map[string]any) bool{"reset_value": when("membrane_reset", nil)},
			checks: map[string]func(*vectors.Fields) error{"train_alphas": func(p *vectors.Fields) error {
				if p.Peek("train_alphas") != p.Has("alpha_mem") {
					return fmt.Errorf("train_alphas is %v, alpha_mem is given: %v", p.Peek("train_alphas"), p.Has("alpha_mem"))
				}
				return nil
			}},
		}
	}
	lif, iaf, alif, leak := c("sinabs.LIF"), c("sinabs.IAF"), c("sinabs.ALIF"), c("sinabs.ExpLeak")
	iaf.opposite, iaf.checks = nil, map[string]func(*vectors.Fields) error{"train_alphas": is("train_alphas", false)["train_alphas"], "norm_input": is("norm_input", false)["norm_input"]}
	alif.renamed, alif.opposite, alif.words, alif.checks = map[string]string{"threshold": "b0"}, nil, nil, nil
	leak.surrogate, leak.renamed = nil, nil
	leak.words = map[string]word{"spike_fn": {"", map[any]any{nil: nil}}, "min_v_mem": {"", map[any]any{nil: nil}}}
	leak.unused = []string{"threshold", "reset_fn", "reset_value", "grad_width"}
	const path = "sinabs.layers."
	return map[string]class{path + "LIF": lif, path + "IAF": iaf, path + "ALIF": alif, path + "ExpLeak": leak}
}

func snnaxes() map[string]class {
	c := func(typ string, split ...string) class {
		return class{
			typ: typ, split: split, surrogate: superspike, arguments: map[string]string{"beta": "beta"},
			opposite: map[string]string{"stop_reset_grad": "full_reset_grad"},
			words:    map[string]word{"reset_val": {"reset_val", map[any]any{nil: nil}}},
			detached: func(o map[string]any) bool { return o["full_reset_grad"] != true },
		}
	}
	li, srm := c("snnax.SimpleLI", "decay"), c("snnax.Response", "n.0.decay", "n.1.decay")
	li.surrogate, li.unused = nil, []string{"beta", "threshold"}
	srm.words, srm.weights = nil, map[string]string{"W": "n.2.weight", "bias": "n.2.bias"}
	const path = "snnax.snn."
	return map[string]class{
		path + "SimpleLI": li, path + "SimpleLIF": c("snnax.SimpleLIF", "decay"), path + "LIF": c("snnax.LIF", "decay", "synapse_decay"),
		path + "LIFSoftReset": c("snnax.LIFSoftReset", "decay", "synapse_decay"), path + "AdaptiveLIF": c("snnax.AdaptiveLIF", "decay"),
		path + "SimpleIAF": c("snnax.SimpleIAF"), path + "IAF": c("snnax.IAF", "synapse_decay"),
		path + "SigmaDelta": c("snnax.SigmaDelta", "sigma_decay", "delta_decay", "feedback_decay"), path + "layers.srm.SRM": srm,
	}
}

func snntorches() map[string]class {
	c := func(typ string) class {
		return class{
			typ: typ, surrogate: snntorch.Surrogate, arguments: map[string]string{"alpha": "alpha_sg", "slope": "slope"},
			opposite: map[string]string{"reset_delay": "no_reset_delay"},
			fit:      map[string]func(map[string]any) bool{"no_reset_delay": when("reset", "none")},
		}
	}
	recurrent := func(typ string) class {
		r := c(typ)
		r.weights = recurrence
		return r
	}
	rleaky := recurrent("snntorch.Leaky")
	rleaky.always = map[string]any{"whole_reset": true}
	rleaky.fit["whole_reset"] = func(o map[string]any) bool { return o["reset"] != "zero" }
	rsynaptic := recurrent("snntorch.Synaptic")
	rsynaptic.opposite = nil
	rsynaptic.unused = []string{"reset_delay"} // it does nothing there
	return map[string]class{
		"snntorch.Leaky": c("snntorch.Leaky"), "snntorch.Synaptic": c("snntorch.Synaptic"), "snntorch.Alpha": c("snntorch.Alpha"), "snntorch.Lapicque": c("snntorch.Lapicque"),
		"snntorch.RLeaky": rleaky, "snntorch.RSynaptic": rsynaptic,
	}
}

func spikingjellies() map[string]class {
	c := func(typ string) class {
		return class{
			typ: typ, surrogate: spikingjelly.Surrogate, arguments: map[string]string{"alpha": "alpha_sg"}, named: "sg",
			opposite: map[string]string{"decay_input": "no_decay_input"},
			words:    map[string]word{"v_reset": {"soft_reset", map[any]any{nil: true}}},
		}
	}
	plif, izhikevich := c("spikingjelly.PLIF"), c("spikingjelly.Izhikevich")
	plif.checks = map[string]func(*vectors.Fields) error{"init_tau": initTau}
	izhikevich.checks = map[string]func(*vectors.Fields) error{"w_rest": is("w_rest", 0.0)["w_rest"], "w_spike": is("w_spike", "s")["w_spike"]}
	const path = "spikingjelly.activation_based.neuron."
	return map[string]class{
		path + "IFNode": c("spikingjelly.IF"), path + "LIFNode": c("spikingjelly.LIF"), path + "ParametricLIFNode": plif,
		path + "QIFNode": c("spikingjelly.QIF"), path + "EIFNode": c("spikingjelly.EIF"), path + "IzhikevichNode": izhikevich,
	}
}

func spyxes() map[string]class {
	c := func(typ string) class {
		return class{typ: typ, surrogate: spyx.Surrogate, arguments: map[string]string{"k": "k"}, old: true}
	}
	li := c("spyx.LI")
	li.surrogate, li.unused = nil, []string{"k", "threshold"}
	const path = "spyx.nn."
	return map[string]class{path + "IF": c("spyx.IF"), path + "LIF": c("spyx.LIF"), path + "CuBaLIF": c("spyx.CuBaLIF"), path + "ALIF": c("spyx.ALIF"), path + "LI": li}
}

// others are frameworks of one class each.
func others() map[string]class {
	beta := map[string]string{"beta": "beta"}
	return map[string]class{
		"rockpool.nn.modules.LIFTorch": {
			typ: "rockpool.LIFTorch", surrogate: rockpool.Surrogate, arguments: map[string]string{"window": "window"}, weights: map[string]string{"w_rec": "rec.transposed"},
		},
		"slax.LIF":                           {typ: "slax.LIF", surrogate: slax.Surrogate, arguments: map[string]string{"slope": "slope"}},
		"lava.lib.dl.slayer.neuron.cuba":     {typ: "lava.CUBA", surrogate: equations, arguments: beta},
		"ml_genn.neurons.LeakyIntegrateFire": {typ: "mlgenn.LIF", surrogate: equations, arguments: beta, opposite: map[string]string{"relative_reset": "absolute_reset"}},
	}
}

// classOf is the class of a path, as the metadata name it.
func classOf(path string) (class, error) {
	for _, of := range []func() map[string]class{jaxpikes, norses, sinabses, snnaxes, snntorches, spikingjellies, spyxes, others} {
		if c, ok := of()[path]; ok {
			return c, nil
		}
	}
	return class{}, fmt.Errorf("conform: %w: there is no class %q", vectors.ErrCase, path)
}

// when says that an option is unused if another has a value.
func when(option string, value any) func(map[string]any) bool {
	return func(o map[string]any) bool { return o[option] == value }
}

// initTau wants ParametricLIFNode's w to be that of its time constant.
func initTau(p *vectors.Fields) error {
	tau, w := p.Number("init_tau"), p.Numbers("w")
	for _, v := range w {
		if want := -math.Log(tau - 1); !(math.Abs(float64(v)-want) <= 1e-6*max(1, math.Abs(want))) {
			return fmt.Errorf("init_tau is %v, w is %v, not %v", tau, v, want)
		}
	}
	return nil
}
