package train

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/hostmath"
	"github.com/spikelane/spikelane/snn"
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
	// Scores are what the class with the greatest is answered by.
	Scores(y []float32, steps int) []float64
}

// Over is what of an output over time is compared.
type Over uint8

// The choices.
const (
	Sum      Over = iota // over the steps: of spikes, their count
	Mean                 // over the steps: of spikes, their rate
	Max                  // of each output; its gradient goes to the first step that has it
	Last                 // step
	EachStep             // every step by itself; the mean of their losses
)

// CrossEntropy is the softmax cross-entropy of the class,
//
//	loss = log(sum over i of exp(z[i])) - z[class]
//
// where z is the output over time: of a readout's membrane SNNAX's and Norse's
// usual loss (Sum, Max, Last), of spikes snnTorch's ce_count_loss (Sum),
// ce_rate_loss (EachStep) and ce_max_membrane_loss (Max).
type CrossEntropy struct{ Over Over }

// Sample wants a class.
func (c CrossEntropy) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	n := len(y) / steps
	if target.Class < 0 || target.Class >= n {
		return 0, fmt.Errorf("train: %w: class %d of %d outputs", snn.ErrOption, target.Class, n)
	}
	if c.Over == EachStep {
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
	l, d := softmax(c.Over.reduce(y, steps), target.Class)
	c.Over.spread(g, y, steps, d, scale)
	return l, nil
}

// Scores are z; those of EachStep are summed.
func (c CrossEntropy) Scores(y []float32, steps int) []float64 { return c.Over.reduce(y, steps) }

// softmax is the cross-entropy of a class and its gradient.
func softmax(z []float64, class int) (loss float64, gradient []float64) {
	top := z[0]
	for _, v := range z {
		top = max(top, v)
	}
	p, sum := make([]float64, len(z)), 0.0
	for i, v := range z {
		p[i] = hostmath.Exp(v - top)
		sum += p[i]
	}
	loss = hostmath.Log(sum) + top - z[class]
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

// reduce is an output over time as one number a neuron.
func (o Over) reduce(y []float32, steps int) []float64 {
	n := len(y) / steps
	if o == Last {
		return wide(y[(steps-1)*n:])
	}
	z := wide(y[:n])
	for t := 1; t < steps; t++ {
		for i, v := range y[t*n : (t+1)*n] {
			if o == Max {
				z[i] = max(z[i], float64(v))
			} else {
				z[i] += float64(v)
			}
		}
	}
	if o == Mean {
		for i := range z {
			z[i] /= float64(steps)
		}
	}
	return z
}

// spread adds the gradient d of what reduce made to that of the output.
func (o Over) spread(g, y []float32, steps int, d []float64, scale float64) {
	n := len(d)
	for i, v := range d {
		v *= scale
		switch o {
		case Last:
			g[(steps-1)*n+i] += float32(v)
		case Max:
			best := i
			for at := i; at < len(y); at += n {
				if y[at] > y[best] {
					best = at
				}
			}
			g[best] += float32(v)
		default:
			if o == Mean {
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
// Wrong for the others. Over Mean, of spikes, these are rates, and it is
// snnTorch's mse_count_loss divided by the steps; Over Max it is Norse's usual
// regression.
type MeanSquare struct {
	Over           Over
	Correct, Wrong float64
}

// Sample wants as many numbers as outputs, or a class.
func (m MeanSquare) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	n := len(y) / steps
	if m.Over == EachStep {
		return 0, fmt.Errorf("train: %w: MeanSquare over EachStep", snn.ErrOption)
	}
	if target.Values != nil && len(target.Values) != n || target.Values == nil && (target.Class < 0 || target.Class >= n) {
		return 0, fmt.Errorf("train: %w: a target of %d numbers, class %d, of %d outputs", snn.ErrOption, len(target.Values), target.Class, n)
	}
	d, total := m.Over.reduce(y, steps), 0.0
	for i := range d {
		want := m.Wrong
		if target.Values != nil {
			want = float64(target.Values[i])
		} else if i == target.Class {
			want = m.Correct
		}
		d[i] -= want
		total += float64(d[i] * d[i])
		d[i] *= 2 / float64(n)
	}
	m.Over.spread(g, y, steps, d, scale)
	return total / float64(n), nil
}

// Scores are the output over time.
func (m MeanSquare) Scores(y []float32, steps int) []float64 { return m.Over.reduce(y, steps) }

// Latency is the cross-entropy of the negative times of the first spikes, so
// that the class should spike first: snnTorch's ce_temporal_loss. The time of
// an output that is silent is the number of steps. The gradient of a time by
// the spike that sets it is -1, and that of a silent output goes to its last
// step.
type Latency struct{}

// Sample wants a class.
func (Latency) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	n := len(y) / steps
	if target.Class < 0 || target.Class >= n {
		return 0, fmt.Errorf("train: %w: class %d of %d outputs", snn.ErrOption, target.Class, n)
	}
	z := Latency{}.Scores(y, steps)
	l, d := softmax(z, target.Class)
	for i, v := range d {
		at := min(int(-z[i]), steps-1)
		g[at*n+i] += float32(v * scale)
	}
	return l, nil
}

// Scores are the negative times of the first spikes.
func (Latency) Scores(y []float32, steps int) []float64 {
	n := len(y) / steps
	z := make([]float64, n)
	for i := range z {
		t := 0
		for t < steps && y[t*n+i] == 0 {
			t++
		}
		z[i] = -float64(t)
	}
	return z
}

// Best is the class with the greatest score, the first of equal ones.
func Best(scores []float64) int {
	best := 0
	for i, v := range scores {
		if v > scores[best] {
			best = i
		}
	}
	return best
}

// Regulariser adds a term to the loss that depends on the spikes of a layer.
type Regulariser interface {
	// Layer is whose outputs it wants.
	Layer() string
	// Sample is as [Loss.Sample], without a target.
	Sample(y, g []float32, steps int, scale float64) float64
}

// RateBounds keeps the rates of neurons, their spikes a step, between bounds:
//
//	loss = Strength * mean over i of (max(0, rate[i]-High)^2 + max(0, Low-rate[i])^2)
type RateBounds struct {
	Of        string // the layer
	Low, High float64
	Strength  float64
}

// Layer is the layer.
func (r RateBounds) Layer() string { return r.Of }

// Sample adds the gradient of the term.
func (r RateBounds) Sample(y, g []float32, steps int, scale float64) float64 {
	rates, total := Mean.reduce(y, steps), 0.0
	for i, rate := range rates {
		off := max(0, rate-r.High) - max(0, r.Low-rate)
		total += float64(off * off)
		rates[i] = 2 * r.Strength * off / float64(len(rates))
	}
	Mean.spread(g, y, steps, rates, scale)
	return r.Strength * total / float64(len(rates))
}
