package snn

import (
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// LIF is a leaky integrate-and-fire neuron. With its defaults:
//
//	v = decay*v + gain*x + bias
//	s = v >= threshold
//	v = v - s*threshold
//	y = s
//
// Reset and Timing choose what a spike does to the membrane, and when; Strict
// makes the test v > threshold. With a Synapse, x is its current. MultiSpike lets
// a step have floor(v/threshold) spikes, at most MaxSpikes; Graded sends a number for a spike.
//
// Its state is v: after the reset if that happens in the same step, before it
// if it is left to the next; then s with the timing Remembered, wait with
// Refractory, and current with a Synapse.
//
// Parameters, each of shape [1], [channels] or the shape of the input: decay,
// gain unless Normalized, threshold; bias, amount, reset, floor, graded and
// refractory where the option is set (reset for ResetToValue and ResetToZeroPlus); and
// synapse_decay and synapse_gain.
//
// snnTorch's (1.0.0) Leaky is Strict with the Timing TimingNextStep, or, to zero,
// TimingNextStepDecayed; its Lapicque and Synaptic, with a Synapse, reset TimingNextStep.
// SNNAX's (b7a55c6) SimpleLIF is Normalized; its LIF and LIFSoftReset are
// TimingRemembered with a Synapse of ArrivalLate. Norse's (1.1.0) LIFCell has a Synapse of ArrivalEarly
// and is Strict, LIFBox has none. SpikingJelly's (2.0.0) LIFNode and
// ParametricLIFNode are by Euler. sinabs' (3.1.3) LIF and Rockpool's (3.1.0)
// LIFTorch send several spikes (MultiSpike); spyx' (1.0.0) LIF and CuBaLIF test the
// TimingOldMembrane; jaxpike's (0.1.4) LIF is Normalized and Strict. slax' (a21191e)
// LIF, Lava-DL's (d825ac5) CUBA and mlGeNN's (02114c3) LeakyIntegrateFire, with
// Refractory, are in the packages preset.
type LIF struct {
	Decay      Value          `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau        Value          `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT         Value          `json:"dt,omitzero"`    // length of a step; default 1
	Method     Method         `json:"method,omitzero"`
	Gain       Value          `json:"gain,omitzero"`       // of the input; default 1
	Normalized bool           `json:"normalized,omitzero"` // the gain is 1-decay
	Bias       Value          `json:"bias,omitzero"`       // a constant current; default none
	Synapse    Synapse        `json:"synapse,omitzero"`    // default none
	Threshold  Value          `json:"threshold,omitzero"`  // default 1
	Strict     bool           `json:"strict,omitzero"`     // spike only above the threshold
	Reset      Reset          `json:"reset,omitzero"`
	Timing     Timing         `json:"timing,omitzero"`
	Amount     Value          `json:"amount,omitzero"`      // what Subtract subtracts; default Threshold
	ResetTo    Value          `json:"reset_to,omitzero"`    // for ResetToValue and ResetToZeroPlus; default 0
	Floor      Value          `json:"floor,omitzero"`       // of the membrane; default none
	MultiSpike bool           `json:"multi_spike,omitzero"` // spikes a step
	MaxSpikes  Value          `json:"max_spikes,omitzero"`  // spikes a step with MultiSpike; default no bound
	Refractory int            `json:"refractory,omitzero"`  // steps of rest after a spike
	Graded     Value          `json:"graded,omitzero"`      // what a spike is worth; default a plain spike
	Surrogate  surrogate.Func `json:"surrogate,omitzero"`   // default DefaultSurrogate
	Detach     Detach         `json:"detach,omitzero"`      // of the reset from the gradient
}

// Type returns "LIF".
func (LIF) Type() string { return "LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	n.basis = l
	leak := leakOptions{l.Decay, l.Tau, l.DT, l.Method, l.Gain, l.Normalized}
	firing := fireOptions{l.Bias, l.Threshold, l.Strict, l.Reset, l.Timing, l.Amount, l.ResetTo, l.Floor, l.MultiSpike, l.MaxSpikes, l.Refractory, l.Graded, l.Surrogate, l.Detach}
	leak.params(n, "", 0)
	firing.params(n)
	firing.addBias(n)
	firing.rest(n)
	l.Synapse.inFront(n)
	return n.plan(firing.kernel())
}
