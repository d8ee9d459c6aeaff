package train

import "github.com/spikelane/spikelane/tensor"

// EachSample calls f with every sample of an output [T, B, n] as [T, n], and
// with as many zeros, to which f adds a gradient. They become that of the
// whole output.
func EachSample(y *tensor.Tensor, f func(sample int, y, g []float32) error) (gradient []float32, err error) {
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
