package snn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// The basis of a preset, with the parameters that it returns, makes the
// preset's spikes.
func TestBasis(t *testing.T) {
	in := tensor.Shape{3}
	beta := tensor.Of([]float32{0.5, 0.9, 1.7}, 3) // the last is clamped
	foreign, err := snntorch.Leaky{Threshold: 0.7, Reset: "zero"}.Build(in)
	require.NoError(t, err)
	layer, params, err := foreign.Canonical(map[string]*tensor.Tensor{"beta": beta, "threshold": tensor.Of([]float32{0.7}, 1)})
	require.NoError(t, err)
	lif := layer.(snn.LIF)
	require.True(t, lif.Strict)
	require.Equal(t, snn.TimingNextStepDecayed, lif.Timing)
	require.Equal(t, []float32{0.5, 0.9, 1}, params["decay"].Data)
	require.Equal(t, []float32{0.7, 0.7, 0.7}, params["threshold"].Data)

	own, err := snn.IF{Gain: 2}.Build(in)
	require.NoError(t, err)
	layer, params, err = own.Canonical(nil)
	require.NoError(t, err)
	require.Equal(t, snn.IF{Gain: 2}, layer)
	require.Nil(t, params)

	other, err := snn.Izhikevich{}.Build(in)
	require.NoError(t, err)
	require.Nil(t, other.Canonical)
}
