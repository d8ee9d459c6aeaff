package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/slowtest"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// An epoch over the recordings teaches something; a network of the user's own
// is trained in place of the task's.
func TestTrainOnRecordings(t *testing.T) {
	slowtest.Sweep(t)
	if emulated() {
		t.Skip("training on an emulator: see the package train")
	}
	c := training{Task: "nmnist", Data: shared.Path(t, "data", "nmnist"), Seeds: 2, learner: small(t).learner}
	c.Limit = 100
	c.Network = filepath.Join(t.TempDir(), "network.json")
	text := `{"inputs": [{"name": "x", "shape": [2, 34, 34]}], "layers": [{"type": "Flatten"}, {"type": "Linear", "options": {"out": 10}}, {"type": "LI"}]}`
	require.NoError(t, os.WriteFile(c.Network, []byte(text), 0o644))
	require.NoError(t, c.Run(context.Background()))
	require.FileExists(t, c.modelFile())

	require.NoError(t, os.WriteFile(c.Network, []byte(`{"inputs": [{"name": "x", "shape": [3]}], "layers": [{"type": "LI"}]}`), 0o644))
	require.ErrorIs(t, c.Run(context.Background()), tensor.ErrShape)
	require.NoError(t, os.WriteFile(c.Network, []byte(`{"inputs": [{"name": "x", "shape": [3]}], "layers": [{"type": "LI", "options": {"decay": 2}}]}`), 0o644))
	require.ErrorIs(t, c.Run(context.Background()), snn.ErrOption)
	c.Data = ""
	require.ErrorContains(t, c.Run(context.Background()), "--data")
}

// The official split of the spoken digits, and how they are coded.
func TestSpokenDigits(t *testing.T) {
	data, test, err := tasks["fsdd"].load(shared.Path(t, "data", "fsdd", "recordings"))
	require.NoError(t, err)
	require.Equal(t, 2700, data.Len())
	require.Equal(t, 300, test.Len())
	b, err := test.Batch([]int{0, 299, 150}, -1)
	require.NoError(t, err)
	x := b.Inputs[0].(*tensor.Events)
	require.NoError(t, x.Check())
	require.Greater(t, len(x.Index), 500)
	require.Equal(t, 0, b.Targets[0].Class)
	require.Equal(t, 9, b.Targets[1].Class)
	_, _, err = tasks["fsdd"].load(t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
	_, _, err = spokenName("seven.wav")
	require.ErrorContains(t, err, "7_jackson_32")
}

// A sample that is moved keeps its events, but for those that leave.
func TestShifted(t *testing.T) {
	data, _, err := tasks["nmnist"].load(shared.Path(t, "data", "nmnist"))
	require.NoError(t, err)
	a, err := data.Batch([]int{0, 1}, 0)
	require.NoError(t, err)
	b, err := data.Batch([]int{0, 1}, 1)
	require.NoError(t, err)
	still, err := data.Batch([]int{0, 1}, -1)
	require.NoError(t, err)
	x, y, z := a.Inputs[0].(*tensor.Events), b.Inputs[0].(*tensor.Events), still.Inputs[0].(*tensor.Events)
	require.NoError(t, x.Check())
	require.NotEqual(t, x.Index, y.Index)
	require.InDelta(t, len(z.Index), len(x.Index), 0.1*float64(len(z.Index)))
}
