package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// QIF is the quadratic integrate-and-fire neuron, SpikingJelly's QIFNode (2.0.0):
//
//	v = v + (x + square*(v - rest)*(v - critical))/tau
//	s = v >= threshold
//	v = v - s*threshold, or the value of the reset where s
//	y = s
//
// Adaptive is SpikingJelly's IzhikevichNode (2.0.0), with a second variable w:
//
//	v = v + (x + square*(v - rest)*(v - critical) - w)/tau
//	w = w + (follow*(v - rest) - w)/tau_w
//	... s and v as above; w = w + jump*s
//
// Its state is v, then w. Parameters: the names above, and reset for ResetToValue,
// each of shape [1], [channels] or the shape of the input. Reset is ResetSubtract,
// ResetToZero or ResetToValue.
type QIF struct {
	Square    Value          `json:"square,omitzero"`    // default 1
	Rest      Value          `json:"rest,omitzero"`      // default 0
	Critical  Value          `json:"critical,omitzero"`  // default 0.8
	Tau       Value          `json:"tau,omitzero"`       // default 2
	Threshold Value          `json:"threshold,omitzero"` // default 1
	Strict    bool           `json:"strict,omitzero"`    // spike only above the threshold
	Reset     Reset          `json:"reset,omitzero"`
	ResetTo   Value          `json:"reset_to,omitzero"` // for ResetToValue; default 0
	Adaptive  bool           `json:"adaptive,omitzero"`
	Follow    Value          `json:"follow,omitzero"`    // default 1
	TauW      Value          `json:"tau_w,omitzero"`     // default 2
	Jump      Value          `json:"jump,omitzero"`      // default 0
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
	Detach    Detach         `json:"detach,omitzero"`    // of the reset from the gradient
}

// Type returns "QIF".
func (QIF) Type() string { return "QIF" }

// Build works for every shape.
func (q QIF) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	firing := fireOptions{threshold: q.Threshold, strict: q.Strict, reset: q.Reset, resetTo: q.ResetTo, surrogate: q.Surrogate, detach: q.Detach}
	firing.params(n)
	n.param("square", q.Square.Or(1), -unbounded, unbounded, paramSquare)
	n.param("rest", q.Rest.Or(0), -unbounded, unbounded, paramRest)
	n.param("critical", q.Critical.Or(0.8), -unbounded, unbounded, paramCritical)
	n.param("tau", q.Tau.Or(2), 1e-30, unbounded, paramTau)
	if !q.Adaptive {
		if q.Follow != 0 || q.TauW != 0 || q.Jump != 0 {
			n.fail(fmt.Errorf("%w: Follow, TauW and Jump go with Adaptive", ErrOption))
		}
		return n.plan(firing.byReset(n, &qifSubtract, &qifValue))
	}
	n.param("follow", q.Follow.Or(1), -unbounded, unbounded, paramFollow)
	n.param("tau_w", q.TauW.Or(2), 1e-30, unbounded, paramTauW)
	n.param("jump", q.Jump.Or(0), -unbounded, unbounded, paramJump)
	return n.plan(firing.byReset(n, &qifAdaptiveSubtract, &qifAdaptiveValue))
}
