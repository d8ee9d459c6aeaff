package norse

import (
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
)

// Recurrent is Norse's *RecurrentCell and *Recurrent modules of hidden
// neurons, for any layer of this package: the sum of input_weights*x, which is
// the layer "0" within, and recurrent_weights*z of the last step, "1.back";
// neither has a bias.
func Recurrent(hidden int, neurons snn.Layer) forward.Compound {
	w := snn.Linear{Out: hidden, NoBias: true}
	return forward.Compound{w, forward.Feedback{Layer: neurons, Back: w}}
}
