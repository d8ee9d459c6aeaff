package kernel

import "github.com/spikelane/spikelane/equation"

// floors are the neurons whose membrane has a floor, of sinabs and Rockpool:
// they send one spike a step at the most, or as many as fit.
func floors() []*equation.Kernel {
	var kernels []*equation.Kernel
	for _, several := range []bool{false, true} {
		for _, r := range []reset{subtract, {"Add", "sets the membrane to 0; then value is added to every\nmembrane, whether it spiked or not", "value", nil}} {
			kernels = append(kernels, floored(several, r))
		}
	}
	return kernels
}

func floored(several bool, r reset) *equation.Kernel {
	name, doc, test := "lifFloor", "", "test"
	if several {
		name, doc, test = "lifCount", "that send several spikes a step ", "threshold"
	}
	k := equation.New(name+r.name, "advances leaky integrate-and-fire neurons "+doc+"and whose membrane\nhas a floor. A spike "+r.doc+":")
	params := append(biased.params, test, r.param, "lowest")
	if several {
		params = append(params, "maxSpikes")
	}
	declare(k, params)
	v1 := biased.step(k, k.State("v"), k.Input("x")).As("v1")
	var spiked equation.Mask
	var count equation.Float
	if several {
		fit := equation.Select(equation.GT(v1, zero), equation.Floor(equation.Div(v1, k.Param(test))), zero).As("fit")
		count = equation.Select(equation.GT(fit, k.Param("maxSpikes")), k.Param("maxSpikes"), fit).As("count").Staircase(v1, k.Param(test))
		spiked = equation.Not(equation.EQ(count, zero))
		k.Output("dst", count)
	} else {
		spiked = equation.Fires(v1, k.Param(test)).As("s")
		count = equation.Select(spiked, one, zero)
		k.Spikes("spikes", spiked)
	}
	var v2 equation.Float
	if r.name == subtract.name {
		v2 = equation.Sub(v1, equation.Mul(count, k.Param("amount"))).As("v2")
	} else {
		v2 = equation.Add(equation.Select(spiked, zero, v1), k.Param("value")).As("v2")
	}
	lowest := k.Param("lowest")
	k.SetState("v", equation.Select(equation.GT(lowest, v2), lowest, v2))
	return k
}
