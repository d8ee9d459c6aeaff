package nir_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/tensor"
)

// scale multiplies two numbers.
func scale(by float32) nir.Node { return nir.Scale{Scale: nir.Of([]float32{by, by})} }

var two = nir.Of([]int64{2})

// edges are pairs of names.
func edges(names ...string) (list []nir.Edge) {
	for i := 0; i < len(names); i += 2 {
		list = append(list, nir.Edge{From: names[i], To: names[i+1]})
	}
	return list
}

// Sums, skips, nested graphs, several inputs and outputs, and ends that have no
// Output: all edges into a node add up.
func TestGraphs(t *testing.T) {
	in, out := nir.Input{Shape: two}, nir.Output{Shape: two}
	double := &nir.Graph{
		Nodes: map[string]nir.Node{"i": in, "s": scale(2), "o": out},
		Edges: edges("i", "s", "s", "o"),
	}
	pass := &nir.Graph{Nodes: map[string]nir.Node{"i": in, "o": out}, Edges: edges("i", "o")}
	for _, c := range []struct {
		name    string
		nodes   map[string]nir.Node
		edges   []nir.Edge
		outputs []string
		want    [][]float32
	}{
		{"a chain", map[string]nir.Node{"in": in, "a": scale(3), "out": out}, edges("in", "a", "a", "out"), []string{"a"}, [][]float32{{3, 6}}},
		{"a skip", map[string]nir.Node{"in": in, "a": scale(3), "out": out}, edges("in", "a", "a", "out", "in", "out"), []string{"out"}, [][]float32{{4, 8}}},
		{"a sum", map[string]nir.Node{"in": in, "a": scale(3), "b": scale(5), "c": scale(10), "out": out},
			edges("in", "a", "in", "b", "a", "c", "b", "c", "c", "out"), []string{"c"}, [][]float32{{80, 160}}},
		{"a nested graph", map[string]nir.Node{"in": in, "g": double, "out": out}, edges("in", "g", "g", "out"), []string{"g.s"}, [][]float32{{2, 4}}},
		{"the same twice", map[string]nir.Node{"in": in, "g": double, "h": double, "out": out},
			edges("in", "g", "g", "h", "h", "out", "g", "out"), []string{"out"}, [][]float32{{6, 12}}},
		{"through nothing", map[string]nir.Node{"in": in, "g": pass, "a": scale(7), "out": out}, edges("in", "g", "g", "a", "a", "out"), []string{"a"}, [][]float32{{7, 14}}},
		{"an input that is the output", map[string]nir.Node{"in": in, "a": scale(2), "out": out, "out2": out},
			edges("in", "out", "in", "a", "a", "out2"), []string{"out", "a"}, [][]float32{{1, 2}, {2, 4}}},
		{"one layer, two outputs", map[string]nir.Node{"in": in, "a": scale(2), "o1": out, "o2": out}, edges("in", "a", "a", "o1", "a", "o2"), []string{"a", "o2"}, [][]float32{{2, 4}, {2, 4}}},
		{"neither input nor output", map[string]nir.Node{"a": scale(2), "b": scale(3)}, edges("a", "b"), []string{"b"}, [][]float32{{6, 12}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := &nir.Graph{Nodes: c.nodes, Edges: c.edges}
			for range 2 {
				m, report, err := g.Model(nir.Discretization{})
				require.NoError(t, err)
				require.True(t, report.Faithful())
				require.Equal(t, c.outputs, m.Graph().Outputs())
				y, err := m.Run(t.Context(), m.NewState(1), tensor.Of([]float32{1, 2}, 1, 1, 2))
				require.NoError(t, err)
				for k, name := range c.outputs {
					require.Equal(t, c.want[k], y.Layer(name).Dense().Data)
				}
				slices.Reverse(g.Edges) // which means nothing
			}
			data, err := nir.Encode(g)
			require.NoError(t, err)
			back, err := nir.Parse(data)
			require.NoError(t, err)
			require.Equal(t, g.Nodes, back.Nodes)
			require.Equal(t, g.Edges, back.Edges)
			require.Equal(t, "1.0.8", back.Version)
		})
	}
}

// What a graph cannot be as a network is an error that names the place.
func TestGraphsRefused(t *testing.T) {
	in, out := nir.Input{Shape: two}, nir.Output{Shape: two}
	even := nir.Conv2d{
		Weight: nir.Of(make([]float32, 4), 1, 1, 2, 2), Bias: nir.Of([]float32{0}), Stride: nir.One(int64(1)),
		Dilation: nir.One(int64(1)), Padding: nir.One("same"), Groups: nir.One(int64(1)), InputShape: nir.Of([]int64{4, 4}),
	}
	some := nir.Flatten{InputType: nir.Of([]int64{2, 3, 4}), StartDim: nir.One(int64(1)), EndDim: nir.One(int64(-1))}
	deep := &nir.Graph{Nodes: map[string]nir.Node{"i": in, "o": out}, Edges: edges("i", "o")}
	for range 40 {
		deep = &nir.Graph{Nodes: map[string]nir.Node{"i": in, "g": deep, "o": out}, Edges: edges("i", "g", "g", "o")}
	}
	for name, c := range map[string]struct {
		g    *nir.Graph
		says string
	}{
		"a loop of nothing": {
			&nir.Graph{Nodes: map[string]nir.Node{"i": in, "a": scale(1), "b": scale(1)}, Edges: edges("i", "a", "a", "b", "b", "a")},
			"nir: a: unsupported: a cycle without a neuron: a, b",
		},
		"outputs that read each other": {
			&nir.Graph{Nodes: map[string]nir.Node{"i": in, "a": scale(1), "p": out, "q": out}, Edges: edges("i", "a", "p", "q", "q", "p", "q", "a")},
			"a cycle without a neuron",
		},
		"two inputs of a node": {
			&nir.Graph{Nodes: map[string]nir.Node{"in": in, "a": scale(1), "g": &nir.Graph{
				Nodes: map[string]nir.Node{"i": in, "j": in, "s": scale(1), "o": out}, Edges: edges("i", "s", "j", "s", "s", "o"),
			}}, Edges: edges("in", "g", "g", "a")},
			"nir: g: unsupported: a graph with several inputs as a node",
		},
		"no output of a node": {
			&nir.Graph{Nodes: map[string]nir.Node{"in": in, "g": &nir.Graph{Nodes: map[string]nir.Node{"i": in}}, "o": out}, Edges: edges("in", "g", "g", "o")},
			"/node/nodes/g: not a valid NIR graph: the shape of its output cannot be known",
		},
		"an even kernel": {alone(even, 2), "/node/nodes/input/shape: not a valid NIR graph: input, of shape [2], is read by n, of shape [1 4 4]"},
		"some dimensions": {
			&nir.Graph{Nodes: map[string]nir.Node{"i": nir.Input{Shape: nir.Of([]int64{2, 3, 4})}, "f": some}, Edges: edges("i", "f")},
			"nir: f: unsupported: it leaves some dimensions alone",
		},
		"too deep": {deep, "graphs are nested more than 32 deep"},
		"nothing":  {&nir.Graph{}, "a network has at least one input and one layer"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := c.g.Model(nir.Discretization{})
			require.ErrorContains(t, err, c.says)
		})
	}
	g := &nir.Graph{Nodes: map[string]nir.Node{"i": nir.Input{Shape: nir.Of([]int64{1, 4, 4})}, "c": even}, Edges: edges("i", "c")}
	_, _, err := g.Model(nir.Discretization{})
	require.ErrorIs(t, err, nir.ErrUnsupported)
	require.ErrorContains(t, err, `nir: c: unsupported: the padding "same" of an even kernel`)
	require.NoError(t, g.Check()) // which is NIR all the same
	shapes, err := g.Shapes()
	require.NoError(t, err)
	require.Equal(t, tensor.Shape{1, 4, 4}, shapes["c"])
}
