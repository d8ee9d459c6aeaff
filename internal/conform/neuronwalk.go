package conform

import (
	"fmt"
	"math"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
)

// neuronWalk goes back, step by step, from a weighted sum of the spikes and of
// a state.
type neuronWalk struct {
	tape       *forward.Tape
	sample     int
	x          *tensor.Tensor            // gradients
	start      map[string]*tensor.Tensor // of the initial states
	loss, size float64                   // size is that of the terms without their signs
}

func newNeuronWalk(net *neuronNetwork, n *neuronCase) (*neuronWalk, error) {
	w := &neuronWalk{x: tensor.New(n.x.Shape...), start: map[string]*tensor.Tensor{}}
	for name, t := range n.start {
		w.start[name] = tensor.New(t.Shape...)
	}
	at, ok := net.gradients[n.state]
	if !ok {
		return nil, fmt.Errorf("no gradient goes back from the state %q", n.state)
	}
	var err error
	w.tape, err = newTape(net.model, nil, func(step int, add func(p place, gradient []float32) error) error {
		return add(at, row(n.q, step, w.sample))
	})
	return w, err
}

// add adds terms to the loss.
func (w *neuronWalk) add(values, weights []float32) {
	for i, v := range values {
		term := float64(float64(v) * float64(weights[i]))
		w.loss += term
		w.size += math.Abs(term)
	}
}

// back walks one sample back.
func (w *neuronWalk) back(net *neuronNetwork, n *neuronCase, sample int) error {
	w.sample = sample
	s := net.model.NewState(1)
	if err := n.begin(s, net, sample); err != nil {
		return err
	}
	steps, size := n.x.Shape[0], n.x.Shape[2]
	weights := tensor.New(steps, 1, size) // none where there are no spikes
	if n.r != nil {
		for t := range steps {
			copy(row(weights, t, 0), row(n.r, t, sample))
		}
	}
	err := walk(w.tape, s, n.inputs(net, sample, 0, steps), func([]*tensor.Tensor) ([][]float32, error) {
		return [][]float32{weights.Data}, nil
	})
	if err != nil {
		return err
	}
	in := w.tape.InputGradients()
	for t := range steps {
		copy(row(w.x, t, sample), in[0][t*size:])
	}
	for name, g := range w.start {
		to := row(g, sample, -1)
		own, err := net.initialGradient(w.tape, name, row(n.start[name], sample, -1))
		if err != nil {
			return err
		}
		copy(to, own)
		if name == net.feedback {
			for i := range to {
				to[i] += in[1][i]
			}
		}
	}
	return nil
}

// neuronGradients compares every gradient of the case.
func (r *comparison) neuronGradients(c *vectors.Case, net *neuronNetwork, w *neuronWalk) error {
	grads := w.tape.Gradients(w.tape.Accumulators())
	for _, name := range c.Names() {
		foreign, ok := strings.CutPrefix(name, "grad.")
		if !ok {
			continue
		}
		want, err := c.Tensor(name)
		if err != nil {
			return err
		}
		tolerance, got := r.tol["gradients"], []float32(nil)
		state, ofState := strings.CutPrefix(foreign, "init.")
		switch {
		case foreign == "x":
			got = w.x.Data
		case ofState:
			if w.start[state] == nil {
				return fmt.Errorf("%w: there is no init.%s", vectors.ErrCase, state)
			}
			got = w.start[state].Data
		default:
			tolerance *= 5
			if got, err = net.foreign(foreign, grads, len(want.Data)); err != nil {
				return err
			}
		}
		r.gradients(foreign, tolerance, want.Data, got)
	}
	return nil
}
