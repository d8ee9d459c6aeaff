// Package lava is the neuron of Lava-DL (github.com/lava-nc/lava-dl, d825ac5)
// under its own name and arguments, as a layer, in float arithmetic: CUBA is
// snn.LIF with a Synapse. Loihi's fixed point is not reproduced.
package lava

import (
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

func init() { snn.Register(CUBA{}) }

// CUBA is lava.lib.dl.slayer.neuron.cuba without its quantization:
//
//	i = (1-current_decay)*i + x
//	v = (1-voltage_decay)*v + i + bias
//	s = v >= threshold
//	v = v*(1-s)
//
// Its parameters are current_decay and voltage_decay.
type CUBA struct {
	CurrentDecay snn.Value      `json:"current_decay,omitzero"` // default 0.25
	VoltageDecay snn.Value      `json:"voltage_decay,omitzero"` // default 0.03
	Bias         snn.Value      `json:"bias,omitzero"`          // default 0
	Threshold    snn.Value      `json:"threshold,omitzero"`     // default 1
	Surrogate    surrogate.Func `json:"surrogate,omitzero"`
}

// Type returns "lava.CUBA".
func (CUBA) Type() string { return "lava.CUBA" }

// Build works for every shape.
func (l CUBA) Build(in tensor.Shape) (*snn.Plan, error) {
	inner := snn.LIF{Bias: l.Bias, Synapse: snn.Synapse{Decay: 0.75}, Threshold: l.Threshold, Reset: snn.ResetToZero, Surrogate: l.Surrogate, Detach: snn.DetachSpikeInReset}
	rest := func(d float64) float64 { return 1 - d }
	return snn.Translate(in, inner, []snn.Number{
		{Name: "current_decay", Value: l.CurrentDecay, Standard: 0.25}, {Name: "voltage_decay", Value: l.VoltageDecay, Standard: 0.03},
	}, func(p snn.Numbers) snn.Numbers {
		return snn.Numbers{"synapse_decay": snn.Map(rest, p["current_decay"]), "decay": snn.Map(rest, p["voltage_decay"])}
	})
}
