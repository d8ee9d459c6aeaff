package kernel

import "github.com/spikelane/spikelane/asm/expr"

// integrate is how a membrane takes in its input.
type integrate struct {
	name, doc string
	params    []string
	step      func(k *expr.Kernel, v, x expr.Float) expr.Float
}

var integrations = []integrate{
	{"lif", "leaky integrate-and-fire neurons", []string{"decay", "gain"}, func(k *expr.Kernel, v, x expr.Float) expr.Float {
		return expr.Add(expr.Mul(k.Param("decay"), v), expr.Mul(k.Param("gain"), x))
	}},
	{"if", "integrate-and-fire neurons", []string{"gain"}, func(k *expr.Kernel, v, x expr.Float) expr.Float {
		return expr.Add(v, expr.Mul(k.Param("gain"), x))
	}},
}

// reset is what a spike does to the membrane.
type reset struct {
	name, doc string
	param     string
	apply     func(k *expr.Kernel, spiked expr.Mask, v expr.Float) expr.Float
}

var resets = []reset{
	{"Subtract", "lowers the membrane by amount", "amount", func(k *expr.Kernel, spiked expr.Mask, v expr.Float) expr.Float {
		return expr.Sub(v, expr.Select(spiked, k.Param("amount"), zero))
	}},
	{"Value", "sets the membrane to value", "value", func(k *expr.Kernel, spiked expr.Mask, v expr.Float) expr.Float {
		return expr.Select(spiked, k.Param("value"), v)
	}},
}

// timing is when the reset happens. The state is the membrane after the step:
// after the reset if it happens in the same step, before it otherwise.
type timing struct{ name, doc string }

const (
	thisStep    = "This step."
	nextStep    = "At the next step, after its input has been taken in."
	nextDecayed = "At the next step, before its decay and input."
)

var timings = []timing{{"", thisStep}, {"Next", nextStep}, {"NextDecayed", nextDecayed}}

func neurons() []*expr.Kernel {
	kernels := []*expr.Kernel{li()}
	for _, in := range integrations {
		kernels = append(kernels, fire(in, nil, timing{}))
		for _, r := range resets {
			for _, t := range timings {
				kernels = append(kernels, fire(in, &r, t))
			}
		}
	}
	return kernels
}

// fire describes one neuron of the product integration x reset x timing.
func fire(in integrate, r *reset, t timing) *expr.Kernel {
	if r == nil {
		k := expr.New(in.name+"NoReset", "advances "+in.doc+" that never reset:")
		declare(k, append(in.params, "test"))
		v := in.step(k, k.State("v"), k.Input("x")).As("v1")
		k.Spikes("spikes", expr.GE(v, k.Param("test")))
		k.SetState("v", v)
		return k
	}
	k := expr.New(in.name+r.name+t.name, "advances "+in.doc+". A spike "+r.doc+":")
	k.Note = "The reset happens: " + t.doc
	declare(k, append(in.params, "test", r.param))
	v, x, test := k.State("v"), k.Input("x"), k.Param("test")
	switch t.doc {
	case thisStep:
		v1 := in.step(k, v, x).As("v1")
		s := expr.GE(v1, test).As("s")
		k.Spikes("spikes", s)
		k.SetState("v", r.apply(k, s, v1))
	case nextStep:
		v1 := r.apply(k, expr.GE(v, test), in.step(k, v, x)).As("v1")
		k.Spikes("spikes", expr.GE(v1, test))
		k.SetState("v", v1)
	case nextDecayed:
		v1 := in.step(k, r.apply(k, expr.GE(v, test), v).As("v0"), x).As("v1")
		k.Spikes("spikes", expr.GE(v1, test))
		k.SetState("v", v1)
	}
	return k
}

// declare fixes the order of the parameters in the signature.
func declare(k *expr.Kernel, params []string) {
	for _, p := range params {
		k.Param(p)
	}
}

func li() *expr.Kernel {
	k := expr.New("li", "advances leaky integrators, whose output is their membrane:")
	v := expr.Add(expr.Mul(k.Param("decay"), k.State("v")), expr.Mul(k.Param("gain"), k.Input("x"))).As("v1")
	k.Output("dst", v)
	k.SetState("v", v)
	return k
}
