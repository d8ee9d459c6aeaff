package kernel

import "github.com/spikelane/spikelane/asm/expr"

// traces are neurons made of several decaying traces.
func traces() []*expr.Kernel {
	return []*expr.Kernel{alpha("None"), alpha("Subtract"), alpha("Zero"), sigmaDelta(), spikeResponse()}
}

// alpha is snnTorch's Alpha, whose resets are as coded there.
func alpha(reset string) *expr.Kernel {
	doc := map[string]string{
		"None":     "that never reset",
		"Subtract": "that snnTorch resets by subtraction at the next step",
		"Zero":     "whose three variables a spike sets to 0 at the next step",
	}[reset]
	k := expr.New("alpha"+reset, "advances neurons of two currents "+doc+":")
	params := []string{"alpha", "beta", "scale", "test"}
	if reset == "Subtract" {
		params = append(params, "amount")
	}
	declare(k, params)
	v, exc, inh, x := k.State("v"), k.State("exc"), k.State("inh"), k.Input("x")
	old := expr.GE(v, k.Param("test")).As("old")
	e := expr.Add(expr.Mul(k.Param("alpha"), exc), x).As("e1")
	i := expr.Sub(expr.Mul(k.Param("beta"), inh), x).As("i1")
	v1 := expr.Mul(k.Param("scale"), expr.Add(e, i)).As("v1")
	switch reset {
	case "Subtract":
		e = expr.Sub(e, expr.Select(old, k.Param("amount"), zero))
		i = expr.Select(old, zero, i)
		v1 = expr.Add(v1, expr.Select(old, inh, zero)).As("v2")
	case "Zero":
		e, i, v1 = expr.Select(old, zero, e), expr.Select(old, zero, i), expr.Select(old, zero, v1).As("v2")
	}
	k.Spikes("spikes", expr.Fires(v1, k.Param("test")))
	k.SetState("v", v1)
	k.SetState("exc", e)
	k.SetState("inh", i)
	return k
}

func sigmaDelta() *expr.Kernel {
	k := expr.New("sigmaDelta", "advances SNNAX's sigma-delta neurons:")
	declare(k, []string{"sigmaDecay", "deltaDecay", "feedbackDecay", "test"})
	feedback := k.State("feedback")
	k.State("error")
	i := expr.Add(expr.Mul(k.State("sigma"), k.Param("sigmaDecay")), k.Input("x")).As("i1")
	e := expr.Sub(i, feedback).As("e1")
	m := expr.Add(expr.Mul(k.State("delta"), k.Param("deltaDecay")), e).As("m1")
	s := expr.Fires(m, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("sigma", i)
	k.SetState("error", e)
	k.SetState("delta", m)
	k.SetState("feedback", expr.Add(expr.Mul(feedback, k.Param("feedbackDecay")), expr.Select(s, one, zero)))
	return k
}

// spikeResponse is the firing part of SNNAX's SRM: a trace of the neuron's own
// spikes holds it back.
func spikeResponse() *expr.Kernel {
	k := expr.New("spikeResponse", "advances neurons that a trace of their own spikes holds back:")
	declare(k, []string{"decay", "jump", "scale", "test"})
	k.State("u")
	r := expr.Add(expr.Mul(k.Param("decay"), k.State("r")), expr.Mul(k.Param("jump"), k.State("s"))).As("r1")
	u := expr.Sub(k.Input("x"), expr.Mul(k.Param("scale"), r)).As("u1")
	s := expr.Fires(u, k.Param("test")).As("fires")
	k.Spikes("spikes", s)
	k.SetState("u", u)
	k.SetState("r", r)
	k.SetState("s", expr.Select(s, one, zero))
	return k
}
