// Package spyx is the neurons of spyx 1.0.0 (github.com/kmheckel/spyx) under
// their own names and arguments, as layers. All of them test the membrane that
// the last step left, so a spike is sent one step late, and only above the
// threshold.
//
//	spyx       here       equals
//	IF         IF         snn.IF, TimingOldMembrane
//	LIF        LIF        snn.LIF, TimingOldMembrane
//	CuBaLIF    CuBaLIF    snn.LIF with a Synapse, TimingOldMembraneDecayed
//	ALIF       ALIF       snn.ALIF, TimingOldMembrane
//	LI         LI         snn.LI
package spyx

import (
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() {
	for _, l := range []snn.Layer{IF{}, LIF{}, CuBaLIF{}, ALIF{}, LI{}} {
		snn.Register(l)
	}
}

// standard is the surrogate of neurons that name none.
var standard = surrogate.FastSigmoid(25)

// clip keeps a decay from 0 to 1, as spyx does in use.
func clip(v float64) float64 { return min(max(v, 0), 1) }

func beta(v snn.Value) snn.Number { return snn.Number{Name: "beta", Value: v, Standard: 0.9} }

// IF is spyx.nn.IF: s = v > threshold; v = v + x - s*threshold.
type IF struct {
	Threshold  snn.Value      `json:"threshold,omitzero"`  // default 1
	Activation surrogate.Func `json:"activation,omitzero"` // default FastSigmoid(25)
}

// Type returns "spyx.IF".
func (IF) Type() string { return "spyx.IF" }

// Build works for every shape.
func (l IF) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.IF{Threshold: l.Threshold, Strict: true, Timing: snn.TimingOldMembrane, Surrogate: l.Activation.Or(standard)}.Build(in)
}

// LIF is spyx.nn.LIF: s = v > threshold; v = beta*v + x - s*threshold. Its
// parameter is beta.
type LIF struct {
	Beta       snn.Value      `json:"beta,omitzero"`       // default 0.9
	Threshold  snn.Value      `json:"threshold,omitzero"`  // default 1
	Activation surrogate.Func `json:"activation,omitzero"` // default FastSigmoid(25)
}

// Type returns "spyx.LIF".
func (LIF) Type() string { return "spyx.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Threshold: l.Threshold, Strict: true, Timing: snn.TimingOldMembrane, Surrogate: l.Activation.Or(standard)}
	return snn.Translate(in, inner, []snn.Number{beta(l.Beta)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": snn.Map(clip, p["beta"])}
	})
}

// CuBaLIF is spyx.nn.CuBaLIF; the subtraction decays:
//
//	s = v > threshold
//	v = v - s*threshold
//	i = alpha*i + x
//	v = beta*v + i
//
// Its parameters are alpha and beta.
type CuBaLIF struct {
	Alpha      snn.Value      `json:"alpha,omitzero"`      // default 0.8
	Beta       snn.Value      `json:"beta,omitzero"`       // default 0.9
	Threshold  snn.Value      `json:"threshold,omitzero"`  // default 1
	Activation surrogate.Func `json:"activation,omitzero"` // default FastSigmoid(25)
}

// Type returns "spyx.CuBaLIF".
func (CuBaLIF) Type() string { return "spyx.CuBaLIF" }

// Build works for every shape.
func (l CuBaLIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Synapse: snn.Synapse{Decay: 0.8}, Threshold: l.Threshold, Strict: true, Timing: snn.TimingOldMembraneDecayed, Surrogate: l.Activation.Or(standard)}
	return snn.Translate(in, inner, []snn.Number{{Name: "alpha", Value: l.Alpha, Standard: 0.8}, beta(l.Beta)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"synapse_decay": snn.Map(clip, p["alpha"]), "decay": snn.Map(clip, p["beta"])}
	})
}

// ALIF is spyx.nn.ALIF, whose T is called a here:
//
//	s = v > threshold + T
//	v = beta*v + x - s*(threshold + T)
//	T = gamma*T + (1-gamma)*s
//
// Its parameters are beta and gamma.
type ALIF struct {
	Beta       snn.Value      `json:"beta,omitzero"`       // default 0.9
	Gamma      snn.Value      `json:"gamma,omitzero"`      // default 0.9
	Threshold  snn.Value      `json:"threshold,omitzero"`  // default 1
	Activation surrogate.Func `json:"activation,omitzero"` // default FastSigmoid(25)
}

// Type returns "spyx.ALIF".
func (ALIF) Type() string { return "spyx.ALIF" }

// Build works for every shape.
func (l ALIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.ALIF{Threshold: l.Threshold, Strict: true, Timing: snn.TimingOldMembrane, Surrogate: l.Activation.Or(standard)}
	return snn.Translate(in, inner, []snn.Number{beta(l.Beta), {Name: "gamma", Value: l.Gamma, Standard: 0.9}}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{
			"decay": snn.Map(clip, p["beta"]), "adapt_decay": snn.Map(clip, p["gamma"]),
			"adapt_gain": snn.Map(func(g float64) float64 { return 1 - clip(g) }, p["gamma"]),
		}
	})
}

// LI is spyx.nn.LI: v = beta*v + x. Its parameter is beta.
type LI struct {
	Beta snn.Value `json:"beta,omitzero"` // default 0.9
}

// Type returns "spyx.LI".
func (LI) Type() string { return "spyx.LI" }

// Build works for every shape.
func (l LI) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.Translate(in, snn.LI{}, []snn.Number{beta(l.Beta)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": snn.Map(clip, p["beta"])}
	})
}
