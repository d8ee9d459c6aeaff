package snn

import (
	"slices"
	"strings"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

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

// gradient is how the sums of one parameter of a kernel reach a parameter that
// users see.
type gradient struct {
	sum   int // which of the sums, n numbers each
	to    string
	shape tensor.Shape
	slope []float32 // nil for 1
}

// gradients finds out how the parameters of the kernels follow from those that
// users see. Those that follow from none are constants.
func (n *neuron) gradients(c *cell, v values, params map[string]*tensor.Tensor) []gradient {
	var list []gradient
	add := func(sum int, to string, slope []float32) {
		list = append(list, gradient{sum, to, params[to].Shape, slope})
	}
	resolve := func(sum int, name, prefix string) {
		if n.detach == DetachReset && (name == "amount" || name == "value") {
			return // a part of what is detached
		}
		derived := false
		for _, s := range n.slopes {
			if s.of == prefix+name {
				add(sum, s.by, s.value(v))
				derived = true
			}
		}
		if derived {
			return
		}
		for _, to := range []string{prefix + snake(name), prefix + aliases[name]} {
			if params[to] != nil {
				add(sum, to, nil)
				return
			}
		}
	}
	for i, name := range c.kernel.Params() {
		resolve(i, name, "")
	}
	if c.synapseParams != nil {
		for i, name := range c.synapse.Params() {
			resolve(len(c.params)+i, name, "synapse_")
		}
	}
	if c.graded != nil {
		add(c.sums()-1, "graded", nil)
	}
	return list
}

// aliases are the parameters of kernels that have another name than what users
// see.
var aliases = map[string]string{"test": "threshold", "amount": "threshold", "value": "reset", "lowest": "floor"}

// snake is a name in snake case.
func snake(name string) string {
	var b strings.Builder
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// sums is how many parameters have a gradient, of the kernels and graded.
func (c *cell) sums() int {
	n := len(c.params) + len(c.synapseParams)
	if c.graded != nil {
		n++
	}
	return n
}

// Traces counts the membrane's traces, the distance from the threshold or its
// surrogate's slope, and with a synapse its traces and the currents.
func (c *cell) Traces() int {
	n := len(c.kernel.Traces())
	if c.fires() {
		n++
	}
	if c.synapseParams != nil {
		n += len(c.synapse.Traces()) + 1
	}
	return n
}

func (c *cell) Carried() int {
	n := len(c.kernel.Gradients())
	if c.synapseParams != nil {
		n += len(c.synapse.Gradients())
	}
	return n * c.n
}

func (c *cell) Sums() int       { return c.sums() * c.n }
func (c *cell) PerSample() bool { return true }
func (c *cell) Add(*Pass)       {}

// traced are the arrays of a pass from sample b on, in the order of Traces.
func (c *cell) traced(p *Pass, b int) (membrane [][]float32, distance []float32, synapse [][]float32, currents []float32) {
	from := func(traces [][]float32) [][]float32 {
		var list [][]float32
		for _, t := range traces {
			list = append(list, t[b*c.n:])
		}
		return list
	}
	k := len(c.kernel.Traces())
	membrane = from(p.Traces[:k])
	if c.fires() {
		distance = p.Traces[k][b*c.n:]
		k++
	}
	if c.synapseParams != nil {
		last := len(p.Traces) - 1
		synapse, currents = from(p.Traces[k:last]), p.Traces[last][b*c.n:]
	}
	return membrane, distance, synapse, currents
}

func (c *cell) Traced(p *Pass) {
	steps, batch, _ := p.X.Dims()
	if steps == 0 {
		return
	}
	n, words := c.n, tensor.Words(c.n)
	x := p.X.(*tensor.Tensor).Data
	remembered := len(p.State) / batch
	call := &p.Scratch.train
	dense, isDense := p.Y.(*tensor.Tensor)
	for b := range batch {
		membrane, distance, synapse, currents := c.traced(p, b)
		state := p.State[b*remembered : (b+1)*remembered]
		*call = simd.TrainingCall{X: x[b*n:], Steps: steps, Stride: batch * n}
		if currents != nil {
			call.State, call.Params, call.Traces, call.Out = [][]float32{state[c.states*n:]}, c.synapseParams, synapse, currents
			c.synapse.Traced(call)
			call.X = currents
		}
		call.State = call.State[:0]
		for i := range c.states {
			call.State = append(call.State, state[i*n:(i+1)*n])
		}
		call.Params, call.Traces, call.Distance = c.params, membrane, distance
		switch {
		case c.kernel.Dense():
			call.Out = dense.Data[b*n:]
			c.kernel.Traced(call)
		case isDense: // graded
			call.Spikes, call.BitsStride = p.Scratch.Words(steps*words), words
			c.advanceTraced(call, p.Scratch)
			c.grade(dense.Data[b*n:], call.Spikes, steps, batch*n)
		default:
			call.Spikes, call.BitsStride = p.Y.(*tensor.Spikes).Bits[b*words:], batch*words
			c.advanceTraced(call, p.Scratch)
		}
	}
}

// advanceTraced calls the kernel. Where the output is what the membrane was
// before each step, the kernel's spikes go elsewhere, one step late.
func (c *cell) advanceTraced(call *simd.TrainingCall, scratch *Scratch) {
	if !c.old {
		c.kernel.Traced(call)
		return
	}
	words := tensor.Words(c.n)
	out, stride := call.Spikes, call.BitsStride
	simd.ReachBits(out[:words], call.State[0], c.test)
	call.Spikes, call.BitsStride = scratch.Words(call.Steps*words), words
	c.kernel.Traced(call)
	for t := 1; t < call.Steps; t++ {
		copy(out[t*stride:][:words], call.Spikes[(t-1)*words:t*words])
	}
	call.Spikes, call.BitsStride = out, stride
}

func (c *cell) Backward(p *Pass) {
	steps, batch, _ := p.X.Dims()
	if steps == 0 {
		return
	}
	n := c.n
	x := p.X.(*tensor.Tensor).Data
	gx := p.GX
	if gx == nil {
		gx = p.Scratch.Floats(steps * batch * n)
	}
	carried := c.Carried()
	k := len(c.kernel.Gradients())
	g := p.GY
	if c.graded != nil {
		g = c.ungrade(p)
	}
	if c.fires() {
		slope := p.Traces[len(c.kernel.Traces())][:steps*batch*n]
		if c.surrogate.NeedsThreshold() {
			c.surrogate.DerivativeAt(slope, slope, c.levels(p))
		} else {
			c.surrogate.Derivative(slope, slope)
		}
	}
	call := &p.Scratch.train
	for b := range batch {
		membrane, slope, synapse, currents := c.traced(p, b)
		own := p.Carried[b*carried : (b+1)*carried]
		membraneSums, synapseSums := c.sumsOf(p, b)
		*call = simd.TrainingCall{
			X: x[b*n:], G: g[b*n:], Slope: slope, Attach: c.attach, Straight: c.straight, Moved: c.moved, GX: gx[b*n:], Params: c.params, Traces: membrane,
			GState: rows(own[:k*n], n), GParams: membraneSums, Steps: steps, Stride: batch * n,
		}
		if currents != nil {
			call.X, call.GX = currents, p.Scratch.Floats(steps*batch*n)
		}
		if c.old {
			c.backwardOld(call, p.Scratch)
		} else {
			c.kernel.Backward(call)
		}
		if currents != nil {
			call.G, call.X, call.GX = call.GX, x[b*n:], gx[b*n:]
			call.Params, call.Traces, call.GState = c.synapseParams, synapse, rows(own[k*n:], n)
			call.GParams = synapseSums
			c.synapse.Backward(call)
		}
	}
}

// sumsOf are the sums of sample b, of the parameters of each kernel; nil if
// nothing learns.
func (c *cell) sumsOf(p *Pass, b int) (membrane, synapse [][]float32) {
	if p.Fixed {
		return nil, nil
	}
	sums, n := p.Sums[b*c.Sums():(b+1)*c.Sums()], c.n
	return rows(sums[:len(c.params)*n], n), rows(sums[len(c.params)*n:][:len(c.synapseParams)*n], n)
}

// levels are the thresholds at every step: fixed, or threshold + coupling*a.
func (c *cell) levels(p *Pass) []float32 {
	steps, batch, _ := p.X.Dims()
	levels := p.Scratch.Floats(steps * batch * c.n)
	a := slices.Index(c.kernel.Traces(), "a")
	for at := 0; at < len(levels); at += c.n {
		row := levels[at : at+c.n]
		if c.coupling != nil {
			simd.ScaleShift(row, c.coupling, p.Traces[a][at:at+c.n], c.threshold)
		} else {
			copy(row, c.threshold)
		}
	}
	return levels
}

// fires reports whether the neuron has spikes.
func (c *cell) fires() bool { return !c.surrogate.IsZero() }

// backwardOld moves the gradient of the outputs, each of which is a spike of
// the step before, to that step. That of the first step goes on to the call
// for the steps before.
func (c *cell) backwardOld(call *simd.TrainingCall, scratch *Scratch) {
	n, last := c.n, call.Steps-1
	g := scratch.Floats(last*call.Stride + n)
	for t := range last {
		copy(g[t*call.Stride:][:n], call.G[(t+1)*call.Stride:])
	}
	clear(g[last*call.Stride:])
	first := call.G[:n]
	call.G = g
	c.kernel.Backward(call)
	fired := call.GState[len(call.GState)-1]
	for i, k := range c.kernel.Gradients() {
		if k == "fired" {
			fired = call.GState[i]
		}
	}
	simd.Add(fired, fired, first)
}

// ungrade is the gradient of the spikes that outputs are graded from; that of
// the grade itself is added up.
func (c *cell) ungrade(p *Pass) []float32 {
	steps, batch, _ := p.X.Dims()
	n := c.n
	plain, distance := p.Scratch.Floats(steps*batch*n), p.Traces[len(c.kernel.Traces())]
	for b := range batch {
		sum := p.Sums[(b+1)*c.Sums()-n : (b+1)*c.Sums()]
		for t := steps - 1; t >= 0; t-- {
			at := (t*batch + b) * n
			for i, g := range p.GY[at : at+n] {
				plain[at+i] = g * c.graded[i]
				if distance[at+i] >= 0 {
					sum[i] += g
				}
			}
		}
	}
	return plain
}

// rows cuts numbers into rows of n.
func rows(numbers []float32, n int) [][]float32 {
	list := make([][]float32, 0, len(numbers)/max(n, 1))
	for ; len(numbers) > 0; numbers = numbers[n:] {
		list = append(list, numbers[:n])
	}
	return list
}

// Gradients adds, for each parameter that users see, what reached the kernels'
// parameters, neurons ascending.
func (c *cell) Gradients(sums []float32) map[string]*tensor.Tensor {
	grads := map[string]*tensor.Tensor{}
	for _, g := range c.gradients {
		if grads[g.to] == nil {
			grads[g.to] = tensor.New(g.shape...)
		}
		to := grads[g.to].Data
		each := c.n / len(to)
		for i, v := range sums[g.sum*c.n : (g.sum+1)*c.n] {
			if g.slope != nil {
				v = float32(v * g.slope[i])
			}
			to[i/each] += v
		}
	}
	return grads
}
