// Package snntorch is the neurons of snnTorch 1.0.0 (github.com/jeshraghian/
// snntorch) under their own names and arguments, as layers. Their parameters
// carry snnTorch's names, so that weights load as they are.
//
//	snnTorch    here                  equals
//	Leaky       Leaky{Beta: 0.9}      snn.LIF, Strict; subtract TimingNextStep, zero TimingNextStepDecayed
//	Synaptic    Synaptic{...}         snn.LIF with a Synapse; every reset TimingNextStep
//	Alpha       Alpha{...}            snn.Alpha
//	Lapicque    Lapicque{...}         snn.LIF, Strict; every reset TimingNextStep
//
// A reset happens at the next step, after snnTorch's reset_delay=True, unless
// NoResetDelay is set. Spikes are sent above the threshold, not at it.
package snntorch

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/presetkit"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() {
	for _, l := range []snn.Layer{Leaky{}, Synaptic{}, Alpha{}, Lapicque{}} {
		snn.Register(l)
	}
}

// Reset is snnTorch's reset_mechanism: "subtract" (the default of all but
// Alpha), "zero" or "none".
type Reset string

// reset is ours, and its timing. whole says that the delayed reset to zero
// wipes the new input too.
func (r Reset) reset(noDelay, whole bool) (snn.Reset, snn.Timing, error) {
	switch {
	case r == "none":
		return snn.ResetNone, snn.TimingThisStep, presetkit.Refuse(noDelay, `NoResetDelay with the reset "none"`)
	case (r == "" || r == "subtract") && noDelay:
		return snn.ResetSubtract, snn.TimingUndelayed, nil
	case r == "" || r == "subtract":
		return snn.ResetSubtract, snn.TimingNextStep, nil
	case r == "zero" && noDelay && whole:
		return snn.ResetToZero, snn.TimingUndelayedNext, nil
	case r == "zero" && noDelay:
		return snn.ResetToZero, snn.TimingUndelayed, nil
	case r == "zero" && whole:
		return snn.ResetToZero, snn.TimingNextStep, nil
	case r == "zero":
		return snn.ResetToZero, snn.TimingNextStepDecayed, nil
	}
	return 0, 0, fmt.Errorf("%w: snnTorch has no reset mechanism %q", snn.ErrOption, string(r))
}

// standard is the surrogate of neurons that name none.
var standard = surrogate.ATan(2)

// unit keeps a decay from 0 to 1, as snnTorch does in use.
func unit(v float64) float64 { return min(max(v, 0), 1) }

// Leaky is snntorch.Leaky:
//
//	R = v > threshold   (of the last step)
//	v = beta*v + x - R*threshold          ("subtract")
//	v = beta*((1-R)*v) + x                ("zero")
//	s = v > threshold
//
// WholeReset makes the reset to zero wipe the new input too, as snnTorch does in
// RLeaky. Its parameters are beta, threshold, and graded_spikes_factor if that
// is set.
type Leaky struct {
	Beta               snn.Value      `json:"beta,omitzero"`      // default 0.9
	Threshold          snn.Value      `json:"threshold,omitzero"` // default 1
	Reset              Reset          `json:"reset,omitzero"`
	NoResetDelay       bool           `json:"no_reset_delay,omitzero"`
	WholeReset         bool           `json:"whole_reset,omitzero"`
	GradedSpikesFactor snn.Value      `json:"graded_spikes_factor,omitzero"` // default plain spikes
	SpikeGrad          surrogate.Func `json:"spike_grad,omitzero"`           // default ATan(2)
}

// Type returns "snntorch.Leaky".
func (Leaky) Type() string { return "snntorch.Leaky" }

// Build works for every shape.
func (l Leaky) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, timing, err := l.Reset.reset(l.NoResetDelay, l.WholeReset)
	if err == nil {
		err = presetkit.Refuse(l.WholeReset && reset != snn.ResetToZero, `WholeReset goes with the reset "zero"`)
	}
	if err != nil {
		return nil, err
	}
	inner := snn.LIF{Strict: true, Reset: reset, Timing: timing, Graded: l.GradedSpikesFactor, Surrogate: l.SpikeGrad.Or(standard), Detach: snn.DetachSpikeInReset.When(!l.NoResetDelay && reset != snn.ResetNone)}
	numbers := []snn.Number{{Name: "beta", Value: l.Beta, Standard: 0.9}, {Name: "threshold", Value: l.Threshold, Standard: 1}}
	if l.GradedSpikesFactor != 0 {
		numbers = append(numbers, snn.Number{Name: "graded_spikes_factor", Value: l.GradedSpikesFactor})
	}
	return snn.Translate(in, inner, numbers, func(p snn.Numbers) snn.Numbers {
		native := snn.Numbers{"decay": snn.Map(unit, p["beta"]), "threshold": p["threshold"]}
		if l.GradedSpikesFactor != 0 {
			native["graded"] = p["graded_spikes_factor"]
		}
		return native
	})
}

// Synaptic is snntorch.Synaptic:
//
//	R = v > threshold   (of the last step)
//	i = alpha*i + x
//	v = beta*v + i - R*threshold          ("subtract")
//	v = (1-R)*(beta*v + i)                ("zero")
//	s = v > threshold
//
// Its parameters are alpha, beta and threshold.
type Synaptic struct {
	Alpha        snn.Value      `json:"alpha,omitzero"`     // default 0.9
	Beta         snn.Value      `json:"beta,omitzero"`      // default 0.8
	Threshold    snn.Value      `json:"threshold,omitzero"` // default 1
	Reset        Reset          `json:"reset,omitzero"`
	NoResetDelay bool           `json:"no_reset_delay,omitzero"`
	SpikeGrad    surrogate.Func `json:"spike_grad,omitzero"` // default ATan(2)
}

// Type returns "snntorch.Synaptic".
func (Synaptic) Type() string { return "snntorch.Synaptic" }

// Build works for every shape.
func (l Synaptic) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, timing, err := l.Reset.reset(l.NoResetDelay, true)
	if err != nil {
		return nil, err
	}
	inner := snn.LIF{Synapse: snn.Synapse{Decay: 0.9}, Strict: true, Reset: reset, Timing: timing, Surrogate: l.SpikeGrad.Or(standard), Detach: snn.DetachSpikeInReset.When(!l.NoResetDelay && reset != snn.ResetNone)}
	return snn.Translate(in, inner, []snn.Number{
		{Name: "alpha", Value: l.Alpha, Standard: 0.9}, {Name: "beta", Value: l.Beta, Standard: 0.8}, {Name: "threshold", Value: l.Threshold, Standard: 1},
	}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"synapse_decay": snn.Map(unit, p["alpha"]), "decay": snn.Map(unit, p["beta"]), "threshold": p["threshold"]}
	})
}

// Alpha is snntorch.Alpha, whose equations are those of [snn.Alpha]. Its
// parameters are alpha, beta and threshold; its reset is "zero" by default.
type Alpha struct {
	Alpha     snn.Value      `json:"alpha,omitzero"`     // default 0.9
	Beta      snn.Value      `json:"beta,omitzero"`      // default 0.8
	Threshold snn.Value      `json:"threshold,omitzero"` // default 1
	Reset     Reset          `json:"reset,omitzero"`
	SpikeGrad surrogate.Func `json:"spike_grad,omitzero"` // default ATan(2)
}

// Type returns "snntorch.Alpha".
func (Alpha) Type() string { return "snntorch.Alpha" }

// Build works for every shape.
func (l Alpha) Build(in tensor.Shape) (*snn.Plan, error) {
	if l.Reset == "" {
		l.Reset = "zero"
	}
	reset, _, err := l.Reset.reset(false, true)
	if err != nil {
		return nil, err
	}
	return snn.Alpha{Alpha: l.Alpha, Beta: l.Beta, Threshold: l.Threshold, Reset: reset, Surrogate: l.SpikeGrad.Or(standard)}.Build(in)
}

// Lapicque is snntorch.Lapicque:
//
//	R = v > threshold   (of the last step)
//	k = time_step/(R_ohm*C)
//	v = x*R_ohm*k + (1-k)*v - R*threshold       ("subtract")
//	v = (1-R)*(x*R_ohm*k + (1-k)*v)             ("zero")
//	s = v > threshold
//
// Its parameters are R, C and threshold.
type Lapicque struct {
	R            snn.Value      `json:"R,omitzero"`         // default 5
	C            snn.Value      `json:"C,omitzero"`         // default 1
	TimeStep     snn.Value      `json:"time_step,omitzero"` // default 1
	Threshold    snn.Value      `json:"threshold,omitzero"` // default 1
	Reset        Reset          `json:"reset,omitzero"`
	NoResetDelay bool           `json:"no_reset_delay,omitzero"`
	SpikeGrad    surrogate.Func `json:"spike_grad,omitzero"` // default ATan(2)
}

// Type returns "snntorch.Lapicque".
func (Lapicque) Type() string { return "snntorch.Lapicque" }

// Build works for every shape.
func (l Lapicque) Build(in tensor.Shape) (*snn.Plan, error) {
	reset, timing, err := l.Reset.reset(l.NoResetDelay, true)
	if err != nil {
		return nil, err
	}
	step := l.TimeStep.Wide(1)
	inner := snn.LIF{Strict: true, Reset: reset, Timing: timing, Surrogate: l.SpikeGrad.Or(standard), Detach: snn.DetachSpikeInReset.When(!l.NoResetDelay && reset != snn.ResetNone)}
	return snn.Translate(in, inner, []snn.Number{
		{Name: "R", Value: l.R, Standard: 5}, {Name: "C", Value: l.C, Standard: 1}, {Name: "threshold", Value: l.Threshold, Standard: 1},
	}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{
			"decay":     snn.Map2(func(r, c float64) float64 { return 1 - step/(r*c) }, p["R"], p["C"]),
			"gain":      snn.Map2(func(r, c float64) float64 { return r * (step / (r * c)) }, p["R"], p["C"]),
			"threshold": p["threshold"],
		}
	})
}
