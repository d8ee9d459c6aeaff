package snn_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/neurons"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// The list of neurons has one for every kernel, and Written the equations of
// each.
func TestNeuronsUseEveryKernel(t *testing.T) {
	unused := snn.KernelTexts()
	require.Greater(t, len(unused), 50)
	for _, n := range neurons.All() {
		list, err := snn.Written(n.Layer, tensor.Shape{4})
		require.NoError(t, err, n.Name)
		for _, e := range list {
			for name, text := range unused {
				if text == e.Text {
					delete(unused, name)
				}
			}
		}
	}
	require.Empty(t, unused)
}

func TestWrittenRefuses(t *testing.T) {
	for _, l := range []snn.Layer{snn.Linear{Out: 3}, snn.LIF{Graded: 2}, snn.LIF{Detach: snn.DetachSpikeInReset}, snn.ALIF{DetachLevel: true}, snn.Delay{Steps: 1}, snn.LIF{Decay: 2}} {
		_, err := snn.Written(l, tensor.Shape{4})
		require.ErrorIs(t, err, snn.ErrOption, "%T %+v", l, l)
	}
}

// A synapse and what follows it are two texts, of the same spikes and states.
func TestWrittenWithSynapse(t *testing.T) {
	for _, l := range []snn.Layer{
		snn.LIF{Synapse: snn.Synapse{Decay: 0.7}}, snn.LIF{Synapse: snn.Synapse{Decay: 0.7, Arrival: snn.ArrivalLate}, Reset: snn.ResetToZero},
		snn.ALIF{Synapse: snn.Synapse{Tau: 4, Arrival: snn.ArrivalEarly}, StartA: 0.25}, snn.LI{Synapse: snn.Synapse{Decay: 0.5}},
	} {
		in := tensor.Shape{37}
		list, err := snn.Written(l, in)
		require.NoError(t, err)
		require.Len(t, list, 2)
		x := tensor.New(25, 3, 37)
		for i := range x.Data {
			x.Data[i] = float32(random.New(1, "x").Uniform(0, 0, uint32(i)))
		}
		var outputs [][]float32
		for _, layers := range [][]snn.Layer{{l}, {list[0], list[1]}} {
			g, err := forward.Sequential(in, layers...)
			require.NoError(t, err)
			m, err := g.Init(1)
			require.NoError(t, err)
			y, err := m.Run(context.Background(), m.NewState(3), x)
			require.NoError(t, err)
			outputs = append(outputs, y.Dense().Data)
		}
		require.NotZero(t, outputs[0][len(outputs[0])-37:], "a silent case proves nothing")
		require.Equal(t, outputs[0], outputs[1])
	}
}
