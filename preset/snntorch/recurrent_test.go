package snntorch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// The recurrent presets make the spikes of snnTorch's recorded runs.
func TestRLeaky(t *testing.T) {
	for name, foreign := range map[string]string{"W": "all_to_all", "V": "one_to_one"} {
		for _, reset := range []snntorch.Reset{"subtract", "zero"} {
			c, err := vectors.ReadFile(shared.Path(t, "golden", "neuron.snntorch.RLeaky."+foreign+"."+string(reset)+".delay.from0.safetensors"))
			require.NoError(t, err)
			read := func(name string) *tensor.Tensor {
				x, err := c.Tensor(name)
				require.NoError(t, err)
				return x
			}
			x, beta, threshold, w := read("x"), read("param.beta"), read("param.threshold"), read("param."+name)
			n := x.Shape[2]
			l := snntorch.Leaky{Beta: snn.Num(beta.Data[0]), Threshold: snn.Num(threshold.Data[0]), Reset: reset}
			weights := map[string]*tensor.Tensor{}
			layer := snntorch.RLeakyOneToOne(snn.Num(w.Data[0]), l)
			if name == "W" {
				layer = snntorch.RLeaky(n, l)
				weights["n.back.weight"], weights["n.back.bias"] = w, read("param.bias")
			}
			g, err := forward.New(forward.Spec{
				Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{n}}},
				Layers: []forward.Node{{Name: "n", Layer: layer}},
			})
			require.NoError(t, err)
			m, err := g.Load(weights)
			require.NoError(t, err)
			y, err := m.Run(t.Context(), m.NewState(x.Shape[1]), x)
			require.NoError(t, err)
			spikes := read("spikes")
			require.Contains(t, spikes.Data, float32(1))
			// Before the first step the bias comes back too, from no spikes.
			require.Equal(t, spikes.Data, y.Dense().Data, "%s %s", foreign, reset)
		}
	}
}
