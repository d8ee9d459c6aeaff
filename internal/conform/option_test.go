package conform_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/jaxpike"
	"github.com/spikelane/spikelane/preset/norse"
	"github.com/spikelane/spikelane/preset/rockpool"
	"github.com/spikelane/spikelane/preset/sinabs"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/preset/spikingjelly"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// Bad options are found when the network is built, before there are weights,
// by the names of the layer and the parameter.
func TestBadOptionsAreNamed(t *testing.T) {
	nan, inf := snn.Num(float32(math.NaN())), snn.Num(float32(math.Inf(1)))
	for _, c := range []struct {
		layer     snn.Layer
		parameter string
	}{
		{snn.LIF{Decay: 1.5}, "decay"},
		{snn.LIF{Decay: -0.5}, "decay"},
		{snn.LIF{Decay: nan}, "decay"},
		{snn.LIF{Tau: -1}, "Tau"},
		{snn.LIF{Tau: snn.Zero}, "Tau"},
		{snn.LIF{Tau: 10, DT: -1}, "DT"},
		{snn.LIF{Tau: 10, DT: snn.Zero}, "DT"},
		{snn.LIF{Threshold: inf}, "threshold"},
		{snn.LIF{Threshold: nan}, "threshold"},
		{snn.IF{Gain: inf}, "gain"},
		{snn.LI{Decay: 2}, "decay"},
		{snn.ALIF{AdaptDecay: 2}, "adapt_decay"},
		{snn.LIF{Synapse: snn.Synapse{Decay: 3}}, "synapse_decay"},
		{snn.LIF{Surrogate: surrogate.SuperSpike(-1)}, "beta"},
		{snn.LIF{Reset: 99}, "eset"},
		{snntorch.Leaky{Threshold: nan}, "threshold"},
		{snntorch.Alpha{Alpha: 2}, "alpha"},
		{spikingjelly.LIF{Tau: -1}, "tau"},
		{norse.LIF{TauMemInv: -100}, "tau_mem_inv"},
		{sinabs.LIF{TauMem: -1}, "tau_mem"},
		{rockpool.LIFTorch{TauMem: -0.01}, "tau_mem"},
		{jaxpike.LIF{Threshold: inf}, "threshold"},
	} {
		_, err := forward.New(forward.Spec{
			Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{4}}},
			Layers: []forward.Node{{Name: "hidden", Layer: c.layer}},
		})
		assert.ErrorContains(t, err, `"hidden"`, "%T %+v", c.layer, c.layer)
		assert.ErrorContains(t, err, c.parameter, "%T %+v", c.layer, c.layer)
	}
}
