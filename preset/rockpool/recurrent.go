package rockpool

import (
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
)

// Recurrent is LIFTorch(has_rec=True) of so many neurons: they also read w_rec
// of their spikes of the last step. The parameter weight of the layer "back"
// within is w_rec transposed.
func Recurrent(neurons int, l LIFTorch) forward.Feedback {
	return forward.Feedback{Layer: l, Back: snn.Linear{Out: neurons, NoBias: true}}
}
