package nir

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/hdf5"
)

// good is a file with a convolution, a flattening, weights and neurons, in a
// graph in a graph.
func good(t testing.TB) *hdf5.Group {
	shape := func(n ...int64) Array { return Of(n) }
	f64 := func(n int) Array { return Of(slices.Repeat([]float64{0.5}, n)) }
	one := One(int64(1))
	inner := &Graph{
		Nodes: map[string]Node{
			"input": Input{Shape: shape(12)}, "output": Output{Shape: shape(3)},
			"fc":  Affine{Weight: Of(make([]float32, 36), 3, 12), Bias: Of(make([]float32, 3))},
			"rec": Linear{Weight: Of(make([]float32, 9), 3, 3)},
			"lif": LIF{Tau: f64(3), R: f64(3), VLeak: f64(3), VThreshold: f64(3)},
		},
		Edges: []Edge{{"input", "fc"}, {"fc", "lif"}, {"lif", "rec"}, {"rec", "lif"}, {"lif", "output"}},
	}
	g := &Graph{
		Nodes: map[string]Node{
			"input": Input{Shape: shape(2, 4, 5)}, "output": Output{Shape: shape(3)},
			"conv": Conv2d{
				InputShape: shape(4, 5), Weight: Of(make([]float32, 3*2*3*2), 3, 2, 3, 2), Bias: Of(make([]float32, 3)),
				Stride: one, Padding: shape(1, 0), Dilation: shape(1, 1), Groups: one,
			},
			"pool":    SumPool2d{KernelSize: shape(2, 2), Stride: shape(2, 2), Padding: shape(0, 0)},
			"flatten": Flatten{InputType: shape(3, 2, 2), StartDim: One(int64(0)), EndDim: One(int64(-1))},
			"inner":   inner,
		},
		Edges: []Edge{{"input", "conv"}, {"conv", "pool"}, {"pool", "flatten"}, {"flatten", "inner"}, {"inner", "output"}},
	}
	require.NoError(t, g.Check())
	file, err := fileOf(g)
	require.NoError(t, err)
	return file
}

// group finds a group in a file.
func group(file *hdf5.Group, path ...string) *hdf5.Group {
	for _, name := range path {
		file = file.Members[name].(*hdf5.Group)
	}
	return file
}

// set puts a value into a group.
func set(g *hdf5.Group, name string, a Array) {
	g.Members[name] = &hdf5.Dataset{Shape: a.Shape, Data: a.Data}
}

// rules are ways to break them: the error of strict reading, and what lenient
// reading repairs, empty if it cannot.
var rules = []struct {
	name     string
	spoil    func(root, node, nodes, inner *hdf5.Group) // the file, /node, /node/nodes, and the nodes of the inner graph
	says     string
	remedies []string
}{
	{"no node", func(root, _, _, _ *hdf5.Group) { delete(root.Members, "node") }, `/: not a valid NIR graph: it has no group "node"`, nil},
	{"no graph", func(root, _, nodes, _ *hdf5.Group) { root.Members["node"] = nodes.Members["input"] }, "/node: not a valid NIR graph: it is of type Input, not NIRGraph", nil},
	{"no nodes", func(_, node, _, _ *hdf5.Group) { delete(node.Members, "nodes") }, `/node: not a valid NIR graph: a graph has a group "nodes"`, nil},
	{"no edges", func(_, node, _, _ *hdf5.Group) { delete(node.Members, "edges") }, "/node: not a valid NIR graph: a graph has edges", nil},
	{"edges of numbers", func(_, node, _, _ *hdf5.Group) { set(node, "edges", Of([]int64{1, 2}, 1, 2)) }, "/node/edges: not a valid NIR graph: edges are pairs of texts", nil},
	{"edges of three", func(_, node, _, _ *hdf5.Group) { set(node, "edges", Of([]string{"a", "b", "c"}, 1, 3)) }, "/node/edges: not a valid NIR graph: edges are pairs of texts", nil},
	{"no type", func(_, _, nodes, _ *hdf5.Group) { delete(group(nodes, "pool").Members, "type") }, "/node/nodes/pool: not a valid NIR graph: it has no type", nil},
	{"a type of numbers", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "pool"), "type", One(int64(1))) }, "/node/nodes/pool: not a valid NIR graph: it has no type", nil},
	{"an unknown type", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "pool"), "type", One("MaxPool2d")) }, `/node/nodes/pool/type: unsupported: NIR has no primitive "MaxPool2d"`, nil},
	{"a dataset for a node", func(_, _, nodes, _ *hdf5.Group) { set(nodes, "pool", One("pool")) }, "/node/nodes/pool: not a valid NIR graph: a node is a group", nil},
	{"a missing parameter", func(_, _, _, inner *hdf5.Group) { delete(group(inner, "lif").Members, "tau") }, "/node/nodes/inner/nodes/lif: not a valid NIR graph: a LIF has the parameter tau, which is not there", nil},
	{"a group for a parameter", func(_, _, nodes, _ *hdf5.Group) { group(nodes, "conv").Members["weight"] = group(nodes, "pool") }, "/node/nodes/conv: not a valid NIR graph: a Conv2d has the parameter weight", nil},
	{"a text for weights", func(_, _, _, inner *hdf5.Group) { set(group(inner, "rec"), "weight", Of([]string{"a"}, 1, 1)) }, "/node/nodes/inner/nodes/rec/weight: not a valid NIR graph: it is a text, not numbers", nil},
	{"metadata of no group", func(_, node, _, _ *hdf5.Group) { set(node, "metadata", One("x")) }, "/node/metadata: not a valid NIR graph: metadata is a group", nil},
	{"an unknown parameter", func(_, _, _, inner *hdf5.Group) { set(group(inner, "lif"), "v_peak", One(1.0)) },
		"/node/nodes/inner/nodes/lif/v_peak: not a valid NIR graph: a node of this type has no such parameter", []string{"left out"}},
	{"an unknown edge", func(_, node, _, _ *hdf5.Group) { set(node, "edges", Of([]string{"input", "nobody"}, 1, 2)) }, "/node/edges: not a valid NIR graph: the edge input -> nobody names a node that is not there", nil},
	{"an edge twice", func(_, node, _, _ *hdf5.Group) {
		d := node.Members["edges"].(*hdf5.Dataset)
		set(node, "edges", Of(append(slices.Clone(d.Data.([]string)), d.Data.([]string)[:2]...), 6, 2))
	}, "/node/edges: not a valid NIR graph: the edge input -> conv is there twice", []string{"one was left out"}},
	{"single parameters", func(_, _, _, inner *hdf5.Group) {
		set(group(inner, "lif"), "v_threshold", One(2.0))
		set(group(inner, "lif"), "r", Of([]float64{3}))
	}, "/node/nodes/inner/nodes/lif: not a valid NIR graph: tau is [3], r is [1]: its parameters have one shape", []string{"it stands for all", "it stands for all"}},
	{"all parameters single", func(_, _, _, inner *hdf5.Group) {
		for _, name := range []string{"tau", "r", "v_leak", "v_threshold"} {
			set(group(inner, "lif"), name, One(2.0))
		}
	}, "/node/nodes/inner/nodes/lif: not a valid NIR graph: fc, of shape [3], is read by lif, of shape []", []string{"its parameters stand for all"}},
	{"no input shape", func(_, _, nodes, _ *hdf5.Group) { delete(group(nodes, "conv").Members, "input_shape") },
		"/node/nodes/conv: not a valid NIR graph: a Conv2d has the parameter input_shape, which is not there", []string{"made [4 5]"}},
	{"parameters of two shapes", func(_, _, _, inner *hdf5.Group) { set(group(inner, "lif"), "tau", Of([]float64{1, 2})) }, "its parameters have one shape", nil},
	{"an output's shape", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "output"), "shape", Of([]int64{1, 1, 3})) },
		"/node/nodes/output/shape: not a valid NIR graph: inner, of shape [3], is read by output, of shape [1 1 3]", []string{"made [3]"}},
	{"an input's shape", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "input"), "shape", Of([]int64{2, 9, 9})) },
		"/node/nodes/input/shape: not a valid NIR graph: input, of shape [2 9 9], is read by conv, of shape [2 4 5]", []string{"made [2 4 5]"}},
	{"a flattening's input", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "flatten"), "input_type", Of([]int64{1, 2, 2})) },
		"/node/nodes/flatten/input_type: not a valid NIR graph: pool, of shape [3 2 2], is read by flatten, of shape [1 2 2]", []string{"made [3 2 2]"}},
	{"a flattening of samples", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "flatten"), "start_dim", One(int64(1))) },
		"flatten, of shape [3 4], is read by inner, of shape [12]", []string{"samples are no dimension: it flattens all"}},
	{"weights of another shape", func(_, _, _, inner *hdf5.Group) { set(group(inner, "rec"), "weight", Of(make([]float32, 12), 4, 3)) },
		"/node/nodes/inner/edges: not a valid NIR graph: rec, of shape [4], is read by lif, of shape [3]", nil},
	{"a bias of another shape", func(_, _, _, inner *hdf5.Group) { set(group(inner, "fc"), "bias", Of(make([]float32, 4))) },
		"/node/nodes/inner/nodes/fc: not a valid NIR graph: a bias of shape [4] beside weights of shape [3 12]", nil},
	{"a window that does not fit", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "pool"), "kernel_size", Of([]int64{9, 9})) },
		"/node/nodes/pool: not a valid NIR graph: its window does not fit an input of [3 4 4]", nil},
	{"a stride of zero", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "conv"), "stride", Of([]int64{0, 1})) }, "/node/nodes/conv: not a valid NIR graph: a kernel of [3 2], a stride of [0 1]", nil},
	{"half a stride", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "conv"), "stride", Of([]float64{0.5})) }, "stride: not a valid NIR graph: it holds 0.5, not a whole number", nil},
	{"a negative shape", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "input"), "shape", Of([]int64{2, -4, 5})) }, "/node/nodes/input: not a valid NIR graph: shape mismatch", nil},
	{"a huge shape", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "input"), "shape", Of([]int64{1 << 30, 1 << 30})) }, "/node/nodes/input: not a valid NIR graph: shape mismatch", nil},
	{"groups that do not divide", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "conv"), "groups", One(int64(2))) }, "groups is one number", nil},
	{"a strange padding", func(_, _, nodes, _ *hdf5.Group) { set(group(nodes, "conv"), "padding", One("reflect")) }, `a padding that is not "same", "valid" or numbers`, nil},
	{"recordings", func(root, _, _, _ *hdf5.Group) {
		root.Attributes = map[string]*hdf5.Dataset{typeAttribute: text("NIRGraphData")}
	}, "/: not a valid NIR graph: it holds recordings, not a graph: ReadData reads it", nil},
}

func TestRules(t *testing.T) {
	for _, c := range rules {
		t.Run(c.name, func(t *testing.T) {
			spoiled := func() []byte {
				file := good(t)
				c.spoil(file, group(file, "node"), group(file, "node", "nodes"), group(file, "node", "nodes", "inner", "nodes"))
				data, err := hdf5.Encode(file)
				require.NoError(t, err)
				return data
			}
			_, err := Parse(spoiled())
			require.ErrorContains(t, err, c.says)
			var placed *Error
			require.ErrorAs(t, err, &placed)
			require.Regexp(t, "^/", placed.Path)

			var repairs []Repair
			g, err := Parse(spoiled(), Lenient(&repairs))
			if c.remedies == nil {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			var remedies []string
			for _, r := range repairs {
				remedies = append(remedies, r.Remedy)
				require.Regexp(t, "^/node", r.Path)
				require.NotEmpty(t, r.Problem)
			}
			require.Equal(t, c.remedies, remedies)
			require.NoError(t, g.Check())
		})
	}
}

// What strict reading accepts, lenient reading leaves alone.
func TestLenientLeavesGoodFilesAlone(t *testing.T) {
	data, err := hdf5.Encode(good(t))
	require.NoError(t, err)
	var repairs []Repair
	a, err := Parse(data, Lenient(&repairs))
	require.NoError(t, err)
	require.Empty(t, repairs)
	b, err := Parse(data)
	require.NoError(t, err)
	require.Equal(t, b, a)
}

// Repairs are bounded, however much is wrong.
func TestRepairsAreBounded(t *testing.T) {
	file := good(t)
	node := group(file, "node")
	names := node.Members["edges"].(*hdf5.Dataset).Data.([]string)
	set(node, "edges", Of(append(names, slices.Repeat([]string{"input", "conv"}, 2000)...), 2005, 2))
	data, err := hdf5.Encode(file)
	require.NoError(t, err)
	var repairs []Repair
	_, err = Parse(data, Lenient(&repairs))
	require.ErrorContains(t, err, "after 1000 repairs")
}

// Every primitive is written and read with all its values.
func TestPrimitives(t *testing.T) {
	require.Len(t, kinds, 18) // and the graph
	for _, n := range primitives {
		values := map[string]Array{}
		for _, f := range kinds[n.Type()].fields {
			values[f.name] = Of([]float64{1, 2, 3, 4}, 2, 2)
		}
		values["weight"], values["bias"] = Of([]float32{1, 2}, 2, 1), Of([]float32{3, 4})
		n = withMetadata(with(n, values), Metadata{
			"flag": One(true), "name": One("n"), "list": Of([]int16{1, -2}), "more": Metadata{"depth": One(uint8(2))},
		})
		group, err := groupOf(n, "n", 0)
		require.NoError(t, err)
		data, err := hdf5.Encode(group)
		require.NoError(t, err)
		group, err = hdf5.Decode(data, 0)
		require.NoError(t, err)
		var d decoder
		back, err := d.node(group, "/n", 0)
		require.NoError(t, err)
		require.Equal(t, n, back)
		require.ElementsMatch(t, slices.Collect(maps.Keys(Parameters(n))), slices.Collect(maps.Keys(Parameters(back))))
	}
}

// Encode writes nothing that breaks a rule, and the same bytes each time.
func TestEncode(t *testing.T) {
	g, err := newDecoder(nil).whole(good(t))
	require.NoError(t, err)
	a, err := Encode(g)
	require.NoError(t, err)
	b, err := Encode(g)
	require.NoError(t, err)
	require.Equal(t, a, b)
	for name, spoil := range map[string]func(g *Graph){
		"a nil node":       func(g *Graph) { g.Nodes["pool"] = nil },
		"a pointer":        func(g *Graph) { g.Nodes["pool"] = &SumPool2d{} },
		"no values":        func(g *Graph) { g.Nodes["pool"] = SumPool2d{} },
		"a strange value":  func(g *Graph) { g.Nodes["pool"] = SumPool2d{KernelSize: Array{Data: []int{1}}} },
		"a slash":          func(g *Graph) { g.Nodes["a/b"] = g.Nodes["pool"] },
		"a short value":    func(g *Graph) { g.Nodes["input"] = Input{Shape: Of([]int64{2, 4, 5}, 4)} },
		"strange metadata": func(g *Graph) { g.Metadata = Metadata{"x": 1} },
	} {
		g, err := newDecoder(nil).whole(good(t))
		require.NoError(t, err)
		spoil(g)
		_, err = Encode(g)
		require.ErrorIs(t, err, ErrFormat, name)
	}
}
