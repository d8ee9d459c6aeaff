package snn

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// DefaultSurrogate is the spike function of neurons that name none: SNNAX's
// default.
var DefaultSurrogate = surrogate.SuperSpike(10)

const unbounded = math.MaxFloat32

// neuron builds the plan of a layer of neurons: the parameters that users see,
// and where those of the kernel come from.
type neuron struct {
	in      tensor.Shape
	basis   Layer // that the plan is of; may be nil
	params  []Param
	bounds  map[string][2]float32
	sources map[param]source
	err     error

	synapse Synapse
	graded  bool               // outputs are the parameter graded where there is a spike
	starts  map[string]float32 // of states that do not start at zero

	names []string // of the parameters of a text

	surrogate   surrogate.Func
	detach      Detach
	detachLevel bool // no gradient of a spike by its level
}

// source is where a parameter of a kernel comes from: one number a neuron.
type source struct {
	values func(v values) []float32
	// claims are the parameters that users see to which its gradient goes. None
	// are those of a constant.
	claims []claim
}

// claim is a share in a gradient.
type claim struct {
	by    string                   // a parameter that users see
	slope func(v values) []float32 // the derivative by it; nil for 1
}

// values are the parameters that users see, one number a neuron each.
type values map[string][]float32

func newNeuron(in tensor.Shape) *neuron {
	return &neuron{in: in, bounds: map[string][2]float32{}, sources: map[param]source{}, starts: map[string]float32{}}
}

// fail keeps the first error.
func (n *neuron) fail(err error) {
	if n.err == nil {
		n.err = err
	}
}

// param adds a parameter that users see: one number, or one a channel, or one a
// neuron. Its values, now and when weights are loaded, are from low to high. It
// is those of the kernel that are named.
func (n *neuron) param(name string, value, low, high float32, to ...param) {
	p := Param{Name: name, Shape: tensor.Shape{1}, Or: []tensor.Shape{n.in}, Init: Constant(value), Optional: true}
	if len(n.in) > 1 {
		p.Or = append(p.Or, n.in[:1])
	}
	if low > -unbounded || high < unbounded {
		p.Bounds = &[2]float32{low, high}
	}
	n.params = append(n.params, p)
	n.bounds[name] = [2]float32{low, high}
	n.fail(checkEach(name, []float32{value}, low, high))
	for _, q := range to {
		n.derive(q, func(v values) []float32 { return v[name] }, claim{by: name})
	}
}

// derive says where a parameter of the kernel comes from.
func (n *neuron) derive(p param, values func(v values) []float32, claims ...claim) {
	if _, ok := n.sources[p]; ok {
		n.fail(fmt.Errorf("%w: the kernel's parameter %s comes from two places", ErrOption, n.nameOf(p)))
	}
	n.sources[p] = source{values, claims}
}

// nameOf is the name of a parameter of a kernel.
func (n *neuron) nameOf(p param) string {
	if p >= firstOwn {
		return n.names[p-firstOwn]
	}
	return paramNames[p%paramCount]
}

// constant is a parameter of the kernel that nobody sees.
func (n *neuron) constant(p param, value float32) {
	n.derive(p, func(values) []float32 { return constant(value, n.in.Size()) })
}

// spikes sets the spike function of a neuron, and whether gradient stops at its
// reset.
func (n *neuron) spikes(f surrogate.Func, detach Detach) {
	n.fail(detachNames.check(detach))
	n.fail(f.Check())
	if f.IsZero() {
		f = DefaultSurrogate
	}
	n.surrogate, n.detach = f, detach
}

// gates are the parameters of a backward pass that say what of a spike carries
// gradient.
func (n *neuron) gates() map[param]float32 {
	g := map[param]float32{paramThresholdGradScale: 1, paramBias: negativeZero}
	switch n.detach {
	case DetachNone:
		g[paramResetGradScale] = 1
	case DetachResetTerm:
		g[paramStraightThrough] = 1
	}
	if n.detachLevel {
		g[paramThresholdGradScale] = 0
	}
	return g
}

// plan is the plan of a kernel, each of whose parameters must come from
// somewhere, and which must use every one that users see.
func (n *neuron) plan(k *kernel) (*Plan, error) {
	size := n.in.Size()
	membrane := n.stage(k, 0)
	stages := []*stageSpec{membrane}
	if n.synapse.isSet() {
		synapse := n.stage(n.synapse.kernel(), paramCount)
		synapse.place(membrane)
		stages = append(stages, synapse)
	}
	n.checkUse(stages)
	if n.err != nil {
		return nil, n.err
	}
	p := &Plan{Out: n.in, Params: n.params, State: remembered(stages), Kinds: denseToSpikes}
	if k.dense || n.graded {
		p.Kinds = nil
	}
	for _, s := range stages {
		states, gradients := s.state.variables(s.k.states), s.carried.variables(s.k.gradients)
		if s != membrane {
			nameCurrent(states)
			nameCurrent(gradients)
		}
		p.States, p.Gradients = append(p.States, states...), append(p.Gradients, gradients...)
	}
	if len(n.starts) > 0 {
		p.InitState = func(state []float32) {
			for _, v := range p.States {
				if start := n.starts[v.Name]; start != 0 {
					v.Put(state, constant(start, size))
				}
			}
		}
	}
	p.Prepare = func(params map[string]*tensor.Tensor) (Op, error) { return n.prepare(params, stages, p.States) }
	if n.basis != nil {
		p.Canonical = func(params map[string]*tensor.Tensor) (Layer, map[string]*tensor.Tensor, error) {
			return n.basis, params, nil
		}
	}
	return p, nil
}

// prepare makes the layer ready to run.
func (n *neuron) prepare(params map[string]*tensor.Tensor, stages []*stageSpec, states []Variable) (Op, error) {
	v := values{}
	for _, p := range n.params {
		v[p.Name] = expand(params[p.Name], n.in)
		b := n.bounds[p.Name]
		if err := checkEach(p.Name, v[p.Name], b[0], b[1]); err != nil {
			return nil, err
		}
	}
	c := &cell{n: n.in.Size(), states: states, surrogate: n.surrogate, gates: n.gates()}
	for i, s := range stages {
		made, err := s.prepare(n, v)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			c.membrane = made
		} else {
			c.synapse = made
		}
	}
	if n.graded {
		c.graded = v["graded"]
	}
	if c.surrogate.NeedsThreshold() {
		c.threshold = v["threshold"]
		if slices.Contains(stages[0].k.params, paramCoupling) && slices.Contains(stages[0].k.traces, "a") {
			c.coupling = v["coupling"]
		}
	}
	c.gradients = n.gradients(c, v, params)
	c.countTraces()
	c.prepareStreams()
	return c, nil
}

// checkUse reports parameters of kernels that come from nowhere, and those that
// users see and no kernel uses.
func (n *neuron) checkUse(stages []*stageSpec) {
	used := map[param]bool{}
	seen := map[string]bool{"graded": n.graded}
	for _, s := range stages {
		for _, p := range s.k.params {
			q := s.first + p
			from, ok := n.sources[q]
			if !ok {
				n.fail(fmt.Errorf("%w: nothing is said of the parameter %s of %s", ErrOption, n.nameOf(p), s.k.name))
			}
			used[q] = true
			for _, c := range from.claims {
				seen[c.by] = true
			}
		}
	}
	for _, p := range n.params {
		if !seen[p.Name] {
			n.fail(fmt.Errorf("%w: this neuron has no use for the parameter %s", ErrOption, p.Name))
		}
	}
	for q := range n.sources {
		if !used[q] {
			n.fail(fmt.Errorf("%w: %s has no parameter %s", ErrOption, stages[0].k.name, n.nameOf(q)))
		}
	}
}

// gradients finds out to which parameters that users see the sums of the
// kernels go, in the order of the kernels' parameters.
func (n *neuron) gradients(c *cell, v values, params map[string]*tensor.Tensor) []gradient {
	var list []gradient
	for _, s := range c.stages() {
		for _, p := range s.k.params {
			array := slices.Index(s.k.sums, p)
			if array < 0 {
				continue // no gradient comes to it
			}
			if n.detach == DetachResetTerm && (p == paramAmount || p == paramValue) {
				continue // a part of what is detached
			}
			for _, claim := range n.sources[s.first+p].claims {
				g := gradient{stage: s, array: array, to: claim.by, shape: params[claim.by].Shape}
				if claim.slope != nil {
					g.slope = claim.slope(v)
				}
				list = append(list, g)
			}
		}
	}
	if c.graded != nil {
		list = append(list, gradient{to: "graded", shape: params["graded"].Shape})
	}
	return list
}

// each makes a parameter of others, neuron by neuron.
func each(f func(a, b float32) float32, a, b []float32) []float32 {
	out := make([]float32, len(a))
	for i := range a {
		out[i] = f(a[i], b[i])
	}
	return out
}

// constant is n times a number.
func constant(c float32, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = c
	}
	return v
}

// expand repeats a parameter of one number, or one a channel, for all neurons.
func expand(p *tensor.Tensor, features tensor.Shape) []float32 {
	n := features.Size()
	v := make([]float32, n)
	each := n / len(p.Data)
	for i := range v {
		v[i] = p.Data[i/each]
	}
	return v
}

// checkEach reports the first number of a parameter that is out of range.
func checkEach(name string, values []float32, low, high float32) error {
	for i, v := range values {
		if !(v >= low && v <= high) {
			return fmt.Errorf("%w: %s[%d] is %v, not from %v to %v", ErrOption, name, i, v, low, high)
		}
	}
	return nil
}

// denseToSpikes are the kinds of a neuron that spikes.
func denseToSpikes(tensor.Kind) (reads, writes tensor.Kind) {
	return tensor.KindDense, tensor.KindSpikes
}

// panel is a panel that begins somewhere in an array of several.
type panel struct {
	simd.Layout
	first int
}

// in is the panel of a sample.
func (p panel) in(all []float32) []float32 { return all[p.first : p.first+p.Size()] }

// variables are its arrays by name.
func (p panel) variables(names []string) []Variable {
	var list []Variable
	for i, name := range names {
		list = append(list, Variable{Name: name, panel: p, array: i})
	}
	return list
}
