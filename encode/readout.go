package encode

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// Over is what of an output over time is its score.
type Over uint8

// The choices.
const (
	OverMean  Over = iota // the mean over the steps: of spikes, their rate
	OverSum               // the sum: of spikes, their count
	OverMax               // the greatest
	OverLast              // that of the last step
	OverFirst             // the step of the first spike, negative: the earliest wins; the last step where there is none
)

var overNames = []string{"mean", "sum", "max", "last", "first"}

// String is the name: mean, sum, max, last or first.
func (o Over) String() string { return nameOf(overNames, int(o)) }

// MarshalText is the name.
func (o Over) MarshalText() ([]byte, error) { return marshalName(overNames, int(o), "Over") }

// UnmarshalText takes a name.
func (o *Over) UnmarshalText(text []byte) error { return unmarshalName(o, overNames, text) }

// Readout says how the outputs of a network become scores of classes, the
// greatest of which is the answer. A model file keeps it, so that a network
// answers as it was trained to.
type Readout struct {
	Over Over `json:"over,omitempty"`
	// Neurons is how many outputs, one after another, stand for a class
	// together: their sum counts. 0 is 1.
	Neurons int `json:"neurons,omitempty"`
}

// Check reports options out of range, or that do not fit so many outputs.
func (r Readout) Check(outputs int) error {
	switch n := max(1, r.Neurons); {
	case r.Over > OverFirst || r.Neurons < 0:
		return fmt.Errorf("encode: Readout: %w: Over is %d, Neurons %d", ErrRange, r.Over, r.Neurons)
	case outputs < 1 || outputs%n != 0:
		return fmt.Errorf("encode: Readout: %w: %d outputs are no whole groups of %d", ErrRange, outputs, n)
	}
	return nil
}

// Tally reads the outputs of one sample, as they come.
type Tally struct {
	readout             Readout
	group               int
	steps               int
	sum, greatest, last []float64
	first               []int // the step of the first output that is not 0, or -1
	nan                 []bool
}

// NewTally begins to read so many outputs.
func (r Readout) NewTally(outputs int) (*Tally, error) {
	if err := r.Check(outputs); err != nil {
		return nil, err
	}
	t := &Tally{readout: r, group: max(1, r.Neurons)}
	n := outputs / t.group
	t.sum, t.greatest, t.last, t.first, t.nan = make([]float64, n), make([]float64, n), make([]float64, n), make([]int, n), make([]bool, n)
	for i := range t.first {
		t.first[i] = -1
	}
	return t, nil
}

// Add takes the next steps, [T, 1, ...] with as many features as outputs.
func (t *Tally) Add(y tensor.Signal) error {
	steps, batch, features := y.Dims()
	n := len(t.sum) * t.group
	if batch != 1 || features.Size() != n {
		return fmt.Errorf("encode: %w: outputs of %d samples, %v each; they are of one sample, %d each", tensor.ErrShape, batch, features, n)
	}
	data := y.Dense().Data
	for s := range steps {
		t.step(data[s*n : (s+1)*n])
	}
	return nil
}

// step takes one step.
func (t *Tally) step(y []float32) {
	for i := range t.sum {
		group := y[i*t.group : (i+1)*t.group]
		z := group[0]
		for _, v := range group[1:] {
			z += v
		}
		v := float64(z)
		t.sum[i] += v
		t.last[i] = v
		t.nan[i] = t.nan[i] || v != v
		if t.steps == 0 || v > t.greatest[i] {
			t.greatest[i] = v
		}
		if t.first[i] < 0 && v != 0 {
			t.first[i] = t.steps
		}
	}
	t.steps++
}

// Steps is how many steps have been read.
func (t *Tally) Steps() int { return t.steps }

// Sums are the sums over the steps of every class.
func (t *Tally) Sums() []float64 { return slices.Clone(t.sum) }

// First is the step of every class's first output that is not 0, or -1.
func (t *Tally) First() []int { return slices.Clone(t.first) }

// Scores are those of the classes; NaN where an output was.
func (t *Tally) Scores() []float64 {
	z := make([]float64, len(t.sum))
	for i := range z {
		switch t.readout.Over {
		case OverSum:
			z[i] = t.sum[i]
		case OverMax:
			z[i] = t.greatest[i]
		case OverLast:
			z[i] = t.last[i]
		case OverFirst:
			z[i] = -float64(t.first[i])
			if t.first[i] < 0 {
				z[i] = -float64(max(0, t.steps-1))
			}
		default:
			z[i] = t.sum[i] / float64(max(1, t.steps))
		}
		if t.nan[i] && t.readout.Over != OverLast {
			z[i] = math.NaN()
		}
	}
	return z
}

// Silent reports that no output has been anything but 0.
func (t *Tally) Silent() bool {
	return !slices.ContainsFunc(t.first, func(s int) bool { return s >= 0 })
}
