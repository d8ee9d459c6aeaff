package statedict_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/format/statedict"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/preset/spikingjelly"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// What we write of a network that was read has the names, the shapes and the
// numbers that PyTorch wrote.
func TestExportIsWhatWasRead(t *testing.T) {
	for name, n := range networks() {
		path := filepath.Join("testdata", name+".safetensors")
		m, report := n.load(t, path)
		native := filepath.Join(t.TempDir(), "ours.safetensors")
		require.NoError(t, statedict.WriteFile(native, m, report.Names()))
		want, err := statedict.ReadFile(path)
		require.NoError(t, err)
		delete(want, "lif4.beta") // of a Lapicque
		got, err := statedict.ReadFile(native)
		require.NoError(t, err)
		for key, t := range want {
			if len(t.Shape) == 0 && !strings.HasSuffix(key, "_val") {
				t.Shape = tensor.Shape{1} // what PyTorch loads as []
			}
		}
		require.Equal(t, want, got, name)
		again, _ := n.load(t, native)
		require.Equal(t, m.Params(), again.Params(), name)
	}
}

func TestExport(t *testing.T) {
	g := sequential(t, tensor.Shape{3, 2, 2}, snntorch.Leaky{}, snn.Flatten{}, snn.Linear{Out: 2}, spikingjelly.LIF{Tau: 3}, snn.LIF{})
	params := dict{"snntorch.leaky1.beta": numbers(0.5, 3), "linear1.weight": numbers(0, 2, 12), "linear1.bias": numbers(0, 2)}
	m, err := g.Load(params)
	require.NoError(t, err)
	list, err := statedict.Export(m, statedict.Names{"net.0": "snntorch.leaky1", "": "linear1"})
	require.NoError(t, err)
	var names []string
	for _, n := range list {
		names = append(names, n.Name)
	}
	require.Equal(t, []string{
		"net.0.beta", "net.0.threshold", "net.0.graded_spikes_factor", "net.0.reset_mechanism_val",
		"weight", "bias", "lif1.decay", "lif1.gain", "lif1.threshold",
	}, names)
	require.Equal(t, numbers(0.5, 3, 1, 1), list[0].Tensor)
	require.Equal(t, &safetensors.Ints{Data: []int64{0}}, list[3].Ints)

	for name, bad := range map[string]statedict.Names{
		"no such layer": {"a": "b"}, "no parameters": {"a": "flatten1"}, "twice": {"a": "linear1", "b": "linear1"},
	} {
		_, err := statedict.Export(m, bad)
		require.ErrorIs(t, err, statedict.ErrMatch, name)
	}
	params["spikingjelly.lif1.tau"] = tensor.Of([]float32{4}, 1)
	m, err = g.Load(params)
	require.NoError(t, err)
	_, err = statedict.Export(m, nil)
	require.ErrorIs(t, err, statedict.ErrNoPlace)
	require.ErrorContains(t, err, "spikingjelly.lif1.tau")
	require.ErrorIs(t, statedict.WriteFile(filepath.Join(t.TempDir(), "x"), m, nil), statedict.ErrNoPlace)
}

// Every mechanism of every neuron is exported as the number that loads again.
func TestResetsRoundTrip(t *testing.T) {
	for _, reset := range []snntorch.Reset{"", "subtract", "zero", "none"} {
		for _, l := range []snn.Layer{snntorch.Leaky{Reset: reset}, snntorch.Synaptic{Reset: reset}, snntorch.Alpha{Reset: reset}, snntorch.Lapicque{Reset: reset}} {
			g := sequential(t, tensor.Shape{2}, l)
			m, err := g.Init(0)
			require.NoError(t, err)
			list, err := statedict.Export(m, nil)
			require.NoError(t, err)
			i := slices.IndexFunc(list, func(n safetensors.Named) bool { return n.Ints != nil })
			want := map[snntorch.Reset]int64{"subtract": 0, "zero": 1, "none": 2}[reset]
			if _, alpha := l.(snntorch.Alpha); alpha && reset == "" {
				want = 1
			}
			require.Equal(t, []int64{want}, list[i].Ints.Data, "%T %q", l, reset)
		}
	}
}
