package conform

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/tensor"
)

// neuronGradients walks back, step by step, from a weighted sum of the spikes
// and of a state.
func (r *comparison) neuronGradients(c *golden.Case, n *golden.Neuron, x *tensor.Tensor, start map[string]*tensor.Tensor) error {
	var loss string
	if err := c.Meta("loss", &loss); err != nil {
		return err
	}
	_, after, _ := strings.Cut(loss, "state.")
	state, _, _ := strings.Cut(after, "*")
	q, err := c.Tensor("q")
	if err != nil {
		return err
	}
	place, ok := n.Gradients[state]
	if !ok {
		return fmt.Errorf("no gradient goes back from the state %q", state)
	}
	sample := 0
	learn := forward.Learning{Inputs: true, Segment: 1}
	learn.States = func(step int, gradient func(layer string) []float32) {
		g := gradient(place.Layer)[place.First:]
		for i, v := range row(q, step, sample) {
			g[i] += v
		}
	}
	tape, err := n.Model.NewTape(learn)
	if err != nil {
		return err
	}
	weights := tensor.New(x.Shape...) // none where there are no spikes
	if c.Has("r") {
		if weights, err = c.Tensor("r"); err != nil {
			return err
		}
	}
	gx := tensor.New(x.Shape...)
	steps := x.Shape[0]
	for sample = range x.Shape[1] {
		s := n.Model.NewState(1)
		if err := begin(s, n, start, sample); err != nil {
			return err
		}
		own := [2]*tensor.Tensor{tensor.New(steps, 1, x.Shape[2]), tensor.New(steps, 1, x.Shape[2])}
		for t := range steps {
			copy(row(own[0], t, 0), row(x, t, sample))
			copy(row(own[1], t, 0), row(weights, t, sample))
		}
		err := tape.Run(s, []tensor.Signal{own[0]}, 0, 1, 0, func([]*tensor.Tensor) ([][]float32, error) {
			return [][]float32{own[1].Data}, nil
		})
		if err != nil {
			return err
		}
		for t := range steps {
			copy(row(gx, t, sample), tape.InputGradients()[0][t*x.Shape[2]:])
		}
	}
	if err := r.compareGradient(c, "x", gx, r.tol.Gradients); err != nil {
		return err
	}
	for name, g := range tape.Gradients(tape.Sums()) {
		want, err := c.GradientOf(n.Params[name])
		if err != nil {
			return err
		}
		if want != nil {
			r.gradients(name, 5*r.tol.Gradients, want.Data, n.Theirs(name, g, want.Shape))
		}
	}
	return nil
}
