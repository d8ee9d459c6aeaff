package kernel

import "github.com/spikelane/spikelane/asm/expr"

// adaptive are neurons that grow tired: by a threshold that moves, or by a
// current of their own.
func adaptive() []*expr.Kernel {
	var kernels []*expr.Kernel
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
	test      func(v, threshold expr.Float) expr.Mask
}

var ties = []tie{{"", "at", expr.Fires}, {"Strict", "above", expr.FiresAbove}}

// threshold is the moving threshold, and adapt what a spike does to it.
func threshold(k *expr.Kernel) expr.Float {
	return expr.Add(k.Param("threshold"), expr.Mul(k.Param("coupling"), k.State("a"))).As("level")
}

func adapt(k *expr.Kernel, s expr.Mask) {
	a := expr.Add(expr.Mul(k.Param("adaptDecay"), k.State("a")), k.Param("adaptBias"))
	k.SetState("a", expr.Add(a, expr.Select(s, k.Param("adaptGain"), zero)))
}

var movingParams = append(append([]string{}, biased.params...), "threshold", "coupling", "adaptDecay", "adaptBias", "adaptGain")

func moving(r reset, t tie) *expr.Kernel {
	doc := "lowers the membrane by it"
	params := movingParams
	if r.name == toValue.name {
		doc, params = r.doc, append(append([]string{}, params...), r.param)
	}
	k := expr.New("alif"+r.name+t.name, "advances leaky integrate-and-fire neurons that spike "+t.doc+" a threshold that\nmoves with their spikes. A spike "+doc+":")
	declare(k, params)
	v1 := biased.step(k, k.State("v"), k.Input("x")).As("v1")
	level := threshold(k)
	s := t.test(v1, level).As("s")
	k.Spikes("spikes", s)
	if r.name == toValue.name {
		k.SetState("v", r.apply(k, s, v1))
	} else {
		k.SetState("v", expr.Sub(v1, expr.Select(s, level, zero)))
	}
	adapt(k, s)
	return k
}

// movingOld tests the membrane before its input, as spyx does.
func movingOld(t tie) *expr.Kernel {
	k := expr.New("alifOld"+t.name, "advances leaky integrate-and-fire neurons that spike if the last step left\ntheir membrane "+t.doc+" a threshold that moves with their spikes:")
	declare(k, movingParams)
	v, level := k.State("v"), threshold(k)
	s := t.test(v, level).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", expr.Sub(biased.step(k, v, k.Input("x")), expr.Select(s, level, zero)))
	adapt(k, s)
	return k
}

// adaptiveCurrent neurons have a current that follows membrane and spikes.
func adaptiveCurrent(r reset) *expr.Kernel {
	k := expr.New("adaptiveCurrent"+r.name, "advances leaky integrate-and-fire neurons with a current that follows their\nmembrane and their spikes. A spike "+r.doc+":")
	declare(k, append(append([]string{}, biased.params...), "coupling", "adaptDecay", "adaptFollow", "adaptGain", "test", r.param))
	a := k.State("a")
	v1 := biased.step(k, k.State("v"), expr.Add(k.Input("x"), expr.Mul(k.Param("coupling"), a))).As("v1")
	s := expr.Fires(v1, k.Param("test")).As("s")
	k.Spikes("spikes", s)
	k.SetState("v", r.apply(k, s, v1))
	follow := expr.Add(expr.Mul(k.Param("adaptFollow"), v1), expr.Mul(k.Param("adaptDecay"), a))
	k.SetState("a", expr.Add(follow, expr.Select(s, k.Param("adaptGain"), zero)))
	return k
}
