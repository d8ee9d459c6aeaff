package snnax

import (
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// SRM is SNNAX's spike response model, which cannot be constructed there, by
// its equations:
//
//	p = decay[0]*p + (1-decay[0])*x
//	q = decay[1]*q + (1-decay[1])*p
//	u = W*q + b - reset_val*r      (see [Response])
//	s = u >= threshold
//
// Within, the traces are the layers "0" and "1", W and b the parameters of
// "2".
type SRM struct {
	Out           int
	Decays        [2]snn.Value // kept from 0.5 to 1 in use; default 0.9
	ResponseDecay snn.Value    // of r, likewise
	ResetVal      snn.Value    // kept from 0 to 2 in use; default 1
	Threshold     snn.Value    // default 1
	// AsWritten adds ResetVal to r as the code says; else as it must mean.
	AsWritten bool
	SpikeFn   surrogate.Func // default SuperSpike(10)
}

// Compound is the layers of the model.
func (s SRM) Compound() forward.Compound {
	return forward.Compound{
		SimpleLI{Decay: s.Decays[0]}, SimpleLI{Decay: s.Decays[1]}, snn.Linear{Out: s.Out},
		Response{s.ResponseDecay, s.ResetVal, s.Threshold, s.AsWritten, s.SpikeFn},
	}
}

// Response is the firing part of [SRM], [snn.SpikeResponse]: a trace of its own
// spikes holds the neuron back.
//
//	r = ga*r + s       (s of the step before; reset_val*s AsWritten)
//	u = x - reset_val*r
//	s = u >= threshold
//
// Its parameters are r_decay_constants (ga, kept from 0.5 to 1 in use) and
// reset_val (kept from 0 to 2).
type Response struct {
	RDecayConstants snn.Value      `json:"r_decay_constants,omitzero"` // default 0.9
	ResetVal        snn.Value      `json:"reset_val,omitzero"`         // default 1
	Threshold       snn.Value      `json:"threshold,omitzero"`         // default 1
	AsWritten       bool           `json:"as_written,omitzero"`        // reset_val is also what a spike adds to r
	SpikeFn         surrogate.Func `json:"spike_fn,omitzero"`          // default SuperSpike(10)
}

// Type returns "snnax.Response".
func (Response) Type() string { return "snnax.Response" }

// Build works for every shape.
func (l Response) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.SpikeResponse{Threshold: l.Threshold, Surrogate: l.SpikeFn, Detach: snn.DetachSpikeInReset}
	return snn.Translate(in, inner, []snn.Number{
		{Name: "r_decay_constants", Value: l.RDecayConstants, Standard: 0.9}, {Name: "reset_val", Value: l.ResetVal, Standard: 1},
	}, func(p snn.Numbers) snn.Numbers {
		native := snn.Numbers{"decay": snn.Map(decayRange, p["r_decay_constants"]), "scale": snn.Map(clamp(0, 2), p["reset_val"])}
		if l.AsWritten {
			native["jump"] = native["scale"]
		}
		return native
	})
}
