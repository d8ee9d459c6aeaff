package snn

import (
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// IF is an integrate-and-fire neuron, [LIF] without the leak. With its
// defaults:
//
//	v = v + gain*x + bias
//	s = v >= threshold
//	v = v - s*threshold
//	y = s
//
// Its states and parameters are those of LIF but for decay. SNNAX's leak is a
// Bias below zero.
//
// SNNAX's (b7a55c6) SimpleIAF is this with a Bias, its IAF has a Synapse of ArrivalLate
// too; SpikingJelly's (2.0.0) IFNode has the defaults, or resets ResetToValue;
// sinabs' (3.1.3) IAF sends several spikes (MultiSpike); Norse's (1.1.0) IAF is Strict;
// spyx' (1.0.0) IF tests the TimingOldMembrane.
type IF struct {
	Gain       Value          `json:"gain,omitzero"`      // of the input; default 1
	Bias       Value          `json:"bias,omitzero"`      // a constant current; default none
	Synapse    Synapse        `json:"synapse,omitzero"`   // default none
	Threshold  Value          `json:"threshold,omitzero"` // default 1
	Strict     bool           `json:"strict,omitzero"`    // spike only above the threshold
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

// Type returns "IF".
func (IF) Type() string { return "IF" }

// Build works for every shape.
func (f IF) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	n.basis = f
	firing := fireOptions{f.Bias, f.Threshold, f.Strict, f.Reset, f.Timing, f.Amount, f.ResetTo, f.Floor, f.MultiSpike, f.MaxSpikes, f.Refractory, f.Graded, f.Surrogate, f.Detach}
	n.constant(paramDecay, 1) // 1*v is v
	n.param("gain", f.Gain.Or(1), -unbounded, unbounded, paramGain)
	firing.params(n)
	firing.addBias(n)
	firing.rest(n)
	f.Synapse.inFront(n)
	return n.plan(firing.kernel())
}
