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
	own *cell // as they run else
}

// Recording works for every name of the membrane's equations.
func (c *cell) Recording(names []string) (Recording, error) {
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
			return nil, fmt.Errorf("%w: %q is an output of the layer already", ErrOption, name)
		}
		declaration.Outputs = append(declaration.Outputs, name)
	}
	description, err := equation.Parse(k.name, k.text, declaration)
	if err != nil {
		return nil, fmt.Errorf("%w: the equations of this neuron cannot be recorded so: %w", ErrOption, err)
	}
	own := *k
	if own.outputs, err = outputOrder(description, declaration.Outputs); err != nil {
		return nil, err
	}
	r := &recordingCell{cell: *c, own: c}
	if r.cell.membrane, err = c.membrane.as(&own, description); err != nil {
		return nil, err
	}
	if c.synapse != nil {
		synapse := &stage{stageSpec: &stageSpec{}, params: c.synapse.params, values: c.synapse.values}
		*synapse.stageSpec = *c.synapse.stageSpec
		synapse.place(r.cell.membrane.stageSpec)
		r.cell.synapse = synapse
	}
	return r, nil
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

// ForwardRecording lays the states as the program has them, and back.
func (r *recordingCell) ForwardRecording(x, y tensor.Signal, state []float32, scratch *Scratch, variables [][]float32) {
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
