package kernel

import "github.com/spikelane/spikelane/asm/expr"

// counting are the neurons whose membrane has a floor, of sinabs and Rockpool:
// they send one spike a step at the most, or as many as fit.
func counting() []*expr.Kernel {
	var kernels []*expr.Kernel
	for _, several := range []bool{false, true} {
		for _, r := range []reset{subtract, {"Add", "sets the membrane to 0; then value is added to every\nmembrane, whether it spiked or not", "value", nil}} {
			kernels = append(kernels, floored(several, r))
		}
	}
	return append(kernels, refractory(subtract), refractory(toValue))
}

func floored(several bool, r reset) *expr.Kernel {
	name, doc, test := "lifFloor", "", "test"
	if several {
		name, doc, test = "lifCount", "that send several spikes a step ", "threshold"
	}
	k := expr.New(name+r.name, "advances leaky integrate-and-fire neurons "+doc+"and whose membrane\nhas a floor. A spike "+r.doc+":")
	params := append(biased.params, test, r.param, "lowest")
	if several {
		params = append(params, "most")
	}
	declare(k, params)
	v1 := biased.step(k, k.State("v"), k.Input("x")).As("v1")
	var spiked expr.Mask
	var count expr.Float
	if several {
		fit := expr.Select(expr.GT(v1, zero), expr.Floor(expr.Div(v1, k.Param(test))), zero).As("fit")
		count = expr.Select(expr.GT(fit, k.Param("most")), k.Param("most"), fit).As("count").Staircase(v1, k.Param(test))
		spiked = expr.Not(expr.EQ(count, zero))
		k.Output("dst", count)
	} else {
		spiked = expr.Fires(v1, k.Param(test)).As("s")
		count = expr.Select(spiked, one, zero)
		k.Spikes("spikes", spiked)
	}
	var v2 expr.Float
	if r.name == subtract.name {
		v2 = expr.Sub(v1, expr.Mul(count, k.Param("amount"))).As("v2")
	} else {
		v2 = expr.Add(expr.Select(spiked, zero, v1), k.Param("value")).As("v2")
	}
	lowest := k.Param("lowest")
	k.SetState("v", expr.Select(expr.GT(lowest, v2), lowest, v2))
	return k
}

// refractory neurons do nothing for some steps after a spike.
func refractory(r reset) *expr.Kernel {
	k := expr.New("lifRefractory"+r.name, "advances leaky integrate-and-fire neurons that rest for period steps after a\nspike, which "+r.doc+":")
	k.Note = "While wait is above 0, the membrane stays as it is."
	declare(k, append(biased.params, "test", r.param, "period"))
	v, wait := k.State("v"), k.State("wait")
	ready := expr.GE(zero, wait).As("ready")
	v1 := expr.Select(ready, biased.step(k, v, k.Input("x")), v).As("v1")
	s := expr.And(ready, expr.Fires(v1, k.Param("test"))).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	k.SetState("wait", expr.Select(s, k.Param("period"), expr.Select(ready, zero, expr.Sub(wait, one))))
	return k
}
