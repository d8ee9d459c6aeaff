// Package mlgenn is the neuron of mlGeNN (github.com/genn-team/ml_genn,
// 02114c3) under its own name and arguments, as a layer: LeakyIntegrateFire is
// snn.LIF.
package mlgenn

import (
	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() { snn.Register(LIF{}) }

// LIF is ml_genn.neurons.LeakyIntegrateFire:
//
//	v = al*v + x, al = exp(-dt/tau_mem); al*v + (1-al)*x with ScaleI
//	s = v >= v_thresh
//	v = v - s*(v_thresh - v_reset), or v_reset where s with AbsoluteReset
//
// After a spike the membrane rests for tau_refrac, counted in whole steps. Its
// parameter is tau_mem.
type LIF struct {
	TauMem        snn.Value      `json:"tau_mem,omitzero"`  // default 20
	VThresh       snn.Value      `json:"v_thresh,omitzero"` // default 1
	VReset        snn.Value      `json:"v_reset,omitzero"`  // default 0
	TauRefrac     snn.Value      `json:"tau_refrac,omitzero"`
	DT            snn.Value      `json:"dt,omitzero"` // default 1
	ScaleI        bool           `json:"scale_i,omitzero"`
	AbsoluteReset bool           `json:"absolute_reset,omitzero"`
	Surrogate     surrogate.Func `json:"surrogate,omitzero"`
}

// Type returns "mlgenn.LIF".
func (LIF) Type() string { return "mlgenn.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	dt := l.DT.Wide(1)
	inner := snn.LIF{Normalized: l.ScaleI, Threshold: l.VThresh, Refractory: int(float64(l.TauRefrac.Or(0))/dt + 0.5), Surrogate: l.Surrogate}
	if l.AbsoluteReset {
		inner.Reset, inner.ResetTo = snn.ResetToValue, l.VReset
	} else {
		inner.Amount = snn.Num(l.VThresh.Or(1) - l.VReset.Or(0))
	}
	return snn.Translate(in, inner, []snn.Number{{Name: "tau_mem", Value: l.TauMem, Standard: 20}}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": snn.Map(func(tau float64) float64 { return detmath.Exp(-dt / tau) }, p["tau_mem"])}
	})
}
