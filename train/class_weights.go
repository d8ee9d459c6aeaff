package train

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
)

// ClassWeights multiplies the loss of a sample, and its gradient, by the weight
// of its class, so that rare classes count as much as frequent ones:
//
//	loss = Weights[class] * Loss
//
// It is PyTorch's weight= of CrossEntropyLoss, but for the mean over a batch,
// which is over the samples and not over their weights.
type ClassWeights struct {
	Loss    Loss
	Weights []float64 // of every class, from 0 to 1e30
}

// Balanced are weights that give every class the same share of the loss,
//
//	samples / (classes * samples of the class)
//
// with counts of the samples of each; that of a class without any is 1. It is
// scikit-learn's class_weight="balanced".
func Balanced(counts []int) []float64 {
	all, classes := 0, 0
	for _, n := range counts {
		if n > 0 {
			all += n
			classes++
		}
	}
	weights := make([]float64, len(counts))
	for i, n := range counts {
		weights[i] = 1
		if n > 0 {
			weights[i] = float64(all) / (float64(classes) * float64(n))
		}
	}
	return weights
}

// Check reports options out of range, also of the loss.
func (c ClassWeights) Check() error {
	if c.Loss == nil {
		return fmt.Errorf("train: ClassWeights: %w: there is no loss", snn.ErrOption)
	}
	for i, w := range c.Weights {
		if err := amount.check("ClassWeights", fmt.Sprintf("the weight of class %d", i), w); err != nil {
			return err
		}
	}
	return check(c.Loss)
}

// Sample wants a class that has a weight, and what the loss wants.
func (c ClassWeights) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	if err := checkClass(target.Class, len(c.Weights)); err != nil {
		return 0, fmt.Errorf("%w with weights", err)
	}
	w := or(c.Weights[target.Class], 0)
	l, err := c.Loss.Sample(y, g, steps, target, w*scale)
	return w * l, err
}

// Scores are the loss's.
func (c ClassWeights) Scores(y []float32, steps int) []float64 { return c.Loss.Scores(y, steps) }
