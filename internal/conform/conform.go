// Package conform builds what cases recorded from other frameworks describe,
// runs it and compares: spikes exactly, states and gradients within the
// tolerance of the case. Nothing of a case is passed over: a tensor or an entry
// of its metadata that is not used makes it fail.
package conform

import (
	"fmt"
	"math"
	"strings"

	"github.com/spikelane/spikelane/internal/vectors"
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
	Counts
}

// Counts is how many numbers were compared, of each kind.
type Counts struct {
	Outputs, Spikes int // places where there may be a spike, and spikes
	States          int // and what pools and readouts make
	Gradients       int
	Derivatives     int // of spike functions
	Losses          int
}

// Add adds those of another case.
func (c *Counts) Add(o Counts) {
	c.Outputs += o.Outputs
	c.Spikes += o.Spikes
	c.States += o.States
	c.Gradients += o.Gradients
	c.Derivatives += o.Derivatives
	c.Losses += o.Losses
}

// Pass reports whether the case conforms.
func (r Result) Pass() bool { return r.Err == nil }

// Run runs a case of any kind. events is the folder of the recordings that
// cases of the kind nmnist name; their network is in the folder nir beside it,
// unless the case has its weights.
func Run(c *vectors.Case, events string) Result {
	r := &comparison{Result: Result{Case: c.Name}}
	err := r.run(c, events)
	switch {
	case r.Err != nil:
	case err != nil:
		r.Err = err
	case c.Meta.Err() != nil:
		r.Err = c.Meta.Err()
	default:
		if unread := c.Unread(); len(unread) > 0 {
			r.Err = fmt.Errorf("%w: %s: nobody knows what that is for", vectors.ErrCase, strings.Join(unread, ", "))
		}
	}
	return r.Result
}

// run runs a case. Tensors of a case that do not go with each other are an
// error, however they come to light.
func (r *comparison) run(c *vectors.Case, events string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the case does not hold together: %v", p)
		}
	}()
	runs := map[string]func() error{
		"neuron": func() error { return r.neuron(c) }, "surrogate": func() error { return r.surrogate(c) },
		"network": func() error { return r.network(c) }, "graph": func() error { return r.graph(c) },
		"nmnist": func() error { return r.nmnist(c, events) },
	}
	run, ok := runs[c.Kind]
	if !ok {
		return fmt.Errorf("there is no kind %q", c.Kind)
	}
	if err := remarks(c); err != nil {
		return err
	}
	if err := r.tolerances(c); err != nil {
		return err
	}
	return run()
}

// comparison is a case under way.
type comparison struct {
	Result
	tol map[string]float64
}

func (r *comparison) fail(format string, a ...any) {
	if r.Err == nil {
		r.Err = fmt.Errorf(format, a...)
	}
}

// spikes compares outputs, which must be the same.
func (r *comparison) spikes(what string, step int, want, got []float32) {
	if len(want) != len(got) {
		r.fail("%s: step %d: there are %d outputs, not %d", what, step, len(got), len(want))
		return
	}
	r.Outputs += len(want)
	for i, w := range want {
		if w != 0 {
			r.Spikes++
		}
		if got[i] != w {
			r.fail("%s: step %d, place %d: %v, not %v", what, step, i, got[i], w)
		}
	}
}

// states compares states, to a tolerance of 1 or of their size.
func (r *comparison) states(what string, step int, want, got []float32) {
	r.States += len(want)
	r.within(what, step, r.tol["states"], want, got)
}

func (r *comparison) within(what string, step int, tolerance float64, want, got []float32) {
	if len(want) != len(got) {
		r.fail("%s: step %d: there are %d numbers, not %d", what, step, len(got), len(want))
		return
	}
	for i, w := range want {
		off := math.Abs(float64(got[i])-float64(w)) / (tolerance * max(1, math.Abs(float64(w))))
		r.off(off, "%s: step %d, place %d: %v, not %v", what, step, i, got[i], w)
	}
}

// off notes an error, as a share of what is tolerated.
func (r *comparison) off(off float64, format string, a ...any) {
	if !(off <= r.Worst) {
		r.Worst = off
	}
	if !(off <= 1) {
		r.fail(format, a...)
	}
}

// gradients compares a gradient, to a share of its greatest number.
func (r *comparison) gradients(what string, tolerance float64, want, got []float32) {
	if len(want) != len(got) {
		r.fail("the gradient of %s has %d numbers, not %d", what, len(got), len(want))
		return
	}
	r.Gradients += len(want)
	top := 0.0
	for _, w := range want {
		top = max(top, math.Abs(float64(w)))
	}
	bound := max(tolerance*top, 1e-6)
	for i, w := range want {
		r.off(math.Abs(float64(got[i])-float64(w))/bound, "gradient of %s, place %d: %v, not %v", what, i, got[i], w)
	}
}

// loss compares one, to a share of the sum of its terms without their signs.
func (r *comparison) loss(c *vectors.Case, tolerance, got, size float64) error {
	want, err := c.Tensor("loss")
	if err != nil {
		return err
	}
	if len(want.Data) != 1 {
		return fmt.Errorf("%w: the loss is %v", vectors.ErrCase, want.Shape)
	}
	r.Losses++
	r.off(math.Abs(got-float64(want.Data[0]))/(tolerance*max(1, size)), "the loss is %v, not %v", got, want.Data[0])
	return nil
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

// likes reports a tensor that does not have the shape of another.
func likes(name string, t *tensor.Tensor, want tensor.Shape) error {
	if !t.Shape.Equal(want) {
		return fmt.Errorf("%w: %s is %v, not %v", vectors.ErrCase, name, t.Shape, want)
	}
	return nil
}
