package snn

import (
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// EIF is the exponential integrate-and-fire neuron, SpikingJelly's EIFNode (2.0.0):
//
//	v = v + (x + rest - v + sharpness*exp((v - rheobase)/sharpness))/tau
//	s = v >= threshold
//	v = v - s*threshold, or the value of the reset where s
//	y = s
//
// Its state is v. Parameters: the names above, and reset for ResetToValue, each of
// shape [1], [channels] or the shape of the input. Reset is ResetSubtract, ResetToZero or
// ResetToValue.
type EIF struct {
	Rest      Value          `json:"rest,omitzero"`      // default 0
	Sharpness Value          `json:"sharpness,omitzero"` // delta_T; default 1
	Rheobase  Value          `json:"rheobase,omitzero"`  // theta_rh; default 0.8
	Tau       Value          `json:"tau,omitzero"`       // default 2
	Threshold Value          `json:"threshold,omitzero"` // default 1
	Strict    bool           `json:"strict,omitzero"`    // spike only above the threshold
	Reset     Reset          `json:"reset,omitzero"`
	ResetTo   Value          `json:"reset_to,omitzero"`  // for ResetToValue; default 0
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
	Detach    Detach         `json:"detach,omitzero"`    // of the reset from the gradient
}

// Type returns "EIF".
func (EIF) Type() string { return "EIF" }

// Build works for every shape.
func (e EIF) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	firing := fireOptions{threshold: e.Threshold, strict: e.Strict, reset: e.Reset, resetTo: e.ResetTo, surrogate: e.Surrogate, detach: e.Detach}
	firing.params(n)
	n.param("rest", e.Rest.Or(0), -unbounded, unbounded, paramRest)
	n.param("sharpness", e.Sharpness.Or(1), 1e-30, unbounded, paramSharpness)
	n.param("rheobase", e.Rheobase.Or(0.8), -unbounded, unbounded, paramRheobase)
	n.param("tau", e.Tau.Or(2), 1e-30, unbounded, paramTau)
	return n.plan(firing.byReset(n, &eifSubtract, &eifValue))
}
