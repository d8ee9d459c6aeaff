package snn

import (
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// AdaptiveLIF is a leaky integrate-and-fire neuron with a current of its own
// that follows its membrane and its spikes. With its defaults:
//
//	v = decay*v + gain*(x + coupling*a) + bias
//	s = v >= threshold
//	a = adapt_follow*v + adapt_decay*a + adapt_gain*s
//	v = v - s*threshold
//	y = s
//
// Reset is ResetSubtract, ResetToZero or ResetToValue. Its states are v and a, and current
// with a Synapse. Parameters, each of shape [1], [channels] or the shape of
// the input: decay, gain unless Normalized, threshold, coupling, adapt_decay,
// adapt_follow, adapt_gain, and bias, amount, reset, synapse_decay and
// synapse_gain where the option is set.
//
// SNNAX's (b7a55c6) AdaptiveLIF is Normalized with Coupling 1, AdaptFollow
// (1-be)*A, AdaptDecay be and AdaptGain -B; Norse's (1.1.0) AdaLIF has Coupling
// -1 and a Synapse of ArrivalLate.
type AdaptiveLIF struct {
	Decay       Value          `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau         Value          `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT          Value          `json:"dt,omitzero"`    // length of a step; default 1
	Method      Method         `json:"method,omitzero"`
	Gain        Value          `json:"gain,omitzero"`         // of the input; default 1
	Normalized  bool           `json:"normalized,omitzero"`   // the gain is 1-decay
	Bias        Value          `json:"bias,omitzero"`         // a constant current; default none
	Synapse     Synapse        `json:"synapse,omitzero"`      // default none
	Threshold   Value          `json:"threshold,omitzero"`    // default 1
	Coupling    Value          `json:"coupling,omitzero"`     // of the adaptation; default 1
	AdaptDecay  Value          `json:"adapt_decay,omitzero"`  // default 0.8
	AdaptFollow Value          `json:"adapt_follow,omitzero"` // default 0.1
	AdaptGain   Value          `json:"adapt_gain,omitzero"`   // default -1
	Strict      bool           `json:"strict,omitzero"`       // spike only above the threshold
	Reset       Reset          `json:"reset,omitzero"`
	Amount      Value          `json:"amount,omitzero"`    // what Subtract subtracts; default Threshold
	ResetTo     Value          `json:"reset_to,omitzero"`  // for ResetToValue; default 0
	Surrogate   surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
	Detach      Detach         `json:"detach,omitzero"`    // of the reset from the gradient
}

// Type returns "AdaptiveLIF".
func (AdaptiveLIF) Type() string { return "AdaptiveLIF" }

// Build works for every shape.
func (l AdaptiveLIF) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	leak := leakOptions{l.Decay, l.Tau, l.DT, l.Method, l.Gain, l.Normalized}
	leak.params(n, "", 0)
	firing := fireOptions{bias: l.Bias, threshold: l.Threshold, strict: l.Strict, reset: l.Reset, amount: l.Amount, resetTo: l.ResetTo, surrogate: l.Surrogate, detach: l.Detach}
	firing.params(n)
	firing.addConstant(n)
	n.param("coupling", l.Coupling.Or(1), -unbounded, unbounded, paramCoupling)
	n.param("adapt_decay", l.AdaptDecay.Or(0.8), 0, 1, paramAdaptDecay)
	n.param("adapt_follow", l.AdaptFollow.Or(0.1), -unbounded, unbounded, paramAdaptFollow)
	n.param("adapt_gain", l.AdaptGain.Or(-1), -unbounded, unbounded, paramAdaptGain)
	l.Synapse.inFront(n)
	return n.plan(firing.byReset(n, &adaptiveCurrentSubtract, &adaptiveCurrentValue))
}
