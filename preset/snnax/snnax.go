// Package snnax is the neurons of SNNAX (github.com/PGI15/snnax, git b7a55c6)
// under their own names and arguments, as layers.
//
//	SNNAX          here           equals
//	SimpleLI       SimpleLI       snn.LI, Normalized
//	SimpleLIF      SimpleLIF      snn.LIF, Normalized
//	LIF            LIF            snn.LIF, TimingRemembered, with a Synapse of ArrivalLate
//	LIFSoftReset   LIFSoftReset   the same with Subtract
//	AdaptiveLIF    AdaptiveLIF    snn.AdaptiveLIF, Normalized
//	SimpleIAF      SimpleIAF      snn.IF with a Bias
//	IAF            IAF            the same with a Synapse of ArrivalLate
//	SigmaDelta     SigmaDelta     snn.SigmaDelta
//	SRM            SRM, Response  two snn.LI, snn.Linear, snn.SpikeResponse
//
// Decays are kept from 0.5 to 1 in use, as SNNAX does. ResetVal 0, which is
// None there, stands for SNNAX's default: a reset to zero, or by 1 in
// LIFSoftReset.
package snnax

import (
	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() {
	for _, l := range []snn.Layer{SimpleLI{}, SimpleLIF{}, LIF{}, LIFSoftReset{}, AdaptiveLIF{}, SimpleIAF{}, IAF{}, SigmaDelta{}, Response{}} {
		snn.Register(l)
	}
}

// clamp is SNNAX's in use.
func clamp(low, high float64) func(float64) float64 {
	return func(v float64) float64 { return min(max(v, low), high) }
}

var decayRange = clamp(0.5, 1)

func decay(v snn.Value) snn.Number { return snn.Number{Name: "decay", Value: v, Standard: 0.9} }
func synapse(v snn.Value) snn.Number {
	return snn.Number{Name: "synapse_decay", Value: v, Standard: 0.9}
}

// same is the reset of the neurons that reset in the same step: to zero, or by
// an amount.
func same(resetVal snn.Value) (snn.Reset, snn.Value) {
	if resetVal == 0 {
		return snn.ResetToZero, 0
	}
	return snn.ResetSubtract, resetVal
}

// SimpleLI is snnax.snn.SimpleLI: v = a*v + (1-a)*x. Its parameter is decay.
type SimpleLI struct {
	Decay snn.Value `json:"decay,omitzero"` // default 0.9
}

// Type returns "snnax.SimpleLI".
func (SimpleLI) Type() string { return "snnax.SimpleLI" }

// Build works for every shape.
func (l SimpleLI) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.Translate(in, snn.LI{Normalized: true}, []snn.Number{decay(l.Decay)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": snn.Map(decayRange, p["decay"])}
	})
}

// SimpleLIF is snnax.snn.SimpleLIF:
//
//	v = a*v + (1-a)*x
//	s = v >= threshold
//	v = v - v*s, or v - softplus(reset_val)*s
//
// Its parameter is decay.
type SimpleLIF struct {
	Decay         snn.Value      `json:"decay,omitzero"`     // default 0.9
	Threshold     snn.Value      `json:"threshold,omitzero"` // default 1
	ResetVal      snn.Value      `json:"reset_val,omitzero"` // default None: to zero
	FullResetGrad bool           `json:"full_reset_grad,omitzero"`
	SpikeFn       surrogate.Func `json:"spike_fn,omitzero"` // default SuperSpike(10)
}

// Type returns "snnax.SimpleLIF".
func (SimpleLIF) Type() string { return "snnax.SimpleLIF" }

// Build works for every shape.
func (l SimpleLIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Normalized: true, Threshold: l.Threshold, Surrogate: l.SpikeFn, Detach: snn.DetachResetTerm.When(!l.FullResetGrad)}
	inner.Reset, inner.Amount = same(l.ResetVal)
	if l.ResetVal != 0 {
		inner.Amount = snn.Num(float32(detmath.Softplus(float64(l.ResetVal.Or(0)))))
	}
	return snn.Translate(in, inner, []snn.Number{decay(l.Decay)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": snn.Map(decayRange, p["decay"])}
	})
}

// LIF is snnax.snn.LIF, whose spikes act before the next step:
//
//	v = v - v*s, or v - (v - reset_val)*s
//	v = a*v + (1-a)*i
//	i = b*i + (1-b)*x
//	s = v >= threshold
//
// Its parameters are decay (a) and synapse_decay (b).
type LIF struct {
	Decay         snn.Value      `json:"decay,omitzero"`         // default 0.9
	SynapseDecay  snn.Value      `json:"synapse_decay,omitzero"` // default 0.9
	Threshold     snn.Value      `json:"threshold,omitzero"`     // default 1
	ResetVal      snn.Value      `json:"reset_val,omitzero"`     // default None: to zero
	FullResetGrad bool           `json:"full_reset_grad,omitzero"`
	SpikeFn       surrogate.Func `json:"spike_fn,omitzero"` // default SuperSpike(10)
}

// Type returns "snnax.LIF".
func (LIF) Type() string { return "snnax.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Reset: snn.ResetToZero, Detach: snn.DetachResetTerm.When(!l.FullResetGrad)}
	if l.ResetVal != 0 {
		inner.Reset, inner.ResetTo = snn.ResetToValue, l.ResetVal
	}
	return late(in, inner, l.Decay, l.SynapseDecay, l.Threshold, l.SpikeFn)
}

// late is the layer of LIF and LIFSoftReset.
func late(in tensor.Shape, inner snn.LIF, a, b, threshold snn.Value, f surrogate.Func) (*snn.Plan, error) {
	inner.Normalized, inner.Threshold, inner.Timing, inner.Surrogate = true, threshold, snn.TimingRemembered, f
	inner.Synapse = snn.Synapse{Decay: 0.9, Normalized: true, Arrival: snn.ArrivalLate}
	return snn.Translate(in, inner, []snn.Number{decay(a), synapse(b)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": snn.Map(decayRange, p["decay"]), "synapse_decay": snn.Map(decayRange, p["synapse_decay"])}
	})
}

// LIFSoftReset is snnax.snn.LIFSoftReset: [LIF] with v = v - s, or v -
// reset_val*s, whatever the threshold.
type LIFSoftReset struct {
	Decay         snn.Value      `json:"decay,omitzero"`         // default 0.9
	SynapseDecay  snn.Value      `json:"synapse_decay,omitzero"` // default 0.9
	Threshold     snn.Value      `json:"threshold,omitzero"`     // default 1
	ResetVal      snn.Value      `json:"reset_val,omitzero"`     // default None: by 1
	FullResetGrad bool           `json:"full_reset_grad,omitzero"`
	SpikeFn       surrogate.Func `json:"spike_fn,omitzero"` // default SuperSpike(10)
}

// Type returns "snnax.LIFSoftReset".
func (LIFSoftReset) Type() string { return "snnax.LIFSoftReset" }

// Build works for every shape.
func (l LIFSoftReset) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Amount: l.ResetVal, Detach: snn.DetachResetTerm.When(!l.FullResetGrad)}
	if l.ResetVal == 0 {
		inner.Amount = 1
	}
	return late(in, inner, l.Decay, l.SynapseDecay, l.Threshold, l.SpikeFn)
}

// AdaptiveLIF is snnax.snn.AdaptiveLIF:
//
//	v = a*v + (1-a)*(x + ada)
//	s = v >= threshold
//	ada = (1-be)*A*v + be*ada - B*s
//	v = v - v*s, or v - reset_val*s
//
// Its parameters are decay (a), ada_decay_constant (be), ada_coupling_var (A,
// from -1 to 1) and ada_step_val (B, from 0 to 2). ada is the state a.
type AdaptiveLIF struct {
	Decay            snn.Value      `json:"decay,omitzero"`              // default 0.9
	AdaDecayConstant snn.Value      `json:"ada_decay_constant,omitzero"` // default 0.8
	AdaStepVal       snn.Value      `json:"ada_step_val,omitzero"`       // default 1
	AdaCouplingVar   snn.Value      `json:"ada_coupling_var,omitzero"`   // default 0.5
	Threshold        snn.Value      `json:"threshold,omitzero"`          // default 1
	ResetVal         snn.Value      `json:"reset_val,omitzero"`          // default None: to zero
	FullResetGrad    bool           `json:"full_reset_grad,omitzero"`
	SpikeFn          surrogate.Func `json:"spike_fn,omitzero"` // default SuperSpike(10)
}

// Type returns "snnax.AdaptiveLIF".
func (AdaptiveLIF) Type() string { return "snnax.AdaptiveLIF" }

// Build works for every shape.
func (l AdaptiveLIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.AdaptiveLIF{Normalized: true, Threshold: l.Threshold, Surrogate: l.SpikeFn, Detach: snn.DetachResetTerm.When(!l.FullResetGrad)}
	inner.Reset, inner.Amount = same(l.ResetVal)
	return snn.Translate(in, inner, []snn.Number{
		decay(l.Decay), {Name: "ada_decay_constant", Value: l.AdaDecayConstant, Standard: 0.8},
		{Name: "ada_step_val", Value: l.AdaStepVal, Standard: 1}, {Name: "ada_coupling_var", Value: l.AdaCouplingVar, Standard: 0.5},
	}, func(p snn.Numbers) snn.Numbers {
		be := snn.Map(decayRange, p["ada_decay_constant"])
		coupling, jump := clamp(-1, 1), clamp(0, 2)
		return snn.Numbers{
			"decay": snn.Map(decayRange, p["decay"]), "adapt_decay": be,
			"adapt_follow": snn.Map2(func(be, a float64) float64 { return (1 - be) * coupling(a) }, be, p["ada_coupling_var"]),
			"adapt_gain":   snn.Map(func(b float64) float64 { return -jump(b) }, p["ada_step_val"]),
		}
	})
}

// SimpleIAF is snnax.snn.SimpleIAF:
//
//	v = (v - leak) + x
//	s = v >= threshold
//	v = v - v*s, or v - reset_val*s
//
// Its parameter is leak.
type SimpleIAF struct {
	Leak          snn.Value      `json:"leak,omitzero"`      // default 0
	Threshold     snn.Value      `json:"threshold,omitzero"` // default 1
	ResetVal      snn.Value      `json:"reset_val,omitzero"` // default None: to zero
	FullResetGrad bool           `json:"full_reset_grad,omitzero"`
	SpikeFn       surrogate.Func `json:"spike_fn,omitzero"` // default SuperSpike(10)
}

// Type returns "snnax.SimpleIAF".
func (SimpleIAF) Type() string { return "snnax.SimpleIAF" }

// Build works for every shape.
func (l SimpleIAF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.IF{Bias: snn.Zero, Threshold: l.Threshold, Surrogate: l.SpikeFn, Detach: snn.DetachResetTerm.When(!l.FullResetGrad)}
	inner.Reset, inner.Amount = same(l.ResetVal)
	return snn.Translate(in, inner, []snn.Number{{Name: "leak", Value: l.Leak}}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"bias": snn.Map(func(leak float64) float64 { return -leak }, p["leak"])}
	})
}

// IAF is snnax.snn.IAF, [SimpleIAF] behind a synapse:
//
//	v = (v - leak) + i
//	i = b*i + (1-b)*x
//	s = v >= threshold
//	v = v - v*s, or v - reset_val*s
//
// Its parameters are synapse_decay (b), which is SNNAX's decay_constants[0],
// and leak.
type IAF struct {
	SynapseDecay  snn.Value      `json:"synapse_decay,omitzero"` // default 0.9
	Leak          snn.Value      `json:"leak,omitzero"`          // default 0
	Threshold     snn.Value      `json:"threshold,omitzero"`     // default 1
	ResetVal      snn.Value      `json:"reset_val,omitzero"`     // default None: to zero
	FullResetGrad bool           `json:"full_reset_grad,omitzero"`
	SpikeFn       surrogate.Func `json:"spike_fn,omitzero"` // default SuperSpike(10)
}

// Type returns "snnax.IAF".
func (IAF) Type() string { return "snnax.IAF" }

// Build works for every shape.
func (l IAF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.IF{
		Bias: snn.Zero, Synapse: snn.Synapse{Decay: 0.9, Normalized: true, Arrival: snn.ArrivalLate},
		Threshold: l.Threshold, Surrogate: l.SpikeFn, Detach: snn.DetachResetTerm.When(!l.FullResetGrad),
	}
	inner.Reset, inner.Amount = same(l.ResetVal)
	return snn.Translate(in, inner, []snn.Number{synapse(l.SynapseDecay), {Name: "leak", Value: l.Leak}}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{
			"synapse_decay": snn.Map(decayRange, p["synapse_decay"]),
			"bias":          snn.Map(func(leak float64) float64 { return -leak }, p["leak"]),
		}
	})
}

// SigmaDelta is snnax.snn.SigmaDelta, [snn.SigmaDelta]; its decays are not
// clamped.
type SigmaDelta struct {
	SigmaDecay    snn.Value      `json:"sigma_decay,omitzero"`    // default 0.9
	DeltaDecay    snn.Value      `json:"delta_decay,omitzero"`    // default 0.9
	FeedbackDecay snn.Value      `json:"feedback_decay,omitzero"` // default 0.9
	Threshold     snn.Value      `json:"threshold,omitzero"`      // default 1
	SpikeFn       surrogate.Func `json:"spike_fn,omitzero"`       // default SuperSpike(10)
}

// Type returns "snnax.SigmaDelta".
func (SigmaDelta) Type() string { return "snnax.SigmaDelta" }

// Build works for every shape.
func (l SigmaDelta) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.SigmaDelta{SigmaDecay: l.SigmaDecay, DeltaDecay: l.DeltaDecay, FeedbackDecay: l.FeedbackDecay, Threshold: l.Threshold, Surrogate: l.SpikeFn}.Build(in)
}
