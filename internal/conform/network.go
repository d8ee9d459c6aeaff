package conform

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// network steps a network and compares the spikes and membranes of its layers,
// what its pools make, and the sum of its readout; then the backward pass.
func (r *comparison) network(c *vectors.Case) error {
	n, err := buildNetwork(c)
	if err != nil {
		return err
	}
	x, err := c.Tensor("x")
	if err != nil {
		return err
	}
	recorded, err := recordsOf(c, x)
	if err != nil {
		return err
	}
	logits, err := c.Tensor("logits")
	if err != nil {
		return err
	}
	s := n.model.NewState(x.Shape[1])
	sum := make([]float32, len(logits.Data))
	for t := range x.Shape[0] {
		y, err := n.model.Step(s, tensor.Of(row(x, t, -1), append(tensor.Shape{1}, x.Shape[1:]...)...))
		if err != nil {
			return err
		}
		out := y.Dense().Data
		if len(out) != len(sum) {
			return fmt.Errorf("%w: logits are %v", vectors.ErrCase, logits.Shape)
		}
		for i, v := range out {
			sum[i] += v
		}
		if err := r.layers(recorded, t, s, y); err != nil {
			return err
		}
	}
	r.states("logits", x.Shape[0]-1, logits.Data, sum)
	if err := r.networkGradients(c, n, x); err != nil {
		return err
	}
	return r.finish(true)
}

// recordsOf are the tensors of layers, a row a step.
func recordsOf(c *vectors.Case, x *tensor.Tensor) (map[string]*tensor.Tensor, error) {
	recorded := map[string]*tensor.Tensor{}
	for _, name := range c.Names() {
		if !strings.HasPrefix(name, "spikes.") && !strings.HasPrefix(name, "v.") && !strings.HasPrefix(name, "pool") {
			continue
		}
		t, err := c.Tensor(name)
		if err != nil {
			return nil, err
		}
		if len(t.Shape) < 3 || t.Shape[0] != x.Shape[0] || t.Shape[1] != x.Shape[1] {
			return nil, fmt.Errorf("%w: %s is %v", vectors.ErrCase, name, t.Shape)
		}
		recorded[name] = t
	}
	return recorded, nil
}

// layers compares one step.
func (r *comparison) layers(recorded map[string]*tensor.Tensor, t int, s *forward.State, y *forward.Output) error {
	for _, name := range slices.Sorted(maps.Keys(recorded)) {
		layer, kind := name, "pool"
		if before, after, ok := strings.Cut(name, "."); ok {
			kind, layer = before, after
		}
		want := row(recorded[name], t, -1)
		if kind == "v" {
			v, err := place{layer, "v"}.of(s)
			if err != nil {
				return err
			}
			r.states(name, t, want, v)
			continue
		}
		out := y.Layer(layer)
		if out == nil {
			return fmt.Errorf("there is no layer %q", layer)
		}
		if kind == "spikes" {
			r.spikes(name, t, want, out.Dense().Data)
		} else {
			r.states(name, t, want, out.Dense().Data)
		}
	}
	return nil
}

// networkGradients goes back from the cross-entropy of the summed readout.
func (r *comparison) networkGradients(c *vectors.Case, n *caseNetwork, x *tensor.Tensor) error {
	labels, _, err := c.Int64s("labels")
	if err != nil {
		return err
	}
	batch := x.Shape[1]
	if len(labels) != batch {
		return fmt.Errorf("%w: there are %d labels for %d samples", vectors.ErrCase, len(labels), batch)
	}
	tape, err := newTape(n.model, n.model.Graph().Outputs()[:1], nil)
	if err != nil {
		return err
	}
	total := 0.0
	err = walk(tape, nil, []tensor.Signal{x}, func(out []*tensor.Tensor) ([][]float32, error) {
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
	if err := r.loss(c, r.tol["loss"], total, math.Abs(total)); err != nil {
		return err
	}
	native := map[string]string{}
	for name, foreign := range n.params {
		native[foreign] = name
	}
	return r.everyGradient(c, tape, func(foreign string) string { return native[foreign] }, map[string]int{"x": 0})
}

// everyGradient compares every gradient of the case: of inputs, by their places
// among those of the network, and of parameters, by our names.
func (r *comparison) everyGradient(c *vectors.Case, tape *forward.Tape, native func(foreign string) string, inputs map[string]int) error {
	grads := tape.Gradients(tape.Accumulators())
	for _, name := range c.Names() {
		foreign, ok := strings.CutPrefix(name, "grad.")
		if !ok {
			continue
		}
		want, err := c.Tensor(name)
		if err != nil {
			return err
		}
		if i, ok := inputs[foreign]; ok {
			r.gradients(foreign, r.tol["gradients"], want.Data, tape.InputGradients()[i])
		} else if g := grads[native(foreign)]; g != nil {
			r.gradients(foreign, r.tol["gradients"], want.Data, g.Data)
		} else {
			return fmt.Errorf("there is no gradient of %s", foreign)
		}
	}
	return nil
}
