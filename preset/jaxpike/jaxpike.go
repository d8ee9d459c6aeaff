// Package jaxpike is the neurons of jaxpike 0.1.4
// (github.com/abdurrezzak/jaxpike) under their own names and arguments, as
// layers. Spikes are sent above the threshold, and reset in the same step.
//
//	jaxpike           here              equals
//	LIF               LIF               snn.LIF, Normalized, Strict
//	LinearLIF         LinearLIF         the same, which never resets
//	LeakyIntegrator   LeakyIntegrator   snn.LI, Normalized
//	ALIF              ALIF              snn.ALIF, Normalized, Strict
//	Izhikevich        Izhikevich        snn.Izhikevich with Substeps, Strict
//
// Time constants are stored as logarithms: the parameter is log_tau.
package jaxpike

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() {
	for _, l := range []snn.Layer{LIF{}, LinearLIF{}, LeakyIntegrator{}, ALIF{}, Izhikevich{}} {
		snn.Register(l)
	}
}

// Reset is "subtract", "zero" or "none".
type Reset string

func (r Reset) reset(standard Reset) (snn.Reset, error) {
	if r == "" {
		r = standard
	}
	switch r {
	case "subtract":
		return snn.ResetSubtract, nil
	case "zero":
		return snn.ResetToZero, nil
	case "none":
		return snn.ResetNone, nil
	}
	return 0, fmt.Errorf("%w: jaxpike has no reset %q", snn.ErrOption, string(r))
}

// standard is the surrogate of neurons that name none.
var standard = surrogate.FastSigmoid(25)

// logTau is the default time constant, 20 steps, as jaxpike stores it.
func logTau(v snn.Value) snn.Number {
	return snn.Number{Name: "log_tau", Value: v, Standard: 2.9957323}
}

// decay is exp(-dt/exp(log_tau)).
func decay(logTau []float64, dt snn.Value) []float64 {
	step := dt.Wide(1)
	return snn.Map(func(l float64) float64 { return detmath.Exp(-step / detmath.Exp(l)) }, logTau)
}

// LIF is jaxpike.neurons.LIF:
//
//	v = al*v + (1-al)*x, al = exp(-dt/exp(log_tau))
//	s = v > threshold
//	v = v - threshold*s, or v*(1-s)
type LIF struct {
	LogTau    snn.Value      `json:"log_tau,omitzero"`   // default ln 20
	Threshold snn.Value      `json:"threshold,omitzero"` // default 1
	DT        snn.Value      `json:"dt,omitzero"`        // default 1
	Reset     Reset          `json:"reset,omitzero"`     // default "subtract"
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default FastSigmoid(25)
}

// Type returns "jaxpike.LIF".
func (LIF) Type() string { return "jaxpike.LIF" }

// Build works for every shape.
func (l LIF) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, err := l.Reset.reset("subtract")
	if err != nil {
		return nil, err
	}
	inner := snn.LIF{Normalized: true, Threshold: l.Threshold, Strict: true, Reset: reset, Surrogate: l.Surrogate.Or(standard)}
	return snn.Translate(in, inner, []snn.Number{logTau(l.LogTau)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": decay(p["log_tau"], l.DT)}
	})
}

// LinearLIF is jaxpike.neurons.LinearLIF: [LIF] without a reset.
type LinearLIF struct {
	LogTau    snn.Value      `json:"log_tau,omitzero"`   // default ln 20
	Threshold snn.Value      `json:"threshold,omitzero"` // default 1
	DT        snn.Value      `json:"dt,omitzero"`        // default 1
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default FastSigmoid(25)
}

// Type returns "jaxpike.LinearLIF".
func (LinearLIF) Type() string { return "jaxpike.LinearLIF" }

// Build works for every shape.
func (l LinearLIF) Build(in tensor.Shape) (*snn.Plan, error) {
	return LIF{l.LogTau, l.Threshold, l.DT, "none", l.Surrogate}.Build(in)
}

// LeakyIntegrator is jaxpike.neurons.LeakyIntegrator: v = al*v + (1-al)*x.
type LeakyIntegrator struct {
	LogTau snn.Value `json:"log_tau,omitzero"` // default ln 20
	DT     snn.Value `json:"dt,omitzero"`      // default 1
}

// Type returns "jaxpike.LeakyIntegrator".
func (LeakyIntegrator) Type() string { return "jaxpike.LeakyIntegrator" }

// Build works for every shape.
func (l LeakyIntegrator) Build(in tensor.Shape) (*snn.Plan, error) {
	return snn.Translate(in, snn.LI{Normalized: true}, []snn.Number{logTau(l.LogTau)}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": decay(p["log_tau"], l.DT)}
	})
}

// ALIF is jaxpike.neurons.ALIF:
//
//	v = al*v + (1-al)*x
//	s = v > threshold + beta*a
//	v = v - (threshold + beta*a)*s, or v*(1-s)
//	a = exp(-dt/exp(log_tau_a))*a + s
type ALIF struct {
	LogTau    snn.Value      `json:"log_tau,omitzero"`   // default ln 20
	LogTauA   snn.Value      `json:"log_tau_a,omitzero"` // default ln 200
	Beta      snn.Value      `json:"beta,omitzero"`      // default 1.8
	Threshold snn.Value      `json:"threshold,omitzero"` // default 1
	DT        snn.Value      `json:"dt,omitzero"`        // default 1
	Reset     Reset          `json:"reset,omitzero"`     // default "subtract"
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default FastSigmoid(25)
}

// Type returns "jaxpike.ALIF".
func (ALIF) Type() string { return "jaxpike.ALIF" }

// Build works for every shape.
func (l ALIF) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, err := l.Reset.reset("subtract")
	if err != nil {
		return nil, err
	}
	inner := snn.ALIF{Normalized: true, AdaptGain: 1, Threshold: l.Threshold, Strict: true, Reset: reset, Surrogate: l.Surrogate.Or(standard)}
	return snn.Translate(in, inner, []snn.Number{
		logTau(l.LogTau), {Name: "log_tau_a", Value: l.LogTauA, Standard: 5.2983174}, {Name: "beta", Value: l.Beta, Standard: 1.8},
	}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"decay": decay(p["log_tau"], l.DT), "adapt_decay": decay(p["log_tau_a"], l.DT), "coupling": p["beta"]}
	})
}

// Izhikevich is jaxpike.neurons.Izhikevich:
//
//	v = clip(v + dt/substeps*(0.04*v^2 + 5*v + 140 - u + x), -200, v_peak+10)   substeps times
//	u = u + dt*a*(b*v - u)
//	s = v > v_peak
//	v = c where s; u = u + d where s
type Izhikevich struct {
	A         snn.Value      `json:"a,omitzero"`         // default 0.02
	B         snn.Value      `json:"b,omitzero"`         // default 0.2
	C         snn.Value      `json:"c,omitzero"`         // default -65
	D         snn.Value      `json:"d,omitzero"`         // default 8
	VPeak     snn.Value      `json:"v_peak,omitzero"`    // default 30
	VScale    snn.Value      `json:"v_scale,omitzero"`   // of the surrogate's argument; default 1
	DT        snn.Value      `json:"dt,omitzero"`        // default 1
	Substeps  int            `json:"substeps,omitzero"`  // 1 or 2; default 2
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default FastSigmoid(25)
}

// Type returns "jaxpike.Izhikevich".
func (Izhikevich) Type() string { return "jaxpike.Izhikevich" }

// Build works for every shape.
func (l Izhikevich) Build(in tensor.Shape) (*snn.Plan, error) {
	dt := l.DT.Wide(1)
	if l.Substeps == 0 {
		l.Substeps = 2
	}
	inner := snn.Izhikevich{Substeps: l.Substeps, Value: l.C, Sensitivity: l.B, Threshold: l.VPeak, Strict: true, Surrogate: l.Surrogate.Or(standard).Scaled(l.VScale.Or(1))}
	return snn.Translate(in, inner, []snn.Number{
		{Name: "a", Value: l.A, Standard: 0.02}, {Name: "b", Value: l.B, Standard: 0.2},
		{Name: "c", Value: l.C, Standard: -65}, {Name: "d", Value: l.D, Standard: 8}, {Name: "v_peak", Value: l.VPeak, Standard: 30},
	}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{
			"rate":        snn.Map(func(float64) float64 { return dt / float64(l.Substeps) }, p["a"]),
			"recovery":    snn.Map(func(a float64) float64 { return dt * a }, p["a"]),
			"sensitivity": p["b"], "value": p["c"], "jump": p["d"], "threshold": p["v_peak"],
			"high": snn.Map(func(v float64) float64 { return v + 10 }, p["v_peak"]),
		}
	})
}
