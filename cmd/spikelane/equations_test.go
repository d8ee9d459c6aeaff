package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A neuron that only a JSON file knows is trained, saved, shown and run. It is
// the one of docs/equations.md.
func TestNeuronOfJSON(t *testing.T) {
	if emulated() {
		t.Skip("training on an emulator: see the package train")
	}
	description, out := filepath.Join("..", "..", "docs", "adaptive.json"), t.TempDir()
	said, err := try(t, "train", "mlp", "--network", description, "--limit", "512", "--epochs", "2", "--out", out)
	require.NoError(t, err)
	require.Regexp(t, `accuracy  (5|6|7|8|9)\d\.`, said)
	file := filepath.Join(out, "model.safetensors")

	shown, err := try(t, "inspect", file)
	require.NoError(t, err)
	require.Contains(t, shown, `
equations1 remembers v, fast, slow
    v1 = decay*v + x
    level = 1 + fast + slow
    spike = fires(v1, level)
    v = v1 - spike*level
    fast = fast_decay*fast + fast_rise*spike
    slow = slow_decay*slow + slow_rise*spike
    decay is 0.`)
	require.Regexp(t, `\n    slow_decay is 0\.9\d+ to 0\.9\d+, from 0 to 1\n`, shown)
	require.Regexp(t, `\n    slow_rise is 0\.0\d+, at least 0\n`, shown)
	require.Regexp(t, `\nli1 remembers v\n    decay is 0\.9\d*, from 0 to 1\n    gain is [01]\.?\d*\n$`, shown)

	judged, err := try(t, "eval", file, "mnist")
	require.NoError(t, err)
	_, accuracy, _ := strings.Cut(said, "accuracy  ")
	accuracy, _, _ = strings.Cut(accuracy, " %")
	require.Regexp(t, "accuracy +"+accuracy+" %", judged)

	// What is wrong with the text says where, in which layer of which file.
	text, err := os.ReadFile(description)
	require.NoError(t, err)
	wrong := filepath.Join(out, "wrong.json")
	require.NoError(t, os.WriteFile(wrong, []byte(strings.Replace(string(text), "fires(v1, level)", "fires(v1, levle)", 1)), 0o644))
	_, err = try(t, "train", "mlp", "--network", wrong, "--out", out)
	require.ErrorContains(t, err, wrong)
	require.ErrorContains(t, err, `"equations1"`)
	require.ErrorContains(t, err, "line 1, column 62: `levle` is not defined; did you mean `level`?")
}

// Every statement is on a line of its own, wherever it stands in the text.
func TestStatements(t *testing.T) {
	require.Equal(t, []string{"a = x", "b = a # not; this", "c = (a +", "b)"}, statements("a = x; b = a # not; this\n\n\tc = (a +\n b);\n"))
	require.Empty(t, statements(""))
}

// What --record names is in the archive at every step: what the same network
// records in a program.
func TestRunRecords(t *testing.T) {
	if emulated() {
		t.Skip("reads recordings: see TestChosenRecordings")
	}
	dir, events := t.TempDir(), shared.Path(t, "data", "nmnist")
	g, err := forward.Sequential(tensor.Shape{2, 34, 34}, snn.Flatten{}, snn.Linear{Out: 10}, snn.LIF{Decay: 0.9, Threshold: 0.1})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	file, labels, to := filepath.Join(dir, "m.safetensors"), filepath.Join(dir, "labels.txt"), filepath.Join(dir, "run.npz")
	require.NoError(t, model.WriteFile(file, m))
	require.NoError(t, os.WriteFile(labels, []byte("60048 2\n60049 2\n"), 0o644))
	args := []string{"run", file, "--events", events, "--labels", labels, "--steps", "100"}
	plain, err := try(t, args...)
	require.NoError(t, err)
	said, err := try(t, append(args, "--record", "lif1.v,lif1,lif1.v1", "--record-to", to)...)
	require.NoError(t, err)
	hash := func(s string) string { _, after, _ := strings.Cut(s, "spike hash"); return strings.Fields(after)[0] }
	require.Equal(t, hash(plain), hash(said))

	archive, err := npy.OpenArchive(to)
	require.NoError(t, err)
	defer archive.Close()
	require.Equal(t, []string{"60048.lif1.v", "60048.lif1", "60048.lif1.v1", "60049.lif1.v", "60049.lif1", "60049.lif1.v1"}, archive.Names())
	set, err := dataset.Open(labels, dataset.Options{Folder: events, Read: sensorOf(m), Adjust: func(in *encode.Input) {
		in.Step, in.Steps = encode.Duration(time.Millisecond), 100
	}})
	require.NoError(t, err)
	for i := range set.Len() {
		x, err := set.Sample(i)
		require.NoError(t, err)
		want, err := m.With(forward.Record("lif1.v", "lif1.v1")).Run(context.Background(), m.NewState(1), x)
		require.NoError(t, err)
		require.Positive(t, sent(want.Signal))
		for _, name := range []string{"lif1.v", "lif1", "lif1.v1"} {
			a, err := archive.Read(set.Name(i) + "." + name)
			require.NoError(t, err)
			got, err := a.Tensor()
			require.NoError(t, err)
			require.Equal(t, want.Layer(name).Dense(), got, name)
		}
	}

	for says, more := range map[string][]string{
		"both are needed": {"--record", "lif1.v"},
		"or none":         {"--record-to", to},
		`"lif1.v" twice`:  {"--record", "lif1.v,lif1.v", "--record-to", to},
		"`nothing`":       {"--record", "lif1.nothing", "--record-to", to},
		`no layer "lif2"`: {"--record", "lif2", "--record-to", to},
		"--memory is 1:":  {"--record", "lif1.v", "--record-to", to, "--memory", "1", "--steps", "20000"},
		"no variables":    {"--record", "linear1.v", "--record-to", to},
		"no such file":    {"--record", "lif1.v", "--record-to", filepath.Join(dir, "none", "run.npz")},
	} {
		_, err := try(t, append(args, more...)...)
		require.ErrorContains(t, err, says)
	}
}
