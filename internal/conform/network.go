package conform

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/tensor"
)

// network steps a network and compares the spikes and membranes of its layers,
// what its pools make, and the sum of its readout.
func (r *comparison) network(c *golden.Case) error {
	if err := r.tolerances(c); err != nil {
		return err
	}
	n, err := c.Network()
	if err != nil {
		return err
	}
	m := n.Model
	x, err := c.Tensor("x")
	if err != nil {
		return err
	}
	recorded := map[string]*tensor.Tensor{}
	for _, name := range c.Names() {
		if strings.HasPrefix(name, "spikes.") || strings.HasPrefix(name, "v.") || strings.HasPrefix(name, "pool") {
			if recorded[name], err = c.Tensor(name); err != nil {
				return err
			}
		}
	}
	logits, err := c.Tensor("logits")
	if err != nil {
		return err
	}
	s := m.NewState(x.Shape[1])
	sum := make([]float32, len(logits.Data))
	for t := range x.Shape[0] {
		y, err := m.Step(s, tensor.Of(row(x, t, -1), append(tensor.Shape{1}, x.Shape[1:]...)...))
		if err != nil {
			return err
		}
		for i, v := range y.Dense().Data {
			sum[i] += v
		}
		if err := r.layers(recorded, t, s, y); err != nil {
			return err
		}
	}
	r.numbers("logits", x.Shape[0]-1, logits.Data, sum)
	if err := r.networkGradients(c, n, x); err != nil {
		return err
	}
	return r.finish(true)
}

// layers compares one step.
func (r *comparison) layers(recorded map[string]*tensor.Tensor, t int, s *forward.State, y *forward.Output) error {
	for name, want := range recorded {
		layer, kind := name, "pool"
		if before, after, ok := strings.Cut(name, "."); ok {
			kind, layer = before, after
		}
		if kind == "v" {
			got := s.Values(layer)
			if len(got) != len(row(want, t, -1)) {
				return fmt.Errorf("the state of %q has %d numbers, not %d", layer, len(got), len(row(want, t, -1)))
			}
			r.numbers(name, t, row(want, t, -1), got)
			continue
		}
		out := y.Layer(layer)
		if out == nil {
			return fmt.Errorf("there is no layer %q", layer)
		}
		if kind == "spikes" {
			r.spikes(name, t, row(want, t, -1), out.Dense().Data)
		} else {
			r.numbers(name, t, row(want, t, -1), out.Dense().Data)
		}
	}
	return nil
}

// graph runs a random graph whole. Its spikes are compared exactly, what flows
// between them within the tolerance of states.
func (r *comparison) graph(c *golden.Case) error {
	if err := r.tolerances(c); err != nil {
		return err
	}
	m, inputs, err := c.Graph()
	if err != nil {
		return err
	}
	steps, batch, _ := inputs[0].Dims()
	s := m.NewState(batch)
	for t := range steps {
		var in []tensor.Signal
		for _, x := range inputs {
			d := x.(*tensor.Tensor)
			in = append(in, tensor.Of(row(d, t, -1), append(tensor.Shape{1}, d.Shape[1:]...)...))
		}
		y, err := m.Step(s, in...)
		if err != nil {
			return err
		}
		for _, layer := range m.Graph().Layers() {
			want, err := c.Tensor("out." + layer)
			if err != nil {
				return err
			}
			got := y.Layer(layer)
			if got.Kind() == tensor.KindSpikes {
				r.spikes("layer "+layer, t, row(want, t, -1), got.Dense().Data)
			} else {
				r.numbers("layer "+layer, t, row(want, t, -1), got.Dense().Data)
			}
		}
	}
	if err := r.graphGradients(c, m, inputs); err != nil {
		return err
	}
	return r.finish(true)
}
