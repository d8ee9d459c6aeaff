package simd

import "slices"

// Neuron is one of the kernels that advance neurons over time, for callers who
// choose it by name when a network is built: the function LIFSubtract is the
// neuron "lifSubtract".
type Neuron struct {
	states, params    []string
	traces, gradients []string
	dense             bool
	advance           func(c *NeuronCall)
	traced            func(c *TrainingCall)
	backward, fixed   func(c *TrainingCall)
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

// TrainingCall is what the kernels of a neuron for training work on, as the
// functions Traced and Backward after its name document it. All arrays of
// numbers over time have one stride.
type TrainingCall struct {
	Out           []float32 // of a kernel whose outputs are numbers
	Spikes        []uint64  // of one that packs spikes
	State, Params [][]float32
	X             []float32
	// Traces are the states before each step, in the order of [Neuron.Traces],
	// and Distance how far what is tested is above the level of a spike.
	Traces   [][]float32
	Distance []float32

	// G is the gradient of the outputs, Slope the derivative of the surrogate,
	// and Attach, Straight and Moved, one number a neuron each, what the
	// gradients of a spike inside of the neuron, of a membrane through its reset
	// to a value, and of a spike by a level that moves, are multiplied by. GX, the gradient of X, is written; GState, in
	// the order of [Neuron.Gradients], goes from after the steps to before them;
	// GParams, in the order of [Neuron.Params], is added to, unless it is nil.
	G, Slope         []float32
	Attach, Straight []float32
	Moved            []float32
	GX               []float32
	GState, GParams  [][]float32

	Steps              int
	Stride, BitsStride int
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

// Traces are the states whose values before each step the way back needs.
func (n Neuron) Traces() []string { return n.traces }

// Gradients are the states that the way back carries the gradient of, in the
// order of TrainingCall.GState. One of them may be "fired", the spikes of the
// step before.
func (n Neuron) Gradients() []string { return n.gradients }

// Traced calls the forward kernel that leaves a trace.
func (n Neuron) Traced(c *TrainingCall) { n.traced(c) }

// Backward calls the kernel that walks back: that for parameters that do not
// learn, if there is no room for their gradients.
func (n Neuron) Backward(c *TrainingCall) {
	if c.GParams == nil {
		n.fixed(c)
		return
	}
	n.backward(c)
}

// Advance calls the kernel.
func (n Neuron) Advance(c *NeuronCall) { n.advance(c) }
