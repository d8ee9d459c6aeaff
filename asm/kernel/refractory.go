package kernel

import "github.com/spikelane/spikelane/equation"

// refractory neurons do nothing for some steps after a spike.
func refractory(r reset) *equation.Kernel {
	k := equation.New("lifRefractory"+r.name, "advances leaky integrate-and-fire neurons that rest for period steps after a\nspike, which "+r.doc+":")
	k.Note = "While wait is above 0, the membrane stays as it is."
	declare(k, append(biased.params, "test", r.param, "period"))
	v, wait := k.State("v"), k.State("wait")
	ready := equation.GE(zero, wait).As("ready")
	v1 := equation.Select(ready, biased.step(k, v, k.Input("x")), v).As("v1")
	s := equation.And(ready, equation.Fires(v1, k.Param("test"))).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	k.SetState("wait", equation.Select(s, k.Param("period"), equation.Select(ready, zero, equation.Sub(wait, one))))
	return k
}
