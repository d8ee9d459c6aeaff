package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// try runs a command of its arguments in this process.
func try(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	var out strings.Builder
	stdout = &output{to: &out}
	defer func() { stdout = &output{to: os.Stdout} }()
	var c commands
	k, err := kong.New(&c, kong.BindTo(context.Background(), (*context.Context)(nil)))
	require.NoError(t, err)
	parsed, err := k.Parse(args)
	if err != nil {
		return "", err
	}
	err = parsed.Run()
	return out.String(), err
}

// Flags that do nothing are errors, which name the flag and the reason.
func TestUnusedFlags(t *testing.T) {
	file, dir := network(t, "zero"), t.TempDir()
	to, toNIR := filepath.Join(dir, "m.safetensors"), filepath.Join(dir, "m.nir")
	nmnist := shared.Path(t, "data", "nmnist")
	published, vector := shared.Path(t, "data", "nir", "cnn_sinabs.nir"), shared.Path(t, "golden", "nmnist_cnn.safetensors")
	values := map[string][]string{}
	for _, f := range nirFlags {
		values[f] = []string{"--" + f}
	}
	for f, value := range map[string]string{"as": "norse", "dt": "1", "method": "exact", "gain": "scaled", "reset": "zero", "timing": "this step", "start": "zero", "arrival": "now", "tie": "strict"} {
		values[f] = append(values[f], value)
	}
	type use struct {
		flag []string
		args []string
	}
	var uses []use
	discretizing := func(flags []string, args ...string) {
		for _, f := range flags {
			uses = append(uses, use{values[f], args})
		}
	}
	discretizing(nirFlags, "run", file, "--events", nmnist)
	discretizing(nirFlags, "run", file, "mnist")
	discretizing(nirFlags, "bench", file)
	discretizing(nirFlags, "bench")
	discretizing(but("dt"), "convert", file, toNIR)
	discretizing(but("reset"), "convert", vector, to)
	discretizing(but("lenient"), "convert", published, toNIR)
	discretizing([]string{"dt", "method", "start", "arrival"}, "convert", published, to)
	discretizing([]string{"dt", "method", "start", "arrival"}, "run", published, "--events", nmnist)
	discretizing([]string{"lenient"}, "inspect", file)
	for _, f := range [][]string{{"--bin", "1ms"}, {"--bin-events", "3"}, {"--swap-xy"}, {"--sensor", "3x3"}, {"--values", "signed"}} {
		uses = append(uses, use{f, []string{"run", file, "mnist"}})
	}
	uses = append(uses,
		use{[]string{"--data", "x"}, []string{"run", file, "--events", nmnist}},
		use{[]string{"--encode", "rate"}, []string{"run", file, nmnist}},
		use{[]string{"--range", "1,2"}, []string{"run", file, nmnist}},
		use{[]string{"--layers", "3,3"}, []string{"bench", file}},
		use{[]string{"--neuron", "IF"}, []string{"bench", file}},
		use{[]string{"--batch", "3"}, []string{"bench", "--mode", "stream"}},
		use{[]string{"--single", "3"}, []string{"bench"}},
		use{[]string{"--events", nmnist}, []string{"conform"}},
	)
	for _, u := range uses {
		_, err := try(t, append(u.args, u.flag...)...)
		require.ErrorContains(t, err, u.flag[0]+" is not used", u.args)
	}
	require.NoFileExists(t, to)
	require.NoFileExists(t, toNIR)
}

// Numbers out of range are errors, and no defaults.
func TestFlagsOutOfRange(t *testing.T) {
	for says, args := range map[string][]string{
		"--bin is 0s":    {"run", "--bin", "0s"},
		"--bin is 0s: a": {"run", "--bin", "0.5ns"},
		"--bin is -1ms":  {"run", "--bin=-1ms"},
		"--steps":        {"run", "--steps", "0"},
		"--workers":      {"run", "--workers", "0"},
	} {
		_, err := try(t, append(args, "m", "--events", ".")...)
		require.ErrorContains(t, err, says)
	}
	for _, args := range [][]string{{"bench", "--mode", "stream", "--single", "0"}, {"bench", "--batch", "0"}, {"bench", "--steps", "0"}, {"bench", "--rate", "NaN"}, {"train", "mlp", "--checkpoint=-1s"}, {"train", "mlp", "--checkpoint-steps=-1"}} {
		_, err := try(t, args...)
		require.ErrorContains(t, err, "at least 1")
	}
	_, err := try(t, "run", "m", "--timing", "never")
	require.ErrorContains(t, err, `"this step" "next step"`)
	_, err = try(t, "run", "m", "--gain", "never")
	require.ErrorContains(t, err, `"integrated" "scaled"`)
}

// Sizes that no machine has room for are refused before anything is made.
func TestTooMuch(t *testing.T) {
	file, dir := network(t, "zero"), shared.Path(t, "data", "nmnist")
	labels := filepath.Join(t.TempDir(), "labels.txt")
	require.NoError(t, os.WriteFile(labels, []byte("60048 2\n"), 0o644))
	_, err := try(t, "run", file, "--events", dir, "--labels", labels, "--steps", "1000000000")
	require.ErrorContains(t, err, "1 to 16777216")
	_, err = try(t, "run", file, "--events", dir, "--labels", labels, "--steps", "16000000", "--out", filepath.Join(t.TempDir(), "y.npy"))
	require.ErrorContains(t, err, "--memory is 4096")
	_, err = try(t, "run", file, "--events", dir, "--labels", labels, "--steps", "30000", "--memory", "1", "--out", filepath.Join(t.TempDir(), "y.npy"))
	require.ErrorContains(t, err, "--memory is 1")
	_, err = try(t, "run", file, "--events", dir, "--labels", labels, "--workers", "1000000")
	require.NoError(t, err)
	_, err = try(t, "bench", "--steps", "1000000000")
	require.ErrorContains(t, err, "MiB of spikes, at most 4096")
}

// What is no network is told by what it is, and what can be done with it.
func TestInspectOfOtherFiles(t *testing.T) {
	dir := t.TempDir()
	a := npy.Array{Shape: tensor.Shape{2, 3}, Data: make([]float32, 6)}
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "x.npy"), a))
	require.NoError(t, npy.WriteArchiveFile(filepath.Join(dir, "x.npz"), npy.Named{Name: "spikes", Array: a}))
	for name, text := range map[string]string{
		"empty": "", "empty.bs2": "", "x.pkl": "\x80\x04}.", "x.gz": "\x1f\x8b\x08\x00", "x.wav": "RIFF....WAVE", "x.txt": "hello", "x.csv": "1,2\n",
		"net.json": `{"inputs": [{"name": "x", "shape": [3]}], "layers": [{"type": "LI"}]}`, "other.json": `{"a": 1}`, "x.bs2": "\x01\x02\x80\x00\x01",
		"x.aedat4": "#!AER-DAT4.0\r\n", "x.pt": "PK\x03\x04" + strings.Repeat("\x00", 26) + "archive/data.pkl", "x.zip": "PK\x03\x04....",
		"t10k-labels-idx1-ubyte": "\x00\x00\x08\x01\x00\x00\x00\x00", "strange": "\x01\x00\xfe\x00\x00\x00\x00\x00\x00",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	for name, says := range map[string]string{
		"x.npy": "a NumPy array", "x.npz": "a NumPy archive", "empty": "an empty file", "empty.bs2": "an empty file", "x.pkl": "a Python pickle",
		"x.gz": "packed by gzip", "x.wav": "a sound", "x.txt": "a text", "x.csv": "a text", "net.json": "train trains it", "other.json": "docs/model-file.md",
		"x.bs2": "events tells", "x.aedat4": "AEDAT", "x.pt": "docs/weights.md", "x.zip": "unpack it", "t10k-labels-idx1-ubyte": "MNIST",
	} {
		path := filepath.Join(dir, name)
		said, err := try(t, "inspect", path)
		require.NoError(t, err, name)
		require.Contains(t, said, says, name)
		if strings.HasPrefix(name, "x.np") {
			require.Contains(t, said, "float32  [2 3]")
		}
		_, err = try(t, "inspect", path, "--dot")
		require.ErrorContains(t, err, "no graph")
		for _, args := range [][]string{{"run", path, "--digits"}, {"bench", path}, {"convert", path, filepath.Join(dir, "to")}} {
			_, err := try(t, args...)
			require.ErrorContains(t, err, says, args)
			require.ErrorContains(t, err, path)
			require.NotContains(t, err.Error(), "a header of")
		}
	}
	_, err := try(t, "inspect", filepath.Join(dir, "strange"))
	require.ErrorContains(t, err, "neither a NIR file nor a model file")
	_, err = try(t, "convert", network(t, "zero"), filepath.Join(dir, "to"))
	require.ErrorContains(t, err, "already")
}

// What a run did not use, or could not decide, is said in words and in JSON; a
// class that the network does not have is an error.
func TestWhatRunSays(t *testing.T) {
	file, dir := network(t, "zero"), shared.Path(t, "data", "nmnist")
	labels := filepath.Join(t.TempDir(), "labels.txt")
	label := func(text string) { require.NoError(t, os.WriteFile(labels, []byte(text), 0o644)) }
	label("60048 2\n")
	said, err := try(t, "run", file, "--events", dir, "--labels", labels, "--steps", "1")
	require.NoError(t, err)
	require.Contains(t, said, "undecided    1 of 1")
	require.Regexp(t, `60048 +2 +undecided`, said)
	require.Regexp(t, `not used +2\d\d\d events of 1 recordings`, said)
	require.Contains(t, said, "right        0 of 1")
	said, err = try(t, "run", file, "--events", dir, "--labels", labels, "--steps", "1", "--json")
	require.NoError(t, err)
	require.Contains(t, said, `"predicted":-1`)
	said, err = try(t, "run", file, "--events", dir, "--labels", labels, "--steps", "400")
	require.NoError(t, err)
	require.NotContains(t, said, "not used")
	require.NotContains(t, said, "undecided")
	label("60048 12\n")
	_, err = try(t, "run", file, "--events", dir, "--labels", labels)
	require.ErrorContains(t, err, "recording 60048 is of class 12, the network has 10 outputs, 0 to 9")
	_, err = try(t, "run", file, filepath.Join(dir, "60048.bs2"), filepath.Join(dir, "60049.bs2"))
	require.NoError(t, err)
	empty := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(empty, "1.bs2"), nil, 0o644))
	_, err = try(t, "run", file, "--events", empty)
	require.ErrorContains(t, err, "the file is empty")
}

// Pictures of a size that the network does not read are told by both sizes.
func TestPicturesOfAnotherSize(t *testing.T) {
	dir, network := smallPictures(t), filepath.Join(t.TempDir(), "net.json")
	out := filepath.Join(t.TempDir(), "out")
	_, err := try(t, "train", "mlp", "--data", dir, "--out", out, "--epochs", "1")
	require.NoError(t, err, "the network is made for them")
	require.NoError(t, os.WriteFile(network, []byte(`{"inputs": [{"name": "x", "shape": [65]}], "layers": [{"type": "Linear", "options": {"out": 10}}, {"type": "LI"}]}`), 0o644))
	_, err = try(t, "train", "mlp", "--data", dir, "--out", out, "--network", network, "--epochs", "1")
	require.ErrorContains(t, err, "a step of a sample is [1 8 8], the network's input [65]")
	require.NoError(t, os.WriteFile(network, []byte(`{"inputs": [{"name": "x", "shape": [64]}], "layers": [{"type": "Linear", "options": {"out": 10}}, {"type": "LI"}]}`), 0o644))
	_, err = try(t, "train", "mlp", "--data", dir, "--out", out, "--network", network, "--epochs", "1")
	require.NoError(t, err)
	_, err = try(t, "run", filepath.Join(out, "model.safetensors"), "--digits", "--data", dir)
	require.NoError(t, err)
	_, err = try(t, "run", filepath.Join(out, "model.safetensors"), "--digits")
	require.ErrorContains(t, err, "samples of [784] numbers, the input is of [1 8 8]")
}

// A neuron that runs away ends training and runs, which say where; --nan goes on.
func TestNeuronsThatRunAway(t *testing.T) {
	dir, network := smallPictures(t), filepath.Join(t.TempDir(), "net.json")
	out := filepath.Join(t.TempDir(), "out")
	require.NoError(t, os.WriteFile(network, []byte(`{"inputs": [{"name": "x", "shape": [64]}], "layers": [{"type": "Scale", "options": {"factor": 1000}},
		{"type": "EIF"}, {"type": "Linear", "options": {"out": 10}}, {"type": "LI"}]}`), 0o644))
	learn := []string{"train", "mlp", "--data", dir, "--out", out, "--network", network, "--epochs", "1"}
	_, err := try(t, learn...)
	require.ErrorIs(t, err, train.ErrNotFinite)
	require.ErrorContains(t, err, `layer 1 (EIF "eif`)
	require.ErrorContains(t, err, "is +Inf in sample 0, after step 1")
	file := filepath.Join(t.TempDir(), "m.safetensors")
	text, err := os.ReadFile(network)
	require.NoError(t, err)
	g, err := forward.ParseGraph(text)
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	require.NoError(t, model.WriteFile(file, m))
	_, err = try(t, "run", file, "--digits", "--data", dir)
	require.ErrorIs(t, err, forward.ErrNotFinite)
	require.ErrorContains(t, err, `layer 1 (EIF "eif`)
	_, err = try(t, "run", file, "--digits", "--data", dir, "--nan")
	require.NoError(t, err)
}

// smallPictures is a folder like MNIST's with 20 pictures of 8 x 8.
func smallPictures(t *testing.T) string {
	dir := t.TempDir()
	for _, set := range []string{"train", "t10k"} {
		pixels := []byte("\x00\x00\x08\x03\x00\x00\x00\x14\x00\x00\x00\x08\x00\x00\x00\x08")
		labels := []byte("\x00\x00\x08\x01\x00\x00\x00\x14")
		for i := range 20 {
			labels = append(labels, byte(i%10))
			for k := range 64 {
				pixels = append(pixels, byte(i*k))
			}
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, set+"-images-idx3-ubyte"), pixels, 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(dir, set+"-labels-idx1-ubyte"), labels, 0o644))
	}
	return dir
}
