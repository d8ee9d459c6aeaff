package surrogate

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/internal/random"
)

// Random draws for the spike functions that are random. A number is a function
// of the seed, the name, the sample, the step and the place, of nothing that
// was drawn before: the same on every machine, with any number of workers.
type Random struct {
	key    random.Key
	sample uint32
	step   uint64
}

// NewRandom is the generator of a seed and a name, such as that of a layer, at
// sample 0 and step 0.
func NewRandom(seed uint64, name string) Random { return Random{key: random.New(seed, name)} }

// At is the same generator at another sample and step.
func (r Random) At(sample uint32, step uint64) Random {
	r.sample, r.step = sample, step
	return r
}

func (r Random) uniform(i int) float64 { return r.key.Uniform(r.sample, r.step, uint32(i)) }

// bernoulli stores 1 with probability p(x), else 0.
func (r Random) bernoulli(dst, x []float32, p func(x float64) float64) {
	checkLengths(dst, x)
	for i, v := range x {
		dst[i] = 0
		if r.uniform(i) < p(float64(v)) {
			dst[i] = 1
		}
	}
}

// LogisticSpike is the forward pass of Norse's logistic (1.1.0), whose
// derivative is [Tanh]:
//
//	1 with probability (1 + tanh(alpha*x))/2, else 0
//
// dst and x may be the same slice; it panics if their lengths differ.
func (r Random) LogisticSpike(dst, x []float32, alpha float32) {
	r.bernoulli(dst, x, func(x float64) float64 {
		return detmath.Sigmoid(2 * float64(alpha) * x)
	})
}

// CircDistSpike is the forward pass of Norse's circ_dist (1.1.0), whose
// derivative is [Circ]:
//
//	1 with probability 1/2 + x/(2*sqrt(alpha^2 + x^2)), else 0
//
// dst and x may be the same slice; it panics if their lengths differ.
func (r Random) CircDistSpike(dst, x []float32, alpha float32) {
	a := float64(float64(alpha) * float64(alpha))
	r.bernoulli(dst, x, func(x float64) float64 {
		x = min(max(x, -math.MaxFloat32), math.MaxFloat32)
		square := float64(x * x)
		return 0.5 + x/(2*math.Sqrt(a+square))
	})
}

// PoissonPassSpike is the forward pass of SpikingJelly's PoissonPass (2.0.0),
// whose derivative is [StraightThrough]: 1 with probability x, else 0. dst and
// x may be the same slice; it panics if their lengths differ.
func (r Random) PoissonPassSpike(dst, x []float32) {
	r.bernoulli(dst, x, func(x float64) float64 { return x })
}

// StochasticDerivative is the derivative of snnTorch's SSO, the stochastic
// spike operator (1.0.0), with U uniform on [-1/2, 1/2):
//
//	1 if x > 0, else (U + mean)*variance
//
// snnTorch's defaults are mean 0 and variance 0.2. dst and x may be the same
// slice; it panics if their lengths differ.
func (r Random) StochasticDerivative(dst, x []float32, mean, variance float32) {
	checkLengths(dst, x)
	for i, v := range x {
		dst[i] = 1
		if !(v > 0) {
			dst[i] = float32((r.uniform(i) - 0.5 + float64(mean)) * float64(variance))
		}
	}
}

func checkLengths(dst, x []float32) {
	if len(dst) != len(x) {
		panic(fmt.Sprintf("surrogate: lengths %d and %d differ", len(dst), len(x)))
	}
}
