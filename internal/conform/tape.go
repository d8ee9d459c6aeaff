package conform

import (
	"context"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// All that this package asks of tapes, and of states beside their steps, is in
// this file.

// of is what a layer remembers at a place.
func (p place) of(s *forward.State) ([]float32, error) {
	x, err := s.Variable(p.layer, p.variable)
	if err != nil {
		return nil, err
	}
	return x.Data, nil
}

// set makes a layer remember something, of a batch of one.
func (p place) set(s *forward.State, values []float32) error {
	return s.SetVariable(p.layer, p.variable, tensor.Of(values, 1, len(values)))
}

// newTape walks a network back from the outputs of layers. Where states is not
// nil, it walks step by step, and states may add to the gradients after each.
func newTape(m *forward.Model, outputs []string, states func(step int, add func(p place, gradient []float32) error) error) (*forward.Tape, error) {
	options := forward.BackwardOptions{Inputs: true, Outputs: outputs}
	if states != nil {
		options.Segment = 1
		options.States = func(step int, add func(layer, variable string, gradient *tensor.Tensor) error) error {
			return states(step, func(p place, g []float32) error { return add(p.layer, p.variable, tensor.Of(g, 1, len(g))) })
		}
	}
	return m.NewTape(options)
}

// initialGradient is the gradient, of the last run of a tape, of what a layer
// remembered before it: start, of the variable called so.
//
// What is carried back is less than that in two places. Where the output is the
// spikes of the membrane before the step, those that start sends are carried as
// "fired", and still have to go through the surrogate. And the gradient of a
// spike that is remembered is carried as if the reset were attached.
func (n *neuronNetwork) initialGradient(t *forward.Tape, name string, start []float32) ([]float32, error) {
	p, ok := n.gradients[name]
	if !ok || name == "s" && n.detached {
		return make([]float32, len(start)), nil
	}
	g, err := t.StateGradient(p.layer, p.variable)
	if err != nil {
		return nil, err
	}
	if fired, ok := n.gradients["fired"]; ok && n.old != nil && name == "v" {
		sent, err := t.StateGradient(fired.layer, fired.variable)
		if err != nil {
			return nil, err
		}
		slopes := n.old(start)
		for i, f := range sent.Data {
			g.Data[i] += float32(f * slopes[i])
		}
	}
	return g.Data, nil
}

// walk runs a batch through a tape.
func walk(t *forward.Tape, start *forward.State, in []tensor.Signal, loss forward.OutputGradients) error {
	_, batch, _ := in[0].Dims()
	return t.Run(context.Background(), forward.Samples{Inputs: in, Count: batch, Start: start}, loss)
}
