package snn

import (
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/tensor"
)

// Init fills a new parameter of some shape. The numbers are a function of the
// seed, of the parameter's name within the network, and of their place, so
// that they are the same on every machine, and no layer's depend on another's.
type Init func(values []float32, shape tensor.Shape, seed uint64, name string)

// FanInUniform is uniform on [-k, k], k = 1/sqrt(fanIn), where fanIn is the
// number of inputs that one output of the layer sums: the default of PyTorch's
// and Equinox's linear and convolution layers, for weights and biases.
func FanInUniform(fanIn int) Init {
	k := 1 / math.Sqrt(float64(fanIn))
	return Uniform(-k, k)
}

// Uniform is uniform on [low, high).
func Uniform(low, high float64) Init {
	return fill(func(k random.Key, i uint32) float64 {
		return low + float64((high-low)*k.Uniform(0, 0, i))
	})
}

// Normal is normal with this mean and standard deviation.
func Normal(mean, deviation float64) Init {
	return fill(func(k random.Key, i uint32) float64 {
		return mean + float64(deviation*k.Normal(0, 0, i))
	})
}

// TruncatedNormal is normal, given that it lies on [low, high]: trunc_normal_
// of PyTorch. Bounds above the mean are drawn as their mirror image: near 1 the
// distribution has no digits left. Bounds that are more than 37 deviations away
// give the nearer one.
func TruncatedNormal(mean, deviation, low, high float64) Init {
	a, b := (low-mean)/deviation, (high-mean)/deviation
	if a > 0 {
		a, b, deviation = -b, -a, -deviation
	}
	from, to := detmath.NormalCDF(a), detmath.NormalCDF(b)
	return fill(func(k random.Key, i uint32) float64 {
		z := b
		if to > 0 {
			z = detmath.InverseNormal(from + float64((to-from)*k.Uniform(0, 0, i)))
		}
		return min(max(mean+float64(deviation*z), low), high)
	})
}

// Constant is the same number everywhere.
func Constant(value float32) Init {
	return func(values []float32, _ tensor.Shape, _ uint64, _ string) {
		for i := range values {
			values[i] = value
		}
	}
}

// KaimingUniform is uniform with the standard deviation gain/sqrt(fan in) (He
// et al. 2015): kaiming_uniform_ of PyTorch.
func KaimingUniform(gain float64) Init {
	return scaled(func(in, _ float64) Init {
		k := gain * math.Sqrt(3/in)
		return Uniform(-k, k)
	})
}

// KaimingNormal is normal with the standard deviation gain/sqrt(fan in):
// kaiming_normal_ of PyTorch.
func KaimingNormal(gain float64) Init {
	return scaled(func(in, _ float64) Init { return Normal(0, gain/math.Sqrt(in)) })
}

// XavierUniform is uniform with the standard deviation gain*sqrt(2/(fan in +
// fan out)) (Glorot and Bengio 2010): xavier_uniform_ of PyTorch.
func XavierUniform(gain float64) Init {
	return scaled(func(in, out float64) Init {
		k := gain * math.Sqrt(6/(in+out))
		return Uniform(-k, k)
	})
}

// XavierNormal is normal with the standard deviation gain*sqrt(2/(fan in + fan
// out)): xavier_normal_ of PyTorch.
func XavierNormal(gain float64) Init {
	return scaled(func(in, out float64) Init { return Normal(0, gain*math.Sqrt(2/(in+out))) })
}

// fill draws every number by its place.
func fill(draw func(k random.Key, i uint32) float64) Init {
	return func(values []float32, _ tensor.Shape, seed uint64, name string) {
		k := random.New(seed, name)
		for i := range values {
			values[i] = float32(draw(k, uint32(i)))
		}
	}
}

// scaled is a scheme whose width depends on the fans of a weight: of
// [out, in, window...], the window times in, and times out.
func scaled(scheme func(in, out float64) Init) Init {
	return func(values []float32, shape tensor.Shape, seed uint64, name string) {
		in, out := 1, 1 // of a parameter that is no weight
		if len(shape) > 1 {
			in, out = shape[1:].Size(), shape[0]*shape[2:].Size()
		}
		scheme(float64(in), float64(out))(values, shape, seed, name)
	}
}
