package snn

import (
	"slices"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// cell is neurons ready to run.
type cell struct {
	n         int
	membrane  *stage
	synapse   *stage // in front of it; may be nil
	states    []Variable
	graded    []float32 // what spikes are worth; nil where outputs are plain
	surrogate surrogate.Func
	gates     map[param]float32
	threshold []float32 // for surrogates that need it
	coupling  []float32 // of a threshold that moves
	gradients []gradient
	traceRows []int // of the traces: see SavedSizes

	plain                      bool // see advance
	streams, inputAt, outputAt int  // how many streams the membrane has, and which are input and output
}

// stages are the kernels, in the order in which their panels lie.
func (c *cell) stages() []*stage {
	if c.synapse == nil {
		return []*stage{c.membrane}
	}
	return []*stage{c.membrane, c.synapse}
}

// passage is one way of some steps of a batch through the neurons, sample by
// sample: what the calls of the kernels have in common.
type passage struct {
	c            *cell
	steps, batch int
	scratch      *Scratch
	traces       [][]float32 // nil where nothing is recorded
}

// start begins a passage; there is one at a time.
func (s *Scratch) start(p passage) *passage {
	s.passage = p
	s.passage.scratch = s
	return &s.passage
}

// rows are what a sample is in an array over time, [T, B, row].
func (p *passage) rows(all []float32, sample, row int) simd.Stream {
	if all == nil {
		return simd.Stream{}
	}
	return simd.Stream{Floats: all[sample*row:], Stride: p.batch * row}
}

// padded are n of the numbers of each row of a sample, from first on, in rows as
// long as kernels read: a copy in room, where they are shorter.
func (p *passage) padded(all []float32, sample, row, first int, room []float32) simd.Stream {
	n, wide := p.c.n, simd.Padded(p.c.n)
	if wide <= row-first {
		return simd.Stream{Floats: all[sample*row+first:], Stride: p.batch * row}
	}
	for t := range p.steps {
		copy(room[t*wide:t*wide+n], all[(t*p.batch+sample)*row+first:])
	}
	return simd.Stream{Floats: room, Stride: wide}
}

// unpad copies rows that a kernel wrote to where they belong, if it did not
// write them there.
func (p *passage) unpad(all []float32, sample, row, first int, from simd.Stream) {
	n := p.c.n
	if n == simd.Padded(n) {
		return
	}
	for t := range p.steps {
		copy(all[(t*p.batch+sample)*row+first:][:n], from.Floats[t*from.Stride:])
	}
}

// rooms are scratch for the rows of one sample, zero where nobody writes; nil
// where rows are whole groups anyway.
func (p *passage) rooms(n int) [][]float32 {
	rooms := p.scratch.lists(n)
	if wide := simd.Padded(p.c.n); wide != p.c.n {
		for i := range rooms {
			rooms[i] = p.scratch.Floats(p.steps * wide)
			clear(rooms[i])
		}
	}
	return rooms
}

// call prepares a call of a kernel.
func (p *passage) call(state, params []float32) *simd.Call {
	call := &p.scratch.call
	*call = simd.Call{N: p.c.n, Steps: p.steps, State: state, Params: params, Streams: call.Streams[:0], Workspace: &p.scratch.programs}
	return call
}

func (c *cell) Forward(x, y tensor.Signal, state []float32, scratch *Scratch) {
	if spikes, ok := y.(*tensor.Spikes); ok && c.plain {
		c.advance(x.(*tensor.Tensor), spikes, state, scratch)
		return
	}
	c.forward(x, y, state, scratch, nil, nil)
}

// advance is forward of plain neurons, with one input and no synapse: the steps of
// a stream are so short that preparing more takes longer than they do.
func (c *cell) advance(x *tensor.Tensor, y *tensor.Spikes, state []float32, scratch *Scratch) {
	steps, batch, n, words := y.T, y.B, c.n, tensor.Words(c.n)
	if steps == 0 {
		return
	}
	call := &scratch.call
	call.Streams = slices.Grow(call.Streams[:0], c.streams)[:c.streams] // what is optional is not looked at
	call.N, call.Steps, call.Params, call.Sums, call.Optional, call.Workspace = n, steps, c.membrane.params, nil, false, &scratch.programs
	in, out := &call.Streams[c.inputAt], &call.Streams[c.outputAt]
	row := max(n, scratch.In)
	in.Stride, out.Stride = batch*row, batch*words
	var room []float32
	if wide := simd.Padded(n); wide > row {
		room = scratch.Floats(steps * wide)
		clear(room)
		in.Floats, in.Stride = room, wide
	}
	remembered := len(state) / batch
	for b := range batch {
		call.State = state[b*remembered : (b+1)*remembered]
		if room == nil {
			in.Floats = x.Data[b*row:]
		} else {
			for t := range steps {
				copy(room[t*in.Stride:][:n], x.Data[(t*batch+b)*row:])
			}
		}
		out.Bits = y.Bits[b*words:]
		c.membrane.Advance(call)
	}
}

// prepareStreams finds out whether the neurons are plain, and where input and
// output are among their streams.
func (c *cell) prepareStreams() {
	kinds := c.membrane.Forward().Streams
	c.streams = len(kinds)
	c.inputAt = slices.IndexFunc(kinds, func(k simd.Kind) bool { return k.Role == simd.RoleInput })
	c.outputAt = slices.IndexFunc(kinds, func(k simd.Kind) bool { return k.Role == simd.RoleSpikes })
	c.plain = c.synapse == nil && c.inputAt >= 0 && c.outputAt >= 0 && c.membrane.k.inputCount() == 1 && c.membrane.k.outputCount() == 1
}

func (c *cell) ForwardSaving(p *Pass) { c.forward(p.X, p.Y, p.State, p.Scratch, p.Saved, nil) }

// forward moves every sample on, and leaves traces and variables, if there is
// room for them.
func (c *cell) forward(x, y tensor.Signal, state []float32, scratch *Scratch, traces, variables [][]float32) {
	steps, batch, _ := x.Dims()
	if steps == 0 {
		return
	}
	p := scratch.start(passage{c: c, steps: steps, batch: batch, traces: traces})
	in, remembered := x.(*tensor.Tensor).Data, len(state)/batch
	inputs := c.membrane.k.inputCount()
	rooms := p.rooms(inputs)
	var currents []float32
	if c.synapse != nil && traces == nil {
		currents = scratch.Floats(steps * simd.Padded(c.n))
	}
	out := p.output(y, variables)
	for b := range batch {
		own := state[b*remembered : (b+1)*remembered]
		var current simd.Stream
		if c.synapse != nil {
			current = p.filter(own, b, p.padded(in, b, max(c.n, scratch.In), 0, rooms[0]), currents)
		}
		call := p.call(c.membrane.state.in(own), c.membrane.params)
		call.Optional = traces != nil
		for _, kind := range c.membrane.Forward().Streams {
			s := current
			switch kind.Role {
			case simd.RoleInput:
				if c.synapse == nil {
					s = p.padded(in, b, max(inputs*c.n, scratch.In), c.membrane.k.input(kind.Index)*c.n, rooms[kind.Index])
				}
			case simd.RoleTrace:
				s = p.trace(0, b)
			case simd.RoleDistance:
				s = p.trace(1, b)
			default:
				s = out.of(b, kind)
			}
			call.Streams = append(call.Streams, s)
		}
		c.membrane.Advance(call)
		out.done(b)
	}
}

// filter is the current that the synapse makes of a sample's input: where the
// backward pass will find it, or in currents.
func (p *passage) filter(state []float32, sample int, in simd.Stream, currents []float32) simd.Stream {
	s := p.c.synapse
	call := p.call(s.state.in(state), s.params)
	call.Optional = p.traces != nil
	out := simd.Stream{Floats: currents, Stride: simd.Padded(p.c.n)}
	if p.traces != nil {
		out = p.trace(3, sample)
	}
	for _, kind := range s.Forward().Streams {
		switch kind.Role {
		case simd.RoleInput:
			call.Streams = append(call.Streams, in)
		case simd.RoleOutput:
			call.Streams = append(call.Streams, out)
		default:
			call.Streams = append(call.Streams, p.trace(2, sample))
		}
	}
	s.Advance(call)
	return out
}

// SavedSizes are those of the membrane, the distance from the threshold or its
// surrogate's slope, and with a synapse its traces and the currents.
func (c *cell) SavedSizes() []int { return c.traceRows }

// countTraces prepares that.
func (c *cell) countTraces() {
	c.traceRows = []int{c.membrane.traceRow(), simd.Padded(c.n)}
	if !c.fires() {
		c.traceRows[1] = 0
	}
	if c.synapse != nil {
		c.traceRows = append(c.traceRows, c.synapse.traceRow(), simd.Padded(c.n))
	}
}

// trace are the rows of trace i of a sample.
func (p *passage) trace(i, sample int) simd.Stream {
	if p.traces == nil {
		return simd.Stream{}
	}
	return p.rows(p.traces[i], sample, p.c.traceRows[i])
}

// fires reports whether the neurons spike.
func (c *cell) fires() bool { return c.membrane.k.fires }
