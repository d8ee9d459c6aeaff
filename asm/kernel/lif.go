package kernel

import "github.com/spikelane/spikelane/equation"

// integrate is how a membrane takes in its input.
type integrate struct {
	name, doc string
	params    []string
	step      func(k *equation.Kernel, v, x equation.Float) equation.Float
}

var (
	leaky = integrate{"", "", []string{"decay", "gain"}, func(k *equation.Kernel, v, x equation.Float) equation.Float {
		return equation.Add(equation.Mul(k.Param("decay"), v), equation.Mul(k.Param("gain"), x))
	}}
	// biased is all others, to the bit: 1*v is v, and x + (-0) is x.
	biased = integrate{"Biased", " with a constant current", []string{"decay", "gain", "bias"}, func(k *equation.Kernel, v, x equation.Float) equation.Float {
		return equation.Add(leaky.step(k, v, x), k.Param("bias"))
	}}
)

// reset is what a spike does to the membrane.
type reset struct {
	name, doc string
	param     string
	apply     func(k *equation.Kernel, spiked equation.Mask, v equation.Float) equation.Float
}

var (
	subtract = reset{"Subtract", "lowers the membrane by amount", "amount", func(k *equation.Kernel, spiked equation.Mask, v equation.Float) equation.Float {
		return equation.Sub(v, equation.Select(spiked, k.Param("amount"), zero))
	}}
	toValue = reset{"Value", "sets the membrane to value", "value", func(k *equation.Kernel, spiked equation.Mask, v equation.Float) equation.Float {
		return equation.Reset(spiked, k.Param("value"), v)
	}}
	resets = []reset{subtract, toValue}
)

// timing is when the reset happens. The state is the membrane after the step:
// after the reset if it happens in the same step, before it otherwise.
type timing struct {
	name, doc string
	only      string // of the resets, if not of both
	unbiased  bool   // it has a special form
	step      func(k *equation.Kernel, in integrate, r reset, v, x equation.Float)
}

var timings = []timing{
	{"", "This step.", "", true, func(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
		v1 := in.step(k, v, x).As("v1")
		s := equation.Fires(v1, k.Param("test")).As("s")
		k.Spikes("spikes", s)
		k.SetState("v", r.apply(k, s, v1))
	}},
	{"Next", "At the next step, after its input has been taken in.", "", true, func(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
		v1 := r.apply(k, equation.Fired(v, k.Param("test")), in.step(k, v, x)).As("v1")
		k.Spikes("spikes", equation.Fires(v1, k.Param("test")))
		k.SetState("v", v1)
	}},
	{"NextDecayed", "At the next step, before its decay and input.", "", true, func(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
		v1 := in.step(k, r.apply(k, equation.Fired(v, k.Param("test")), v).As("v0"), x).As("v1")
		k.Spikes("spikes", equation.Fires(v1, k.Param("test")))
		k.SetState("v", v1)
	}},
	{"Remembered", "At the next step, before its decay and input. The spikes that cause it are\na state of their own.", "", false, func(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
		v1 := in.step(k, r.apply(k, equation.Remembered(k.State("s")), v).As("v0"), x).As("v1")
		s := equation.Fires(v1, k.Param("test")).As("fires")
		k.Spikes("spikes", s)
		k.SetState("v", v1)
		k.SetState("s", equation.Select(s, one, zero))
	}},
	{"Undelayed", "This step, with what snnTorch's reset_delay=False does to a membrane that\nis still above its threshold.", "", true, undelayed},
	{"UndelayedNext", "This step, with what snnTorch's reset_delay=False does to a membrane that\nis still above its threshold, of the neurons that wipe the input too.", "Value", true, undelayedNext},
	{"Old", "After decay and input, on a spike of what the last step left: as in spyx.", "", false, func(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
		s := equation.Fires(v, k.Param("test")).As("s")
		k.Spikes("spikes", s)
		k.SetState("v", r.apply(k, s, in.step(k, v, x)))
	}},
	{"OldDecayed", "Before decay and input, on a spike of what the last step left.", "", false, func(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
		s := equation.Fires(v, k.Param("test")).As("s")
		k.Spikes("spikes", s)
		k.SetState("v", in.step(k, r.apply(k, s, v).As("v0"), x))
	}},
}

// lif are the leaky integrate-and-fire neurons, and the leaky integrators.
func lif() []*equation.Kernel {
	kernels := []*equation.Kernel{li(leaky), li(biased), currentLate(), currentEarly()}
	k := equation.New("lifNoReset", "advances leaky integrate-and-fire neurons that never reset:")
	declare(k, append(biased.params, "test"))
	v := biased.step(k, k.State("v"), k.Input("x")).As("v1")
	k.Spikes("spikes", equation.Fires(v, k.Param("test")))
	k.SetState("v", v)
	kernels = append(kernels, k)
	for _, r := range resets {
		for _, t := range timings {
			if t.only == "" || t.only == r.name {
				kernels = append(kernels, fire(biased, r, t))
			}
		}
	}
	return kernels
}

// Special is a forward pass of its own for a neuron one of whose parameters
// changes nothing: whose backward pass is Of's.
type Special struct{ Kernel, Of *equation.Kernel }

// Specials are the neurons without a constant current. Adding none takes them a
// fifth to a third longer, alone in a first-level cache; a network is 2 % slower at
// the most.
func Specials() []Special {
	var list []Special
	for _, r := range resets {
		for _, t := range timings {
			if t.unbiased && (t.only == "" || t.only == r.name) {
				k := fire(leaky, r, t)
				k.Name += "Unbiased"
				list = append(list, Special{k, fire(biased, r, t)})
			}
		}
	}
	return list
}

// fire describes one neuron of the product integration x reset x timing.
func fire(in integrate, r reset, t timing) *equation.Kernel {
	k := equation.New("lif"+r.name+t.name, "advances leaky integrate-and-fire neurons"+in.doc+". A spike "+r.doc+":")
	k.Note = "The reset happens: " + t.doc
	declare(k, append(in.params, "test", r.param))
	t.step(k, in, r, k.State("v"), k.Input("x"))
	return k
}

// undelayed is a delayed reset first, whose gradient snnTorch always detaches,
// and then one that takes its place.
func undelayed(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
	old := equation.GE(v, k.Param("test")).As("old")
	var v1 equation.Float
	if r.name == subtract.name {
		v1 = r.apply(k, old, in.step(k, v, x)).As("v1")
	} else {
		v1 = in.step(k, r.apply(k, old, v).As("v0"), x).As("v1")
	}
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	more := equation.Sub(equation.Select(s, one, zero), equation.Select(old, one, zero)).As("more")
	if r.name == subtract.name {
		k.SetState("v", equation.Sub(v1, equation.Mul(more, k.Param("amount"))))
	} else {
		k.SetState("v", equation.Sub(v1, equation.Mul(more, equation.Sub(v1, k.Param("value")))))
	}
}

// undelayedNext is the same where the delayed reset wipes the input too.
func undelayedNext(k *equation.Kernel, in integrate, r reset, v, x equation.Float) {
	v1 := r.apply(k, equation.GE(v, k.Param("test")).As("old"), in.step(k, v, x)).As("v1")
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
}

// declare fixes the order of the parameters in the signature.
func declare(k *equation.Kernel, params []string) {
	for _, p := range params {
		k.Param(p)
	}
}

func li(in integrate) *equation.Kernel {
	k := equation.New("li"+in.name, "advances leaky integrators"+in.doc+", whose output is their membrane:")
	v := in.step(k, k.State("v"), k.Input("x")).As("v1")
	k.Output("dst", v)
	k.SetState("v", v)
	return k
}

func currentLate() *equation.Kernel {
	k := equation.New("currentLate", "advances synaptic currents that reach the membrane one step late:")
	i := k.State("current")
	k.Output("dst", i)
	k.SetState("current", equation.Add(equation.Mul(k.Param("decay"), i), equation.Mul(k.Param("gain"), k.Input("x"))))
	return k
}

func currentEarly() *equation.Kernel {
	k := equation.New("currentEarly", "advances synaptic currents that reach the membrane before they decay:")
	i := equation.Add(k.State("current"), equation.Mul(k.Param("gain"), k.Input("x"))).As("i1")
	k.Output("dst", i)
	k.SetState("current", equation.Mul(k.Param("decay"), i))
	return k
}
