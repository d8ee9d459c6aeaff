package kernel

import "github.com/spikelane/spikelane/equation"

// filters are neurons made of several decaying traces.
func filters() []*equation.Kernel {
	return []*equation.Kernel{alpha("None"), alpha("Subtract"), alpha("Zero"), sigmaDelta(), spikeResponse()}
}

// alpha is snnTorch's Alpha, whose resets are as coded there.
func alpha(reset string) *equation.Kernel {
	doc := map[string]string{
		"None":     "that never reset",
		"Subtract": "that snnTorch resets by subtraction at the next step",
		"Zero":     "whose three variables a spike sets to 0 at the next step",
	}[reset]
	k := equation.New("alpha"+reset, "advances neurons of two currents "+doc+":")
	params := []string{"alpha", "beta", "scale", "test"}
	if reset == "Subtract" {
		params = append(params, "amount")
	}
	declare(k, params)
	v, exc, inh, x := k.State("v"), k.State("exc"), k.State("inh"), k.Input("x")
	old := equation.GE(v, k.Param("test")).As("old")
	e := equation.Add(equation.Mul(k.Param("alpha"), exc), x).As("e1")
	i := equation.Sub(equation.Mul(k.Param("beta"), inh), x).As("i1")
	v1 := equation.Mul(k.Param("scale"), equation.Add(e, i)).As("v1")
	switch reset {
	case "Subtract":
		e = equation.Sub(e, equation.Select(old, k.Param("amount"), zero))
		i = equation.Select(old, zero, i)
		v1 = equation.Add(v1, equation.Select(old, inh, zero)).As("v2")
	case "Zero":
		e, i, v1 = equation.Select(old, zero, e), equation.Select(old, zero, i), equation.Select(old, zero, v1).As("v2")
	}
	k.Spikes("spikes", equation.Fires(v1, k.Param("test")))
	k.SetState("v", v1)
	k.SetState("exc", e)
	k.SetState("inh", i)
	return k
}

func sigmaDelta() *equation.Kernel {
	k := equation.New("sigmaDelta", "advances SNNAX's sigma-delta neurons:")
	declare(k, []string{"sigmaDecay", "deltaDecay", "feedbackDecay", "test"})
	feedback := k.State("feedback")
	k.State("error")
	i := equation.Add(equation.Mul(k.State("sigma"), k.Param("sigmaDecay")), k.Input("x")).As("i1")
	e := equation.Sub(i, feedback).As("e1")
	m := equation.Add(equation.Mul(k.State("delta"), k.Param("deltaDecay")), e).As("m1")
	s := equation.Fires(m, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("sigma", i)
	k.SetState("error", e)
	k.SetState("delta", m)
	k.SetState("feedback", equation.Add(equation.Mul(feedback, k.Param("feedbackDecay")), equation.Select(s, one, zero)))
	return k
}

// spikeResponse is the firing part of SNNAX's SRM: a trace of the neuron's own
// spikes holds it back.
func spikeResponse() *equation.Kernel {
	k := equation.New("spikeResponse", "advances neurons that a trace of their own spikes holds back:")
	declare(k, []string{"decay", "jump", "scale", "test"})
	k.State("u")
	r := equation.Add(equation.Mul(k.Param("decay"), k.State("r")), equation.Mul(k.Param("jump"), k.State("s"))).As("r1")
	u := equation.Sub(k.Input("x"), equation.Mul(k.Param("scale"), r)).As("u1")
	s := equation.Fires(u, k.Param("test")).As("fires")
	k.Spikes("spikes", s)
	k.SetState("u", u)
	k.SetState("r", r)
	k.SetState("s", equation.Select(s, one, zero))
	return k
}
