// Package slax is the neuron of slax (git a21191e) under its
// own name and arguments, as a layer: LIF is snn.LIF whose decay is sigmoid(tau).
package slax

import (
	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() { snn.Register(LIF{}) }

// LIF is slax.LIF:
//
//	v = sigmoid(tau)*v + x
//	s = v >= v_threshold
//	v = v - s*v_threshold, or v*(1-s) with HardReset
//
// Its parameter is tau.
type LIF struct {
	Tau        snn.Value      `json:"tau,omitzero"`         // default 2
	VThreshold snn.Value      `json:"v_threshold,omitzero"` // default 1
	HardReset  bool           `json:"hard_reset,omitzero"`
	SpikeFn    surrogate.Func `json:"spike_fn,omitzero"` // default FastSigmoid(25)
}

// Type returns "slax.LIF".
func (LIF) Type() string { return "slax.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Threshold: l.VThreshold, Surrogate: l.SpikeFn.Or(FastSigmoid(25))}
	if l.HardReset {
		inner.Reset = snn.ResetToZero
	}
	return snn.Translate(in, inner, []snn.Number{{Name: "tau", Value: l.Tau, Standard: 2}}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": snn.Map(detmath.Sigmoid, p["tau"])}
	})
}
