package simd

import "slices"

// Neuron is one of the kernels that advance neurons over time, for callers who
// choose it by name when a network is built: the function LIFSubtract is the
// neuron "lifSubtract".
type Neuron struct {
	states, params []string
	dense          bool
	advance        func(c *NeuronCall)
}

// NeuronCall is what a neuron kernel works on, as the function of the same
// name documents it.
type NeuronCall struct {
	Out           []float32 // of a kernel whose outputs are numbers
	Spikes        []uint64  // of one that packs spikes
	State, Params [][]float32
	X             []float32
	Steps         int
	OutStride     int // of Out or Spikes
	XStride       int
}

// NeuronNamed returns a kernel, and whether there is one.
func NeuronNamed(name string) (Neuron, bool) {
	n, ok := neurons[name]
	return n, ok
}

// NeuronNames lists the kernels, sorted.
func NeuronNames() []string {
	var names []string
	for name := range neurons {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// States are the names of the variables of a neuron, in the order of
// NeuronCall.State.
func (n Neuron) States() []string { return n.states }

// Params are the names of its parameters, in the order of NeuronCall.Params.
func (n Neuron) Params() []string { return n.params }

// Dense reports whether its outputs are numbers, not spikes.
func (n Neuron) Dense() bool { return n.dense }

// Advance calls the kernel.
func (n Neuron) Advance(c *NeuronCall) { n.advance(c) }
