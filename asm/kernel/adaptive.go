package kernel

import "github.com/spikelane/spikelane/equation"

// adaptive are neurons that grow tired: by a threshold that moves, or by a
// current of their own.
func adaptive() []*equation.Kernel {
	var kernels []*equation.Kernel
	for _, tie := range ties {
		for _, r := range resets {
			kernels = append(kernels, moving(r, tie))
		}
		kernels = append(kernels, movingOld(tie))
	}
	for _, r := range resets {
		kernels = append(kernels, adaptiveCurrent(r))
	}
	return kernels
}

// tie is whether a membrane at its threshold spikes. A threshold that moves
// cannot be replaced by the next number.
type tie struct {
	name, doc string
	test      func(v, threshold equation.Float) equation.Mask
}

var ties = []tie{{"", "at", equation.Fires}, {"Strict", "above", equation.FiresAbove}}

// threshold is the moving threshold, and adapt what a spike does to it.
func threshold(k *equation.Kernel) equation.Float {
	return equation.Add(k.Param("threshold"), equation.Mul(k.Param("coupling"), k.State("a"))).As("level")
}

func adapt(k *equation.Kernel, s equation.Mask) {
	a := equation.Add(equation.Mul(k.Param("adaptDecay"), k.State("a")), k.Param("adaptBias"))
	k.SetState("a", equation.Add(a, equation.Select(s, k.Param("adaptGain"), zero)))
}

var movingParams = append(append([]string{}, biased.params...), "threshold", "coupling", "adaptDecay", "adaptBias", "adaptGain")

func moving(r reset, t tie) *equation.Kernel {
	doc := "lowers the membrane by it"
	params := movingParams
	if r.name == toValue.name {
		doc, params = r.doc, append(append([]string{}, params...), r.param)
	}
	k := equation.New("alif"+r.name+t.name, "advances leaky integrate-and-fire neurons that spike "+t.doc+" a threshold that\nmoves with their spikes. A spike "+doc+":")
	declare(k, params)
	v1 := biased.step(k, k.State("v"), k.Input("x")).As("v1")
	level := threshold(k)
	s := t.test(v1, level).As("s")
	k.Spikes("spikes", s)
	if r.name == toValue.name {
		k.SetState("v", r.apply(k, s, v1))
	} else {
		k.SetState("v", equation.Sub(v1, equation.Select(s, level, zero)))
	}
	adapt(k, s)
	return k
}

// movingOld tests the membrane before its input, as spyx does.
func movingOld(t tie) *equation.Kernel {
	k := equation.New("alifOld"+t.name, "advances leaky integrate-and-fire neurons that spike if the last step left\ntheir membrane "+t.doc+" a threshold that moves with their spikes:")
	declare(k, movingParams)
	v, level := k.State("v"), threshold(k)
	s := t.test(v, level).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", equation.Sub(biased.step(k, v, k.Input("x")), equation.Select(s, level, zero)))
	adapt(k, s)
	return k
}

// adaptiveCurrent neurons have a current that follows membrane and spikes.
func adaptiveCurrent(r reset) *equation.Kernel {
	k := equation.New("adaptiveCurrent"+r.name, "advances leaky integrate-and-fire neurons with a current that follows their\nmembrane and their spikes. A spike "+r.doc+":")
	declare(k, append(append([]string{}, biased.params...), "coupling", "adaptDecay", "adaptFollow", "adaptGain", "test", r.param))
	a := k.State("a")
	v1 := biased.step(k, k.State("v"), equation.Add(k.Input("x"), equation.Mul(k.Param("coupling"), a))).As("v1")
	s := equation.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	follow := equation.Add(equation.Mul(k.Param("adaptFollow"), v1), equation.Mul(k.Param("adaptDecay"), a))
	k.SetState("a", equation.Add(follow, equation.Select(s, k.Param("adaptGain"), zero)))
	return k
}
