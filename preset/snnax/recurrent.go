package snnax

import (
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
)

// SRM is SNNAX's spike response model, which cannot be constructed there, by
// its equations:
//
//	p = decay[0]*p + (1-decay[0])*x
//	q = decay[1]*q + (1-decay[1])*p
//	v = W*q + b - r                (see snn.SpikeResponse)
//
// Within, the traces are the layers "0" and "1", W and b the parameters of
// "2".
type SRM struct {
	Out           int
	Decays        [2]snn.Value // kept from 0.5 to 1; default 0.9
	ResponseDecay snn.Value    // of r, likewise
	ResetVal      snn.Value    // kept from 0 to 2; default 1
	Threshold     snn.Value    // default 1
	// AsWritten adds ResetVal to r as the code says; else as it must mean.
	AsWritten bool
}

// Compound is the layers of the model.
func (s SRM) Compound() forward.Compound {
	trace := func(d snn.Value) snn.Layer {
		return snn.LI{Decay: kept(d, 0.9, 0.5, 1), Normalised: true}
	}
	response := snn.SpikeResponse{
		Detach: snn.DetachSpike,
		Decay:  kept(s.ResponseDecay, 0.9, 0.5, 1), Scale: kept(s.ResetVal, 1, 0, 2), Threshold: s.Threshold,
	}
	if s.AsWritten {
		response.Jump = response.Scale
	}
	return forward.Compound{trace(s.Decays[0]), trace(s.Decays[1]), snn.Linear{Out: s.Out}, response}
}

// kept is a number within SNNAX's bounds.
func kept(v snn.Value, standard, low, high float32) snn.Value {
	return snn.Value(min(max(v.Or(standard), low), high))
}
