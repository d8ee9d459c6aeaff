package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// ALIF is a leaky integrate-and-fire neuron whose threshold moves with its
// spikes. With its defaults:
//
//	level = threshold + coupling*a
//	v = decay*v + gain*x + bias
//	s = v >= level
//	v = v - s*level
//	a = adapt_decay*a + adapt_bias + adapt_gain*s
//	y = s
//
// Reset is ResetSubtract (the level), ResetToZero or ResetToValue. With the Timing
// TimingOldMembrane, s is tested before decay and input, and level is subtracted
// after them.
//
// Its states are v and a, and current with a Synapse. Parameters, each of
// shape [1], [channels] or the shape of the input: decay, gain unless
// Normalized, threshold, coupling, adapt_decay, adapt_bias, adapt_gain, and
// bias, reset, synapse_decay and synapse_gain where the option is set.
//
// jaxpike's (0.1.4) ALIF is Normalized and Strict with Coupling beta and
// AdaptGain 1; sinabs' (3.1.3) has AdaptGain 1-AdaptDecay; spyx's (1.0.0) has
// the same, Strict and the Timing TimingOldMembrane; of Norse's (1.1.0) LSNN the
// level relaxes to the threshold: Threshold (1-AdaptDecay)*v_th, Coupling
// AdaptDecay, AdaptBias (1-AdaptDecay)*v_th, StartA v_th.
type ALIF struct {
	Decay      Value          `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau        Value          `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT         Value          `json:"dt,omitzero"`    // length of a step; default 1
	Method     Method         `json:"method,omitzero"`
	Gain       Value          `json:"gain,omitzero"`        // of the input; default 1
	Normalized bool           `json:"normalized,omitzero"`  // the gain is 1-decay
	Bias       Value          `json:"bias,omitzero"`        // a constant current; default none
	Synapse    Synapse        `json:"synapse,omitzero"`     // default none
	Threshold  Value          `json:"threshold,omitzero"`   // default 1
	Coupling   Value          `json:"coupling,omitzero"`    // of the adaptation; default 1
	AdaptDecay Value          `json:"adapt_decay,omitzero"` // default 0.95
	AdaptBias  Value          `json:"adapt_bias,omitzero"`  // default 0
	AdaptGain  Value          `json:"adapt_gain,omitzero"`  // default 0.1
	StartA     Value          `json:"start_a,omitzero"`     // a before the first step; default 0
	Strict     bool           `json:"strict,omitzero"`      // spike only above the threshold
	Reset      Reset          `json:"reset,omitzero"`
	ResetTo    Value          `json:"reset_to,omitzero"` // for ResetToValue; default 0
	Timing     Timing         `json:"timing,omitzero"`
	Surrogate  surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
	Detach     Detach         `json:"detach,omitzero"`    // of the reset from the gradient

	// DetachLevel stops the gradient of a spike by the level, as in sinabs.
	DetachLevel bool `json:"detach_level,omitzero"`
}

// Type returns "ALIF".
func (ALIF) Type() string { return "ALIF" }

// Build works for every shape.
func (l ALIF) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	leak := leakOptions{l.Decay, l.Tau, l.DT, l.Method, l.Gain, l.Normalized}
	leak.params(n, "", 0)
	n.param("threshold", l.Threshold.Or(1), -unbounded, unbounded, paramThreshold)
	n.param("coupling", l.Coupling.Or(1), -unbounded, unbounded, paramCoupling)
	n.param("adapt_decay", l.AdaptDecay.Or(0.95), 0, 1, paramAdaptDecay)
	n.param("adapt_bias", l.AdaptBias.Or(0), -unbounded, unbounded, paramAdaptBias)
	n.param("adapt_gain", l.AdaptGain.Or(0.1), -unbounded, unbounded, paramAdaptGain)
	fireOptions{bias: l.Bias}.addConstant(n)
	n.spikes(l.Surrogate, l.Detach)
	switch {
	case l.Reset == ResetToValue:
		n.param("reset", l.ResetTo.Or(0), -unbounded, unbounded, paramValue)
	case l.ResetTo != 0:
		n.fail(fmt.Errorf("%w: ResetTo goes with the reset to a value", ErrOption))
	case l.Reset == ResetToZero:
		n.constant(paramValue, 0)
	}
	if l.StartA != 0 {
		n.starts["a"] = l.StartA.Or(0)
	}
	n.detachLevel = l.DetachLevel
	l.Synapse.inFront(n)
	return n.plan(l.kernel(n))
}

// kernel is the one for the reset, its timing, and the tie.
func (l ALIF) kernel(n *neuron) *kernel {
	strict := 0
	if l.Strict {
		strict = 1
	}
	switch {
	case l.Reset == ResetSubtract && l.Timing == TimingThisStep:
		return [...]*kernel{&alifSubtract, &alifSubtractStrict}[strict]
	case l.Reset == ResetSubtract && l.Timing == TimingOldMembrane:
		return [...]*kernel{&alifOld, &alifOldStrict}[strict]
	case l.Reset != ResetToZero && l.Reset != ResetToValue && l.Reset != ResetSubtract:
		n.fail(fmt.Errorf("%w: ALIF has no reset %v", ErrOption, l.Reset))
	case l.Timing != TimingThisStep:
		n.fail(fmt.Errorf("%w: ALIF has no reset %v with the timing %v", ErrOption, l.Reset, l.Timing))
	}
	return [...]*kernel{&alifValue, &alifValueStrict}[strict]
}
