package snntorch

import (
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
)

// RLeaky is snntorch.RLeaky(all_to_all=True, linear_features=neurons): a
// [Leaky] that also reads W*s + b of its spikes of the last step. W is the
// parameter weight of the layer "back" within, b its bias. Its reset to zero
// wipes the new input too.
func RLeaky(neurons int, l Leaky) forward.Feedback {
	l.WholeReset = l.Reset == "zero"
	return forward.Feedback{Layer: l, Back: snn.Linear{Out: neurons}}
}

// RLeakyOneToOne is snntorch.RLeaky(all_to_all=False): each neuron reads V
// times its own last spike. V, one number or one a neuron, is the parameter
// factor of the layer "back" within.
func RLeakyOneToOne(v snn.Value, l Leaky) forward.Feedback {
	l.WholeReset = l.Reset == "zero"
	return forward.Feedback{Layer: l, Back: snn.Scale{Factor: v}}
}

// RSynaptic is snntorch.RSynaptic(all_to_all=True, linear_features=neurons),
// a [Synaptic] with the recurrence of [RLeaky]. Its reset comes at the next step
// even with NoResetDelay: reset_delay=False does nothing in snnTorch's.
func RSynaptic(neurons int, l Synaptic) forward.Feedback {
	l.NoResetDelay = false
	return forward.Feedback{Layer: l, Back: snn.Linear{Out: neurons}}
}

// RSynapticOneToOne is snntorch.RSynaptic(all_to_all=False), a [Synaptic] with
// the recurrence of [RLeakyOneToOne], and the reset of [RSynaptic].
func RSynapticOneToOne(v snn.Value, l Synaptic) forward.Feedback {
	l.NoResetDelay = false
	return forward.Feedback{Layer: l, Back: snn.Scale{Factor: v}}
}
