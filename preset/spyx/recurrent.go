package spyx

import (
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
)

// Recurrent is spyx' RLIF, RIF and RCuBaLIF of so many neurons: a [LIF], [IF]
// or [CuBaLIF] that also reads w of its spikes of the last step. The parameter
// weight of the layer "back" within is w transposed.
func Recurrent(neurons int, l snn.Layer) forward.Feedback {
	return forward.Feedback{Layer: l, Back: snn.Linear{Out: neurons, NoBias: true}}
}
