package kernel

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/expr"
)

// oscillating are the neurons with two coupled variables, or a membrane that
// is not linear.
func oscillating() []*expr.Kernel {
	kernels := []*expr.Kernel{izhikevich(), izhikevichSubsteps(1), izhikevichSubsteps(2), resonate(false), resonate(true)}
	for _, r := range resets {
		kernels = append(kernels, quadratic(r), quadraticAdaptive(r), exponentialIF(r))
	}
	return kernels
}

// izhikevich is one Euler step, as Norse makes it.
func izhikevich() *expr.Kernel {
	k := expr.New("izhikevich", "advances Izhikevich neurons by one Euler step, the old membrane driving the\nrecovery:")
	declare(k, []string{"square", "linear", "constant", "rate", "recovery", "sensitivity", "test", "value", "jump"})
	v, u := k.State("v"), k.State("u")
	slope := expr.Add(expr.Sub(curve(k, v), u), k.Input("x"))
	v1 := expr.Add(v, expr.Mul(k.Param("rate"), slope)).As("v1")
	u1 := expr.Add(u, expr.Mul(k.Param("recovery"), expr.Sub(expr.Mul(k.Param("sensitivity"), v), u))).As("u1")
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", expr.Select(s, k.Param("value"), v1))
	k.SetState("u", expr.Add(u1, expr.Select(s, k.Param("jump"), zero)))
	return k
}

// curve is square*v^2 + linear*v + constant.
func curve(k *expr.Kernel, v expr.Float) expr.Float {
	parabola := expr.Add(expr.Mul(k.Param("square"), expr.Mul(v, v)), expr.Mul(k.Param("linear"), v))
	return expr.Add(parabola, k.Param("constant"))
}

// izhikevichSubsteps keeps the membrane in bounds, as jaxpike does.
func izhikevichSubsteps(n int) *expr.Kernel {
	k := expr.New(fmt.Sprintf("izhikevichSubsteps%d", n), "advances Izhikevich neurons by Euler steps of the membrane within bounds, the\nnew membrane driving the recovery:")
	declare(k, []string{"square", "linear", "constant", "rate", "low", "high", "recovery", "sensitivity", "test", "value", "jump"})
	v, u := k.State("v"), k.State("u")
	low, high := k.Param("low"), k.Param("high")
	for range n {
		v = expr.Add(v, expr.Mul(k.Param("rate"), expr.Add(expr.Sub(curve(k, v), u), k.Input("x"))))
		v = expr.Select(expr.GT(low, v), low, v)
		v = expr.Select(expr.GT(v, high), high, v)
	}
	u1 := expr.Add(u, expr.Mul(k.Param("recovery"), expr.Sub(expr.Mul(k.Param("sensitivity"), v), u))).As("u1")
	s := expr.Fires(v, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", expr.Select(s, k.Param("value"), v))
	k.SetState("u", expr.Add(u1, expr.Select(s, k.Param("jump"), zero)))
	return k
}

var quadraticParams = []string{"square", "rest", "critical", "tau"}

// parabola is square*(v - rest)*(v - critical).
func parabola(k *expr.Kernel, v expr.Float) expr.Float {
	return expr.Mul(expr.Mul(k.Param("square"), expr.Sub(v, k.Param("rest"))), expr.Sub(v, k.Param("critical")))
}

func quadratic(r reset) *expr.Kernel {
	k := expr.New("qif"+r.name, "advances quadratic integrate-and-fire neurons. A spike "+r.doc+":")
	declare(k, append(append([]string{}, quadraticParams...), "test", r.param))
	v := k.State("v")
	v1 := expr.Add(v, expr.Div(expr.Add(k.Input("x"), parabola(k, v)), k.Param("tau"))).As("v1")
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	return k
}

func quadraticAdaptive(r reset) *expr.Kernel {
	k := expr.New("qifAdaptive"+r.name, "advances quadratic integrate-and-fire neurons with a recovery variable, which\nis SpikingJelly's form of Izhikevich's neuron. A spike "+r.doc+":")
	declare(k, append(append([]string{}, quadraticParams...), "follow", "tauW", "test", r.param, "jump"))
	v, w := k.State("v"), k.State("w")
	v1 := expr.Add(v, expr.Div(expr.Sub(expr.Add(k.Input("x"), parabola(k, v)), w), k.Param("tau"))).As("v1")
	toward := expr.Sub(expr.Mul(k.Param("follow"), expr.Sub(v1, k.Param("rest"))), w)
	w1 := expr.Add(w, expr.Div(toward, k.Param("tauW"))).As("w1")
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	k.SetState("w", expr.Add(w1, expr.Jump(s, k.Param("jump"))))
	return k
}

func exponentialIF(r reset) *expr.Kernel {
	k := expr.New("eif"+r.name, "advances exponential integrate-and-fire neurons. A spike "+r.doc+":")
	declare(k, []string{"rest", "sharpness", "rheobase", "tau", "test", r.param})
	v, sharp := k.State("v"), k.Param("sharpness")
	e := expr.Mul(sharp, exp(expr.Div(expr.Sub(v, k.Param("rheobase")), sharp)))
	slope := expr.Add(expr.Sub(expr.Add(k.Input("x"), k.Param("rest")), v), e)
	v1 := expr.Add(v, expr.Div(slope, k.Param("tau"))).As("v1")
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	return k
}

// resonate is a damped rotation of a point (u, v), driven along u.
func resonate(reset bool) *expr.Kernel {
	name, doc := "resonateNoReset", "that never reset"
	params := []string{"cosine", "sine", "gain", "test"}
	if reset {
		name, doc, params = "resonateValue", "which a spike sets to (0, value)", append(params, "value")
	}
	k := expr.New(name, "advances resonate-and-fire neurons, "+doc+":")
	declare(k, params)
	u, v, c, d := k.State("u"), k.State("v"), k.Param("cosine"), k.Param("sine")
	u1 := expr.Add(expr.Sub(expr.Mul(c, u), expr.Mul(d, v)), expr.Mul(k.Param("gain"), k.Input("x"))).As("u1")
	v1 := expr.Add(expr.Mul(d, u), expr.Mul(c, v)).As("v1")
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	if reset {
		u1, v1 = expr.Select(s, zero, u1), expr.Select(s, k.Param("value"), v1)
	}
	k.SetState("u", u1)
	k.SetState("v", v1)
	return k
}
