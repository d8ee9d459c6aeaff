package forward

import (
	"errors"
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// ErrNotFinite is wrapped by errors about NaN and infinite numbers in what
// layers remember or put out.
var ErrNotFinite = errors.New("not finite")

// CheckFinite says whether runs look for numbers that are not finite, which they
// do by default: a neuron whose membrane is NaN is silent for ever, and nothing
// else would tell. After every block of steps the states are looked at, and the
// dense outputs of its last step; a [Model.Step] does so at every 16th step, and
// [Model.StepMany], where one stream must not stop the others, does not:
// [State.CheckFinite] is for it. NaN and infinite inputs are found by what they
// do there.
//
// The error wraps [ErrNotFinite], and names the layer, the step and the sample.
// The steps have been made nevertheless: output and state are there, too.
func CheckFinite(on bool) Option { return func(o *options) { o.unchecked = !on } }

// checkEvery is at which steps of a stream [Model.Step] looks: so often, it
// costs nothing.
const checkEvery = 16

// notFinite is what was found in a tile.
type notFinite struct {
	sample int
	err    error
}

// earlier is the one of two with the lower sample.
func (n *notFinite) earlier(other *notFinite) *notFinite {
	if n == nil || other != nil && other.sample < n.sample {
		return other
	}
	return n
}

// finite reports whether all numbers are: their sum is then, too, unless it
// overflows.
func finite(v []float32) bool {
	var a, b, c, d float32
	k := 0
	for ; k+4 <= len(v); k += 4 {
		w := v[k : k+4 : k+4]
		a, b, c, d = a+w[0], b+w[1], c+w[2], d+w[3]
	}
	for ; k < len(v); k++ {
		a += v[k]
	}
	sum := (a + b) + (c + d)
	return sum-sum == 0 || firstNotFinite(v) < 0
}

// firstNotFinite is where the first number is that is not finite, or -1.
func firstNotFinite(v []float32) int {
	for i, x := range v {
		if x-x != 0 {
			return i
		}
	}
	return -1
}

// check looks for what is not finite after a block: the states of the tile's
// samples, and the last rows of dense outputs.
func (e *executor) check() *notFinite {
	for _, gr := range e.model.graph.groups {
		for _, i := range gr.nodes {
			n := e.model.graph.nodes[i].plan.State
			if !finite(e.state.layers[i][e.tile.first*n:(e.tile.first+e.tile.samples)*n]) || !e.finiteRows(i) {
				return e.found()
			}
		}
	}
	return nil
}

// finiteRows reports whether what a node has put out at the last step is finite,
// if it is dense numbers of its own.
func (e *executor) finiteRows(i int) bool {
	out := &e.nodes[i].out
	if out.kind != tensor.KindDense || e.kinds.views[i] {
		return true
	}
	for r := (e.tile.steps - 1) * e.tile.samples; r < e.tile.steps*e.tile.samples; r++ {
		if !finite(out.denseRow(r)) {
			return false
		}
	}
	return true
}

// found names the first thing that is not finite: an input, or
// the output or the state of the first layer to have one.
func (e *executor) found() *notFinite {
	g, step := e.model.graph, e.state.step
	row := func(r int) (at int64, sample int) {
		return step + int64(r/e.tile.samples), e.tile.first + r%e.tile.samples
	}
	for i, in := range g.inputs {
		if k := firstNotFinite(valuesOf(&e.inputs[i])); k >= 0 {
			at, sample := row(rowOf(&e.inputs[i], k))
			return &notFinite{sample, fmt.Errorf("forward: input %q: %w: %v at step %d of sample %d", in.Name, ErrNotFinite, valuesOf(&e.inputs[i])[k], at, sample)}
		}
	}
	for _, gr := range g.groups {
		for _, i := range gr.nodes {
			out := &e.nodes[i].out
			for r := 0; r < e.tile.steps*e.tile.samples && out.kind == tensor.KindDense && !e.kinds.views[i]; r++ {
				if k := firstNotFinite(out.denseRow(r)); k >= 0 {
					at, sample := row(r)
					return &notFinite{sample, g.errorAt(i, fmt.Errorf("%w: its output %d is %v at step %d of sample %d", ErrNotFinite, k, out.denseRow(r)[k], at, sample))}
				}
			}
			for sample := e.tile.first; sample < e.tile.first+e.tile.samples; sample++ {
				if err := e.state.checkSample(i, sample); err != nil {
					return &notFinite{sample, fmt.Errorf("%w, after step %d", err, step+int64(e.tile.steps)-1)}
				}
			}
		}
	}
	return nil
}

// valuesOf is the numbers of a signal that may be anything.
func valuesOf(s *slot) []float32 {
	switch s.kind {
	case tensor.KindDense:
		return s.dense.Data
	case tensor.KindEvents:
		return s.events.Value[:s.events.Rows[len(s.events.Rows)-1]]
	}
	return nil
}

// rowOf is the row of the k-th of these numbers.
func rowOf(s *slot, k int) int {
	if s.kind == tensor.KindDense {
		return k / s.n
	}
	r := 0
	for s.events.Rows[r+1] <= k {
		r++
	}
	return r
}

// CheckFinite reports the first number that is not finite in what the layers
// remember: its layer, sample and variable. The error wraps [ErrNotFinite].
func (s *State) CheckFinite() error {
	for i := range s.layers {
		if finite(s.layers[i]) {
			continue
		}
		for sample := range s.batch {
			if err := s.checkSample(i, sample); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSample looks at what a layer remembers of a sample.
func (s *State) checkSample(i, sample int) error {
	p := s.graph.nodes[i].plan
	own := s.layers[i][sample*p.State : (sample+1)*p.State]
	if firstNotFinite(own) < 0 {
		return nil
	}
	bad := func(what string, v float32) error {
		return s.graph.errorAt(i, fmt.Errorf("%w: %s is %v in sample %d", ErrNotFinite, what, v, sample))
	}
	values := make([]float32, p.Variable().Size())
	for _, v := range p.States {
		v.Get(values, own)
		if k := firstNotFinite(values); k >= 0 {
			return bad(fmt.Sprintf("%s of neuron %d", v.Name, k), values[k])
		}
	}
	if k := firstNotFinite(own); len(p.States) == 0 {
		return bad(fmt.Sprintf("number %d of its state", k), own[k])
	}
	return nil // it is between the neurons, where nobody looks
}
