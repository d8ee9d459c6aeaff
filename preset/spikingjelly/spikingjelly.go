// Package spikingjelly is the neurons of SpikingJelly 2.0.0
// (github.com/fangwei123456/spikingjelly, activation_based.neuron) under their
// own names and arguments, as layers.
//
//	SpikingJelly          here         equals
//	IFNode                IF           snn.IF
//	LIFNode               LIF          snn.LIF, MethodEuler
//	ParametricLIFNode     PLIF         snn.LIF, whose 1/tau is sigmoid(w)
//	QIFNode               QIF          snn.QIF
//	EIFNode               EIF          snn.EIF
//	IzhikevichNode        Izhikevich   snn.QIF, Adaptive
//	NonSpikingLIFNode     LI           snn.LI
//
// A reset happens in the same step, to VReset (0 by default), or, with
// SoftReset, which is v_reset=None there, by subtraction of the threshold.
// Membranes begin at VReset, too, and with SoftReset at 0.
package spikingjelly

import (
	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() {
	for _, l := range []snn.Layer{IF{}, LIF{}, PLIF{}, QIF{}, EIF{}, Izhikevich{}, LI{}} {
		snn.Register(l)
	}
}

// standard is the surrogate of neurons that name none.
var standard = surrogate.Sigmoid(4)

// hard is the reset, and where it goes: to standard by default.
func hard(soft bool, to snn.Value, standard float32) (snn.Reset, snn.Value, error) {
	if soft {
		return snn.ResetSubtract, 0, presetkit.Refuse(to != 0, "VReset with SoftReset")
	}
	if to.Or(standard) == 0 {
		return snn.ResetToZero, 0, nil
	}
	return snn.ResetToValue, snn.Num(to.Or(standard)), nil
}

// startAt starts the membranes of a plan where a hard reset goes, as
// SpikingJelly does.
func startAt(to snn.Value, plan *snn.Plan, err error) (*snn.Plan, error) {
	if err != nil || to.Or(0) == 0 {
		return plan, err
	}
	n := plan.Out.Size()
	plan.InitState = func(state []float32) {
		for i := range n {
			state[i] = to.Or(0)
		}
	}
	return plan, nil
}

// leak are the decay, gain and constant current of a leak towards rest, of
// which a step covers the share k.
func leak(k []float64, rest float64, decayInput bool) snn.Numbers {
	native := snn.Numbers{
		"decay": snn.Map(func(k float64) float64 { return 1 - k }, k),
		"bias":  snn.Map(func(k float64) float64 { return k * rest }, k),
		"gain":  k,
	}
	if !decayInput {
		native["gain"] = snn.Map(func(float64) float64 { return 1 }, k)
	}
	return native
}

// IF is IFNode: v = v + x; s = v >= v_threshold; then the reset.
type IF struct {
	VThreshold  snn.Value      `json:"v_threshold,omitzero"` // default 1
	VReset      snn.Value      `json:"v_reset,omitzero"`     // default 0
	SoftReset   bool           `json:"soft_reset,omitzero"`
	DetachReset bool           `json:"detach_reset,omitzero"`
	Surrogate   surrogate.Func `json:"surrogate_function,omitzero"` // default Sigmoid(4)
}

// Type returns "spikingjelly.IF".
func (IF) Type() string { return "spikingjelly.IF" }

// Build works for every shape.
func (l IF) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, to, err := hard(l.SoftReset, l.VReset, 0)
	if err != nil {
		return nil, err
	}
	plan, err := snn.IF{Threshold: l.VThreshold, Reset: reset, ResetTo: to, Surrogate: l.Surrogate.Or(standard), Detach: snn.DetachSpikeInReset.When(l.DetachReset)}.Build(in)
	return startAt(to, plan, err)
}

// LIF is LIFNode, with r = v_reset, or 0 with SoftReset:
//
//	v = v + (x - (v - r))/tau
//	v = v - (v - r)/tau + x   with NoDecayInput
//	s = v >= v_threshold; then the reset
type LIF struct {
	Tau          snn.Value      `json:"tau,omitzero"` // default 2
	NoDecayInput bool           `json:"no_decay_input,omitzero"`
	VThreshold   snn.Value      `json:"v_threshold,omitzero"` // default 1
	VReset       snn.Value      `json:"v_reset,omitzero"`     // default 0
	SoftReset    bool           `json:"soft_reset,omitzero"`
	DetachReset  bool           `json:"detach_reset,omitzero"`
	Surrogate    surrogate.Func `json:"surrogate_function,omitzero"` // default Sigmoid(4)
}

// Type returns "spikingjelly.LIF".
func (LIF) Type() string { return "spikingjelly.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	share := func(p snn.Numbers) []float64 {
		return snn.Map(func(tau float64) float64 { return 1 / tau }, p["tau"])
	}
	return leaky(in, l, snn.Number{Name: "tau", Value: l.Tau, Standard: 2}, share)
}

// leaky is the layer of LIFNode and ParametricLIFNode, which differ in where
// 1/tau comes from.
func leaky(in tensor.Shape, l LIF, k snn.Number, share func(snn.Numbers) []float64) (*snn.Plan, error) {
	reset, to, err := hard(l.SoftReset, l.VReset, 0)
	if err != nil {
		return nil, err
	}
	inner := snn.LIF{Bias: snn.Zero, Threshold: l.VThreshold, Reset: reset, ResetTo: to, Surrogate: l.Surrogate.Or(standard), Detach: snn.DetachSpikeInReset.When(l.DetachReset)}
	plan, err := snn.Translate(in, inner, []snn.Number{k}, func(p snn.Numbers) snn.Numbers {
		return leak(share(p), float64(to.Or(0)), !l.NoDecayInput)
	})
	return startAt(to, plan, err)
}

// PLIF is ParametricLIFNode: [LIF] whose 1/tau is sigmoid(w), which learns. Its
// parameter is w.
type PLIF struct {
	W            snn.Value      `json:"w,omitzero"` // default 0: tau is 2
	NoDecayInput bool           `json:"no_decay_input,omitzero"`
	VThreshold   snn.Value      `json:"v_threshold,omitzero"` // default 1
	VReset       snn.Value      `json:"v_reset,omitzero"`     // default 0
	SoftReset    bool           `json:"soft_reset,omitzero"`
	DetachReset  bool           `json:"detach_reset,omitzero"`
	Surrogate    surrogate.Func `json:"surrogate_function,omitzero"` // default Sigmoid(4)
}

// Type returns "spikingjelly.PLIF".
func (PLIF) Type() string { return "spikingjelly.PLIF" }

// Build works for every shape.
func (l PLIF) Build(in tensor.Shape) (*snn.Plan, error) {
	lif := LIF{0, l.NoDecayInput, l.VThreshold, l.VReset, l.SoftReset, l.DetachReset, l.Surrogate}
	return leaky(in, lif, snn.Number{Name: "w", Value: l.W}, func(p snn.Numbers) []float64 {
		return snn.Map(detmath.Sigmoid, p["w"])
	})
}

// QIF is QIFNode: v = v + (x + a0*(v - v_rest)*(v - v_c))/tau.
type QIF struct {
	Tau         snn.Value      `json:"tau,omitzero"`         // default 2
	VC          snn.Value      `json:"v_c,omitzero"`         // default 0.8
	A0          snn.Value      `json:"a0,omitzero"`          // default 1
	VRest       snn.Value      `json:"v_rest,omitzero"`      // default 0
	VThreshold  snn.Value      `json:"v_threshold,omitzero"` // default 1
	VReset      snn.Value      `json:"v_reset,omitzero"`     // default -0.1
	SoftReset   bool           `json:"soft_reset,omitzero"`
	DetachReset bool           `json:"detach_reset,omitzero"`
	Surrogate   surrogate.Func `json:"surrogate_function,omitzero"` // default Sigmoid(4)
}

// Type returns "spikingjelly.QIF".
func (QIF) Type() string { return "spikingjelly.QIF" }

// Build works for every shape.
func (l QIF) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, to, err := hard(l.SoftReset, l.VReset, -0.1)
	if err != nil {
		return nil, err
	}
	plan, err := snn.QIF{
		Square: l.A0, Rest: l.VRest, Critical: l.VC, Tau: l.Tau, Threshold: l.VThreshold,
		Reset: reset, ResetTo: to, Surrogate: l.Surrogate.Or(standard), Detach: snn.DetachSpikeInReset.When(l.DetachReset),
	}.Build(in)
	return startAt(to, plan, err)
}

// EIF is EIFNode:
//
//	v = v + (x + v_rest - v + delta_T*exp((v - theta_rh)/delta_T))/tau
type EIF struct {
	Tau         snn.Value      `json:"tau,omitzero"`         // default 2
	DeltaT      snn.Value      `json:"delta_T,omitzero"`     // default 1
	ThetaRh     snn.Value      `json:"theta_rh,omitzero"`    // default 0.8
	VRest       snn.Value      `json:"v_rest,omitzero"`      // default 0
	VThreshold  snn.Value      `json:"v_threshold,omitzero"` // default 1
	VReset      snn.Value      `json:"v_reset,omitzero"`     // default -0.1
	SoftReset   bool           `json:"soft_reset,omitzero"`
	DetachReset bool           `json:"detach_reset,omitzero"`
	Surrogate   surrogate.Func `json:"surrogate_function,omitzero"` // default Sigmoid(4)
}

// Type returns "spikingjelly.EIF".
func (EIF) Type() string { return "spikingjelly.EIF" }

// Build works for every shape.
func (l EIF) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, to, err := hard(l.SoftReset, l.VReset, -0.1)
	if err != nil {
		return nil, err
	}
	plan, err := snn.EIF{
		Rest: l.VRest, Sharpness: l.DeltaT, Rheobase: l.ThetaRh, Tau: l.Tau, Threshold: l.VThreshold,
		Reset: reset, ResetTo: to, Surrogate: l.Surrogate.Or(standard), Detach: snn.DetachSpikeInReset.When(l.DetachReset),
	}.Build(in)
	return startAt(to, plan, err)
}

// Izhikevich is IzhikevichNode:
//
//	v = v + (x + a0*(v - v_rest)*(v - v_c) - w)/tau
//	w = w + (a*(v - v_rest) - w)/tau_w
//	s = v >= v_threshold; then the reset
//	w = w + b*s
type Izhikevich struct {
	Tau         snn.Value      `json:"tau,omitzero"`         // default 2
	VC          snn.Value      `json:"v_c,omitzero"`         // default 0.8
	A0          snn.Value      `json:"a0,omitzero"`          // default 1
	VRest       snn.Value      `json:"v_rest,omitzero"`      // default -0.1
	TauW        snn.Value      `json:"tau_w,omitzero"`       // default 2
	A           snn.Value      `json:"a,omitzero"`           // default 0
	B           snn.Value      `json:"b,omitzero"`           // default 0
	VThreshold  snn.Value      `json:"v_threshold,omitzero"` // default 1
	VReset      snn.Value      `json:"v_reset,omitzero"`     // default 0
	SoftReset   bool           `json:"soft_reset,omitzero"`
	DetachReset bool           `json:"detach_reset,omitzero"`
	Surrogate   surrogate.Func `json:"surrogate_function,omitzero"` // default Sigmoid(4)
}

// Type returns "spikingjelly.Izhikevich".
func (Izhikevich) Type() string { return "spikingjelly.Izhikevich" }

// Build works for every shape.
func (l Izhikevich) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, to, err := hard(l.SoftReset, l.VReset, 0)
	if err != nil {
		return nil, err
	}
	plan, err := snn.QIF{
		Square: l.A0, Rest: snn.Num(l.VRest.Or(-0.1)), Critical: l.VC, Tau: l.Tau, Threshold: l.VThreshold,
		Reset: reset, ResetTo: to, Adaptive: true, Follow: snn.Num(l.A.Or(0)), TauW: l.TauW, Jump: l.B,
		Surrogate: l.Surrogate.Or(standard), Detach: snn.DetachSpikeInReset.When(l.DetachReset),
	}.Build(in)
	return startAt(to, plan, err)
}

// LI is NonSpikingLIFNode: v = v + (x - v)/tau, or v - v/tau + x with
// NoDecayInput.
type LI struct {
	Tau          snn.Value `json:"tau,omitzero"` // default 2
	NoDecayInput bool      `json:"no_decay_input,omitzero"`
}

// Type returns "spikingjelly.LI".
func (LI) Type() string { return "spikingjelly.LI" }

// Build works for every shape.
func (l LI) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.Translate(in, snn.LI{Bias: snn.Zero}, []snn.Number{{Name: "tau", Value: l.Tau, Standard: 2}}, func(p snn.Numbers) snn.Numbers {
		return leak(snn.Map(func(tau float64) float64 { return 1 / tau }, p["tau"]), 0, !l.NoDecayInput)
	})
}
