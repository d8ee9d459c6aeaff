// Package conform runs cases recorded from other frameworks on this library
// and compares: spikes exactly, states within the tolerance of the case.
package conform

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/tensor"
)

// Result is how a case came out.
type Result struct {
	Case string
	// Err says why the case could not be run, or what differs first.
	Err error
	// Worst is the greatest error of a number, as a share of what the case
	// tolerates.
	Worst float64
	// Spikes is how many spikes were compared, and Gradients how many numbers
	// of gradients.
	Spikes, Gradients int
}

// Pass reports whether the case conforms.
func (r Result) Pass() bool { return r.Err == nil }

// Run runs a case of any kind. events is the folder of the recordings that
// cases of the kind nmnist name.
func Run(c *golden.Case, events string) Result {
	r := &comparison{Result: Result{Case: c.Name}}
	if err := r.run(c, events); err != nil {
		r.Err = err
	}
	return r.Result
}

// run runs a case. Tensors of a case that do not go with each other are an
// error, however they come to light.
func (r *comparison) run(c *golden.Case, events string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the case does not hold together: %v", p)
		}
	}()
	switch c.Kind {
	case "neuron":
		return r.neuron(c)
	case "surrogate":
		return r.surrogate(c)
	case "network":
		return r.network(c)
	case "graph":
		return r.graph(c)
	case "nmnist":
		return r.nmnist(c, events)
	}
	return fmt.Errorf("there is no kind %q", c.Kind)
}

// comparison is a case under way.
type comparison struct {
	Result
	states float64 // tolerance
	tol    struct{ States, Gradients, Loss float64 }
}

// tolerances reads those of a case.
func (r *comparison) tolerances(c *golden.Case) error {
	if err := c.Meta("tol", &r.tol); err != nil {
		return err
	}
	r.states = r.tol.States
	return nil
}

// spikes compares outputs, which must be the same.
func (r *comparison) spikes(what string, step int, want, got []float32) {
	for i, w := range want {
		if w != 0 {
			r.Spikes++
		}
		if got[i] != w && r.Err == nil {
			r.Err = fmt.Errorf("%s: step %d, place %d: %v, not %v", what, step, i, got[i], w)
		}
	}
}

// numbers compares states, to a tolerance of 1 or of their size.
func (r *comparison) numbers(what string, step int, want, got []float32) {
	for i, w := range want {
		off := math.Abs(float64(got[i])-float64(w)) / (r.states * max(1, math.Abs(float64(w))))
		if !(off <= r.Worst) {
			r.Worst = off
		}
		if !(off <= 1) && r.Err == nil {
			r.Err = fmt.Errorf("%s: step %d, place %d: %v, not %v", what, step, i, got[i], w)
		}
	}
}

// finish fails a case in which nothing happened.
func (r *comparison) finish(spiking bool) error {
	if r.Err == nil && spiking && r.Spikes == 0 {
		return fmt.Errorf("there are no spikes to compare")
	}
	return nil
}

// row is the numbers of a tensor [T, B, ...] at a step, of one sample or, with
// sample -1, of all.
func row(t *tensor.Tensor, step, sample int) []float32 {
	n := len(t.Data) / t.Shape[0]
	data := t.Data[step*n : (step+1)*n]
	if sample >= 0 {
		n /= t.Shape[1]
		data = data[sample*n : (sample+1)*n]
	}
	return data
}
