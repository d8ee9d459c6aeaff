package model_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// every is a graph with every layer, a skip, a loop and every option.
func every(t testing.TB) *forward.Model {
	t.Helper()
	from := func(s ...forward.Source) []forward.Source { return s }
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "events", Shape: tensor.Shape{2, 9, 9}}, {Name: "extra", Shape: tensor.Shape{5}}},
		Rule:   forward.RuleDelayed,
		Layers: []forward.Node{
			{Name: "conv", Layer: snn.Conv2d{Out: 4, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 0}, Groups: 2}, Inputs: []string{"events"}},
			{Layer: snn.IF{Strict: true, Reset: snn.ResetToValue, ResetTo: -0.25}},
			{Layer: snn.SumPool2d{Kernel: snn.Size{2, 2}}},
			{Layer: snn.AvgPool2d{Kernel: snn.Size{2, 1}}},
			{Name: "flat", Layer: snn.Flatten{}},
			{Name: "lin", Layer: snn.Linear{Out: 7}, Sources: from(forward.After(3, "flat"), forward.From("lif")), Inputs: []string{"extra"}, Initial: "bias"},
			{Name: "lif", Layer: snn.LIF{Tau: 5, DT: 0.5, Normalized: true, Threshold: snn.Zero, Reset: snn.ResetToZero,
				Timing: snn.TimingNextStepDecayed, Surrogate: surrogate.Triangle(1, 3), Detach: snn.DetachResetTerm},
				Sources: from(forward.From("lin"), forward.After(2, "lif")), Join: forward.JoinSum},
			{Name: "out", Layer: snn.LI{Decay: 0.5, Gain: 2}},
		},
		Outputs: []string{"out", "lif"},
	})
	require.NoError(t, err)
	m, err := g.Init(7)
	require.NoError(t, err)
	return m
}

func TestRoundTrip(t *testing.T) {
	m := every(t)
	data, err := model.Encode(m)
	require.NoError(t, err)
	back, err := model.Parse(data)
	require.NoError(t, err)
	require.Equal(t, m.Graph().Fingerprint(), back.Graph().Fingerprint())
	require.Equal(t, m.Params(), back.Params())
	again, err := model.Encode(back)
	require.NoError(t, err)
	require.Equal(t, data, again)

	a, b := noise(10, 2, 2, 9, 9), noise(10, 2, 5)
	one, err := m.Run(context.Background(), m.NewState(2), a, b)
	require.NoError(t, err)
	two, err := back.Run(context.Background(), back.NewState(2), a, b)
	require.NoError(t, err)
	require.Equal(t, one.Dense(), two.Dense())
	require.Equal(t, one.Layer("lif"), two.Layer("lif"))
	require.NotZero(t, one.Layer("lif").(*tensor.Spikes).Count())

	path := filepath.Join(t.TempDir(), "net.safetensors")
	require.NoError(t, model.WriteFile(path, m))
	read, err := model.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, m.Params(), read.Params())
}

func noise(steps, batch int, features ...int) *tensor.Tensor {
	x := tensor.New(append([]int{steps, batch}, features...)...)
	for i := range x.Data {
		x.Data[i] = float32(i*i%7) / 4
	}
	return x
}

func TestBadFiles(t *testing.T) {
	data, err := model.Encode(every(t))
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		change func(b []byte) []byte
		is     error
		says   string
	}{
		{"not a file of this format", func([]byte) []byte { return []byte("hello, world") }, model.ErrModel, ""},
		{"cut", func(b []byte) []byte { return b[:len(b)-5] }, model.ErrModel, ""},
		{"a weight changed", func(b []byte) []byte { b[len(b)-2] ^= 1; return b }, model.ErrModel, "checksum"},
		{"the graph changed", func(b []byte) []byte { return bytes.Replace(b, []byte(`out\":7`), []byte(`out\":8`), 1) }, model.ErrModel, "checksum"},
		{"another version", func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"spikelane.version":"1"`), []byte(`"spikelane.version":"9"`), 1)
		}, model.ErrModel, `version "9"`},
		{"weights only", func([]byte) []byte {
			b, err := safetensors.Encode([]safetensors.Named{{Name: "w", Tensor: tensor.New(2)}}, nil)
			require.NoError(t, err)
			return b
		}, model.ErrModel, "no spikelane.graph"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := c.change(bytes.Clone(data))
			require.NotEqual(t, data, bad)
			_, err := model.Parse(bad)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err = model.ReadFile(filepath.Join(t.TempDir(), "none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A failed write leaves nothing behind.
func TestWriteFileIsWhole(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "taken"), 0o755))
	require.Error(t, model.WriteFile(filepath.Join(dir, "taken"), every(t)))
	require.Error(t, model.WriteFile(filepath.Join(dir, "no", "such"), every(t)))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range left {
		require.False(t, strings.HasPrefix(e.Name(), "."), e.Name())
	}
}

func FuzzParse(f *testing.F) {
	data, err := model.Encode(every(f))
	require.NoError(f, err)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := model.Parse(data); err == nil {
			_, err := model.Encode(m)
			require.NoError(t, err)
		}
	})
}

// No byte of a model can change unseen.
func TestDamagedModel(t *testing.T) {
	data, err := model.Encode(every(t))
	require.NoError(t, err)
	for at := range data {
		bit := byte(1) << (at % 8)
		data[at] ^= bit
		_, err := model.Parse(data)
		require.ErrorIs(t, err, model.ErrModel, "bit %d of byte %d", bit, at)
		data[at] ^= bit
	}
	_, err = model.Parse(data)
	require.NoError(t, err)
}

// What a file says beside its model comes back, and is covered by the sum.
func TestNotes(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{3}, snn.Linear{Out: 2}, snn.LI{Decay: 0.9})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	data, err := model.Encode(m, model.Note{Key: model.KeyInput, Value: `{"steps":7}`}, model.Note{Key: "own", Value: "x"})
	require.NoError(t, err)
	notes, err := model.Notes(data)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"input": `{"steps":7}`, "own": "x"}, notes)
	_, err = model.Parse(data)
	require.NoError(t, err)
	_, err = model.Parse(bytes.Replace(data, []byte(`steps\":7`), []byte(`steps\":8`), 1))
	require.ErrorIs(t, err, model.ErrModel)
	for _, bad := range [][]model.Note{{{Key: "graph"}}, {{Key: "sha256"}}, {{Key: ""}}, {{Key: "a"}, {Key: "a"}}} {
		_, err := model.Encode(m, bad...)
		require.Error(t, err)
	}
	plain, err := model.Encode(m)
	require.NoError(t, err)
	notes, err = model.Notes(plain)
	require.NoError(t, err)
	require.Empty(t, notes)
}
