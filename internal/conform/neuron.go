package conform

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
)

// neuronCase are the tensors of a neuron case.
type neuronCase struct {
	x, spikes, r, q *tensor.Tensor // spikes and r are nil of neurons without
	states, start   map[string]*tensor.Tensor
	// state is the one in the loss.
	state string
}

func (r *comparison) neuron(c *vectors.Case) error {
	net, err := buildNeuron(c)
	if err != nil {
		return err
	}
	n, err := readNeuron(c)
	if err != nil {
		return err
	}
	if err := n.checkStart(c.Meta, net); err != nil {
		return err
	}
	w, err := newNeuronWalk(net, n)
	if err != nil {
		return err
	}
	for b := range n.x.Shape[1] {
		if err := r.sample(net, n, w, b); err != nil {
			return err
		}
	}
	if err := r.loss(c, r.tol["states"]/10, w.loss, w.size); err != nil {
		return err
	}
	if err := r.neuronGradients(c, net, w); err != nil {
		return err
	}
	return r.finish(n.spikes != nil)
}

// finite reports a tensor with other numbers.
func finite(name string, t *tensor.Tensor) error {
	for i, v := range t.Data {
		if !(math.Abs(float64(v)) <= math.MaxFloat32) {
			return fmt.Errorf("%w: %s[%d] is %v", vectors.ErrCase, name, i, v)
		}
	}
	return nil
}

func readNeuron(c *vectors.Case) (n *neuronCase, err error) {
	n = &neuronCase{states: map[string]*tensor.Tensor{}, start: map[string]*tensor.Tensor{}}
	read := func(name string, shape tensor.Shape) *tensor.Tensor {
		t, e := c.Tensor(name)
		if e == nil && shape != nil {
			e = likes(name, t, shape)
		}
		if e == nil {
			e = finite(name, t)
		}
		if err == nil {
			err = e
		}
		return t
	}
	if n.x = read("x", nil); err != nil {
		return nil, err
	}
	n.q = read("q", n.x.Shape)
	if c.Has("spikes") {
		n.spikes, n.r = read("spikes", n.x.Shape), read("r", n.x.Shape)
	}
	for _, name := range c.Names() {
		if state, ok := strings.CutPrefix(name, "state."); ok {
			n.states[state] = read(name, n.x.Shape)
		}
		if state, ok := strings.CutPrefix(name, "init."); ok {
			n.start[state] = read(name, n.x.Shape[1:])
		}
	}
	if err != nil {
		return nil, err
	}
	loss, spikes := c.Meta.Text("loss"), ""
	if n.spikes != nil {
		spikes = "sum(spikes*r) + "
	}
	for state := range n.states {
		if loss == spikes+"sum(state."+state+"*q)" {
			n.state = state
			return n, nil
		}
	}
	return nil, fmt.Errorf("%w: the loss is %q", vectors.ErrCase, loss)
}

// checkStart checks what the case says of its initial state: all zero, or what
// the neuron begins with by itself; else spikes are whole numbers, no more than
// are sent later.
func (n *neuronCase) checkStart(m *vectors.Fields, net *neuronNetwork) error {
	said := m.Text("initial_state")
	if said != "init" && said != "zero" {
		return fmt.Errorf("%w: the initial state is %q", vectors.ErrCase, said)
	}
	most := float32(1)
	if n.spikes != nil {
		most = max(most, slices.Max(n.spikes.Data))
	}
	s := net.model.NewState(1)
	for name, t := range n.start {
		own, err := n.ownStart(net, s, name)
		if err != nil {
			return err
		}
		for i, v := range t.Data {
			w := own[i%len(own)]
			switch {
			case said == "zero" && v != 0 && math.Abs(float64(v-w)) > 1e-6*math.Abs(float64(w)):
				return fmt.Errorf("%w: init.%s is %v in the case, which begins with zero", vectors.ErrCase, name, v)
			case (name == "s" || name == "z") && !(v >= 0 && v <= most && v == float32(math.Trunc(float64(v)))):
				return fmt.Errorf("%w: init.%s are no spikes", vectors.ErrCase, name)
			}
		}
	}
	return nil
}

// ownStart is what the neuron begins with.
func (n *neuronCase) ownStart(net *neuronNetwork, s *forward.State, name string) ([]float32, error) {
	if p, ok := net.states[name]; ok && net.rest == nil {
		return p.of(s)
	}
	own := make([]float32, n.x.Shape[2])
	if net.rest != nil {
		for i := range own {
			own[i] = n.start["v"].Data[0]
			if name == "u" {
				own[i] *= *net.rest
			}
		}
	}
	return own, nil
}

// begin sets the states of a sample before its first step.
func (n *neuronCase) begin(s *forward.State, net *neuronNetwork, sample int) error {
	for name, t := range n.start {
		p, ok := net.states[name]
		switch {
		case ok:
			if err := p.set(s, row(t, sample, -1)); err != nil {
				return err
			}
		case name != "s" && name != "z":
			return fmt.Errorf("no state is called %q", name)
		}
	}
	return nil
}

// inputs are those of a sample at a step: x, and before the first step what the
// recurrence reads.
func (n *neuronCase) inputs(net *neuronNetwork, sample, from, steps int) []tensor.Signal {
	size := n.x.Shape[2]
	x := tensor.New(steps, 1, size)
	for t := range steps {
		copy(row(x, t, 0), row(n.x, from+t, sample))
	}
	if net.feedback == "" {
		return []tensor.Signal{x}
	}
	past := tensor.New(steps, 1, size)
	if from == 0 {
		copy(row(past, 0, 0), row(n.start[net.feedback], sample, -1))
	}
	return []tensor.Signal{x, past}
}

// sample steps one sample, from the states of the case, and walks it back.
func (r *comparison) sample(net *neuronNetwork, n *neuronCase, w *neuronWalk, b int) error {
	s := net.model.NewState(1)
	if err := n.begin(s, net, b); err != nil {
		return err
	}
	for t := range n.x.Shape[0] {
		y, err := net.model.Step(s, n.inputs(net, b, t, 1)...)
		if err != nil {
			return err
		}
		out := y.Dense().Data
		if n.spikes != nil {
			r.spikes(fmt.Sprintf("spikes of sample %d", b), t, row(n.spikes, t, b), out)
			w.add(out, row(n.r, t, b))
		}
		for name, want := range n.states {
			got := out // the state that is the output itself
			if p, ok := net.states[name]; ok {
				if got, err = p.of(s); err != nil {
					return err
				}
			} else if name != "s" && name != "z" {
				return fmt.Errorf("no state is called %q", name)
			}
			r.states(fmt.Sprintf("state %s of sample %d", name, b), t, row(want, t, b), got)
			if name == n.state {
				w.add(got, row(n.q, t, b))
			}
		}
	}
	return w.back(net, n, b)
}
