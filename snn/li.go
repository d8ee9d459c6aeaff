package snn

import "github.com/spikelane/spikelane/tensor"

// LI is a leaky integrator, the usual readout; its output is its membrane:
//
//	v = decay*v + gain*x + bias
//	y = v
//
// Its state is v, and current with a Synapse. Parameters: decay, gain unless
// Normalized, and those of the Synapse, each of shape [1], [channels] or the
// shape of the input.
//
// SNNAX's (b7a55c6) SimpleLI, jaxpike's (0.1.4) LeakyIntegrator, Norse's
// (1.1.0) LIBox and sinabs' (3.1.3)
// ExpLeak(norm_input=True) are Normalized; spyx's (1.0.0) LI is not; Norse's LI has a
// Synapse of ArrivalEarly.
type LI struct {
	Decay      Value   `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau        Value   `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT         Value   `json:"dt,omitzero"`    // length of a step; default 1
	Method     Method  `json:"method,omitzero"`
	Gain       Value   `json:"gain,omitzero"`       // of the input; default 1
	Normalized bool    `json:"normalized,omitzero"` // the gain is 1-decay
	Bias       Value   `json:"bias,omitzero"`       // a constant current; default none
	Synapse    Synapse `json:"synapse,omitzero"`
}

// Type returns "LI".
func (LI) Type() string { return "LI" }

// Build works for every shape.
func (l LI) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	n.basis = l
	leak := leakOptions{l.Decay, l.Tau, l.DT, l.Method, l.Gain, l.Normalized}
	leak.params(n, "", 0)
	kernel := &li
	if l.Bias != 0 {
		kernel = &liBiased
		n.param("bias", l.Bias.Or(0), -unbounded, unbounded, paramBias)
	}
	l.Synapse.inFront(n)
	return n.plan(kernel)
}
