package statedict_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/format/statedict"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/preset/spikingjelly"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// network is one of testdata/make.py as a graph.
type network struct {
	in     tensor.Shape
	layers []forward.Node
	// spikes are the layers whose spikes are recorded, by the names of modules.
	spikes map[string]string
	by     string // how every module is found
}

func named(name string, l snn.Layer) forward.Node { return forward.Node{Name: name, Layer: l} }

func unnamed(layers ...snn.Layer) (nodes []forward.Node) {
	for _, l := range layers {
		nodes = append(nodes, forward.Node{Layer: l})
	}
	return nodes
}

// networks are the graphs of testdata/make.py.
func networks() map[string]network {
	deep := network{in: tensor.Shape{9}, by: "order", spikes: map[string]string{}}
	for k, module := range []string{"1", "3", "5", "7", "9", "11"} {
		deep.layers = append(deep.layers, unnamed(snn.Linear{Out: 9}, snntorch.Leaky{})...)
		deep.spikes[module] = "snntorch.leaky" + string(rune('1'+k))
	}
	return map[string]network{
		"snntorch_mlp": {
			in: tensor.Shape{20},
			layers: []forward.Node{
				named("fc1", snn.Linear{Out: 12}), named("lif1", snntorch.Leaky{}),
				named("fc2", snn.Linear{Out: 10, NoBias: true}), named("lif2", snntorch.Synaptic{Reset: "zero"}),
				named("fc3", snn.Linear{Out: 8}), named("lif3", snntorch.Alpha{}),
				named("fc4", snn.Linear{Out: 6}), named("lif4", snntorch.Lapicque{}),
			},
			spikes: map[string]string{"lif1": "lif1", "lif2": "lif2", "lif3": "lif3", "lif4": "lif4"},
			by:     "name",
		},
		"snntorch_recurrent": {
			in: tensor.Shape{20},
			layers: []forward.Node{
				named("fc1", snn.Linear{Out: 10}), named("hidden", snntorch.RLeaky(10, snntorch.Leaky{})),
				named("fc2", snn.Linear{Out: 10}), named("each", snntorch.RLeakyOneToOne(1, snntorch.Leaky{})),
				named("fc3", snn.Linear{Out: 10}), named("last", snntorch.RSynaptic(10, snntorch.Synaptic{})),
			},
			spikes: map[string]string{"hidden": "hidden", "each": "each", "last": "last"},
			by:     "name",
		},
		"snntorch_conv": {
			in: tensor.Shape{2, 6, 6},
			layers: unnamed(
				snn.Conv2d{Out: 4, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}}, snn.BatchNorm{}, snntorch.Leaky{},
				snn.AvgPool2d{Kernel: snn.Size{2, 2}}, snn.Flatten{},
				snn.Linear{Out: 10}, snntorch.Leaky{Reset: "none"}),
			spikes: map[string]string{"2": "snntorch.leaky1", "6": "snntorch.leaky2"},
			by:     "shape",
		},
		"snntorch_deep": deep,
		"spikingjelly_conv": {
			in: tensor.Shape{2, 6, 6},
			layers: unnamed(
				snn.Conv2d{Out: 4, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}, NoBias: true}, snn.BatchNorm{},
				spikingjelly.LIF{VThreshold: 0.47}, snn.MaxPool2d{Kernel: snn.Size{2, 2}}, snn.Flatten{},
				snn.Linear{Out: 10}, spikingjelly.PLIF{SoftReset: true},
				snn.Linear{Out: 8}, spikingjelly.PLIF{NoDecayInput: true},
				snn.Linear{Out: 8, NoBias: true}, spikingjelly.IF{VThreshold: 0.97}),
			spikes: map[string]string{"2": "spikingjelly.lif1", "6": "spikingjelly.plif1", "8": "spikingjelly.plif2", "10": "spikingjelly.if1"},
			by:     "",
		},
	}
}

func (n network) graph(t testing.TB) *forward.Graph {
	t.Helper()
	s := forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: n.in}}, Layers: n.layers}
	for _, layer := range n.spikes {
		s.Outputs = append(s.Outputs, layer)
	}
	g, err := forward.New(s)
	require.NoError(t, err)
	return g
}

// The networks of snnTorch and SpikingJelly, as committed, make their spikes.
func TestSpikesOfPyTorch(t *testing.T) { requireSpikes(t, "testdata") }

// So do those that the frameworks make now, of other numbers; and they make
// theirs of the state dicts that we write.
func TestSpikesOfThisPyTorch(t *testing.T) {
	dir := t.TempDir()
	python.Run(t, "testdata/make.py", dir, "2")
	requireSpikes(t, dir)
	for name, n := range networks() {
		m, report := n.load(t, filepath.Join(dir, name+".safetensors"))
		require.NoError(t, statedict.WriteFile(filepath.Join(dir, name+".ours.safetensors"), m, report.Names()))
	}
	out := python.Run(t, "testdata/load_ours.py", dir)
	require.Equal(t, len(networks()), strings.Count(out, "has the same spikes"), out)
}

func (n network) load(t testing.TB, path string) (*forward.Model, *statedict.Report) {
	t.Helper()
	tensors, err := statedict.ReadFile(path)
	require.NoError(t, err)
	m, report, err := statedict.Load(n.graph(t), tensors, nil)
	require.NoError(t, err)
	return m, report
}

func requireSpikes(t *testing.T, dir string) {
	for name, n := range networks() {
		m, report := n.load(t, filepath.Join(dir, name+".safetensors"))
		for _, match := range report.Matches {
			if n.by != "" {
				require.Equal(t, n.by, match.By, "%s: %v", name, match)
			}
		}
		arrays, err := npy.OpenArchive(filepath.Join(dir, name+".npz"))
		require.NoError(t, err)
		defer arrays.Close()
		read := func(array string) *tensor.Spikes {
			a, err := arrays.Read(array)
			require.NoError(t, err)
			s, err := a.Spikes()
			require.NoError(t, err)
			return s
		}
		require.Len(t, arrays.Names(), len(n.spikes)+1)
		x := read("x")
		out, err := m.Run(t.Context(), m.NewState(x.B), x)
		require.NoError(t, err)
		for module, layer := range n.spikes {
			want := read(module)
			require.Greater(t, want.Rate(), 0.05, "%s: %s is silent, which proves nothing", name, module)
			require.Equal(t, want.Dense(), out.Layer(layer).Dense(), "%s: %s", name, module)
		}
	}
}
