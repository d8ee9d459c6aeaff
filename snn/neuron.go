package snn

import (
	"fmt"
	"math"
	"math/bits"
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
// and the kernel that they end up in.
type neuron struct {
	in     tensor.Shape
	basis  Layer // that the plan is of; may be nil
	params []Param
	bounds map[string][2]float32
	err    error

	synapse Synapse
	graded  bool // outputs are the parameter graded where there is a spike
	old     bool // the output is whether the last step left v at test
	start   func(state []float32)

	surrogate surrogate.Func
	detach    Detach
	slopes    []slope

	detachLevel bool // no gradient of a spike by its level
}

// slope says how a parameter of a kernel follows from one that users see: its
// derivative, nil for 1.
type slope struct {
	of, by string
	value  func(v values) []float32
}

// values are the parameters, one number a neuron each.
type values map[string][]float32

func newNeuron(in tensor.Shape) *neuron { return &neuron{in: in, bounds: map[string][2]float32{}} }

// fail keeps the first error.
func (n *neuron) fail(err error) {
	if n.err == nil {
		n.err = err
	}
}

// param adds a parameter: one number, or one a channel, or one a neuron. Its
// values, now and when weights are loaded, are from low to high.
func (n *neuron) param(name string, value, low, high float32) {
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
}

// plan is the plan of a kernel. derive turns the parameters that users see
// into those of the kernel.
func (n *neuron) plan(kernel string, derive func(v values)) (*Plan, error) {
	k, ok := simd.NeuronNamed(kernel)
	if !ok {
		n.fail(fmt.Errorf("%w: there is no neuron %q", ErrOption, kernel))
	}
	states, carried := k.States(), k.Gradients()
	if n.synapse.isSet() {
		n.synapse.params(n, "synapse_")
		states = append(append([]string{}, states...), "current")
		carried = append(append([]string{}, carried...), "current")
	}
	if n.err != nil {
		return nil, n.err
	}
	size := n.in.Size()
	kinds := denseToSpikes
	if k.Dense() || n.graded {
		kinds = nil
	}
	p := &Plan{
		Out: n.in, Params: n.params, States: states, Gradients: carried, State: len(states) * size, Start: n.start, Kinds: kinds,
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			v := values{}
			for _, p := range n.params {
				v[p.Name] = expand(params[p.Name], n.in)
				if b := n.bounds[p.Name]; true {
					if err := checkEach(p.Name, v[p.Name], b[0], b[1]); err != nil {
						return nil, err
					}
				}
			}
			c := &cell{kernel: k, n: size, states: len(k.States()), old: n.old, surrogate: n.surrogate}
			if n.synapse.isSet() {
				c.synapse, c.synapseParams = n.synapse.prepare(v, "synapse_")
			}
			derive(v)
			c.params = v.of(k.Params(), size)
			if c.surrogate.NeedsThreshold() {
				c.threshold = v["threshold"]
				if slices.Contains(k.Params(), "threshold") {
					c.coupling = v["coupling"]
				}
			}
			c.moved = constant(1, size)
			if n.detachLevel {
				c.moved = constant(0, size)
			}
			c.attach, c.straight = simd.Apart(size), simd.Apart(size)
			switch n.detach {
			case Attached:
				c.attach = constant(1, size)
			case DetachReset:
				c.straight = constant(1, size)
			}
			if n.graded {
				c.graded = v["graded"]
			}
			if n.old {
				c.test = v["test"]
			}
			c.gradients = n.gradients(c, v, params)
			return c, nil
		},
	}
	if n.basis != nil {
		p.Basis = func(params map[string]*tensor.Tensor) (Layer, map[string]*tensor.Tensor, error) {
			return n.basis, params, nil
		}
	}
	return p, nil
}

// of lists parameters in the order of a kernel. What is not there is zero.
func (v values) of(names []string, size int) [][]float32 {
	var list [][]float32
	for _, name := range names {
		if v[name] == nil {
			v[name] = simd.Apart(size)
		}
		list = append(list, v[name])
	}
	return list
}

// each makes a parameter of others, neuron by neuron.
func each(f func(a, b float32) float32, a, b []float32) []float32 {
	out := simd.Apart(len(a))
	for i := range a {
		out[i] = f(a[i], b[i])
	}
	return out
}

// cell is neurons ready to run.
type cell struct {
	kernel        simd.Neuron
	n, states     int
	params        [][]float32
	synapse       simd.Neuron
	synapseParams [][]float32 // nil without a synapse
	graded        []float32   // nil where outputs are plain
	old           bool
	test          []float32

	surrogate surrogate.Func
	threshold []float32 // for surrogates that need it
	coupling  []float32 // of a threshold that moves
	attach    []float32 // 1 if the spike of a reset carries gradient, else 0
	moved     []float32 // 1 if a spike's gradient reaches a level that moves, else 0
	straight  []float32 // 1 if gradient passes a reset as if there were none, else 0
	gradients []gradient
}

func (c *cell) Forward(x, y tensor.Signal, state []float32, scratch *Scratch) {
	steps, batch, _ := x.Dims()
	if steps == 0 {
		return
	}
	n, words := c.n, tensor.Words(c.n)
	in := x.(*tensor.Tensor).Data
	call := &scratch.neuron
	remembered := len(state) / batch
	var currents []float32
	if c.synapseParams != nil {
		currents = scratch.Floats(steps * n)
	}
	dense, isDense := y.(*tensor.Tensor)
	var packed []uint64 // of one sample, where the output is not packed
	if isDense && !c.kernel.Dense() {
		packed = scratch.Words(steps * words)
	}
	var last []uint64
	if c.old {
		last = scratch.Words(words)
	}
	for b := range batch {
		s := state[b*remembered : (b+1)*remembered]
		call.State, call.X, call.Steps, call.XStride = call.State[:0], in[b*n:], steps, batch*n
		if currents != nil {
			c.filter(call, s[c.states*n:], currents)
		}
		call.Params, call.State = c.params, call.State[:0]
		for i := range c.states {
			call.State = append(call.State, s[i*n:(i+1)*n])
		}
		switch {
		case packed != nil:
			call.Spikes, call.OutStride = packed, words
		case isDense:
			call.Out, call.OutStride = dense.Data[b*n:], batch*n
		default:
			call.Spikes, call.OutStride = y.(*tensor.Spikes).Bits[b*words:], batch*words
		}
		if c.old {
			c.advanceOld(call, last)
		} else {
			c.kernel.Advance(call)
		}
		if packed != nil {
			c.grade(dense.Data[b*n:], packed, steps, batch*n)
		}
	}
}

// filter makes the currents that the synapse lets through the call's input.
func (c *cell) filter(call *simd.NeuronCall, state, currents []float32) {
	call.State = append(call.State, state)
	call.Params, call.Out, call.OutStride = c.synapseParams, currents, c.n
	c.synapse.Advance(call)
	call.X, call.XStride = currents, c.n
}

// advanceOld puts out what the membrane was before each step: the spikes of
// the kernel, one step late. last is room for those of the last step.
func (c *cell) advanceOld(call *simd.NeuronCall, last []uint64) {
	words := tensor.Words(c.n)
	simd.ReachBits(call.Spikes[:words], call.State[0], c.test)
	steps, x := call.Steps, call.X
	if steps > 1 {
		call.Spikes, call.Steps = call.Spikes[call.OutStride:], steps-1
		c.kernel.Advance(call)
	}
	call.Spikes, call.Steps, call.X = last, 1, x[(steps-1)*call.XStride:]
	c.kernel.Advance(call)
}

// grade stores, where there is a spike, its weight.
func (c *cell) grade(dst []float32, packed []uint64, steps, stride int) {
	words := tensor.Words(c.n)
	for t := range steps {
		row := dst[t*stride:][:c.n]
		clear(row)
		for k, w := range packed[t*words : (t+1)*words] {
			for ; w != 0; w &= w - 1 {
				i := k<<6 + bits.TrailingZeros64(w)
				row[i] = c.graded[i]
			}
		}
	}
}

// expand repeats a parameter of one number, or one a channel, for all neurons.
func expand(p *tensor.Tensor, features tensor.Shape) []float32 {
	n := features.Size()
	v := simd.Apart(n)
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
