package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// emulated runs get a few recordings only.
func emulated() bool { return os.Getenv("SPIKELANE_EMULATED") != "" }

// network converts the published network into a model file.
func network(t *testing.T, reset string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), reset+".safetensors")
	var d discretization
	d.Reset = new(snn.Reset)
	require.NoError(t, d.Reset.UnmarshalText([]byte(reset)))
	require.NoError(t, convert{From: shared.Path(t, "golden", "nmnist_cnn.safetensors"), To: path, discretization: d}.Run())
	return path
}

// classifyAll is what the command does between its arguments and its output.
func classifyAll(t *testing.T, r run) ([]classified, result) {
	t.Helper()
	r.Workers = max(1, r.Workers)
	m, about, err := r.modelAndMeta(r.Model)
	require.NoError(t, err)
	set, err := r.set(m, about)
	require.NoError(t, err)
	c, err := r.classifier(m, about, set)
	require.NoError(t, err)
	all, err := c.all(context.Background())
	require.NoError(t, err)
	return all, summarize(all, c.totals, time.Second)
}

// classifyFiles is the result alone.
func classifyFiles(t *testing.T, r run) result {
	t.Helper()
	_, res := classifyAll(t, r)
	return res
}

// The network of the NIR paper on the 100 test recordings. With x and y
// exchanged it must fail, or the test could not.
func TestPublishedNetwork(t *testing.T) {
	if emulated() {
		t.Skip("an emulator takes too long: TestChosenRecordings runs there")
	}
	dir := shared.Path(t, "data", "nmnist")
	labels := filepath.Join(dir, "test100.txt")
	zero, subtract := network(t, "zero"), network(t, "subtract")

	res := classifyFiles(t, run{Model: zero, Events: dir, Labels: labels, Workers: 2})
	require.Equal(t, 100, res.Labelled)
	require.Equal(t, 100, res.Right)
	require.Equal(t, "1708db1440ad6b6d912f08abe114bcec42cb6a768d5f062db99611dfd5ebd9d0", res.Hash)

	res = classifyFiles(t, run{Model: subtract, Events: dir, Labels: labels, Workers: 1})
	require.Equal(t, 98, res.Right)

	res = classifyFiles(t, run{Model: zero, Events: dir, Labels: labels, Workers: 1, inputFlags: inputFlags{SwapXY: true}})
	require.Less(t, res.Right, 20)
}

// Five recordings with known spikes, in every step and layer, on every tier of
// the machine, with 1 and with 2 workers.
func TestChosenRecordings(t *testing.T) {
	c, err := vectors.ReadFile(shared.Path(t, "golden", "nmnist_cnn.safetensors"))
	require.NoError(t, err)
	ints := func(name string) []int64 {
		v, _, err := c.Int64s(name)
		require.NoError(t, err)
		return v
	}
	names, classes, totals, counts := ints("recordings"), ints("classes"), ints("layer_totals"), ints("output_counts")
	stepTotals := ints("step_totals")

	dir := shared.Path(t, "data", "nmnist")
	labels := filepath.Join(t.TempDir(), "labels.txt")
	text := ""
	for i, n := range names {
		text += fmt.Sprintln(n, classes[i])
	}
	require.NoError(t, os.WriteFile(labels, []byte(text), 0o644))
	r := run{Model: network(t, "zero"), Events: dir, Labels: labels, Workers: 1}

	all, _ := classifyAll(t, r)
	m, err := model.ReadFile(r.Model)
	require.NoError(t, err)
	m = m.With(forward.Record(m.Graph().Layers()...))
	_, about, err := r.modelAndMeta(r.Model)
	require.NoError(t, err)
	set, err := r.set(m, about)
	require.NoError(t, err)
	for i, got := range all {
		require.EqualValues(t, classes[i], got.Predicted)
		x, err := set.Sample(i)
		require.NoError(t, err)
		out, err := m.Run(t.Context(), m.NewState(1), x)
		require.NoError(t, err)
		k := 0
		for _, name := range m.Graph().Layers() {
			s, spikes := out.Layer(name).(*tensor.Spikes)
			if !spikes {
				continue
			}
			require.EqualValues(t, totals[i*5+k], s.Count(), "recording %s, layer %s", got.Name, name)
			for step := range 300 {
				now := tensor.Spikes{T: 1, B: 1, Features: s.Features, Bits: s.Row(step, 0)}
				require.EqualValues(t, stepTotals[(i*300+step)*5+k], now.Count(), "recording %s, layer %s, step %d", got.Name, name, step)
			}
			k++
		}
		for class, n := range got.Counts {
			require.EqualValues(t, counts[i*10+class], n)
		}
	}

	const hash = "3489b1db0ef3e3f6e1a47b222715c8a20a790c3a2c561644d7ca1b63fba92898"
	before := simd.Tier()
	defer func() { require.NoError(t, simd.Use(before)) }()
	for _, tier := range simd.Tiers() {
		require.NoError(t, simd.Use(tier))
		for r.Workers = 1; r.Workers <= 2; r.Workers++ {
			require.Equal(t, hash, classifyFiles(t, r).Hash, "%s, %d workers", tier, r.Workers)
		}
	}
}

func TestBadInput(t *testing.T) {
	dir := shared.Path(t, "data", "nmnist")
	good := network(t, "zero")
	temp := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(temp, name)
		require.NoError(t, os.WriteFile(path, data, 0o644))
		return path
	}
	recording, err := os.ReadFile(filepath.Join(dir, "60048.bs2"))
	require.NoError(t, err)
	write("cut.bs2", recording[:len(recording)-2])
	write("text.bs2", []byte("this is not a recording of any camera......"))
	write("empty.bs2", nil)
	write("back.bs2", append(append([]byte{}, recording[len(recording)-5:]...), recording...))
	whole, err := os.ReadFile(good)
	require.NoError(t, err)

	c, err := vectors.ReadFile(shared.Path(t, "golden", "nmnist_cnn.safetensors"))
	require.NoError(t, err)
	nan, err := c.Tensor("0.weight")
	require.NoError(t, err)
	nan.Data[3] = float32(math.NaN())
	weights, err := safetensors.Encode([]safetensors.Named{{Name: "0.weight", Tensor: nan}}, nil)
	require.NoError(t, err)

	for _, c := range []struct {
		name   string
		r      run
		labels string
		says   []string
	}{
		{"a model cut short", run{Model: write("cut.safetensors", whole[:len(whole)-9])}, "60048 2", []string{"cut.safetensors"}},
		{"weights without a graph", run{Model: write("weights.safetensors", weights)}, "60048 2", []string{"weights.safetensors", "spikelane.graph"}},
		{"no model", run{Model: filepath.Join(temp, "none")}, "60048 2", []string{"none"}},
		{"a recording cut short", run{Model: good, Events: temp}, "cut 2", []string{"cut.bs2", "after 2766 whole events", "3 bytes of 5 are left at byte 13830"}},
		{"a text", run{Model: good, Events: temp}, "text 2", []string{"text.bs2", "event 0", "the sensor is 34x34"}},
		{"an empty recording", run{Model: good, Events: temp}, "empty 2", []string{"empty.bs2", "the file is empty"}},
		{"time runs backwards", run{Model: good, Events: temp}, "back 2", []string{"back.bs2", "event 1"}},
		{"no recording", run{Model: good, Events: temp}, "nobody 2", []string{"nobody", "line 1"}},
		{"labels without classes", run{Model: good, Events: dir}, "60048", []string{"labels.txt", "line 1"}},
		{"no labels", run{Model: good, Events: dir}, "# nothing", []string{"no files"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.r.Labels = write("labels.txt", []byte(c.labels+"\n"))
			c.r.Workers = 2
			err := c.r.Run(context.Background())
			require.Error(t, err)
			for _, says := range c.says {
				require.ErrorContains(t, err, says)
			}
		})
	}
}

// NaN weights never get into a model file.
func TestConvertRefusesNaN(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "golden", "nmnist_cnn.safetensors"))
	require.NoError(t, err)
	f, err := safetensors.Read(data)
	require.NoError(t, err)
	e, ok := f.Entry("5.weight")
	require.True(t, ok)
	copy(e.Data[8:], []byte{0, 0, 0xc0, 0x7f})
	dir := t.TempDir()
	bad, to := filepath.Join(dir, "bad.safetensors"), filepath.Join(dir, "out.safetensors")
	require.NoError(t, os.WriteFile(bad, data, 0o644))
	err = convert{From: bad, To: to}.Run()
	require.ErrorContains(t, err, `bad.safetensors`)
	require.ErrorContains(t, err, `layer 5 (Conv2d "5"): bad weights: weight[2] is NaN`)
	_, err = os.Stat(to)
	require.ErrorIs(t, err, os.ErrNotExist)
}
