// Package microcode turns descriptions of neurons into programs of vector
// operations, which run without a compiler and give the bits of the compiled
// kernels of the same descriptions.
package microcode

import (
	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/simd"
)

// Neuron is a neuron's two programs.
type Neuron struct{ forward, backward *simd.Program }

// New makes the programs of n neurons.
func New(k *equation.Kernel, n int) (*Neuron, error) {
	recording := k.Recording()
	lanes := lanesFor(recording, n)
	var inputs []string
	for _, a := range k.Args() {
		if a.Kind == equation.ArgInput {
			inputs = append(inputs, a.Name)
		}
	}
	forward, err := program(recording, lanes, inputs, k.Outputs())
	if err != nil {
		return nil, err
	}
	backward, err := program(k.Backward(), lanes, inputs, k.Outputs())
	if err != nil {
		return nil, err
	}
	return &Neuron{forward, backward}, nil
}

// Forward is what a call of Advance needs.
func (n *Neuron) Forward() *simd.Kernel { return n.forward.Kernel() }

// Backward is what a call of Back needs.
func (n *Neuron) Backward() *simd.Kernel { return n.backward.Kernel() }

// Advance moves the neurons on by the steps of the call.
func (n *Neuron) Advance(c *simd.Call) { n.forward.Run(c) }

// Back goes from the gradients after the steps of the call to those before.
func (n *Neuron) Back(c *simd.Call) { n.backward.Run(c) }

// blockBytes is how much of a first-level cache the arrays of a block of a
// forward pass may take: those of the backward pass are two to three times as
// many.
const blockBytes = 16 << 10

// lanesFor is how many neurons a block has.
func lanesFor(k *equation.Kernel, n int) int {
	arrays := len(k.Args())
	for _, v := range k.Program().Values {
		if v.Op > equation.OpState {
			arrays++ // at the most: temporaries share
		}
	}
	wide := min(max(blockBytes/(4*min(arrays, 40))&^63, 64), 512)
	if n <= 64 {
		return simd.Padded(n)
	}
	return min(wide, (n+63)&^63) // blocks begin with a word of bits
}

// program lowers a pass, with and without its optional effects.
func program(k *equation.Kernel, lanes int, inputs, outputs []string) (*simd.Program, error) {
	p := k.Program()
	a := arrange(p, inputs, outputs)
	whole, short := newCode(p, a, true), newCode(p, a, false)
	temps := max(whole.temps, short.temps)
	kernel := a.kernel
	kernel.Name, kernel.Lanes, kernel.Back = k.Name, lanes, k.Back
	return simd.NewProgram(kernel, simd.Code{
		Constants: a.constants, Temps: temps,
		Whole: whole.instructions(temps), Short: short.instructions(temps),
	})
}
