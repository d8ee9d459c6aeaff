package norse

import (
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/surrogate"
)

// Super is Norse's super in release 1.1.0, which ignores alpha.
func Super() surrogate.Func {
	return surrogate.FastSigmoid(1)
}

// SuperAlpha is super as in Norse's repository, which uses alpha.
func SuperAlpha(alpha float32) surrogate.Func {
	return surrogate.FastSigmoid(alpha)
}

// Triangle is Norse's triangle.
func Triangle(alpha float32) surrogate.Func {
	return surrogate.Triangle(alpha, 1)
}

// Tanh is Norse's tanh.
func Tanh(alpha float32) surrogate.Func {
	return surrogate.Tanh(alpha)
}

// Logistic is Norse's logistic, whose forward pass is
// [surrogate.Random.LogisticSpike].
func Logistic(alpha float32) surrogate.Func {
	return surrogate.Tanh(alpha)
}

// HeaviErfc is Norse's heavi_erfc.
func HeaviErfc(alpha float32) surrogate.Func {
	return surrogate.HeaviErfc(alpha)
}

// Circ is Norse's circ.
func Circ(alpha float32) surrogate.Func {
	return surrogate.Circ(alpha)
}

// CircDist is Norse's circ_dist, whose forward pass is
// [surrogate.Random.CircDistSpike].
func CircDist(alpha float32) surrogate.Func {
	return surrogate.Circ(alpha)
}

var surrogates = presetkit.Surrogates{
	"super":       presetkit.None(Super),
	"super_alpha": presetkit.One(SuperAlpha, "alpha"),
	"triangle":    presetkit.One(Triangle, "alpha"),
	"tanh":        presetkit.One(Tanh, "alpha"),
	"logistic":    presetkit.One(Logistic, "alpha"),
	"heavi_erfc":  presetkit.One(HeaviErfc, "alpha"),
	"circ":        presetkit.One(Circ, "alpha"),
	"circ_dist":   presetkit.One(CircDist, "alpha"),
}

// Surrogate is the function that Norse calls so, with its arguments by their
// names. A name, or an argument, that is not known, and an argument that is
// missing, are errors. super is that of the release, which ignores its
// alpha and takes none here; super_alpha the repository's.
func Surrogate(name string, params map[string]float64) (surrogate.Func, error) {
	return surrogates.Func("Norse", name, params)
}
