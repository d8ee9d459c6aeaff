package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// parse makes a command of its arguments.
func parse(t *testing.T, args ...string) *commands {
	t.Helper()
	var c commands
	k, err := kong.New(&c)
	require.NoError(t, err)
	_, err = k.Parse(args)
	require.NoError(t, err)
	return &c
}

// The flags change what the preset says, and nothing else.
func TestDiscretizationFlags(t *testing.T) {
	d, err := parse(t, "run", "x.nir", "--as", "sinabs", "--dt", "1e-3").Run.discretize()
	require.NoError(t, err)
	want, err := nir.As("sinabs", 1e-3)
	require.NoError(t, err)
	require.Equal(t, want, d)

	d, err = parse(t, "bench", "x.nir", "--as", "norse", "--dt", "1", "--method", "exact", "--gain", "scaled", "--reset", "subtract",
		"--timing", "next step", "--arrival", "late", "--start", "reset", "--tie", "inclusive").Bench.discretize()
	require.NoError(t, err)
	require.Equal(t, nir.Discretization{
		DT: 1, Method: snn.MethodExact, Gain: nir.GainScaled, Reset: snn.ResetSubtract, Timing: snn.TimingNextStep, Arrival: snn.ArrivalLate, Start: nir.StartReset, Inclusive: true,
	}, d)

	_, err = parse(t, "convert", "x.nir", "y", "--as", "nobody").Convert.discretize()
	require.ErrorIs(t, err, nir.ErrUnsupported)
}

// A NIR file runs directly, or converted, with the spikes of the same network
// as a test vector.
func TestRunOfNIR(t *testing.T) {
	dir := shared.Path(t, "data", "nmnist")
	labels := filepath.Join(t.TempDir(), "three.txt")
	require.NoError(t, os.WriteFile(labels, []byte("60001 7\n60002 2\n60003 1\n"), 0o644))
	file := shared.Path(t, "data", "nir", "cnn_sinabs.nir")
	converted := filepath.Join(t.TempDir(), "cnn.safetensors")
	require.NoError(t, parse(t, "convert", file, converted).Convert.Run())
	var hashes []string
	for _, path := range []string{network(t, "zero"), file, converted} {
		r := parse(t, "run", path, "--events", dir, "--labels", labels).Run
		hashes = append(hashes, classifyFiles(t, r).Hash)
	}
	require.Equal(t, hashes[0], hashes[1])
	require.Equal(t, hashes[0], hashes[2])

	// And back: a NIR file of the model file.
	back := filepath.Join(t.TempDir(), "back.nir")
	require.ErrorContains(t, parse(t, "convert", converted, back).Convert.Run(), "the length of a step")
	require.NoError(t, parse(t, "convert", converted, back, "--dt", "1e-3").Convert.Run())
	a, err := nir.ReadFile(file)
	require.NoError(t, err)
	b, err := nir.ReadFile(back)
	require.NoError(t, err)
	require.Equal(t, nir.Parameters(a.Nodes["0"])["weight"], nir.Parameters(b.Nodes["0"])["weight"])
}

// Bench takes a file in place of new weights.
func TestBenchOfNIR(t *testing.T) {
	file := shared.Path(t, "data", "nir", "braille_noDelay_bias_zero.nir")
	for _, mode := range []string{"infer", "stream"} {
		args := map[string][]string{"infer": {"--batch", "2"}, "stream": {"--single", "10"}}[mode]
		b := parse(t, append([]string{"bench", file, "--dt", "1e-4", "--mode", mode, "--steps", "10", "--time", "1ms", "--rate", "0.3"}, args...)...).Bench
		require.NoError(t, b.Run(context.Background()))
	}
	b := parse(t, "bench", file, "--time", "1ms").Bench
	require.ErrorContains(t, b.Run(context.Background()), "lif1.lif: unsupported: a file with times needs the length of a step")
}

// Inspect shows the same network in all kinds of files.
func TestInspect(t *testing.T) {
	file := shared.Path(t, "data", "nir", "braille_noDelay_noBias_subtract_subgraph.nir")
	_, _, err := inspect{File: file}.read()
	require.ErrorContains(t, err, "the edge input -> lif names a node that is not there")
	entries, title, err := inspect{File: file, Lenient: true}.read()
	require.NoError(t, err)
	require.Contains(t, title, "NIR, version 0.2.0")
	byName := map[string]entry{}
	for _, e := range entries {
		byName[e.name] = e
	}
	require.Equal(t, entry{
		name: "lif1.lin", typ: "Linear", out: tensor.Shape{40}, params: []string{"weight float32 [40 40]"}, size: 1600, sources: []wire{{from: "lif1.lif1"}},
	}, byName["lif1.lin"])
	require.Contains(t, dot(entries), `"lif1.lif1" -> "lif1.lin";`)

	model := filepath.Join(t.TempDir(), "m.safetensors")
	require.NoError(t, parse(t, "convert", file, model, "--lenient", "--dt", "1e-4").Convert.Run())
	entries, title, err = inspect{File: model}.read()
	require.NoError(t, err)
	require.Contains(t, title, "model")
	require.Equal(t, entry{name: "input", typ: "input", out: tensor.Shape{12}}, entries[0])
	require.Equal(t, "LIF (output)", entries[len(entries)-1].typ)
	require.Contains(t, dot(entries), `"lif1.lif1" -> "lif1.lin" [label="1"];`)

	entries, title, err = inspect{File: shared.Path(t, "golden", "nmnist_cnn.safetensors")}.read()
	require.NoError(t, err)
	require.Contains(t, title, "without a graph")
	require.NotEmpty(t, entries)
	for _, path := range []string{file, model} {
		require.NoError(t, inspect{File: path, Lenient: true}.Run())
		require.NoError(t, inspect{File: path, Lenient: true, Dot: true}.Run())
	}
	require.True(t, strings.HasPrefix(dot(nil), "digraph {\n"))
}
