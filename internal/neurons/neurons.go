// Package neurons lists a layer for every kernel of package snn.
package neurons

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
)

// Neuron is a layer of one of the library's neurons.
type Neuron struct {
	Name  string
	Layer snn.Layer
}

// All are layers that between them use every kernel of package snn. The inputs of
// the table of hashes are drawn by their names, which therefore stay.
func All() []Neuron {
	list := []Neuron{
		{"LI", snn.LI{}}, {"LI, Bias", snn.LI{Bias: 0.1}},
		{"Synapse, Late", snn.Synapse{Arrival: snn.ArrivalLate}}, {"Synapse, Early", snn.Synapse{Arrival: snn.ArrivalEarly}},
		{"LIF, NoReset", snn.LIF{Reset: snn.ResetNone}},
	}
	for _, r := range []snn.Reset{snn.ResetSubtract, snn.ResetToZero} {
		for t := snn.TimingThisStep; t <= snn.TimingOldMembraneDecayed; t++ {
			if t != snn.TimingUndelayedNext || r != snn.ResetSubtract {
				list = append(list, Neuron{fmt.Sprintf("LIF, %v, %v", r, t), snn.LIF{Reset: r, Timing: t}})
				list = append(list, Neuron{fmt.Sprintf("LIF, %v, %v, Bias", r, t), snn.LIF{Reset: r, Timing: t, Bias: 0.1}})
			}
		}
	}
	for _, r := range []snn.Reset{snn.ResetSubtract, snn.ResetToZeroPlus} {
		list = append(list,
			Neuron{fmt.Sprintf("LIF, Floor, %v", r), snn.LIF{Reset: r, Floor: -1}},
			Neuron{fmt.Sprintf("LIF, Several, %v", r), snn.LIF{Reset: r, MultiSpike: true}})
	}
	for _, r := range []snn.Reset{snn.ResetSubtract, snn.ResetToZero} {
		list = append(list,
			Neuron{fmt.Sprintf("LIF, Refractory, %v", r), snn.LIF{Reset: r, Refractory: 2}},
			Neuron{fmt.Sprintf("ALIF, %v", r), snn.ALIF{Reset: r}},
			Neuron{fmt.Sprintf("ALIF, %v, Strict", r), snn.ALIF{Reset: r, Strict: true}},
			Neuron{fmt.Sprintf("AdaptiveLIF, %v", r), snn.AdaptiveLIF{Reset: r}},
			Neuron{fmt.Sprintf("QIF, %v", r), snn.QIF{Reset: r}},
			Neuron{fmt.Sprintf("QIF, Adaptive, %v", r), snn.QIF{Reset: r, Adaptive: true}},
			Neuron{fmt.Sprintf("EIF, %v", r), snn.EIF{Reset: r}})
	}
	for substeps := range 3 {
		list = append(list, Neuron{fmt.Sprintf("Izhikevich, %d substeps", substeps), snn.Izhikevich{Substeps: substeps}})
	}
	for _, r := range []snn.Reset{snn.ResetNone, snn.ResetSubtract, snn.ResetToZero} {
		list = append(list, Neuron{fmt.Sprintf("Alpha, %v", r), snn.Alpha{Reset: r}})
	}
	return append(list,
		Neuron{"ALIF, old membrane", snn.ALIF{Timing: snn.TimingOldMembrane}}, Neuron{"ALIF, old membrane, Strict", snn.ALIF{Timing: snn.TimingOldMembrane, Strict: true}},
		Neuron{"ResonateFire", snn.ResonateFire{}}, Neuron{"ResonateFire, NoReset", snn.ResonateFire{NoReset: true}},
		Neuron{"SigmaDelta", snn.SigmaDelta{}}, Neuron{"SpikeResponse", snn.SpikeResponse{}})
}
