package train

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/hostmath"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
)

// Optimiser moves weights against their gradient. Its zero fields have the
// defaults of PyTorch.
type Optimiser interface {
	// Slots is how many numbers it remembers for each weight.
	Slots() int
	// Step moves w against scale*g, at learning rate rate; step counts from 1.
	Step(w, g []float32, slots [][]float32, step int, rate, scale float64)
	// Check reports options out of range.
	Check() error
}

// SGD is stochastic gradient descent, PyTorch's torch.optim.SGD:
//
//	d = g + Penalty*w
//	m = Momentum*m + d
//	w = w - rate*m, or with Nesterov w - rate*(d + Momentum*m)
type SGD struct {
	Momentum, Penalty float64
	Nesterov          bool
}

// Slots is 1.
func (SGD) Slots() int { return 1 }

// Check reports options out of range.
func (s SGD) Check() error { return between("SGD", 0, s.Momentum, s.Penalty) }

// Step makes a step.
func (s SGD) Step(w, g []float32, slots [][]float32, _ int, rate, scale float64) {
	step := simd.SGD
	if s.Nesterov {
		step = simd.SGDNesterov
	}
	step(w, slots[0], g, w, slots[0], float32(scale), float32(s.Penalty), float32(s.Momentum), float32(rate))
}

// Adam is PyTorch's torch.optim.Adam and, with Decay, AdamW:
//
//	w = w - rate*Decay*w
//	d = g + Penalty*w
//	m = Beta1*m + (1-Beta1)*d
//	v = Beta2*v + (1-Beta2)*d*d
//	w = w - rate/(1-Beta1^t) * m / (sqrt(v)/sqrt(1-Beta2^t) + Epsilon)
type Adam struct {
	Beta1, Beta2, Epsilon float64 // default 0.9, 0.999, 1e-8
	Penalty, Decay        float64
}

// Slots is 2.
func (Adam) Slots() int { return 2 }

// Check reports options out of range.
func (a Adam) Check() error {
	return between("Adam", 0, a.Beta1, a.Beta2, a.Epsilon, a.Penalty, a.Decay)
}

// Step makes a step.
func (a Adam) Step(w, g []float32, slots [][]float32, step int, rate, scale float64) {
	b1, b2, t := or(a.Beta1, 0.9), or(a.Beta2, 0.999), float64(step)
	root := 1 / math.Sqrt(1-hostmath.Pow(b2, t))
	simd.Adam(w, slots[0], slots[1], g, w, slots[0], slots[1], float32(scale), float32(a.Penalty),
		float32(b1), float32(1-b1), float32(b2), float32(1-b2), float32(root), float32(or(a.Epsilon, 1e-8)),
		float32(1-float64(rate*a.Decay)), float32(rate/(1-hostmath.Pow(b1, t))))
}

// Adamax is PyTorch's torch.optim.Adamax:
//
//	m = Beta1*m + (1-Beta1)*d
//	u = max(Beta2*u, |d| + Epsilon)
//	w = w - rate/(1-Beta1^t) * m/u
type Adamax struct {
	Beta1, Beta2, Epsilon float64 // default 0.9, 0.999, 1e-8
	Penalty               float64
}

// Slots is 2.
func (Adamax) Slots() int { return 2 }

// Check reports options out of range.
func (a Adamax) Check() error { return between("Adamax", 0, a.Beta1, a.Beta2, a.Epsilon, a.Penalty) }

// Step makes a step.
func (a Adamax) Step(w, g []float32, slots [][]float32, step int, rate, scale float64) {
	b1, b2 := or(a.Beta1, 0.9), or(a.Beta2, 0.999)
	simd.Adamax(w, slots[0], slots[1], g, w, slots[0], slots[1], float32(scale), float32(a.Penalty),
		float32(b1), float32(1-b1), float32(b2), float32(or(a.Epsilon, 1e-8)), float32(rate/(1-hostmath.Pow(b1, float64(step)))))
}

// RMSprop is PyTorch's torch.optim.RMSprop:
//
//	v = Smooth*v + (1-Smooth)*d*d
//	m = Momentum*m + d/(sqrt(v) + Epsilon)
//	w = w - rate*m
type RMSprop struct {
	Smooth, Epsilon   float64 // default 0.99, 1e-8
	Momentum, Penalty float64
}

// Slots is 2.
func (RMSprop) Slots() int { return 2 }

// Check reports options out of range.
func (r RMSprop) Check() error {
	return between("RMSprop", 0, r.Smooth, r.Epsilon, r.Momentum, r.Penalty)
}

// Step makes a step.
func (r RMSprop) Step(w, g []float32, slots [][]float32, _ int, rate, scale float64) {
	smooth := or(r.Smooth, 0.99)
	simd.RMSprop(w, slots[1], slots[0], g, w, slots[0], slots[1], float32(scale), float32(r.Penalty),
		float32(smooth), float32(1-smooth), float32(or(r.Epsilon, 1e-8)), float32(r.Momentum), float32(rate))
}

// or is v, or a default where it is zero.
func or(v, standard float64) float64 {
	if v == 0 {
		return standard
	}
	return v
}

// between reports options below low or, unless a penalty is meant, not finite.
func between(name string, low float64, options ...float64) error {
	for _, v := range options {
		if !(v >= low && v < 1e30) {
			return fmt.Errorf("train: %w: an option of %s is %v", snn.ErrOption, name, v)
		}
	}
	return nil
}

// Schedule is what the learning rate is multiplied by at a step, counted from
// 0, of so many in all.
type Schedule func(step, steps int) float64

// Constant is 1.
func Constant(int, int) float64 { return 1 }

// Cosine rises from 0 over a share of the steps, and then falls to last along
// a cosine (Loshchilov and Hutter 2017).
func Cosine(warmup, last float64) Schedule {
	return func(step, steps int) float64 {
		at, rise := float64(step)+1, float64(warmup*float64(steps))
		if at < rise {
			return at / rise
		}
		share := min(1, (at-rise)/max(1, float64(steps)-rise))
		return last + float64((1-last)*(0.5+float64(0.5*hostmath.Cos(math.Pi*share))))
	}
}

// Halving multiplies by factor after every so many steps.
func Halving(every int, factor float64) Schedule {
	return func(step, _ int) float64 { return hostmath.Pow(factor, float64(step/every)) }
}
