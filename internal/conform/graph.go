package conform

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
)

// graph steps a random graph and compares what every layer sends: spikes
// exactly, what flows between them within the tolerance of states; then it
// goes back.
func (r *comparison) graph(c *vectors.Case) error {
	m, inputs, err := Graph(c)
	if err != nil {
		return err
	}
	weights, err := graphWeights(c, m)
	if err != nil {
		return err
	}
	steps, batch, _ := inputs[0].Dims()
	s := m.NewState(batch)
	loss, size := 0.0, 0.0
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
		for i, layer := range m.Graph().Layers() {
			want, err := c.Tensor("out." + layer)
			if err != nil {
				return err
			}
			got := y.Layer(layer)
			out := got.Dense().Data
			if got.Kind() == tensor.KindSpikes {
				r.spikes("layer "+layer, t, row(want, t, -1), out)
			} else {
				r.states("layer "+layer, t, row(want, t, -1), out)
			}
			if weights[i] == nil {
				continue
			}
			for k, v := range out {
				term := float64(float64(v) * float64(weights[i][t*len(out)+k]))
				loss += term
				size += math.Abs(term)
			}
		}
	}
	if err := r.loss(c, r.tol["states"]/10, loss, size); err != nil {
		return err
	}
	if err := r.graphGradients(c, m, inputs, weights); err != nil {
		return err
	}
	return r.finish(true)
}

// graphWeights are those of each layer's output in the loss: r of the last,
// and q of every LIF.
func graphWeights(c *vectors.Case, m *forward.Model) ([][]float32, error) {
	layers := m.Graph().Layers()
	weights := make([][]float32, len(layers))
	for i, name := range layers {
		from := []string{"q." + name}
		if i == len(layers)-1 {
			from = append(from, "r")
		}
		for _, from := range from {
			if from != "r" && !c.Has(from) {
				continue
			}
			w, err := c.Tensor(from)
			if err != nil {
				return nil, err
			}
			if err := likes(from, w, c.Shape("out."+name)); err != nil {
				return nil, err
			}
			if weights[i] == nil {
				weights[i] = make([]float32, len(w.Data))
			}
			for k, v := range w.Data {
				weights[i][k] += v
			}
		}
	}
	return weights, nil
}

// graphGradients goes back from the weighted outputs.
func (r *comparison) graphGradients(c *vectors.Case, m *forward.Model, inputs []tensor.Signal, weights [][]float32) error {
	tape, err := newTape(m, m.Graph().Layers(), nil)
	if err != nil {
		return err
	}
	err = walk(tape, nil, inputs, func([]*tensor.Tensor) ([][]float32, error) { return weights, nil })
	if err != nil {
		return err
	}
	places := map[string]int{}
	for i, in := range m.Graph().Inputs() {
		places[in.Name] = i
	}
	for layer := range m.Params() {
		if c.Has("param."+layer) && !c.Has("grad."+layer) {
			return fmt.Errorf("%w: there is no gradient of %s", vectors.ErrCase, layer)
		}
	}
	return r.everyGradient(c, tape, func(foreign string) string { return foreign }, places)
}
