package snn

import (
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// LIF is a leaky integrate-and-fire neuron. With its defaults:
//
//	v = decay*v + gain*x
//	s = v >= threshold
//	v = v - s*threshold
//	y = s
//
// Reset and Timing choose what a spike does to the membrane, and when; Strict
// makes the test v > threshold. Its state is v: after the reset if that
// happens in the same step, before it if it is left to the next.
//
// Parameters: decay, gain unless Normalised, threshold, and reset for the
// reset to a value, each of shape [1], [channels] or the shape of the input.
//
// SNNAX's SimpleLIF is Normalised with the reset to zero; jaxpike's LIF
// Normalised and Strict; SpikingJelly's LIFNode(tau, v_reset=0) has Tau,
// Method Euler and Normalised; snnTorch's Leaky is Strict, with Timing
// NextStep for its subtraction and NextStepDecayed for its reset to zero.
type LIF struct {
	Decay      Value          `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau        Value          `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT         Value          `json:"dt,omitzero"`    // length of a step; default 1
	Method     Method         `json:"method,omitzero"`
	Gain       Value          `json:"gain,omitzero"`       // of the input; default 1
	Normalised bool           `json:"normalised,omitzero"` // the gain is 1-decay
	Threshold  Value          `json:"threshold,omitzero"`  // default 1
	Strict     bool           `json:"strict,omitzero"`     // spike only above the threshold
	Reset      Reset          `json:"reset,omitzero"`
	Timing     Timing         `json:"timing,omitzero"`
	ResetTo    Value          `json:"reset_to,omitzero"`  // for Reset ToValue; default 0
	Surrogate  surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
	Detach     bool           `json:"detach,omitzero"`    // no gradient through the reset
}

// Type returns "LIF".
func (LIF) Type() string { return "LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*Plan, error) {
	leak := leakOptions{l.Decay, l.Tau, l.DT, l.Method, l.Gain, l.Normalised}
	firing := fireOptions{l.Threshold, l.Strict, l.Reset, l.Timing, l.ResetTo, l.Surrogate}
	params, err := leak.params(in)
	if err != nil {
		return nil, err
	}
	more, err := firing.params(in)
	if err != nil {
		return nil, err
	}
	return &Plan{
		Out:    in,
		Params: append(params, more...),
		State:  in.Size(),
		Kinds:  denseToSpikes,
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			var op fire
			var err error
			op.decay, op.gain, err = leak.prepare(params, in)
			firing.prepare(&op, params, in)
			return &op, err
		},
	}, nil
}
