package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Target is what a sample should give: a class, or numbers, as the loss wants.
type Target struct {
	Class  int
	Values []float32
}

// Loss compares the main output of one sample with its target.
type Loss interface {
	// Sample returns the loss of y, [T, n], and adds its gradient, times scale,
	// to g, which has the same shape.
	Sample(y, g []float32, steps int, target Target, scale float64) (float64, error)
	// Scores are what the class with the greatest is answered by: see [Best].
	// There is one for each class.
	Scores(y []float32, steps int) []float64
}

// outputs is how many outputs y has; it reports sizes that do not fit.
func outputs(y, g []float32, steps int) (n int, err error) {
	if steps < 1 || len(y) < steps || len(y)%steps != 0 || len(g) != len(y) {
		return 0, fmt.Errorf("train: %w: %d outputs, %d gradients, %d steps", tensor.ErrShape, len(y), len(g), steps)
	}
	return len(y) / steps, nil
}

// checkClass reports a class that is not there.
func checkClass(class, n int) error {
	if class < 0 || class >= n {
		return fmt.Errorf("train: %w: class %d of %d outputs", snn.ErrOption, class, n)
	}
	return nil
}

// Reduction is what of an output over time is compared.
type Reduction uint8

// The choices.
const (
	ReductionSum      Reduction = iota // over the steps: of spikes, their count
	ReductionMean                      // over the steps: of spikes, their rate
	ReductionMax                       // of each output; its gradient goes to the first step that has it
	ReductionLast                      // step
	ReductionEachStep                  // every step by itself; the mean of their losses
)

// check reports a choice above the last.
func (o Reduction) check(owner string, last Reduction) error {
	if o > last {
		return fmt.Errorf("train: %s: %w: Reduction is %d; it is from %d to %d", owner, snn.ErrOption, o, ReductionSum, last)
	}
	return nil
}

// CrossEntropy is the softmax cross-entropy of the class,
//
//	loss = log(sum over i of exp(z[i])) - z[class]
//
// where z is the output over time: of a readout's membrane SNNAX's and Norse's
// usual loss (ReductionSum, ReductionMax, ReductionLast), of spikes snnTorch's ce_count_loss (ReductionSum),
// ce_rate_loss (ReductionEachStep) and ce_max_membrane_loss (ReductionMax).
type CrossEntropy struct{ Reduction Reduction }

// Check reports options out of range.
func (c CrossEntropy) Check() error { return c.Reduction.check("CrossEntropy", ReductionEachStep) }

// Sample wants a class.
func (c CrossEntropy) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	n, err := outputs(y, g, steps)
	if err := firstOf(err, c.Check(), checkClass(target.Class, n)); err != nil {
		return 0, err
	}
	if c.Reduction == ReductionEachStep {
		total := 0.0
		for t := range steps {
			l, d := softmax(wide(y[t*n:(t+1)*n]), target.Class)
			total += l
			for i := range d {
				g[t*n+i] += float32(d[i] * (scale / float64(steps)))
			}
		}
		return total / float64(steps), nil
	}
	l, d := softmax(c.Reduction.reduce(y, steps), target.Class)
	c.Reduction.spread(g, y, steps, d, scale)
	return l, nil
}

// Scores are z; those of ReductionEachStep are summed.
func (c CrossEntropy) Scores(y []float32, steps int) []float64 { return c.Reduction.reduce(y, steps) }

// softmax is the cross-entropy of a class and its gradient.
func softmax(z []float64, class int) (loss float64, gradient []float64) {
	top := z[0]
	for _, v := range z {
		top = max(top, v)
	}
	p, sum := make([]float64, len(z)), 0.0
	for i, v := range z {
		p[i] = detmath.Exp(v - top)
		sum += p[i]
	}
	loss = detmath.Log(sum) + top - z[class]
	for i := range p {
		p[i] /= sum
	}
	p[class]--
	return loss, p
}

func wide(y []float32) []float64 {
	w := make([]float64, len(y))
	for i, v := range y {
		w[i] = float64(v)
	}
	return w
}

// reduce is an output over time as one number a neuron, none of none.
func (o Reduction) reduce(y []float32, steps int) []float64 {
	if steps < 1 || len(y) < steps {
		return nil
	}
	n := len(y) / steps
	if o == ReductionLast {
		return wide(y[(steps-1)*n:])
	}
	z := wide(y[:n])
	for t := 1; t < steps; t++ {
		for i, v := range y[t*n : (t+1)*n] {
			if o == ReductionMax {
				z[i] = max(z[i], float64(v))
			} else {
				z[i] += float64(v)
			}
		}
	}
	if o == ReductionMean {
		for i := range z {
			z[i] /= float64(steps)
		}
	}
	return z
}

// spread adds the gradient d of what reduce made to that of the output.
func (o Reduction) spread(g, y []float32, steps int, d []float64, scale float64) {
	n := len(d)
	for i, v := range d {
		v *= scale
		switch o {
		case ReductionLast:
			g[(steps-1)*n+i] += float32(v)
		case ReductionMax:
			best := i
			for at := i; at < len(y); at += n {
				if y[at] > y[best] {
					best = at
				}
			}
			g[best] += float32(v)
		default:
			if o == ReductionMean {
				v /= float64(steps)
			}
			for at := i; at < len(g); at += n {
				g[at] += float32(v)
			}
		}
	}
}

// MeanSquare is the mean squared distance of the output over time from
// numbers: from Target.Values or, without these, Correct for the class and
// Wrong for the others. With ReductionMean, of spikes, these are rates, and it is
// snnTorch's mse_count_loss divided by the steps, which rounds the counts that
// it wants, the steps times the rates, down to whole spikes; with ReductionMax it is
// Norse's usual regression.
type MeanSquare struct {
	Reduction      Reduction // not ReductionEachStep
	Correct, Wrong float64
}

// Check reports options out of range.
func (m MeanSquare) Check() error {
	return firstOf(m.Reduction.check("MeanSquare", ReductionLast), any32.check("MeanSquare", "Correct", m.Correct), any32.check("MeanSquare", "Wrong", m.Wrong))
}

// checkTarget reports a target that asks for nothing.
func (m MeanSquare) checkTarget(target Target, n int) error {
	if target.Values != nil {
		if len(target.Values) != n {
			return fmt.Errorf("train: %w: a target of %d numbers for %d outputs", snn.ErrOption, len(target.Values), n)
		}
		return nil
	}
	if or(m.Correct, 0) == or(m.Wrong, 0) {
		return fmt.Errorf("train: MeanSquare: %w: Correct and Wrong are both %v: they tell no classes apart", snn.ErrOption, or(m.Correct, 0))
	}
	return checkClass(target.Class, n)
}

// Sample wants as many numbers as outputs, or a class.
func (m MeanSquare) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	n, err := outputs(y, g, steps)
	if err := firstOf(err, m.Check(), m.checkTarget(target, n)); err != nil {
		return 0, err
	}
	d, total := m.Reduction.reduce(y, steps), 0.0
	for i := range d {
		want := or(m.Wrong, 0)
		if target.Values != nil {
			want = float64(target.Values[i])
		} else if i == target.Class {
			want = or(m.Correct, 0)
		}
		d[i] -= want
		total += float64(d[i] * d[i])
		d[i] *= 2 / float64(n)
	}
	m.Reduction.spread(g, y, steps, d, scale)
	return total / float64(n), nil
}

// Scores are the output over time.
func (m MeanSquare) Scores(y []float32, steps int) []float64 { return m.Reduction.reduce(y, steps) }

// Latency is the cross-entropy of the negative times of the first spikes, so
// that the class should spike first: snnTorch's ce_temporal_loss. An output that
// is silent counts as spiking in the last step. The gradient of a time by the
// spike that sets it is -1. An output with a NaN has no time.
type Latency struct{}

// Sample wants a class.
func (Latency) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	n, err := outputs(y, g, steps)
	if err := firstOf(err, checkClass(target.Class, n)); err != nil {
		return 0, err
	}
	z := Latency{}.Scores(y, steps)
	l, d := softmax(z, target.Class)
	for i, v := range d {
		if !math.IsNaN(z[i]) {
			g[int(-z[i])*n+i] += float32(v * scale)
		}
	}
	return l, nil
}

// Scores are the negative times of the first spikes.
func (Latency) Scores(y []float32, steps int) []float64 {
	z := ReductionMax.reduce(y, steps) // NaN where there is one
	n := len(z)
	for i, v := range z {
		t := 0
		for t < steps-1 && y[t*n+i] == 0 {
			t++
		}
		if !math.IsNaN(v) {
			z[i] = -float64(t)
		}
	}
	return z
}

// Best is the class with the greatest score, the first of equal ones. It is -1,
// no class, if a score is NaN, or if there is none.
func Best(scores []float64) int {
	best := -1
	for i, v := range scores {
		if math.IsNaN(v) {
			return -1
		}
		if best < 0 || v > scores[best] {
			best = i
		}
	}
	return best
}

// Tied reports whether several classes have the greatest score, as those of
// silent outputs do.
func Tied(scores []float64) bool {
	best := Best(scores)
	return best >= 0 && slices.Contains(scores[best+1:], scores[best])
}

// Regularizer adds a term to the loss that depends on the spikes of a layer.
type Regularizer interface {
	// Layer is whose outputs it wants.
	Layer() string
	// Sample is as [Loss.Sample], without a target.
	Sample(y, g []float32, steps int, scale float64) float64
}

// RateBounds keeps the rates of neurons, their spikes a step, between bounds:
//
//	loss = Strength * mean over i of (max(0, rate[i]-High)^2 + max(0, Low-rate[i])^2)
type RateBounds struct {
	Of        string  // the layer
	Low, High float64 // not negative; Low is at most High
	Strength  float64 // above 0, or Zero
}

// Check reports options out of range.
func (r RateBounds) Check() error {
	const owner = "RateBounds"
	err := firstOf(amount.check(owner, "Low", r.Low), amount.check(owner, "High", r.High), amount.check(owner, "Strength", r.Strength))
	switch {
	case err != nil:
		return err
	case r.Low > r.High:
		return fmt.Errorf("train: %s: %w: Low is %v, above High, which is %v", owner, snn.ErrOption, r.Low, r.High)
	case r.Strength == 0:
		return fmt.Errorf("train: %s: %w: Strength is 0: the term would be, too; one that is meant to be is train.Zero", owner, snn.ErrOption)
	}
	return nil
}

// Layer is the layer.
func (r RateBounds) Layer() string { return r.Of }

// Sample adds the gradient of the term.
func (r RateBounds) Sample(y, g []float32, steps int, scale float64) float64 {
	rates, total := ReductionMean.reduce(y, steps), 0.0
	for i, rate := range rates {
		off := max(0, rate-r.High) - max(0, r.Low-rate)
		total += float64(off * off)
		rates[i] = 2 * r.Strength * off / float64(len(rates))
	}
	ReductionMean.spread(g, y, steps, rates, scale)
	return r.Strength * total / float64(len(rates))
}
