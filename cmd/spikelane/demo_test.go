package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/train"
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
	m, err := model.ReadFile(d.modelFile())
	require.NoError(t, err)
	require.Equal(t, []string{"linear1", "lif1", "linear2", "li1"}, m.Graph().Layers())
	for _, picture := range []string{"raster.svg", "learning.svg"} {
		require.FileExists(t, filepath.Join(d.Out, picture))
	}
	require.NoFileExists(t, d.checkpointFile())

	d.Data = t.TempDir()
	require.ErrorContains(t, d.Run(context.Background()), "no samples are in it")
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
	saved, err := os.ReadFile(d.checkpointFile())
	require.NoError(t, err)
	for says, change := range map[string]func(d *demo){
		`batch was "128", not "64"`:        func(d *demo) { d.Batch = 64 },
		`seed of dropout was "1", not "2"`: func(d *demo) { d.Seed = 2 },
		`samples was "1500", not "1400"`:   func(d *demo) { d.Limit = 1400 },
		`epochs was "1", not "2"`:          func(d *demo) { d.Epochs = 2 },
		`rate was "0.003", not "0.004"`:    func(d *demo) { d.Rate = 0.004 },
		`data was`:                         func(d *demo) { d.Data = otherDigits(t) },
	} {
		other := d
		change(&other)
		err := other.Run(context.Background())
		require.ErrorIs(t, err, train.ErrCheckpoint)
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, err, d.checkpointFile())
		still, err := os.ReadFile(d.checkpointFile())
		require.NoError(t, err)
		require.Equal(t, saved, still)
	}
	require.NoError(t, d.Run(context.Background()))
	got, err := os.ReadFile(d.modelFile())
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// otherDigits is a folder of MNIST's files, with one label changed.
func otherDigits(t *testing.T) string {
	from, err := mnistFolder("")
	require.NoError(t, err)
	dir := t.TempDir()
	for _, name := range []string{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"} {
		require.NoError(t, os.Symlink(filepath.Join(from, name), filepath.Join(dir, name)))
	}
	labels := filepath.Join(dir, "train-labels-idx1-ubyte")
	f, err := os.Open(labels + ".gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	data, err := io.ReadAll(z)
	require.NoError(t, err)
	data[8] ^= 1
	require.NoError(t, os.WriteFile(labels, data, 0o644))
	require.NoError(t, os.Remove(labels+".gz"))
	return dir
}

// Where a training has ended, there is nothing to resume; where none has begun,
// it begins.
func TestResumeOfNothing(t *testing.T) {
	d := small(t)
	d.Limit, d.Resume = 200, true
	require.NoError(t, d.Run(context.Background()))
	err := d.Run(context.Background())
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "the training has ended")
}

// What is printed of the samples is what is learned from.
func TestLimitIsSaid(t *testing.T) {
	var said bytes.Buffer
	stdout.to = &said
	defer func() { stdout.to = os.Stdout }()
	d := small(t)
	d.Limit = 64
	require.NoError(t, d.Run(context.Background()))
	require.Contains(t, said.String(), "digits    64 to learn from")
}
