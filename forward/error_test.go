package forward_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

func TestBadGraphs(t *testing.T) {
	x := []forward.Input{{Name: "x", Shape: tensor.Shape{4}}}
	from := func(names ...string) (s []forward.Source) {
		for _, n := range names {
			s = append(s, forward.After(0, n))
		}
		return s
	}
	lin := snn.Linear{Out: 3}
	for _, c := range []struct {
		name string
		spec forward.Spec
		is   error
		says string
	}{
		{"no layers", forward.Spec{Inputs: x}, forward.ErrGraph, "at least one"},
		{"no inputs", forward.Spec{Layers: []forward.Node{{Layer: lin}}}, forward.ErrGraph, "at least one"},
		{"a rule of nobody's", forward.Spec{Rule: 7, Inputs: x, Layers: []forward.Node{{Layer: lin}}}, forward.ErrGraph, "no rule 7"},
		{"a join of nobody's", forward.Spec{Inputs: x, Layers: []forward.Node{{Layer: lin, Join: 7}}}, forward.ErrGraph, `(Linear "linear1"): bad graph: there is no way 7`},
		{"nil layer", forward.Spec{Inputs: x, Layers: []forward.Node{{}}}, forward.ErrGraph, "layer 0 is nil"},
		{"two of a name", forward.Spec{Inputs: x, Layers: []forward.Node{{Name: "a", Layer: lin}, {Name: "a", Layer: lin}}},
			forward.ErrGraph, `two layers are called "a"`},
		{"unknown source", forward.Spec{Inputs: x, Layers: []forward.Node{{Name: "a", Layer: lin, Sources: from("b")}}},
			forward.ErrGraph, `layer 0 (Linear "a"): bad graph: there is no layer "b"`},
		{"unknown input", forward.Spec{Inputs: x, Layers: []forward.Node{{Name: "a", Layer: lin, Inputs: []string{"y"}}}},
			forward.ErrGraph, `there is no input "y"`},
		{"unknown output", forward.Spec{Inputs: x, Layers: []forward.Node{{Name: "a", Layer: lin}}, Outputs: []string{"b"}},
			forward.ErrGraph, `there is no layer "b"`},
		{"negative delay", forward.Spec{Inputs: x, Layers: []forward.Node{{Name: "a", Layer: lin, Sources: []forward.Source{forward.After(-1, "a")}}}},
			forward.ErrGraph, "a delay of -1 steps"},
		{"a cycle without delay", forward.Spec{Inputs: x, Layers: []forward.Node{
			{Name: "in", Layer: lin},
			{Name: "a", Layer: snn.Linear{Out: 3}, Sources: from("in", "c")},
			{Name: "b", Layer: snn.LIF{}, Sources: from("a")},
			{Name: "c", Layer: snn.LI{}, Sources: from("b")},
			{Name: "out", Layer: lin, Sources: from("c")},
		}}, forward.ErrGraph, "a cycle without delay: a -> b -> c -> a"},
		{"a loop without delay", forward.Spec{Inputs: x, Layers: []forward.Node{{Name: "a", Layer: snn.LIF{}, Sources: from("a")}}},
			forward.ErrGraph, "a cycle without delay: a -> a"},
		{"sum of two shapes", forward.Spec{Inputs: x, Layers: []forward.Node{
			{Name: "a", Layer: lin}, {Name: "b", Layer: snn.LIF{}, Sources: from("a"), Inputs: []string{"x"}, Join: forward.JoinSum},
		}}, tensor.ErrShape, `layer 1 (LIF "b"): shape mismatch: it sums [3] and [4]`},
		{"a matrix into Linear", forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{2, 2, 2}}},
			Layers: []forward.Node{{Name: "a", Layer: lin}}}, tensor.ErrShape, `layer 0 (Linear "a"): shape mismatch: the input is [2 2 2]`},
		{"a kernel too large", forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{1, 3, 3}}},
			Layers: []forward.Node{{Layer: snn.Conv2d{Out: 1, Kernel: snn.Size{5, 5}}}}}, tensor.ErrShape, `(Conv2d "conv2d1")`},
		{"decay out of range", forward.Spec{Inputs: x, Layers: []forward.Node{{Layer: snn.LIF{Decay: 1.5}}}},
			snn.ErrOption, `(LIF "lif1"): option out of range: decay[0] is 1.5`},
		{"decay twice", forward.Spec{Inputs: x, Layers: []forward.Node{{Layer: snn.LI{Decay: 0.5, Tau: 3}}}}, snn.ErrOption, "both Decay and Tau"},
		{"threshold NaN", forward.Spec{Inputs: x, Layers: []forward.Node{{Layer: snn.IF{Threshold: snn.Num(float32(math.NaN()))}}}}, snn.ErrOption, "threshold[0] is NaN"},
		{"an empty input", forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{0}}}, Layers: []forward.Node{{Layer: lin}}},
			tensor.ErrShape, `input "x"`},
		{"a shape nobody knows", forward.Spec{Inputs: x, Layers: []forward.Node{
			{Name: "a", Layer: snn.LIF{}, Sources: []forward.Source{forward.From("b")}},
			{Name: "b", Layer: snn.Conv2d{Out: 1, Kernel: snn.Size{3, 3}}, Sources: []forward.Source{forward.From("a")}},
		}}, tensor.ErrShape, `"b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := forward.New(c.spec)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestBadWeights(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{4}, snn.Linear{Out: 3}, snn.LIF{})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	for _, c := range []struct {
		name   string
		change func(w map[string]*tensor.Tensor)
		is     error
		says   string
	}{
		{"missing", func(w map[string]*tensor.Tensor) { delete(w, "linear1.bias") },
			forward.ErrWeights, `layer 0 (Linear "linear1"): bad weights: bias is missing`},
		{"left over", func(w map[string]*tensor.Tensor) { w["linear9.bias"] = tensor.New(3) },
			forward.ErrWeights, `no layer has a parameter "linear9.bias"`},
		{"wrong shape", func(w map[string]*tensor.Tensor) { w["linear1.weight"] = tensor.New(3, 5) },
			tensor.ErrShape, `layer 0 (Linear "linear1"): shape mismatch: weight is [3 5], not [3 4]`},
		{"NaN", func(w map[string]*tensor.Tensor) { w["linear1.weight"].Data[5] = float32(math.NaN()) },
			forward.ErrWeights, "weight[5] is NaN"},
		{"Inf", func(w map[string]*tensor.Tensor) { w["linear1.bias"].Data[1] = float32(math.Inf(-1)) },
			forward.ErrWeights, "bias[1] is -Inf"},
		{"decay out of range", func(w map[string]*tensor.Tensor) { w["lif1.decay"] = tensor.Of([]float32{0.5, 0.5, 1.5}, 3) },
			snn.ErrOption, `layer 1 (LIF "lif1"): option out of range: decay[2] is 1.5`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := m.Params()
			c.change(w)
			_, err := g.Load(w)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, c.says)
		})
	}
	w := m.Params()
	delete(w, "lif1.decay") // optional: it is as the options say
	_, err = g.Load(w)
	require.NoError(t, err)
}

func TestBadInputs(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{70}, snn.Linear{Out: 3})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	s := m.NewState(2)
	run := func(in ...tensor.Signal) error {
		_, err := m.Run(context.Background(), s, in...)
		return err
	}
	require.ErrorIs(t, run(), tensor.ErrShape)
	require.ErrorIs(t, run(tensor.New(5, 2, 69)), tensor.ErrShape)
	require.ErrorIs(t, run(tensor.New(5, 1, 70)), tensor.ErrShape)
	require.ErrorIs(t, run(tensor.Of(nil, 5, 2, 70)), tensor.ErrShape)
	over := tensor.NewSpikes(5, 2, 70)
	over.Row(3, 1)[1] = 1 << 6
	require.ErrorContains(t, run(over), "past the last feature")
	twice := tensor.NewEvents(2, 70)
	twice.T, twice.Rows, twice.Index, twice.Value = 1, []int{0, 2, 2}, []int32{4, 4}, []float32{1, 1}
	require.ErrorContains(t, run(twice), "feature 4 after 4")
	_, err = m.Step(s, tensor.New(2, 2, 70))
	require.ErrorContains(t, err, "one step")
	require.Zero(t, s.Steps(), "nothing has run")

	other, err := forward.Sequential(tensor.Shape{70}, snn.Linear{Out: 4})
	require.NoError(t, err)
	mo, err := other.Init(1)
	require.NoError(t, err)
	_, err = mo.Run(context.Background(), s, tensor.New(5, 2, 70))
	require.ErrorIs(t, err, forward.ErrState)
	_, err = m.With(forward.Record("nobody")).Run(context.Background(), s, tensor.New(5, 2, 70))
	require.ErrorIs(t, err, forward.ErrGraph)
}
