package snn

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// Synapse is a current that decays, between an input and a membrane: a layer
// of its own, or the Synapse of a neuron. With its defaults:
//
//	i = decay*i + gain*x
//	y = i
//
// Its state is current. Parameters: decay, and gain unless Normalised, each of
// shape [1], [channels] or the shape of the input; in a neuron they are called
// synapse_decay and synapse_gain. A neuron has a synapse if Decay or Tau is
// set.
//
// snnTorch's Synaptic and spyx's CuBaLIF are LIF with such a current; sinabs'
// and Rockpool's tau_syn have Gain equal to the decay; SNNAX's LIF and Norse's
// LSNN are Late, Norse's LIF is Early.
type Synapse struct {
	Decay      Value   `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau        Value   `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT         Value   `json:"dt,omitzero"`    // length of a step; default 1
	Method     Method  `json:"method,omitzero"`
	Gain       Value   `json:"gain,omitzero"`       // of the input; default 1
	Normalised bool    `json:"normalised,omitzero"` // the gain is 1-decay
	Arrival    Arrival `json:"arrival,omitzero"`
}

// Arrival is when an input reaches the membrane behind a [Synapse].
type Arrival uint8

// The arrivals.
const (
	Now   Arrival = iota // y = i = decay*i + gain*x
	Late                 // y = i, then i = decay*i + gain*x: one step later
	Early                // y = i + gain*x, then i = decay*y: before it decays
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
	s.params(n, "")
	kernel := s.kernel()
	p, err := n.plan(kernel, func(v values) { s.leak().derive(v, "") })
	if err != nil {
		return nil, err
	}
	p.States = []string{"current"}
	return p, nil
}

func (s Synapse) leak() leakOptions {
	return leakOptions{s.Decay, s.Tau, s.DT, s.Method, s.Gain, s.Normalised}
}

func (s Synapse) isSet() bool { return s.Decay != 0 || s.Tau != 0 }

func (s Synapse) params(n *neuron, prefix string) {
	n.fail(arrivalNames.check(s.Arrival))
	s.leak().params(n, prefix)
}

func (s Synapse) kernel() string {
	return map[Arrival]string{Now: "li", Late: "currentLate", Early: "currentEarly"}[s.Arrival]
}

// prepare is the filter in front of a neuron.
func (s Synapse) prepare(v values, prefix string) (simd.Neuron, [][]float32) {
	s.leak().derive(v, prefix)
	k, _ := simd.NeuronNamed(s.kernel())
	var params [][]float32
	for _, name := range k.Params() {
		params = append(params, v[prefix+name])
	}
	return k, params
}
