package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/modelfile"
)

// small is a demo that takes a second.
func small(t *testing.T) demo {
	if emulated() {
		t.Skip("training on an emulator: see the package train")
	}
	return demo{Preset: "mlp", learner: learner{Out: filepath.Join(t.TempDir(), "out"), Workers: 2, Seed: 1, Limit: 1500, Epochs: 1}}
}

// The digits come with a module that this one requires: they are there.
func TestDemo(t *testing.T) {
	d := small(t)
	require.NoError(t, d.Run(context.Background()))
	m, err := modelfile.ReadFile(d.modelFile())
	require.NoError(t, err)
	require.Equal(t, []string{"linear1", "lif1", "linear2", "li1"}, m.Graph().Layers())
	for _, picture := range []string{"raster.png", "learning.png"} {
		require.FileExists(t, filepath.Join(d.Out, picture))
	}
	require.NoFileExists(t, d.checkpointFile())

	d.Data = t.TempDir()
	require.ErrorContains(t, d.Run(context.Background()), "train-images-idx3-ubyte")
	d.Data, d.Workers = "", 0
	require.ErrorContains(t, d.Run(context.Background()), "at least 1")
}

// A run that is stopped goes on to the same bits as one that is not.
func TestDemoResumes(t *testing.T) {
	whole := small(t)
	require.NoError(t, whole.Run(context.Background()))
	want, err := os.ReadFile(whole.modelFile())
	require.NoError(t, err)

	d := small(t)
	ctx, cancel := context.WithCancel(context.Background())
	stopAfter = func(steps int) {
		if steps == 7 {
			cancel()
		}
	}
	defer func() { stopAfter = nil }()
	err = d.Run(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "--resume")
	require.FileExists(t, d.checkpointFile())
	stopAfter = nil

	d.Resume = true
	other := d
	other.Preset = "conv"
	require.ErrorContains(t, other.Run(context.Background()), "another network")
	require.NoError(t, d.Run(context.Background()))
	got, err := os.ReadFile(d.modelFile())
	require.NoError(t, err)
	require.Equal(t, want, got)
}
