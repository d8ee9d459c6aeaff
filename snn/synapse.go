package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// Synapse is a current that decays, between an input and a membrane: a layer
// of its own, or the Synapse of a neuron. With its defaults:
//
//	i = decay*i + gain*x
//	y = i
//
// Its state is current. Parameters: decay, and gain unless Normalized, each of
// shape [1], [channels] or the shape of the input; in a neuron they are called
// synapse_decay and synapse_gain. A neuron has a synapse if Decay or Tau is
// set; other options without these are an error.
//
// snnTorch's Synaptic and spyx's CuBaLIF are LIF with such a current; sinabs'
// and Rockpool's tau_syn have Gain equal to the decay; SNNAX's LIF and Norse's
// LSNN are ArrivalLate, Norse's LIF is ArrivalEarly.
type Synapse struct {
	Decay      Value   `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau        Value   `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT         Value   `json:"dt,omitzero"`    // length of a step; default 1
	Method     Method  `json:"method,omitzero"`
	Gain       Value   `json:"gain,omitzero"`       // of the input; default 1
	Normalized bool    `json:"normalized,omitzero"` // the gain is 1-decay
	Arrival    Arrival `json:"arrival,omitzero"`
}

// Arrival is when an input reaches the membrane behind a [Synapse].
type Arrival uint8

// The arrivals.
const (
	ArrivalNow   Arrival = iota // y = i = decay*i + gain*x
	ArrivalLate                 // y = i, then i = decay*i + gain*x: one step later
	ArrivalEarly                // y = i + gain*x, then i = decay*y: before it decays
)

var arrivalNames = names[Arrival]{"arrival", []string{"now", "late", "early"}}

// String is the name in model files.
func (a Arrival) String() string { return arrivalNames.of(a) }

// MarshalText writes the name.
func (a Arrival) MarshalText() ([]byte, error) { return arrivalNames.marshal(a) }

// UnmarshalText reads the name.
func (a *Arrival) UnmarshalText(text []byte) (err error) {
	*a, err = arrivalNames.unmarshal(text)
	return err
}

// Type returns "Synapse".
func (Synapse) Type() string { return "Synapse" }

// Build works for every shape.
func (s Synapse) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	n.basis = s
	s.params(n, "", 0)
	p, err := n.plan(s.kernel())
	if err != nil {
		return nil, err
	}
	nameCurrent(p.States)
	nameCurrent(p.Gradients)
	return p, nil
}

// nameCurrent gives the variable of a synapse its name: its kernel may be that
// of a membrane.
func nameCurrent(variables []Variable) {
	for i := range variables {
		variables[i].Name = "current"
	}
}

func (s Synapse) leak() leakOptions {
	return leakOptions{s.Decay, s.Tau, s.DT, s.Method, s.Gain, s.Normalized}
}

func (s Synapse) isSet() bool { return s.Decay != 0 || s.Tau != 0 }

// params adds the parameters, as those of a kernel from first on.
func (s Synapse) params(n *neuron, prefix string, first param) {
	n.fail(arrivalNames.check(s.Arrival))
	s.leak().params(n, prefix, first)
}

// inFront puts the synapse in front of a neuron.
func (s Synapse) inFront(n *neuron) {
	switch n.synapse = s; {
	case s.isSet():
		s.params(n, "synapse_", paramCount)
	case s != Synapse{}:
		n.fail(fmt.Errorf("%w: a Synapse needs Decay or Tau: without, there is none, and no use for its other options", ErrOption))
	}
}

func (s Synapse) kernel() *kernel {
	switch s.Arrival {
	case ArrivalLate:
		return &currentLate
	case ArrivalEarly:
		return &currentEarly
	}
	return &li
}
