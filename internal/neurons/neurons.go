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

// All are layers that between them use every kernel of package snn.
func All() []Neuron {
	list := []Neuron{
		{"LI", snn.LI{}}, {"LI, Bias", snn.LI{Bias: 0.1}},
		{"Synapse, Late", snn.Synapse{Arrival: snn.Late}}, {"Synapse, Early", snn.Synapse{Arrival: snn.Early}},
		{"LIF, NoReset", snn.LIF{Reset: snn.NoReset}},
	}
	for _, r := range []snn.Reset{snn.Subtract, snn.ToZero} {
		for t := snn.ThisStep; t <= snn.OldMembraneDecayed; t++ {
			if t != snn.UndelayedNext || r != snn.Subtract {
				list = append(list, Neuron{fmt.Sprintf("LIF, %v, %v", r, t), snn.LIF{Reset: r, Timing: t}})
				list = append(list, Neuron{fmt.Sprintf("LIF, %v, %v, Bias", r, t), snn.LIF{Reset: r, Timing: t, Bias: 0.1}})
			}
		}
	}
	for _, r := range []snn.Reset{snn.Subtract, snn.ToZeroPlus} {
		list = append(list,
			Neuron{fmt.Sprintf("LIF, Floor, %v", r), snn.LIF{Reset: r, Floor: -1}},
			Neuron{fmt.Sprintf("LIF, Several, %v", r), snn.LIF{Reset: r, Several: true}})
	}
	for _, r := range []snn.Reset{snn.Subtract, snn.ToZero} {
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
	for _, r := range []snn.Reset{snn.NoReset, snn.Subtract, snn.ToZero} {
		list = append(list, Neuron{fmt.Sprintf("Alpha, %v", r), snn.Alpha{Reset: r}})
	}
	return append(list,
		Neuron{"ALIF, old membrane", snn.ALIF{Timing: snn.OldMembrane}}, Neuron{"ALIF, old membrane, Strict", snn.ALIF{Timing: snn.OldMembrane, Strict: true}},
		Neuron{"ResonateFire", snn.ResonateFire{}}, Neuron{"ResonateFire, NoReset", snn.ResonateFire{NoReset: true}},
		Neuron{"SigmaDelta", snn.SigmaDelta{}}, Neuron{"SpikeResponse", snn.SpikeResponse{}})
}
