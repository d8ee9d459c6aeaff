package conform

import (
	"fmt"
	"math"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// gradients compares a gradient, to a share of its greatest number.
func (r *comparison) gradients(what string, tolerance float64, want, got []float32) {
	if len(want) != len(got) {
		r.fail(fmt.Errorf("the gradient of %s has %d numbers, not %d", what, len(got), len(want)))
		return
	}
	top := 0.0
	for _, w := range want {
		top = max(top, math.Abs(float64(w)))
	}
	bound := max(tolerance*top, 1e-6)
	for i, w := range want {
		off := math.Abs(float64(got[i])-float64(w)) / bound
		if !(off <= r.Worst) {
			r.Worst = off
		}
		if !(off <= 1) {
			r.fail(fmt.Errorf("gradient of %s, place %d: %v, not %v", what, i, got[i], w))
		}
	}
	r.Gradients += len(want)
}

func (r *comparison) fail(err error) {
	if r.Err == nil {
		r.Err = err
	}
}

// networkGradients walks back from the cross-entropy of the summed readout.
func (r *comparison) networkGradients(c *golden.Case, n *golden.Network, x *tensor.Tensor) error {
	labels, _, err := c.Int64s("labels")
	if err != nil {
		return err
	}
	tape, err := n.Model.NewTape(forward.Learning{Inputs: true, Watch: n.Model.Graph().Outputs()[:1]})
	if err != nil {
		return err
	}
	batch := x.Shape[1]
	total := 0.0
	err = tape.Run(nil, []tensor.Signal{x}, 0, batch, 0, func(out []*tensor.Tensor) ([][]float32, error) {
		g, err := train.EachSample(out[0], func(b int, y, g []float32) error {
			loss, err := train.CrossEntropy{}.Sample(y, g, x.Shape[0], train.Target{Class: int(labels[b])}, 1/float64(batch))
			total += loss / float64(batch)
			return err
		})
		return [][]float32{g}, err
	})
	if err != nil {
		return err
	}
	want, err := c.Tensor("loss")
	if err != nil {
		return err
	}
	if off := math.Abs(total - float64(want.Data[0])); !(off <= r.tol.Loss*max(1, math.Abs(total))) {
		r.fail(fmt.Errorf("the loss is %v, not %v", total, want.Data[0]))
	}
	grads := tape.Gradients(tape.Sums())
	for ours, theirs := range n.Params {
		if err := r.compareGradient(c, theirs, grads[ours], r.tol.Gradients); err != nil {
			return err
		}
	}
	return r.compareGradient(c, "x", &tensor.Tensor{Data: tape.InputGradients()[0]}, r.tol.Gradients)
}

// compareGradient compares with the tensor of the case.
func (r *comparison) compareGradient(c *golden.Case, theirs string, got *tensor.Tensor, tolerance float64) error {
	want, err := c.Tensor("grad." + theirs)
	if err != nil {
		return err
	}
	if got == nil {
		return fmt.Errorf("there is no gradient of %s", theirs)
	}
	r.gradients(theirs, tolerance, want.Data, got.Data)
	return nil
}

// graphGradients walks back from weighted sums of outputs.
func (r *comparison) graphGradients(c *golden.Case, m *forward.Model, inputs []tensor.Signal) error {
	layers := m.Graph().Layers()
	learn := forward.Learning{Inputs: true, Watch: layers}
	weights := make([][]float32, len(layers))
	for i, name := range layers {
		for _, from := range []string{"q." + name, "r"} {
			if from == "r" && i < len(layers)-1 || !c.Has(from) {
				continue
			}
			w, err := c.Tensor(from)
			if err != nil {
				return err
			}
			if weights[i] == nil {
				weights[i] = make([]float32, len(w.Data))
			}
			for k, v := range w.Data {
				weights[i][k] += v
			}
		}
	}
	tape, err := m.NewTape(learn)
	if err != nil {
		return err
	}
	_, batch, _ := inputs[0].Dims()
	err = tape.Run(nil, inputs, 0, batch, 0, func([]*tensor.Tensor) ([][]float32, error) { return weights, nil })
	if err != nil {
		return err
	}
	grads := tape.Gradients(tape.Sums())
	for name, g := range grads {
		layer, _, _ := strings.Cut(name, ".")
		if !c.Has("grad."+name) && !strings.HasPrefix(name, layer+".weight") && !strings.HasPrefix(name, layer+".bias") {
			continue // a parameter of a neuron
		}
		if err := r.compareGradient(c, name, g, r.tol.Gradients); err != nil {
			return err
		}
	}
	for i, in := range m.Graph().Inputs() {
		if c.Has("grad." + in.Name) {
			if err := r.compareGradient(c, in.Name, &tensor.Tensor{Data: tape.InputGradients()[i]}, r.tol.Gradients); err != nil {
				return err
			}
		}
	}
	return nil
}
