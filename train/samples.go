package train

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// dims is how many steps of how many samples a batch has; it reports one that
// lacks something.
func (b Batch) dims() (steps, samples int, err error) {
	if len(b.Inputs) == 0 {
		return 0, 0, fmt.Errorf("train: %w: a batch without inputs", tensor.ErrShape)
	}
	for i, x := range b.Inputs {
		if missing(x) {
			return 0, 0, fmt.Errorf("train: %w: input %d of the batch is nil", tensor.ErrShape, i)
		}
	}
	steps, samples, _ = b.Inputs[0].Dims()
	if steps < 1 || samples < 1 || samples != len(b.Targets) {
		return 0, 0, fmt.Errorf("train: %w: a batch of %d steps, %d samples, %d targets", tensor.ErrShape, steps, samples, len(b.Targets))
	}
	return steps, samples, nil
}

// missing reports a signal that is nil, with or without a kind.
func missing(x tensor.Signal) bool {
	switch x := x.(type) {
	case *tensor.Tensor:
		return x == nil
	case *tensor.Spikes:
		return x == nil
	case *tensor.Events:
		return x == nil
	}
	return x == nil
}

// EachSample calls f with every sample of an output [T, B, n] as [T, n], and
// with as many zeros, to which f adds a gradient. They become that of the
// whole output.
func EachSample(y *tensor.Tensor, f func(sample int, y, g []float32) error) (gradient []float32, err error) {
	if y == nil || len(y.Shape) < 2 || y.Shape.Check() != nil || y.Check() != nil {
		return nil, fmt.Errorf("train: %w: an output that is not [T, B, n]", tensor.ErrShape)
	}
	steps, batch := y.Shape[0], y.Shape[1]
	n := len(y.Data) / (steps * batch)
	gradient = make([]float32, len(y.Data))
	out, g := make([]float32, steps*n), make([]float32, steps*n)
	for b := range batch {
		for t := range steps {
			copy(out[t*n:(t+1)*n], y.Data[(t*batch+b)*n:])
		}
		clear(g)
		if err := f(b, out, g); err != nil {
			return nil, err
		}
		for t := range steps {
			copy(gradient[(t*batch+b)*n:][:n], g[t*n:])
		}
	}
	return gradient, nil
}
