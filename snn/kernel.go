package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/internal/microcode"
	"github.com/spikelane/spikelane/simd"
)

// kernel is what neurons do in a step: its equations, and what its panels hold,
// each in its order. The generator writes those of this package, [Equations]
// makes others.
type kernel struct {
	name, text string
	// compiled says that neuron is it; else it runs as a program.
	compiled bool
	neuron   simd.Neuron
	// description is that of a text that is not of this package.
	description *equation.Kernel

	// inputs and outputs say, of a kernel with several, which of the layer's each
	// is; nil stands for one.
	inputs, outputs []int
	fires           bool // tests a spike
	spiking         bool // what the layer sends is spikes, packed or counted
	dense           bool // what the layer sends are numbers, not spikes
	states          []string
	params          []param
	traces          []string // the states whose values before each step the backward pass reads
	// Of the backward pass: the states that gradients are carried of, its
	// parameters, and those whose gradients it adds up.
	gradients        []string
	backParams, sums []param
}

func (k *kernel) inputCount() int  { return max(1, len(k.inputs)) }
func (k *kernel) outputCount() int { return max(1, len(k.outputs)) }

// input and output are which of the layer's an input or output of the kernel is.
func (k *kernel) input(i int) int  { return nth(k.inputs, i) }
func (k *kernel) output(i int) int { return nth(k.outputs, i) }

func nth(order []int, i int) int {
	if order == nil {
		return i
	}
	return order[i]
}

// param is a parameter of a kernel.
type param uint16

// engine runs a kernel: the compiled one, or a program.
type engine interface {
	Forward() *simd.Kernel
	Backward() *simd.Kernel
	Advance(c *simd.Call)
	Back(c *simd.Call)
}

// engine is what runs the kernel for n neurons.
func (k *kernel) engine(n int) (engine, error) {
	if k.compiled {
		return k.neuron, nil
	}
	description, err := k.described()
	if err != nil {
		return nil, err
	}
	return microcode.New(description, n)
}

// declaration says what the names of the text are.
func (k *kernel) declaration() equation.Declaration {
	if k.description != nil {
		return k.description.Declaration()
	}
	d := equation.Declaration{States: k.states, Outputs: []string{"spikes"}}
	for _, p := range k.params {
		d.Params = append(d.Params, paramNames[p])
	}
	if k.dense {
		d.Outputs = []string{"dst"}
	}
	return d
}

// described is the kernel's description.
func (k *kernel) described() (*equation.Kernel, error) {
	if k.description != nil {
		return k.description, nil
	}
	description, err := equation.Parse(k.name, k.text, k.declaration())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, err)
	}
	return description, nil
}
