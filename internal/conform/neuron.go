package conform

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/tensor"
)

// neuron steps every sample by itself, from the states of the case.
func (r *comparison) neuron(c *golden.Case) error {
	if err := r.tolerances(c); err != nil {
		return err
	}
	n, err := c.Neuron()
	if err != nil {
		return err
	}
	x, err := c.Tensor("x")
	if err != nil {
		return err
	}
	recorded, start, err := statesOf(c)
	if err != nil {
		return err
	}
	for name, t := range start {
		if !t.Shape.Equal(x.Shape[1:]) {
			return fmt.Errorf("init.%s is %v, not %v", name, t.Shape, x.Shape[1:])
		}
	}
	var spikes *tensor.Tensor
	if c.Has("spikes") {
		if spikes, err = c.Tensor("spikes"); err != nil {
			return err
		}
	}
	for b := range x.Shape[1] {
		s := n.Model.NewState(1)
		if err := begin(s, n, start, b); err != nil {
			return err
		}
		for t := range x.Shape[0] {
			y, err := n.Model.Step(s, tensor.Of(row(x, t, b), 1, 1, x.Shape[2]))
			if err != nil {
				return err
			}
			if spikes != nil {
				r.spikes(fmt.Sprintf("spikes of sample %d", b), t, row(spikes, t, b), y.Dense().Data)
			}
			for name, want := range recorded {
				got := y.Dense().Data // the state that is the output itself
				if p, ok := n.States[name]; ok {
					got = s.Values(p.Layer)[p.First : p.First+p.N]
				} else if name != "s" && name != "z" {
					return fmt.Errorf("no state is called %q", name)
				}
				r.numbers(fmt.Sprintf("state %s of sample %d", name, b), t, row(want, t, b), got)
			}
		}
	}
	if err := r.neuronGradients(c, n, x, start); err != nil {
		return err
	}
	return r.finish(spikes != nil)
}

// statesOf are the states that a case records, and those it begins with.
func statesOf(c *golden.Case) (recorded, start map[string]*tensor.Tensor, err error) {
	recorded, start = map[string]*tensor.Tensor{}, map[string]*tensor.Tensor{}
	for _, name := range c.Names() {
		into := recorded
		state, ok := strings.CutPrefix(name, "state.")
		if !ok {
			into = start
			if state, ok = strings.CutPrefix(name, "init."); !ok {
				continue
			}
		}
		if into[state], err = c.Tensor(name); err != nil {
			return nil, nil, err
		}
	}
	if len(recorded) == 0 {
		return nil, nil, fmt.Errorf("the case records no state")
	}
	return recorded, start, nil
}

// begin sets the states of a sample before its first step.
func begin(s *forward.State, n *golden.Neuron, start map[string]*tensor.Tensor, sample int) error {
	for name, t := range start {
		each := len(t.Data) / t.Shape[0]
		values := t.Data[sample*each : (sample+1)*each]
		if p, ok := n.States[name]; ok {
			copy(s.Values(p.Layer)[p.First:p.First+p.N], values)
		}
		if name == n.Feedback {
			if err := s.SetPast("n", tensor.Of(values, each)); err != nil {
				return err
			}
		}
	}
	return nil
}
