// Package norse is the neurons of Norse 1.1.0 (github.com/norse/norse) under
// their own names and parameters, as layers. The recurrent ones are these with
// a feedback around them.
//
//	Norse                              here         equals
//	lif_feed_forward_step, LIFCell     LIF          snn.LIF with a Synapse of ArrivalEarly, Strict
//	lif_box_feed_forward_step          LIFBox       snn.LIF, Strict
//	li_feed_forward_step, LICell       LI           snn.LI with a Synapse of ArrivalEarly
//	li_box_feed_forward_step           LIBox        snn.LI
//	iaf_feed_forward_step              IAF          snn.IF, Strict
//	lsnn_feed_forward_step, LSNNCell   LSNN         snn.ALIF with a Synapse of ArrivalLate, Strict
//	ada_lif_step                       AdaLIF       snn.AdaptiveLIF with a Synapse of ArrivalLate, Strict
//	izhikevich_feed_forward_step       Izhikevich   snn.Izhikevich, Strict
//
// Time constants are inverse, in 1/s, and DT is in seconds: 0.001 by default.
// Norse's super surrogate ignores its alpha in this version, and is the default.
package norse

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() {
	for _, l := range []snn.Layer{LIF{}, LIFBox{}, LI{}, LIBox{}, IAF{}, LSNN{}, AdaLIF{}, Izhikevich{}} {
		snn.Register(l)
	}
}

// standard is the surrogate of neurons that name none.
var standard = surrogate.FastSigmoid(1)

func step(dt snn.Value) float64 { return dt.Wide(0.001) }

// The parameters that cells share, with Norse's defaults.
func synapse(v snn.Value) snn.Number { return snn.Number{Name: "tau_syn_inv", Value: v, Standard: 200} }
func membrane(v snn.Value) snn.Number {
	return snn.Number{Name: "tau_mem_inv", Value: v, Standard: 100}
}
func leak(v snn.Value) snn.Number  { return snn.Number{Name: "v_leak", Value: v} }
func level(v snn.Value) snn.Number { return snn.Number{Name: "v_th", Value: v, Standard: 1} }
func reset(v snn.Value) snn.Number { return snn.Number{Name: "v_reset", Value: v} }

// euler are the decay, gain and constant current of v + dt*tau_mem_inv*(v_leak - v + x).
func euler(p snn.Numbers, dt float64) snn.Numbers {
	return snn.Numbers{
		"decay": snn.Map(func(t float64) float64 { return 1 - float64(dt*t) }, p["tau_mem_inv"]),
		"gain":  snn.Map(func(t float64) float64 { return dt * t }, p["tau_mem_inv"]),
		"bias":  snn.Map2(func(t, v float64) float64 { return dt * t * v }, p["tau_mem_inv"], p["v_leak"]),
	}
}

func decay(inverse []float64, dt float64) []float64 {
	return snn.Map(func(t float64) float64 { return 1 - float64(dt*t) }, inverse)
}

// LIF is lif_feed_forward_step:
//
//	i = i + x
//	v = v + dt*tau_mem_inv*(v_leak - v + i)
//	z = v > v_th
//	i = i - dt*tau_syn_inv*i
//	v = (1-z)*v + z*v_reset
type LIF struct {
	TauSynInv snn.Value      `json:"tau_syn_inv,omitzero"` // default 200
	TauMemInv snn.Value      `json:"tau_mem_inv,omitzero"` // default 100
	VLeak     snn.Value      `json:"v_leak,omitzero"`      // default 0
	VTh       snn.Value      `json:"v_th,omitzero"`        // default 1
	VReset    snn.Value      `json:"v_reset,omitzero"`     // default 0
	DT        snn.Value      `json:"dt,omitzero"`          // default 0.001
	Method    surrogate.Func `json:"method,omitzero"`
	Detach    bool           `json:"detach,omitzero"` // as lif_step does
}

// Type returns "norse.LIF".
func (LIF) Type() string { return "norse.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Bias: snn.Zero, Synapse: snn.Synapse{Decay: 0.8, Arrival: snn.ArrivalEarly}, Strict: true, Reset: snn.ResetToValue, Surrogate: l.Method.Or(standard), Detach: snn.DetachSpikeInReset.When(l.Detach)}
	numbers := []snn.Number{synapse(l.TauSynInv), membrane(l.TauMemInv), leak(l.VLeak), level(l.VTh), reset(l.VReset)}
	return snn.Translate(in, inner, numbers, func(p snn.Numbers) snn.Numbers {
		native := euler(p, step(l.DT))
		native["synapse_decay"] = decay(p["tau_syn_inv"], step(l.DT))
		native["threshold"], native["reset"] = p["v_th"], p["v_reset"]
		return native
	})
}

// Reset is that of [LIFBox]: "value" or "subtract".
type Reset string

// LIFBox is lif_box_feed_forward_step; Reset "subtract" is its
// reset_subtract, which subtracts v_th:
//
//	v = v + dt*tau_mem_inv*(x + v_leak - v)
//	z = v > v_th
//	v = (1-z)*v + z*v_reset
type LIFBox struct {
	TauMemInv snn.Value      `json:"tau_mem_inv,omitzero"` // default 100
	VLeak     snn.Value      `json:"v_leak,omitzero"`      // default 0
	VTh       snn.Value      `json:"v_th,omitzero"`        // default 1
	VReset    snn.Value      `json:"v_reset,omitzero"`     // for the reset "value"; default 0
	DT        snn.Value      `json:"dt,omitzero"`          // default 0.001
	Reset     Reset          `json:"reset,omitzero"`       // default "value"
	Method    surrogate.Func `json:"method,omitzero"`
}

// Type returns "norse.LIFBox".
func (LIFBox) Type() string { return "norse.LIFBox" }

// Build works for every shape.
func (l LIFBox) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Bias: snn.Zero, Strict: true, Surrogate: l.Method.Or(standard)}
	numbers := []snn.Number{membrane(l.TauMemInv), leak(l.VLeak), level(l.VTh)}
	switch l.Reset {
	case "", "value":
		inner.Reset = snn.ResetToValue
		numbers = append(numbers, reset(l.VReset))
	case "subtract":
		if err := presetkit.Refuse(l.VReset != 0, "VReset with the reset \"subtract\""); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("%w: Norse has no reset %q", snn.ErrOption, string(l.Reset))
	}
	return snn.Translate(in, inner, numbers, func(p snn.Numbers) snn.Numbers {
		native := euler(p, step(l.DT))
		native["threshold"] = p["v_th"]
		if inner.Reset == snn.ResetToValue {
			native["reset"] = p["v_reset"]
		}
		return native
	})
}

// LI is li_feed_forward_step:
//
//	i = i + x
//	v = v + dt*tau_mem_inv*(v_leak - v + i)
//	i = i - dt*tau_syn_inv*i
type LI struct {
	TauSynInv snn.Value `json:"tau_syn_inv,omitzero"` // default 200
	TauMemInv snn.Value `json:"tau_mem_inv,omitzero"` // default 100
	VLeak     snn.Value `json:"v_leak,omitzero"`      // default 0
	DT        snn.Value `json:"dt,omitzero"`          // default 0.001
}

// Type returns "norse.LI".
func (LI) Type() string { return "norse.LI" }

// Build works for every shape.
func (l LI) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LI{Bias: snn.Zero, Synapse: snn.Synapse{Decay: 0.8, Arrival: snn.ArrivalEarly}}
	return snn.Translate(in, inner, []snn.Number{synapse(l.TauSynInv), membrane(l.TauMemInv), leak(l.VLeak)}, func(p snn.Numbers) snn.Numbers {
		native := euler(p, step(l.DT))
		native["synapse_decay"] = decay(p["tau_syn_inv"], step(l.DT))
		return native
	})
}

// LIBox is li_box_feed_forward_step: v = v + dt*tau_mem_inv*(v_leak - v + x).
type LIBox struct {
	TauMemInv snn.Value `json:"tau_mem_inv,omitzero"` // default 100
	VLeak     snn.Value `json:"v_leak,omitzero"`      // default 0
	DT        snn.Value `json:"dt,omitzero"`          // default 0.001
}

// Type returns "norse.LIBox".
func (LIBox) Type() string { return "norse.LIBox" }

// Build works for every shape.
func (l LIBox) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.Translate(in, snn.LI{Bias: snn.Zero}, []snn.Number{membrane(l.TauMemInv), leak(l.VLeak)}, func(p snn.Numbers) snn.Numbers {
		return euler(p, step(l.DT))
	})
}

// IAF is iaf_feed_forward_step: v = v + x; z = v > v_th; v = v_reset where z.
type IAF struct {
	VTh    snn.Value      `json:"v_th,omitzero"`    // default 1
	VReset snn.Value      `json:"v_reset,omitzero"` // default 0
	Method surrogate.Func `json:"method,omitzero"`
}

// Type returns "norse.IAF".
func (IAF) Type() string { return "norse.IAF" }

// Build works for every shape.
func (l IAF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.IF{Strict: true, Reset: snn.ResetToValue, Surrogate: l.Method.Or(standard)}
	return snn.Translate(in, inner, []snn.Number{level(l.VTh), reset(l.VReset)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"threshold": p["v_th"], "reset": p["v_reset"]}
	})
}

// LSNN is lsnn_feed_forward_step, whose threshold b relaxes to v_th, and whose
// membrane reads the current of the step before:
//
//	v = v + dt*tau_mem_inv*(v_leak - v + i)
//	i = i - dt*tau_syn_inv*i
//	b = b + dt*tau_adapt_inv*(v_th - b)
//	z = v > b
//	v = (1-z)*v + z*v_reset
//	b = b + z*beta
//	i = i + x
//
// b starts at VTh.
type LSNN struct {
	TauSynInv   snn.Value      `json:"tau_syn_inv,omitzero"`   // default 200
	TauMemInv   snn.Value      `json:"tau_mem_inv,omitzero"`   // default 100
	TauAdaptInv snn.Value      `json:"tau_adapt_inv,omitzero"` // default 1/800
	VLeak       snn.Value      `json:"v_leak,omitzero"`        // default 0
	VTh         snn.Value      `json:"v_th,omitzero"`          // default 1
	VReset      snn.Value      `json:"v_reset,omitzero"`       // default 0
	Beta        snn.Value      `json:"beta,omitzero"`          // default 1.8
	DT          snn.Value      `json:"dt,omitzero"`            // default 0.001
	Method      surrogate.Func `json:"method,omitzero"`
	Detach      bool           `json:"detach,omitzero"` // as lsnn_step does
}

// Type returns "norse.LSNN".
func (LSNN) Type() string { return "norse.LSNN" }

// Build works for every shape.
func (l LSNN) Build(in tensor.Shape) (*snn.Plan, error) {
	start := l.VTh
	if start == 0 {
		start = 1
	}
	inner := snn.ALIF{Bias: snn.Zero, Synapse: snn.Synapse{Decay: 0.8, Arrival: snn.ArrivalLate}, StartA: start, Strict: true, Reset: snn.ResetToValue, Surrogate: l.Method.Or(standard), Detach: snn.DetachSpikeInReset.When(l.Detach)}
	numbers := []snn.Number{
		synapse(l.TauSynInv), membrane(l.TauMemInv), leak(l.VLeak), level(l.VTh), reset(l.VReset),
		{Name: "tau_adapt_inv", Value: l.TauAdaptInv, Standard: 1.0 / 800}, {Name: "beta", Value: l.Beta, Standard: 1.8},
	}
	return snn.Translate(in, inner, numbers, func(p snn.Numbers) snn.Numbers {
		dt := step(l.DT)
		native := euler(p, dt)
		native["synapse_decay"] = decay(p["tau_syn_inv"], dt)
		native["adapt_decay"] = decay(p["tau_adapt_inv"], dt)
		native["coupling"] = native["adapt_decay"]
		relax := snn.Map2(func(t, v float64) float64 { return dt * t * v }, p["tau_adapt_inv"], p["v_th"])
		native["threshold"], native["adapt_bias"] = relax, relax
		native["adapt_gain"], native["reset"] = p["beta"], p["v_reset"]
		return native
	})
}

// AdaLIF is ada_lif_step without its weights: a current b that spikes raise
// works against the input.
//
//	v = v + dt*tau_mem_inv*(v_leak - v + i - b)
//	i = i - dt*tau_syn_inv*i
//	b = b - dt*tau_adapt_inv*b
//	z = v > v_th
//	v = v - z*(v_th - v_reset)
//	b = b + z*beta
//	i = i + x
type AdaLIF struct {
	TauSynInv   snn.Value      `json:"tau_syn_inv,omitzero"`   // default 200
	TauMemInv   snn.Value      `json:"tau_mem_inv,omitzero"`   // default 100
	TauAdaptInv snn.Value      `json:"tau_adapt_inv,omitzero"` // default 1/800
	VLeak       snn.Value      `json:"v_leak,omitzero"`        // default 0
	VTh         snn.Value      `json:"v_th,omitzero"`          // default 1
	VReset      snn.Value      `json:"v_reset,omitzero"`       // default 0
	Beta        snn.Value      `json:"beta,omitzero"`          // default 1.8
	DT          snn.Value      `json:"dt,omitzero"`            // default 0.001
	Method      surrogate.Func `json:"method,omitzero"`
}

// Type returns "norse.AdaLIF".
func (AdaLIF) Type() string { return "norse.AdaLIF" }

// Build works for every shape.
func (l AdaLIF) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.AdaptiveLIF{
		Bias: snn.Zero, Synapse: snn.Synapse{Decay: 0.8, Arrival: snn.ArrivalLate}, Coupling: -1, AdaptFollow: snn.Zero,
		Amount: 1, Strict: true, Surrogate: l.Method.Or(standard),
	}
	numbers := []snn.Number{
		synapse(l.TauSynInv), membrane(l.TauMemInv), leak(l.VLeak), level(l.VTh), reset(l.VReset),
		{Name: "tau_adapt_inv", Value: l.TauAdaptInv, Standard: 1.0 / 800}, {Name: "beta", Value: l.Beta, Standard: 1.8},
	}
	return snn.Translate(in, inner, numbers, func(p snn.Numbers) snn.Numbers {
		native := euler(p, step(l.DT))
		native["synapse_decay"] = decay(p["tau_syn_inv"], step(l.DT))
		native["adapt_decay"], native["adapt_gain"] = decay(p["tau_adapt_inv"], step(l.DT)), p["beta"]
		native["threshold"] = p["v_th"]
		native["amount"] = snn.Map2(func(th, r float64) float64 { return th - r }, p["v_th"], p["v_reset"])
		return native
	})
}

// Izhikevich is izhikevich_feed_forward_step:
//
//	v = v + tau_inv*dt*(sq*v^2 + mn*v + bias - u + x)
//	u = u + tau_inv*dt*a*(b*v - u)   (the old v)
//	z = v > v_th
//	v = c where z; u = u + d where z
type Izhikevich struct {
	A      snn.Value      `json:"a,omitzero"`       // default 0.02
	B      snn.Value      `json:"b,omitzero"`       // default 0.2
	C      snn.Value      `json:"c,omitzero"`       // default -65
	D      snn.Value      `json:"d,omitzero"`       // default 8
	Sq     snn.Value      `json:"sq,omitzero"`      // default 0.04
	Mn     snn.Value      `json:"mn,omitzero"`      // default 5
	Bias   snn.Value      `json:"bias,omitzero"`    // default 140
	VTh    snn.Value      `json:"v_th,omitzero"`    // default 30
	TauInv snn.Value      `json:"tau_inv,omitzero"` // default 250
	DT     snn.Value      `json:"dt,omitzero"`      // default 0.001
	Method surrogate.Func `json:"method,omitzero"`
}

// Type returns "norse.Izhikevich".
func (Izhikevich) Type() string { return "norse.Izhikevich" }

// Build works for every shape.
func (l Izhikevich) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.Izhikevich{Value: l.C, Sensitivity: l.B, Strict: true, Surrogate: l.Method.Or(standard)}
	return snn.Translate(in, inner, []snn.Number{
		{Name: "a", Value: l.A, Standard: 0.02}, {Name: "b", Value: l.B, Standard: 0.2},
		{Name: "c", Value: l.C, Standard: -65}, {Name: "d", Value: l.D, Standard: 8},
		{Name: "sq", Value: l.Sq, Standard: 0.04}, {Name: "mn", Value: l.Mn, Standard: 5}, {Name: "bias", Value: l.Bias, Standard: 140},
		{Name: "v_th", Value: l.VTh, Standard: 30}, {Name: "tau_inv", Value: l.TauInv, Standard: 250},
	}, func(p snn.Numbers) snn.Numbers {
		rate := snn.Map(func(t float64) float64 { return t * step(l.DT) }, p["tau_inv"])
		return snn.Numbers{
			"square": p["sq"], "linear": p["mn"], "constant": p["bias"], "rate": rate,
			"recovery":    snn.Map2(func(k, a float64) float64 { return k * a }, rate, p["a"]),
			"sensitivity": p["b"], "threshold": p["v_th"], "value": p["c"], "jump": p["d"],
		}
	})
}
