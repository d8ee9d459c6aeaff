package kernel

import "github.com/spikelane/spikelane/asm/expr"

// integrate is how a membrane takes in its input.
type integrate struct {
	name, doc string
	params    []string
	step      func(k *expr.Kernel, v, x expr.Float) expr.Float
}

var (
	leaky = integrate{"lif", "leaky integrate-and-fire neurons", []string{"decay", "gain"}, func(k *expr.Kernel, v, x expr.Float) expr.Float {
		return expr.Add(expr.Mul(k.Param("decay"), v), expr.Mul(k.Param("gain"), x))
	}}
	biased = integrate{"lifBiased", "leaky integrate-and-fire neurons with a constant current", []string{"decay", "gain", "bias"}, func(k *expr.Kernel, v, x expr.Float) expr.Float {
		return expr.Add(leaky.step(k, v, x), k.Param("bias"))
	}}
	leakless = integrate{"if", "integrate-and-fire neurons", []string{"gain"}, func(k *expr.Kernel, v, x expr.Float) expr.Float {
		return expr.Add(v, expr.Mul(k.Param("gain"), x))
	}}
)

// reset is what a spike does to the membrane.
type reset struct {
	name, doc string
	param     string
	apply     func(k *expr.Kernel, spiked expr.Mask, v expr.Float) expr.Float
}

var (
	subtract = reset{"Subtract", "lowers the membrane by amount", "amount", func(k *expr.Kernel, spiked expr.Mask, v expr.Float) expr.Float {
		return expr.Sub(v, expr.Select(spiked, k.Param("amount"), zero))
	}}
	toValue = reset{"Value", "sets the membrane to value", "value", func(k *expr.Kernel, spiked expr.Mask, v expr.Float) expr.Float {
		return expr.Reset(spiked, k.Param("value"), v)
	}}
	resets = []reset{subtract, toValue}
)

// timing is when the reset happens. The state is the membrane after the step:
// after the reset if it happens in the same step, before it otherwise.
type timing struct {
	name, doc string
	step      func(k *expr.Kernel, in integrate, r reset, v, x expr.Float)
}

var timings = []timing{
	{"", "This step.", func(k *expr.Kernel, in integrate, r reset, v, x expr.Float) {
		v1 := in.step(k, v, x).As("v1")
		s := expr.Fires(v1, k.Param("test")).As("s")
		k.Spikes("spikes", s)
		k.SetState("v", r.apply(k, s, v1))
	}},
	{"Next", "At the next step, after its input has been taken in.", func(k *expr.Kernel, in integrate, r reset, v, x expr.Float) {
		v1 := r.apply(k, expr.Fired(v, k.Param("test")), in.step(k, v, x)).As("v1")
		k.Spikes("spikes", expr.Fires(v1, k.Param("test")))
		k.SetState("v", v1)
	}},
	{"NextDecayed", "At the next step, before its decay and input.", func(k *expr.Kernel, in integrate, r reset, v, x expr.Float) {
		v1 := in.step(k, r.apply(k, expr.Fired(v, k.Param("test")), v).As("v0"), x).As("v1")
		k.Spikes("spikes", expr.Fires(v1, k.Param("test")))
		k.SetState("v", v1)
	}},
	{"Remembered", "At the next step, before its decay and input. The spikes that cause it are\na state of their own.", func(k *expr.Kernel, in integrate, r reset, v, x expr.Float) {
		v1 := in.step(k, r.apply(k, expr.Remembered(k.State("s")), v).As("v0"), x).As("v1")
		s := expr.Fires(v1, k.Param("test")).As("fires")
		k.Spikes("spikes", s)
		k.SetState("v", v1)
		k.SetState("s", expr.Select(s, one, zero))
	}},
}

func neurons() []*expr.Kernel {
	kernels := []*expr.Kernel{li("li", leaky), li("liBiased", biased), currentLate(), currentEarly()}
	for _, in := range []integrate{leaky, biased, leakless} {
		k := expr.New(in.name+"NoReset", "advances "+in.doc+" that never reset:")
		declare(k, append(in.params, "test"))
		v := in.step(k, k.State("v"), k.Input("x")).As("v1")
		k.Spikes("spikes", expr.Fires(v, k.Param("test")))
		k.SetState("v", v)
		kernels = append(kernels, k)
		for _, r := range resets {
			for _, t := range timings {
				kernels = append(kernels, fire(in, r, t.name, t.doc, t.step))
			}
			if r.name == toValue.name {
				kernels = append(kernels, fire(in, r, "UndelayedNext", "This step, with what snnTorch's reset_delay=False does to a membrane that\nis still above its threshold, of the neurons that wipe the input too.", undelayedNext))
			}
			kernels = append(kernels, fire(in, r, "Undelayed", "This step, with what snnTorch's reset_delay=False does to a membrane that\nis still above its threshold.", undelayed))
		}
	}
	return kernels
}

// fire describes one neuron of the product integration x reset x timing.
func fire(in integrate, r reset, name, doc string, step func(k *expr.Kernel, in integrate, r reset, v, x expr.Float)) *expr.Kernel {
	k := expr.New(in.name+r.name+name, "advances "+in.doc+". A spike "+r.doc+":")
	k.Note = "The reset happens: " + doc
	declare(k, append(in.params, "test", r.param))
	step(k, in, r, k.State("v"), k.Input("x"))
	return k
}

// undelayed is a delayed reset first, whose gradient snnTorch always detaches,
// and then one that takes its place.
func undelayed(k *expr.Kernel, in integrate, r reset, v, x expr.Float) {
	old := expr.GE(v, k.Param("test")).As("old")
	var v1 expr.Float
	if r.name == subtract.name {
		v1 = r.apply(k, old, in.step(k, v, x)).As("v1")
	} else {
		v1 = in.step(k, r.apply(k, old, v).As("v0"), x).As("v1")
	}
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	more := expr.Sub(expr.Select(s, one, zero), expr.Select(old, one, zero)).As("more")
	if r.name == subtract.name {
		k.SetState("v", expr.Sub(v1, expr.Mul(more, k.Param("amount"))))
	} else {
		k.SetState("v", expr.Sub(v1, expr.Mul(more, expr.Sub(v1, k.Param("value")))))
	}
}

// undelayedNext is the same where the delayed reset wipes the input too.
func undelayedNext(k *expr.Kernel, in integrate, r reset, v, x expr.Float) {
	v1 := r.apply(k, expr.GE(v, k.Param("test")).As("old"), in.step(k, v, x)).As("v1")
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
}

// declare fixes the order of the parameters in the signature.
func declare(k *expr.Kernel, params []string) {
	for _, p := range params {
		k.Param(p)
	}
}

func li(name string, in integrate) *expr.Kernel {
	k := expr.New(name, "advances leaky integrators, whose output is their membrane:")
	v := in.step(k, k.State("v"), k.Input("x")).As("v1")
	k.Output("dst", v)
	k.SetState("v", v)
	return k
}

func currentLate() *expr.Kernel {
	k := expr.New("currentLate", "advances synaptic currents that reach the membrane one step late:")
	i := k.State("current")
	k.Output("dst", i)
	k.SetState("current", expr.Add(expr.Mul(k.Param("decay"), i), expr.Mul(k.Param("gain"), k.Input("x"))))
	return k
}

func currentEarly() *expr.Kernel {
	k := expr.New("currentEarly", "advances synaptic currents that reach the membrane before they decay:")
	i := expr.Add(k.State("current"), expr.Mul(k.Param("gain"), k.Input("x"))).As("i1")
	k.Output("dst", i)
	k.SetState("current", expr.Mul(k.Param("decay"), i))
	return k
}
