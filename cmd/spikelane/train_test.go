package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/npy"
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
	c := training{NetworkName: "nmnist", Data: shared.Path(t, "data", "nmnist"), Seeds: 2, learner: small(t).learner}
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

// The official split of the spoken digits.
func TestSpokenSplit(t *testing.T) {
	c := training{NetworkName: "fsdd", Data: shared.Path(t, "data", "fsdd", "recordings"), learner: learner{Seed: 1}}
	s, err := c.prepare()
	require.NoError(t, err)
	require.Equal(t, 2700, s.data.Len())
	require.Equal(t, 300, s.test.Len())
	for i := range s.test.Len() {
		require.Regexp(t, "^[0-9]_[a-z]+_[0-4].wav$", s.test.Name(i))
	}
	b, err := s.test.Batch([]int{0, 299, 150}, -1)
	require.NoError(t, err)
	x := b.Inputs[0].(*tensor.Events)
	require.NoError(t, x.Check())
	require.Greater(t, len(x.Index), 500)
	require.Equal(t, []int{0, 9}, []int{b.Targets[0].Class, b.Targets[1].Class})
}

// What a model was trained on is what it runs on, for every kind of data: run
// finds as many as training did.
func TestRunAgreesWithTraining(t *testing.T) {
	slowtest.Sweep(t)
	if emulated() {
		t.Skip("training on an emulator: see the package train")
	}
	dir := t.TempDir()
	fsdd, nmnist := shared.Path(t, "data", "fsdd", "recordings"), shared.Path(t, "data", "nmnist")
	tests, err := filepath.Glob(filepath.Join(fsdd, "*_[0-4].wav"))
	require.NoError(t, err)
	digits := opticalDigits(t, dir)
	for name, c := range map[string]struct {
		train []string
		run   []string
	}{
		"pictures":   {[]string{"mlp", "--limit", "2000"}, []string{"mnist"}},
		"recordings": {[]string{"nmnist", "--data", nmnist, "--limit", "400"}, []string{nmnist}},
		"sounds":     {[]string{"fsdd", "--data", fsdd}, tests},
		"arrays":     {[]string{"mlp:60", "--data", digits, "--test", digits, "--encode", "rate", "--steps", "6"}, []string{digits}},
		"latency":    {[]string{"mlp:60", "--data", digits, "--test", digits, "--encode", "latency", "--loss", "cross-entropy:max", "--population", "3"}, []string{digits}},
	} {
		out := filepath.Join(dir, name)
		said, err := command(t, append(append([]string{"train"}, c.train...), "--epochs", "1", "--out", out)...).Output()
		require.NoError(t, err, name)
		var accuracy float64
		_, rest, _ := strings.Cut(string(said), "accuracy")
		_, err = fmt.Sscanf(rest, "%f", &accuracy)
		require.NoError(t, err, name)
		require.Greater(t, accuracy, 12.0, name)

		said, err = command(t, append([]string{"run", filepath.Join(out, "model.safetensors"), "--json"}, c.run...)...).Output()
		require.NoError(t, err, name)
		var res result
		require.NoError(t, json.Unmarshal(said, &res), name)
		require.InDelta(t, accuracy, 100**res.Accuracy, 0.006, name)
		said, err = command(t, append([]string{"eval", filepath.Join(out, "model.safetensors"), "--json"}, c.run...)...).Output()
		require.NoError(t, err, name)
		var judged evaluation
		require.NoError(t, json.Unmarshal(said, &judged), name)
		require.Equal(t, *res.Accuracy, judged.Accuracy, name)
		require.Equal(t, res.Hash, judged.Hash, name)
		require.Positive(t, judged.Spikes, name)
		require.Positive(t, judged.MACs+judged.ACs, name)
	}
}

// opticalDigits are UCI's digits as x and y in an archive.
func opticalDigits(t *testing.T, dir string) string {
	data, err := os.ReadFile(shared.Path(t, "data", "optdigits", "optdigits.tes"))
	require.NoError(t, err)
	var x []float32
	var y []int64
	for _, line := range strings.Fields(string(data)) {
		fields := strings.Split(line, ",")
		if len(fields) != 65 {
			continue // a comment
		}
		for i, f := range fields {
			v, err := strconv.Atoi(f)
			require.NoError(t, err)
			if i < len(fields)-1 {
				x = append(x, float32(v))
			} else {
				y = append(y, int64(v))
			}
		}
	}
	path := filepath.Join(dir, "digits.npz")
	require.NoError(t, npy.WriteArchiveFile(path,
		npy.Named{Name: "x", Array: npy.Array{Shape: tensor.Shape{len(y), 64}, Data: x}},
		npy.Named{Name: "y", Array: npy.Array{Shape: tensor.Shape{len(y)}, Data: y}}))
	return path
}

// The best of a training is kept beside its last, and a training that fails
// leaves the files of an earlier one alone.
func TestFilesOfTraining(t *testing.T) {
	slowtest.Sweep(t)
	if emulated() {
		t.Skip("training on an emulator: see the package train")
	}
	dir := t.TempDir()
	digits, out := opticalDigits(t, dir), filepath.Join(dir, "out")
	args := []string{"train", "mlp:40", "--data", digits, "--hold-out", "0.3", "--out", out, "--epochs", "6", "--patience", "2", "--log", filepath.Join(dir, "log.jsonl")}
	require.NoError(t, command(t, args...).Run())
	before := map[string][]byte{}
	for _, name := range []string{"model.safetensors", "best.safetensors", "learning.jsonl", "learning.svg"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		require.NoError(t, err)
		before[name] = data
	}
	log, err := os.ReadFile(filepath.Join(dir, "log.jsonl"))
	require.NoError(t, err)
	require.Equal(t, string(before["learning.jsonl"]), string(log))
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	var last epochRecord
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
	require.Equal(t, len(lines), last.Epoch)
	require.NotNil(t, last.Judged)

	said := fails(t, 1, command(t, append(args, "--rate", "1e30")...))
	require.Contains(t, said, "as it was")
	for name, want := range before {
		data, err := os.ReadFile(filepath.Join(out, name))
		require.NoError(t, err)
		require.Equal(t, want, data, name)
	}

	// And on from there, with the input that the model knows.
	require.NoError(t, command(t, "train", filepath.Join(out, "model.safetensors"), "--data", digits, "--hold-out", "0.3", "--epochs", "1", "--out", filepath.Join(dir, "more")).Run())
}
