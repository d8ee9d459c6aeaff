package norse

import "github.com/spikelane/spikelane/surrogate"

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
