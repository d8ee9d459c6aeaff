// Package rockpool is the neuron of Rockpool 3.1.0
// (github.com/synsense/rockpool) under its own name and arguments, as a layer:
// LIFTorch is snn.LIF, MultiSpike, with a Synapse.
package rockpool

import (
	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() { snn.Register(LIFTorch{}) }

// LIFTorch is rockpool.nn.modules.LIFTorch with one synapse a neuron and no
// noise:
//
//	i = (i + x)*exp(-dt/tau_syn)
//	v = v*exp(-dt/tau_mem) + i + bias
//	s = min(floor(v/threshold), max_spikes_per_dt) where v >= threshold
//	v = v - s*threshold
//
// Its parameters are tau_mem, tau_syn, bias and threshold. The recurrent one is
// this with a feedback around it.
type LIFTorch struct {
	TauMem         snn.Value      `json:"tau_mem,omitzero"`             // in seconds; default 0.02
	TauSyn         snn.Value      `json:"tau_syn,omitzero"`             // in seconds; default 0.02
	Bias           snn.Value      `json:"bias,omitzero"`                // default 0
	Threshold      snn.Value      `json:"threshold,omitzero"`           // default 1
	MaxSpikesPerDT snn.Value      `json:"max_spikes_per_dt,omitzero"`   // default 65536
	DT             snn.Value      `json:"dt,omitzero"`                  // in seconds; default 0.001
	Surrogate      surrogate.Func `json:"spike_generation_fn,omitzero"` // default StepPWL(0.5)
}

// Type returns "rockpool.LIFTorch".
func (LIFTorch) Type() string { return "rockpool.LIFTorch" }

// Build works for every shape.
func (l LIFTorch) Build(in tensor.Shape) (*snn.Plan, error) {
	dt := l.DT.Wide(0.001)
	decay := func(tau float64) float64 { return detmath.Exp(-dt / tau) }
	inner := snn.LIF{Bias: snn.Zero, Synapse: snn.Synapse{Decay: 0.9}, MultiSpike: true, MaxSpikes: l.MaxSpikesPerDT, Surrogate: l.Surrogate.Or(StepPWL(0.5))}
	if inner.MaxSpikes == 0 {
		inner.MaxSpikes = 1 << 16
	}
	return snn.Translate(in, inner, []snn.Number{
		{Name: "tau_mem", Value: l.TauMem, Standard: 0.02}, {Name: "tau_syn", Value: l.TauSyn, Standard: 0.02},
		{Name: "bias", Value: l.Bias}, {Name: "threshold", Value: l.Threshold, Standard: 1},
	}, func(p snn.Numbers) snn.Numbers {
		synapse := snn.Map(decay, p["tau_syn"])
		return snn.Numbers{
			"synapse_decay": synapse, "synapse_gain": synapse, "decay": snn.Map(decay, p["tau_mem"]),
			"bias": p["bias"], "threshold": p["threshold"],
		}
	})
}
