package forward_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A parameter of a wrong shape is told by all shapes that it may have.
func TestLoadSaysAllShapes(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{4}, snn.LI{Decay: 0.5})
	require.NoError(t, err)
	_, err = g.Load(map[string]*tensor.Tensor{"li1.decay": tensor.New(2)})
	require.ErrorIs(t, err, tensor.ErrShape)
	require.ErrorContains(t, err, "decay is [2], not [1] or [4]")
	_, err = g.Load(map[string]*tensor.Tensor{"li1.decay": tensor.New(4)})
	require.NoError(t, err)
}
