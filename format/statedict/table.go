package statedict

import (
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/snn"
)

// entry is a tensor of a PyTorch module, and what it is to a layer.
type entry struct {
	foreign string // its name within the module
	native  string // the parameter; back.x is x of the layer that feeds back
	form    form
	// must is what the tensor holds if the layer has no such parameter.
	must func(l snn.Layer) float32
	says string // what the numbers of must mean
}

// form is how a tensor relates to a parameter.
type form uint8

const (
	whole   form = iota // of the parameter's shape
	perhaps             // the same, but it may be absent
	number              // one number, or some that broadcast to the features
	again               // the same as the tensor before it, and may be absent
	own                 // a parameter of ours that no module has; it may be absent
	unused              // nothing: it is left out both ways
)

// table says which tensor is which parameter, by the type of the layer. Layers
// that are not in it have their parameters under our names.
var table = map[string][]entry{
	"Linear": weights, "Conv1d": weights, "Conv2d": weights,
	"BatchNorm": {
		same("weight", perhaps), // affine=False has neither
		same("bias", perhaps),
		same("running_mean", whole),
		same("running_var", whole),
		{foreign: counter, form: unused},
	},
	"LayerNorm": {
		same("weight", perhaps), // elementwise_affine=False
		same("bias", perhaps),
	},

	"snntorch.Leaky":    snnTorch(same("beta", number)),
	"snntorch.Synaptic": snnTorch(same("alpha", number), same("beta", number)),
	"snntorch.Alpha":    snnTorch(same("alpha", number), same("beta", number)),
	"snntorch.Lapicque": snnTorch(same("R", number), same("C", number),
		entry{foreign: "time_step", form: number, must: timeStep},
		entry{foreign: "beta", form: unused}), // kept by snnTorch, not computed with

	"spikingjelly.PLIF": {same("w", number)},
	// The others say everything with arguments: tau, v_threshold, v_reset.
	"spikingjelly.IF": {}, "spikingjelly.LIF": {}, "spikingjelly.LI": {},
	"spikingjelly.QIF": {}, "spikingjelly.EIF": {}, "spikingjelly.Izhikevich": {},
}

// weights are those of torch.nn.Linear, Conv1d and Conv2d.
var weights = []entry{same("weight", whole), same("bias", whole)}

// counter is the batches that a torch.nn.BatchNorm has seen.
const counter = "num_batches_tracked"

// same is a tensor that goes by the same name here and there.
func same(name string, f form) entry { return entry{foreign: name, native: name, form: f} }

// snnTorch is the entries of a neuron with these numbers, and of its recurrence
// where it has one: RLeaky, RSynaptic.
func snnTorch(numbers ...entry) []entry {
	return append(numbers,
		same("threshold", number),
		entry{foreign: "graded_spikes_factor", native: "graded_spikes_factor", form: number, must: one},
		entry{foreign: resetMechanism, form: number, must: resetCode, says: " (0 subtract, 1 zero, 2 none)"},
		entry{foreign: "recurrent.weight", native: "back.weight"},
		entry{foreign: "recurrent.bias", native: "back.bias"},
		entry{foreign: "V", native: "back.factor", form: number},
		entry{foreign: "recurrent.V", native: "back.factor", form: again},
	)
}

// resetMechanism is snnTorch's number of a reset.
const resetMechanism = "reset_mechanism_val"

func one(snn.Layer) float32 { return 1 }

func resetCode(l snn.Layer) float32 {
	var reset snntorch.Reset
	switch l := l.(type) {
	case snntorch.Leaky:
		reset = l.Reset
	case snntorch.Synaptic:
		reset = l.Reset
	case snntorch.Lapicque:
		reset = l.Reset
	case snntorch.Alpha:
		if reset = l.Reset; reset == "" {
			reset = "zero"
		}
	}
	return map[snntorch.Reset]float32{"": 0, "subtract": 0, "zero": 1, "none": 2}[reset]
}

func timeStep(l snn.Layer) float32 { return l.(snntorch.Lapicque).TimeStep.Or(1) }
