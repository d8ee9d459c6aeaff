package snn

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/internal/microcode"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// Recorder is an [Op] with named variables that can be recorded: those that it
// remembers, and others that its equations name.
type Recorder interface {
	Op
	// Recording returns the same layer, which also stores variables. A name that
	// there is not is an error.
	Recording(names []string) (Recording, error)
}

// Recording is a layer that stores variables.
type Recording interface {
	// ForwardRecording is Forward, and stores the variables at every step, after
	// it, in the order of their names: each [T, B, features], a truth value 1 or 0.
	ForwardRecording(x, y tensor.Signal, state []float32, scratch *Scratch, variables [][]float32)
}

// recordingCell is neurons whose membrane runs as a program that sends variables
// too.
type recordingCell struct {
	cell
	own  *cell // as they run else
	sent []int // the variables that the program sends
	// kept are variables of which the layer has a name and the program has none,
	// as the current of a synapse: they are read after every step.
	kept map[int]Variable
}

// Recording works for what the neurons remember, and for every name of the
// membrane's equations.
func (c *cell) Recording(names []string) (Recording, error) {
	r := &recordingCell{own: c, kept: map[int]Variable{}}
	var sent []string
	for i, name := range names {
		at := slices.IndexFunc(c.states, func(v Variable) bool { return v.Name == name })
		if own := c.membrane.k.states; at >= 0 && (at >= len(own) || own[at] != name) {
			r.kept[i] = c.states[at]
			continue
		}
		r.sent, sent = append(r.sent, i), append(sent, name)
	}
	return r, r.program(sent)
}

// program prepares the program that sends variables.
func (r *recordingCell) program(names []string) error {
	c := r.own
	k := c.membrane.k
	declaration := k.declaration()
	if k.description != nil { // in the order of the layer
		sent := make([]string, len(k.outputs))
		for i, at := range k.outputs {
			sent[at] = declaration.Outputs[i]
		}
		declaration.Outputs = sent
	}
	for _, name := range names {
		if slices.Contains(declaration.Outputs, name) {
			return fmt.Errorf("%w: %q is an output of the layer already", ErrOption, name)
		}
		declaration.Outputs = append(declaration.Outputs, name)
	}
	description, err := equation.Parse(k.name, k.text, declaration)
	if err != nil {
		return fmt.Errorf("%w: the equations of this neuron cannot be recorded so: %w", ErrOption, err)
	}
	own := *k
	if own.outputs, err = outputOrder(description, declaration.Outputs); err != nil {
		return err
	}
	r.cell = *c
	if r.cell.membrane, err = c.membrane.as(&own, description); err != nil {
		return err
	}
	if c.synapse != nil {
		synapse := &stage{stageSpec: &stageSpec{}, params: c.synapse.params, values: c.synapse.values}
		*synapse.stageSpec = *c.synapse.stageSpec
		synapse.place(r.cell.membrane.stageSpec)
		r.cell.synapse = synapse
	}
	return nil
}

// as is the stage with another kernel of the same states and parameters, which
// runs as a program.
func (s *stage) as(k *kernel, description *equation.Kernel) (*stage, error) {
	engine, err := microcode.New(description, s.n)
	if err != nil {
		return nil, err
	}
	spec := *s.stageSpec
	spec.k, spec.engine = k, engine
	spec.state.Lanes = engine.Forward().Lanes
	made := &stage{stageSpec: &spec, values: s.values}
	layout := spec.layout(len(k.params))
	made.params = simd.AllocStaggered(layout.Size())
	for i, p := range k.params {
		layout.Put(made.params, i, s.values[p])
	}
	return made, nil
}

// ForwardRecording stores what the program sends, and step by step what is kept.
func (r *recordingCell) ForwardRecording(x, y tensor.Signal, state []float32, scratch *Scratch, variables [][]float32) {
	steps, batch, _ := x.Dims()
	if len(r.kept) == 0 {
		r.through(x, y, state, scratch, variables)
		return
	}
	row, each := batch*r.n, len(state)/batch
	for t := range steps {
		part := scratch.part()
		part.Reset()
		part.In, part.Out = scratch.In, scratch.Out
		sent := part.lists(len(r.sent))
		for i, at := range r.sent {
			sent[i] = variables[at][t*row : (t+1)*row]
		}
		r.through(stepOf(x, t), stepOf(y, t), state, part, sent)
		for at, v := range r.kept {
			for b := range batch {
				v.Get(variables[at][t*row+b*r.n:], state[b*each:(b+1)*each])
			}
		}
	}
}

// stepOf is a step of a signal of neurons.
func stepOf(x tensor.Signal, t int) tensor.Signal {
	switch x := x.(type) {
	case *tensor.Spikes:
		n := len(x.Bits) / x.T
		return &tensor.Spikes{T: 1, B: x.B, Features: x.Features, Bits: x.Bits[t*n : (t+1)*n]}
	case *tensor.Tensor:
		n := len(x.Data) / x.Shape[0]
		return &tensor.Tensor{Shape: append(tensor.Shape{1}, x.Shape[1:]...), Data: x.Data[t*n : (t+1)*n]}
	}
	panic("snn: neurons neither read nor write events")
}

// through lays the states as the program has them, and back.
func (r *recordingCell) through(x, y tensor.Signal, state []float32, scratch *Scratch, variables [][]float32) {
	_, batch, _ := x.Dims()
	each, own := len(state)/batch, r.last().state.first+r.last().state.Size()
	moved, row := scratch.Floats(batch*own), scratch.Floats(r.n)
	move := func(back bool) {
		for b := range batch {
			for i, s := range r.own.stages() {
				from, to := s.state, r.stages()[i].state
				all, other := state[b*each:(b+1)*each], moved[b*own:(b+1)*own]
				if back {
					from, to, all, other = to, from, other, all
				}
				for a := range from.Arrays {
					from.Get(row, from.in(all), a)
					to.Put(to.in(other), a, row)
				}
			}
		}
	}
	clear(moved)
	move(false)
	r.forward(x, y, moved, scratch, nil, variables)
	move(true)
}
