package kernel

import (
	"fmt"

	"github.com/spikelane/spikelane/equation"
)

// nonlinear are the neurons with two coupled variables, or a membrane that
// is not linear.
func nonlinear() []*equation.Kernel {
	kernels := []*equation.Kernel{izhikevich(), izhikevichSubsteps(1), izhikevichSubsteps(2), resonate(false), resonate(true)}
	for _, r := range resets {
		kernels = append(kernels, quadratic(r), quadraticAdaptive(r), exponentialIF(r))
	}
	return kernels
}

// izhikevich is one Euler step, as Norse makes it.
func izhikevich() *equation.Kernel {
	k := equation.New("izhikevich", "advances Izhikevich neurons by one Euler step, the old membrane driving the\nrecovery:")
	declare(k, []string{"square", "linear", "constant", "rate", "recovery", "sensitivity", "test", "value", "jump"})
	v, u := k.State("v"), k.State("u")
	slope := equation.Add(equation.Sub(curve(k, v), u), k.Input("x"))
	v1 := equation.Add(v, equation.Mul(k.Param("rate"), slope)).As("v1")
	u1 := equation.Add(u, equation.Mul(k.Param("recovery"), equation.Sub(equation.Mul(k.Param("sensitivity"), v), u))).As("u1")
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", equation.Select(s, k.Param("value"), v1))
	k.SetState("u", equation.Add(u1, equation.Select(s, k.Param("jump"), zero)))
	return k
}

// curve is square*v^2 + linear*v + constant.
func curve(k *equation.Kernel, v equation.Float) equation.Float {
	parabola := equation.Add(equation.Mul(k.Param("square"), equation.Mul(v, v)), equation.Mul(k.Param("linear"), v))
	return equation.Add(parabola, k.Param("constant"))
}

// izhikevichSubsteps keeps the membrane in bounds, as jaxpike does.
func izhikevichSubsteps(n int) *equation.Kernel {
	k := equation.New(fmt.Sprintf("izhikevichSubsteps%d", n), "advances Izhikevich neurons by Euler steps of the membrane within bounds, the\nnew membrane driving the recovery:")
	declare(k, []string{"square", "linear", "constant", "rate", "low", "high", "recovery", "sensitivity", "test", "value", "jump"})
	v, u := k.State("v"), k.State("u")
	low, high := k.Param("low"), k.Param("high")
	for range n {
		v = equation.Add(v, equation.Mul(k.Param("rate"), equation.Add(equation.Sub(curve(k, v), u), k.Input("x"))))
		v = equation.Select(equation.GT(low, v), low, v)
		v = equation.Select(equation.GT(v, high), high, v)
	}
	u1 := equation.Add(u, equation.Mul(k.Param("recovery"), equation.Sub(equation.Mul(k.Param("sensitivity"), v), u))).As("u1")
	s := equation.Fires(v, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", equation.Select(s, k.Param("value"), v))
	k.SetState("u", equation.Add(u1, equation.Select(s, k.Param("jump"), zero)))
	return k
}

var quadraticParams = []string{"square", "rest", "critical", "tau"}

// parabola is square*(v - rest)*(v - critical).
func parabola(k *equation.Kernel, v equation.Float) equation.Float {
	return equation.Mul(equation.Mul(k.Param("square"), equation.Sub(v, k.Param("rest"))), equation.Sub(v, k.Param("critical")))
}

func quadratic(r reset) *equation.Kernel {
	k := equation.New("qif"+r.name, "advances quadratic integrate-and-fire neurons. A spike "+r.doc+":")
	declare(k, append(append([]string{}, quadraticParams...), "test", r.param))
	v := k.State("v")
	v1 := equation.Add(v, equation.Div(equation.Add(k.Input("x"), parabola(k, v)), k.Param("tau"))).As("v1")
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	return k
}

func quadraticAdaptive(r reset) *equation.Kernel {
	k := equation.New("qifAdaptive"+r.name, "advances quadratic integrate-and-fire neurons with a recovery variable, which\nis SpikingJelly's form of Izhikevich's neuron. A spike "+r.doc+":")
	declare(k, append(append([]string{}, quadraticParams...), "follow", "tauW", "test", r.param, "jump"))
	v, w := k.State("v"), k.State("w")
	v1 := equation.Add(v, equation.Div(equation.Sub(equation.Add(k.Input("x"), parabola(k, v)), w), k.Param("tau"))).As("v1")
	toward := equation.Sub(equation.Mul(k.Param("follow"), equation.Sub(v1, k.Param("rest"))), w)
	w1 := equation.Add(w, equation.Div(toward, k.Param("tauW"))).As("w1")
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	k.SetState("w", equation.Add(w1, equation.Jump(s, k.Param("jump"))))
	return k
}

func exponentialIF(r reset) *equation.Kernel {
	k := equation.New("eif"+r.name, "advances exponential integrate-and-fire neurons. A spike "+r.doc+":")
	declare(k, []string{"rest", "sharpness", "rheobase", "tau", "test", r.param})
	v, sharp := k.State("v"), k.Param("sharpness")
	e := equation.Mul(sharp, equation.Exp(equation.Div(equation.Sub(v, k.Param("rheobase")), sharp)))
	slope := equation.Add(equation.Sub(equation.Add(k.Input("x"), k.Param("rest")), v), e)
	v1 := equation.Add(v, equation.Div(slope, k.Param("tau"))).As("v1")
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	return k
}

// resonate is a damped rotation of a point (u, v), driven along u.
func resonate(reset bool) *equation.Kernel {
	name, doc := "resonateNoReset", "that never reset"
	params := []string{"cosine", "sine", "gain", "test"}
	if reset {
		name, doc, params = "resonateValue", "which a spike sets to (0, value)", append(params, "value")
	}
	k := equation.New(name, "advances resonate-and-fire neurons, "+doc+":")
	declare(k, params)
	u, v, c, d := k.State("u"), k.State("v"), k.Param("cosine"), k.Param("sine")
	u1 := equation.Add(equation.Sub(equation.Mul(c, u), equation.Mul(d, v)), equation.Mul(k.Param("gain"), k.Input("x"))).As("u1")
	v1 := equation.Add(equation.Mul(d, u), equation.Mul(c, v)).As("v1")
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	if reset {
		u1, v1 = equation.Select(s, zero, u1), equation.Select(s, k.Param("value"), v1)
	}
	k.SetState("u", u1)
	k.SetState("v", v1)
	return k
}
