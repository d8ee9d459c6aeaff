package snn

import (
	"slices"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// gradient is how the sums of one parameter of a kernel reach a parameter that
// users see.
type gradient struct {
	stage *stage // nil for what spikes are worth
	array int    // of its sums
	to    string
	shape tensor.Shape
	slope []float32 // nil for 1
}

func (c *cell) last() *stage { s := c.stages(); return s[len(s)-1] }

func (c *cell) StateGradSize() int { return c.last().carried.first + c.last().carried.Size() }

// The parameter gradients are those of the kernels, and of what spikes are worth.
func (c *cell) ParamGradSize() int { return c.gradedSums() + len(c.graded) }

func (c *cell) gradedSums() int            { return c.last().sums.first + c.last().sums.Size() }
func (c *cell) AccumulatesPerSample() bool { return true }
func (c *cell) AccumulateParamGrad(*Pass)  {}

func (c *cell) Backward(p *Pass) {
	steps, batch, _ := p.X.Dims()
	if steps == 0 {
		return
	}
	q := p.Scratch.start(passage{c: c, steps: steps, batch: batch, traces: p.Saved})
	g := p.GradY
	if c.graded != nil {
		g = c.ungrade(p)
	}
	if c.fires() {
		c.slopes(q)
	}
	x := p.X.(*tensor.Tensor).Data
	gx := p.GradX
	if gx == nil {
		gx = p.Scratch.Floats(len(x))
	}
	inputs, outputs := c.membrane.k.inputCount(), c.membrane.k.outputCount()
	w := backwardPassage{passage: q, pass: p, x: x, g: g, gx: gx, xRooms: q.rooms(inputs), gRooms: q.rooms(outputs), gxRooms: q.rooms(inputs)}
	if c.synapse != nil {
		w.current = simd.Stream{Floats: p.Scratch.Floats(steps * simd.Padded(c.n)), Stride: simd.Padded(c.n)}
	}
	for b := range batch {
		w.membrane(b)
		if c.synapse != nil {
			w.synapse(b)
		}
	}
}

// backwardPassage is the backward pass of some steps.
type backwardPassage struct {
	*passage
	pass                    *Pass
	x, g, gx                []float32
	xRooms, gRooms, gxRooms [][]float32
	current                 simd.Stream // the gradient of the synapse's output
}

// membrane goes back through the membrane of a sample.
func (w *backwardPassage) membrane(b int) {
	c, s := w.c, w.c.membrane
	call := w.begin(s, b)
	inputs, outputs := s.k.inputCount(), s.k.outputCount()
	for _, kind := range s.Backward().Streams {
		i := kind.Index
		switch kind.Role {
		case simd.RoleInput:
			if c.synapse != nil {
				call.Streams = append(call.Streams, w.trace(3, b))
			} else {
				call.Streams = append(call.Streams, w.padded(w.x, b, inputs*c.n, s.k.input(i)*c.n, w.xRooms[i]))
			}
		case simd.RoleOutputGradient:
			call.Streams = append(call.Streams, w.padded(w.g, b, outputs*c.n, s.k.output(i)*c.n, w.gRooms[i]))
		case simd.RoleSurrogateGrad:
			call.Streams = append(call.Streams, w.trace(1, b))
		case simd.RoleTrace:
			call.Streams = append(call.Streams, w.trace(0, b))
		default:
			call.Streams = append(call.Streams, w.to(b, i))
		}
	}
	s.Back(call)
	w.done(s, call, b)
}

// synapse goes back through the synapse of a sample.
func (w *backwardPassage) synapse(b int) {
	c, s := w.c, w.c.synapse
	call := w.begin(s, b)
	for _, kind := range s.Backward().Streams {
		switch kind.Role {
		case simd.RoleInput:
			call.Streams = append(call.Streams, w.padded(w.x, b, c.n, 0, w.xRooms[0]))
		case simd.RoleOutputGradient:
			call.Streams = append(call.Streams, w.current)
		case simd.RoleTrace:
			call.Streams = append(call.Streams, w.trace(2, b))
		default:
			call.Streams = append(call.Streams, w.to(b, -1))
		}
	}
	s.Back(call)
	w.done(s, call, b)
}

// to is where the gradient of input i of a sample goes: of a membrane behind a
// synapse, to that; of the synapse, -1, where that of the input does.
func (w *backwardPassage) to(b, i int) simd.Stream {
	c := w.c
	if c.synapse != nil && i >= 0 {
		return w.current
	}
	i = max(i, 0)
	if w.gxRooms[i] != nil {
		return simd.Stream{Floats: w.gxRooms[i], Stride: simd.Padded(c.n)}
	}
	inputs := c.membrane.k.inputCount()
	return simd.Stream{Floats: w.gx[(b*inputs+c.membrane.k.input(i))*c.n:], Stride: w.batch * inputs * c.n}
}

// done copies gradients that were not written where they belong.
func (w *backwardPassage) done(s *stage, call *simd.Call, b int) {
	c, inputs := w.c, w.c.membrane.k.inputCount()
	if c.synapse != nil && s == c.membrane {
		return
	}
	for i, kind := range s.Backward().Streams {
		if kind.Role == simd.RoleInputGradient {
			w.unpad(w.gx, b, inputs*c.n, c.membrane.k.input(kind.Index)*c.n, call.Streams[i])
		}
	}
}

// begin prepares the call of a stage for a sample.
func (w *backwardPassage) begin(s *stage, sample int) *simd.Call {
	carried := w.c.StateGradSize()
	call := w.call(s.carried.in(w.pass.StateGrad[sample*carried:(sample+1)*carried]), s.backward(w.c.gates))
	if call.Optional = !w.pass.ParamsFrozen; call.Optional {
		sums := w.c.ParamGradSize()
		call.Sums = s.sums.in(w.pass.ParamGrad[sample*sums : (sample+1)*sums])
	}
	return call
}

// slopes turns the distances from the threshold into slopes of the surrogate.
func (c *cell) slopes(q *passage) {
	wide := simd.Padded(c.n)
	slope := q.traces[1][:q.steps*q.batch*wide]
	if !c.surrogate.NeedsThreshold() {
		c.surrogate.Derivative(slope, slope)
		return
	}
	levels := q.scratch.Floats(len(slope))
	row := c.membrane.traceRow()
	a := slices.Index(c.membrane.k.traces, "a")
	trace := simd.Layout{N: c.n, Arrays: len(c.membrane.k.traces), Lanes: c.membrane.state.Lanes}
	moved := q.scratch.Floats(c.n)
	for r := range q.steps * q.batch {
		level := levels[r*wide : (r+1)*wide]
		for i := range level {
			level[i] = 1 // nobody's
		}
		copy(level, c.threshold)
		if c.coupling == nil {
			continue
		}
		trace.Get(moved, q.traces[0][r*row:(r+1)*row], a)
		simd.ScaleShift(level[:c.n], c.coupling, moved, c.threshold)
	}
	c.surrogate.DerivativeAt(slope, slope, levels)
}

// ungrade is the gradient of the spikes that outputs are graded from; that of
// the grade itself is added up.
func (c *cell) ungrade(p *Pass) []float32 {
	steps, batch, _ := p.X.Dims()
	n, wide := c.n, simd.Padded(c.n)
	plain, distance := p.Scratch.Floats(steps*batch*n), p.Saved[1]
	for b := range batch {
		var sum []float32
		if !p.ParamsFrozen {
			sum = p.ParamGrad[b*c.ParamGradSize()+c.gradedSums():][:n]
		}
		for t := steps - 1; t >= 0; t-- {
			r := t*batch + b
			for i, g := range p.GradY[r*n : (r+1)*n] {
				plain[r*n+i] = g * c.graded[i]
				if sum != nil && distance[r*wide+i] >= 0 {
					sum[i] += g
				}
			}
		}
	}
	return plain
}

// Gradients adds, for each parameter that users see, what reached the kernels'
// parameters, neurons ascending.
func (c *cell) ParamGrads(sums []float32) map[string]*tensor.Tensor {
	grads := map[string]*tensor.Tensor{}
	own := make([]float32, c.n)
	for _, g := range c.gradients {
		if grads[g.to] == nil {
			grads[g.to] = tensor.New(g.shape...)
		}
		if g.stage == nil {
			copy(own, sums[c.gradedSums():])
		} else {
			g.stage.sums.Get(own, g.stage.sums.in(sums), g.array)
		}
		to := grads[g.to].Data
		each := c.n / len(to)
		for i, v := range own {
			if g.slope != nil {
				v = float32(v * g.slope[i])
			}
			to[i/each] += v
		}
	}
	return grads
}
