// Package sinabs is the neurons of sinabs 3.1.3 (github.com/synsense/sinabs)
// under their own names and arguments, as layers. Time constants are in steps.
//
//	sinabs    here      equals
//	LIF       LIF       snn.LIF, MultiSpike, with a Synapse if tau_syn is given
//	IAF       IAF       snn.IF, MultiSpike, likewise
//	ALIF      ALIF      snn.ALIF
//	ExpLeak   ExpLeak   snn.LI
//
// MultiSpike and MembraneSubtract are the defaults, as in sinabs; SingleSpike
// sends one spike a step, and MembraneReset sets the membrane to zero, then
// adds reset_value to every membrane, whether it spiked or not, as coded.
package sinabs

import (
	"cmp"
	"fmt"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() {
	for _, l := range []snn.Layer{LIF{}, IAF{}, ALIF{}, ExpLeak{}} {
		snn.Register(l)
	}
}

// firing are the options of LIF and IAF beside their leak.
func firing(single, reset bool) (several bool, r snn.Reset) {
	if reset {
		return !single, snn.ResetToZeroPlus
	}
	return !single, snn.ResetSubtract
}

// alpha is exp(-1/tau).
func alpha(tau []float64) []float64 {
	return snn.Map(func(t float64) float64 { return detmath.Exp(-1 / t) }, tau)
}

func rest(a []float64) []float64 { return snn.Map(func(a float64) float64 { return 1 - a }, a) }

// synapse is the current of tau_syn: i = a*(i + x).
var synapse = snn.Synapse{Decay: 0.9}

// standard is the surrogate of neurons that name none.
var standard = SingleExponential(0.5)

// LIF is sinabs.layers.LIF:
//
//	i = exp(-1/tau_syn)*(i + x)   if TauSyn is set, else x
//	v = a*v + (1-a)*i             a = exp(-1/tau_mem); a*v + i with NoNormInput
//	s = trunc(v/spike_threshold) where v > 0; with SingleSpike: v >= spike_threshold
//	v = v - s*spike_threshold, or with MembraneReset: v*[s = 0] + reset_value
//	v = max(v, min_v_mem)         if MinVMem is set
//
// Its parameters are tau_mem, or alpha_mem if that is set, and tau_syn.
type LIF struct {
	TauMem         snn.Value      `json:"tau_mem,omitzero"`         // default 20
	AlphaMem       snn.Value      `json:"alpha_mem,omitzero"`       // instead of TauMem
	TauSyn         snn.Value      `json:"tau_syn,omitzero"`         // default none
	SpikeThreshold snn.Value      `json:"spike_threshold,omitzero"` // default 1
	SingleSpike    bool           `json:"single_spike,omitzero"`
	MembraneReset  bool           `json:"membrane_reset,omitzero"`
	ResetValue     snn.Value      `json:"reset_value,omitzero"` // for MembraneReset; default 0
	MinVMem        snn.Value      `json:"min_v_mem,omitzero"`   // default none
	NoNormInput    bool           `json:"no_norm_input,omitzero"`
	Surrogate      surrogate.Func `json:"surrogate_grad_fn,omitzero"` // default SingleExponential
}

// Type returns "sinabs.LIF".
func (LIF) Type() string { return "sinabs.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	err := cmp.Or(
		presetkit.Refuse(l.TauMem != 0 && l.AlphaMem != 0, "both TauMem and AlphaMem"),
		presetkit.Refuse(l.ResetValue != 0 && !l.MembraneReset, "ResetValue goes with MembraneReset"),
	)
	if err != nil {
		return nil, err
	}
	inner := snn.LIF{Normalized: !l.NoNormInput, Threshold: l.SpikeThreshold, Floor: l.MinVMem, Surrogate: l.Surrogate.Or(standard)}
	inner.MultiSpike, inner.Reset = firing(l.SingleSpike, l.MembraneReset)
	if l.MembraneReset {
		inner.ResetTo, inner.Detach = l.ResetValue, snn.DetachSpikeInReset
	}
	membrane := snn.Number{Name: "tau_mem", Value: l.TauMem, Standard: 20}
	if l.AlphaMem != 0 {
		membrane = snn.Number{Name: "alpha_mem", Value: l.AlphaMem}
	}
	numbers := []snn.Number{membrane}
	if l.TauSyn != 0 {
		inner.Synapse = synapse
		numbers = append(numbers, snn.Number{Name: "tau_syn", Value: l.TauSyn})
	}
	return snn.Translate(in, inner, numbers, func(p snn.Numbers) snn.Numbers {
		native := snn.Numbers{}
		if l.AlphaMem != 0 {
			native["decay"] = p["alpha_mem"]
		} else {
			native["decay"] = alpha(p["tau_mem"])
		}
		if l.TauSyn != 0 {
			native["synapse_decay"] = alpha(p["tau_syn"])
			native["synapse_gain"] = native["synapse_decay"]
		}
		return native
	})
}

// IAF is sinabs.layers.IAF: [LIF] with v = v + i.
type IAF struct {
	TauSyn         snn.Value      `json:"tau_syn,omitzero"`         // default none
	SpikeThreshold snn.Value      `json:"spike_threshold,omitzero"` // default 1
	SingleSpike    bool           `json:"single_spike,omitzero"`
	MembraneReset  bool           `json:"membrane_reset,omitzero"`
	ResetValue     snn.Value      `json:"reset_value,omitzero"`       // for MembraneReset; default 0
	MinVMem        snn.Value      `json:"min_v_mem,omitzero"`         // default none
	Surrogate      surrogate.Func `json:"surrogate_grad_fn,omitzero"` // default SingleExponential
}

// Type returns "sinabs.IAF".
func (IAF) Type() string { return "sinabs.IAF" }

// Build works for every shape.
func (l IAF) Build(in tensor.Shape) (*snn.Plan, error) {
	if err := presetkit.Refuse(l.ResetValue != 0 && !l.MembraneReset, "ResetValue goes with MembraneReset"); err != nil {
		return nil, err
	}
	inner := snn.IF{Threshold: l.SpikeThreshold, Floor: l.MinVMem, Surrogate: l.Surrogate.Or(standard)}
	inner.MultiSpike, inner.Reset = firing(l.SingleSpike, l.MembraneReset)
	if l.MembraneReset {
		inner.ResetTo, inner.Detach = l.ResetValue, snn.DetachSpikeInReset
	}
	if l.TauSyn == 0 {
		return inner.Build(in)
	}
	inner.Synapse = synapse
	return snn.Translate(in, inner, []snn.Number{{Name: "tau_syn", Value: l.TauSyn}}, func(p snn.Numbers) snn.Numbers {
		a := alpha(p["tau_syn"])
		return snn.Numbers{"synapse_decay": a, "synapse_gain": a}
	})
}

// ALIF is sinabs.layers.ALIF with SingleSpike, its default, whose b is called
// a here:
//
//	i = exp(-1/tau_syn)*(i + x)   if TauSyn is set, else x
//	i = (1-am)*i                  am = exp(-1/tau_mem); i is kept so
//	v = am*v + i
//	th = b0 + adapt_scale*b
//	s = v >= th
//	v = v - s*th
//	b = aa*b + (1-aa)*s           aa = exp(-1/tau_adapt)
//
// sinabs forgets i between the chunks of a stream; this does not.
type ALIF struct {
	TauMem     snn.Value      `json:"tau_mem,omitzero"`           // default 20
	TauAdapt   snn.Value      `json:"tau_adapt,omitzero"`         // default 20
	TauSyn     snn.Value      `json:"tau_syn,omitzero"`           // default none
	AdaptScale snn.Value      `json:"adapt_scale,omitzero"`       // default 1.8
	B0         snn.Value      `json:"b0,omitzero"`                // default 1
	Surrogate  surrogate.Func `json:"surrogate_grad_fn,omitzero"` // default SingleExponential
}

// Type returns "sinabs.ALIF".
func (ALIF) Type() string { return "sinabs.ALIF" }

// Build works for every shape.
func (l ALIF) Build(in tensor.Shape) (*snn.Plan, error) {
	if err := l.ofLevel(); err != nil {
		return nil, err
	}
	inner := snn.ALIF{Threshold: l.B0, Surrogate: l.Surrogate.Or(standard), DetachLevel: true}
	numbers := []snn.Number{
		{Name: "tau_mem", Value: l.TauMem, Standard: 20}, {Name: "tau_adapt", Value: l.TauAdapt, Standard: 20},
		{Name: "adapt_scale", Value: l.AdaptScale, Standard: 1.8},
	}
	if l.TauSyn != 0 {
		inner.Synapse = synapse
		numbers = append(numbers, snn.Number{Name: "tau_syn", Value: l.TauSyn})
	}
	return snn.Translate(in, inner, numbers, func(p snn.Numbers) snn.Numbers {
		am, aa := alpha(p["tau_mem"]), alpha(p["tau_adapt"])
		native := snn.Numbers{"decay": am, "gain": rest(am), "coupling": p["adapt_scale"], "adapt_decay": aa, "adapt_gain": rest(aa)}
		if l.TauSyn != 0 {
			both := snn.Map2(func(am, as float64) float64 { return (1 - am) * as }, am, alpha(p["tau_syn"]))
			native["synapse_decay"], native["synapse_gain"] = both, both
			native["gain"] = snn.Map(func(float64) float64 { return 1 }, am)
		}
		return native
	})
}

// ofLevel reports functions that sinabs has of the threshold of the step, which
// moves, and that were given of a fixed one: their gradient would be wrong by a
// factor.
func (l ALIF) ofLevel() error {
	if l.Surrogate.NeedsThreshold() {
		return nil
	}
	better, known := map[string]string{
		"Exponential": "SingleExponential(grad_width)", "OneSided": "Heaviside(window)", "PeriodicExponential": "SingleExponential(grad_width)",
	}[l.Surrogate.Name()]
	return presetkit.Refuse(known, fmt.Sprintf(
		"the surrogate %v is of a fixed threshold, that of ALIF moves: take sinabs.%s, or its .Relative() or .PerThreshold()", l.Surrogate, better))
}

// ExpLeak is sinabs.layers.ExpLeak: v = a*v + (1-a)*x, a = exp(-1/tau_mem), or
// a*v + x with NoNormInput.
type ExpLeak struct {
	TauMem      snn.Value `json:"tau_mem,omitzero"` // default 20
	NoNormInput bool      `json:"no_norm_input,omitzero"`
}

// Type returns "sinabs.ExpLeak".
func (ExpLeak) Type() string { return "sinabs.ExpLeak" }

// Build works for every shape.
func (l ExpLeak) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.Translate(in, snn.LI{Normalized: !l.NoNormInput}, []snn.Number{{Name: "tau_mem", Value: l.TauMem, Standard: 20}}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": alpha(p["tau_mem"])}
	})
}
