package train

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
)

// Optimizer moves weights against their gradient. Its zero fields have the
// defaults of PyTorch; a number that is zero is [Zero].
type Optimizer interface {
	// Slots is how many numbers it remembers for each weight.
	Slots() int
	// Step moves w against scale*g, at learning rate rate; step counts from 1.
	Step(w, g []float32, slots [][]float32, step int, rate, scale float64)
	// Check reports options out of range; [New] asks for it.
	Check() error
}

// SGD is stochastic gradient descent, PyTorch's torch.optim.SGD:
//
//	d = g + L2Penalty*w
//	m = Momentum*m + d
//	w = w - rate*m, or with Nesterov w - rate*(d + Momentum*m)
type SGD struct {
	Momentum  float64 // from 0 to 1
	L2Penalty float64 // not negative
	Nesterov  bool    // needs a momentum
}

// Slots is 1.
func (SGD) Slots() int { return 1 }

// Check reports options out of range.
func (s SGD) Check() error {
	if s.Nesterov && or(s.Momentum, 0) == 0 {
		return fmt.Errorf("train: SGD: %w: Nesterov is set and Momentum is 0; it is above 0 then", snn.ErrOption)
	}
	return firstOf(share.check("SGD", "Momentum", or(s.Momentum, 0)), amount.check("SGD", "L2Penalty", or(s.L2Penalty, 0)))
}

// Step makes a step.
func (s SGD) Step(w, g []float32, slots [][]float32, _ int, rate, scale float64) {
	step := simd.SGD
	if s.Nesterov {
		step = simd.SGDNesterov
	}
	step(w, slots[0], g, w, slots[0], float32(scale), float32(or(s.L2Penalty, 0)), float32(or(s.Momentum, 0)), float32(rate))
}

// Adam is PyTorch's torch.optim.Adam and, with WeightDecay, AdamW:
//
//	w = w - rate*WeightDecay*w
//	d = g + L2Penalty*w
//	m = Beta1*m + (1-Beta1)*d
//	v = Beta2*v + (1-Beta2)*d*d
//	w = w - rate/(1-Beta1^t) * m / (sqrt(v)/sqrt(1-Beta2^t) + Epsilon)
type Adam struct {
	Beta1, Beta2           float64 // at least 0 and below 1; default 0.9, 0.999
	Epsilon                float64 // above 0; default 1e-8
	L2Penalty, WeightDecay float64 // not negative
}

// Slots is 2.
func (Adam) Slots() int { return 2 }

// Check reports options out of range.
func (a Adam) Check() error {
	a = a.full()
	return firstOf(
		smoothing.check("Adam", "Beta1", a.Beta1), smoothing.check("Adam", "Beta2", a.Beta2), divisor.check("Adam", "Epsilon", a.Epsilon),
		amount.check("Adam", "L2Penalty", a.L2Penalty), amount.check("Adam", "WeightDecay", a.WeightDecay))
}

// full has the numbers that its options mean.
func (a Adam) full() Adam {
	return Adam{or(a.Beta1, 0.9), or(a.Beta2, 0.999), or(a.Epsilon, 1e-8), or(a.L2Penalty, 0), or(a.WeightDecay, 0)}
}

// Step makes a step.
func (a Adam) Step(w, g []float32, slots [][]float32, step int, rate, scale float64) {
	a = a.full()
	b1, b2, t := a.Beta1, a.Beta2, float64(step)
	root := 1 / math.Sqrt(1-detmath.Pow(b2, t))
	simd.Adam(w, slots[0], slots[1], g, w, slots[0], slots[1], simd.AdamNumbers{
		Scale: float32(scale), Penalty: float32(a.L2Penalty),
		Beta1: float32(b1), Rest1: float32(1 - b1), Beta2: float32(b2), Rest2: float32(1 - b2),
		Root: float32(root), Epsilon: float32(a.Epsilon),
		Shrink: float32(1 - float64(rate*a.WeightDecay)), Rate: float32(rate / (1 - detmath.Pow(b1, t))),
	})
}

// Adamax is PyTorch's torch.optim.Adamax:
//
//	m = Beta1*m + (1-Beta1)*d
//	u = max(Beta2*u, |d| + Epsilon)
//	w = w - rate/(1-Beta1^t) * m/u
type Adamax struct {
	Beta1, Beta2 float64 // at least 0 and below 1; default 0.9, 0.999
	Epsilon      float64 // above 0; default 1e-8
	L2Penalty    float64 // not negative
}

// Slots is 2.
func (Adamax) Slots() int { return 2 }

// Check reports options out of range.
func (a Adamax) Check() error {
	a = a.full()
	return firstOf(
		smoothing.check("Adamax", "Beta1", a.Beta1), smoothing.check("Adamax", "Beta2", a.Beta2),
		divisor.check("Adamax", "Epsilon", a.Epsilon), amount.check("Adamax", "L2Penalty", a.L2Penalty))
}

// full has the numbers that its options mean.
func (a Adamax) full() Adamax {
	return Adamax{or(a.Beta1, 0.9), or(a.Beta2, 0.999), or(a.Epsilon, 1e-8), or(a.L2Penalty, 0)}
}

// Step makes a step.
func (a Adamax) Step(w, g []float32, slots [][]float32, step int, rate, scale float64) {
	a = a.full()
	b1, b2 := a.Beta1, a.Beta2
	simd.Adamax(w, slots[0], slots[1], g, w, slots[0], slots[1], simd.AdamaxNumbers{
		Scale: float32(scale), Penalty: float32(a.L2Penalty), Beta1: float32(b1), Rest1: float32(1 - b1), Beta2: float32(b2),
		Epsilon: float32(a.Epsilon), Rate: float32(rate / (1 - detmath.Pow(b1, float64(step)))),
	})
}

// RMSprop is PyTorch's torch.optim.RMSprop:
//
//	v = Smooth*v + (1-Smooth)*d*d
//	m = Momentum*m + d/(sqrt(v) + Epsilon)
//	w = w - rate*m
type RMSprop struct {
	Smooth    float64 // at least 0 and below 1; default 0.99
	Epsilon   float64 // above 0; default 1e-8
	Momentum  float64 // from 0 to 1
	L2Penalty float64 // not negative
}

// Slots is 2.
func (RMSprop) Slots() int { return 2 }

// Check reports options out of range.
func (r RMSprop) Check() error {
	r = r.full()
	return firstOf(
		smoothing.check("RMSprop", "Smooth", r.Smooth), divisor.check("RMSprop", "Epsilon", r.Epsilon),
		share.check("RMSprop", "Momentum", r.Momentum), amount.check("RMSprop", "L2Penalty", r.L2Penalty))
}

// full has the numbers that its options mean.
func (r RMSprop) full() RMSprop {
	return RMSprop{or(r.Smooth, 0.99), or(r.Epsilon, 1e-8), or(r.Momentum, 0), or(r.L2Penalty, 0)}
}

// Step makes a step.
func (r RMSprop) Step(w, g []float32, slots [][]float32, _ int, rate, scale float64) {
	r = r.full()
	simd.RMSprop(w, slots[1], slots[0], g, w, slots[0], slots[1], simd.RMSpropNumbers{
		Scale: float32(scale), Penalty: float32(r.L2Penalty), Smooth: float32(r.Smooth), Rest: float32(1 - r.Smooth),
		Epsilon: float32(r.Epsilon), Momentum: float32(r.Momentum), Rate: float32(rate),
	})
}
