package train

import "github.com/spikelane/spikelane/tensor"

// Batch adds the gradient of the losses of all samples of an output, [T, B,
// n], each times scale, to g, and returns the sum of the losses.
func Batch(loss Loss, y *tensor.Tensor, g []float32, target func(sample int) Target, scale float64) (float64, error) {
	steps, batch := y.Shape[0], y.Shape[1]
	n := len(y.Data) / (steps * batch)
	var out []float32
	grad := make([]float32, steps*n)
	total := 0.0
	for b := range batch {
		out = sampleOf(out, y, b)
		clear(grad)
		l, err := loss.Sample(out, grad, steps, target(b), scale)
		if err != nil {
			return 0, err
		}
		total += l
		for t := range steps {
			for i, v := range grad[t*n : (t+1)*n] {
				g[(t*batch+b)*n+i] += v
			}
		}
	}
	return total, nil
}
