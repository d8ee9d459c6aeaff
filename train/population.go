package train

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
)

// Population answers by groups of neurons: Neurons outputs one after another
// are one class, and the loss sees their sum,
//
//	z[t, class] = y[t, class*Neurons] + ... + y[t, class*Neurons+Neurons-1]
//
// left to right, in float32. It is population_code=True of snnTorch's losses.
type Population struct {
	Loss    Loss
	Neurons int // a class, at least 1
}

// Check reports options out of range, also of the loss.
func (p Population) Check() error {
	if p.Loss == nil {
		return fmt.Errorf("train: Population: %w: there is no loss", snn.ErrOption)
	}
	return firstOf(least("Population", "Neurons", p.Neurons, 1), check(p.Loss))
}

// Sample wants what the loss wants, and whole groups.
func (p Population) Sample(y, g []float32, steps int, target Target, scale float64) (float64, error) {
	n, err := outputs(y, g, steps)
	if err := firstOf(err, p.Check()); err != nil {
		return 0, err
	}
	if n%p.Neurons != 0 {
		return 0, fmt.Errorf("train: Population: %w: %d outputs are no whole groups of %d", snn.ErrOption, n, p.Neurons)
	}
	z := p.sums(y)
	d := make([]float32, len(z))
	l, err := p.Loss.Sample(z, d, steps, target, scale)
	if err != nil {
		return 0, err
	}
	for i := range g {
		g[i] += d[i/p.Neurons]
	}
	return l, nil
}

// sums are the outputs of the classes.
func (p Population) sums(y []float32) []float32 {
	z := make([]float32, len(y)/p.Neurons)
	for i := range z {
		z[i] = y[i*p.Neurons]
		for _, v := range y[i*p.Neurons+1 : (i+1)*p.Neurons] {
			z[i] += v
		}
	}
	return z
}

// Scores are the loss's for the sums.
func (p Population) Scores(y []float32, steps int) []float64 {
	if p.Neurons < 1 || steps < 1 || len(y)%(steps*p.Neurons) != 0 {
		return nil
	}
	return p.Loss.Scores(p.sums(y), steps)
}
