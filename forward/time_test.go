package forward_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// one is a network of single numbers, whose Linear layers have weight 1 for
// every part of their input and no bias.
func one(t *testing.T, s forward.Spec) *forward.Model {
	t.Helper()
	if s.Inputs == nil {
		s.Inputs = []forward.Input{{Name: "x", Shape: tensor.Shape{1}}}
	}
	g, err := forward.New(s)
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	weights := m.Params()
	for _, w := range weights {
		for i := range w.Data {
			w.Data[i] = 1
		}
	}
	m, err = g.Load(weights)
	require.NoError(t, err)
	return m
}

var add = snn.Linear{Out: 1, NoBias: true}

func numbers(values ...float32) *tensor.Tensor { return tensor.Of(values, len(values), 1, 1) }

// answers is what the main output says to the numbers, whole and step by step.
func answers(t *testing.T, m *forward.Model, in ...tensor.Signal) []float32 {
	t.Helper()
	s := m.NewState(1)
	out, err := m.Run(context.Background(), s, in...)
	require.NoError(t, err)
	whole := out.Dense().Data
	s.Reset()
	var single []float32
	for step := range whole {
		var now []tensor.Signal
		for _, x := range in {
			now = append(now, window(x.(*tensor.Tensor), step, 1))
		}
		y, err := m.Step(s, now...)
		require.NoError(t, err)
		single = append(single, y.Dense().Data...)
	}
	require.Equal(t, whole, single)
	return whole
}

func TestRules(t *testing.T) {
	chain := []forward.Node{{Layer: add}, {Layer: add}, {Layer: add}, {Layer: add}}
	x := numbers(1, 2, 3, 4, 5, 6)
	require.Equal(t, []float32{1, 2, 3, 4, 5, 6}, answers(t, one(t, forward.Spec{Layers: chain}), x))
	require.Equal(t, []float32{0, 0, 0, 1, 2, 3}, answers(t, one(t, forward.Spec{Layers: chain, Rule: forward.RuleDelayed}), x),
		"a chain of four layers answers x(t-3)")
}

func TestEdges(t *testing.T) {
	sources := func(s ...forward.Source) []forward.Source { return s }
	x := []string{"x"}
	for _, c := range []struct {
		name   string
		layers []forward.Node
		want   []float32
	}{
		{"self loop", []forward.Node{
			{Name: "a", Layer: add, Sources: sources(forward.From("a")), Inputs: x},
		}, []float32{1, 3, 6, 10, 15, 21}}, // a(t) = a(t-1) + x(t)
		{"back edge", []forward.Node{
			{Name: "a", Layer: add, Sources: sources(forward.From("b")), Inputs: x},
			{Name: "b", Layer: add, Sources: sources(forward.From("a"))},
		}, []float32{1, 3, 6, 10, 15, 21}},
		{"back edge, two steps around", []forward.Node{
			{Name: "a", Layer: add, Sources: sources(forward.After(1, "b")), Inputs: x},
			{Name: "b", Layer: add, Sources: sources(forward.After(1, "a"))},
		}, []float32{0, 1, 2, 4, 6, 9}}, // a(t) = a(t-2) + x(t), b(t) = a(t-1)
		{"skip", []forward.Node{
			{Name: "a", Layer: add},
			{Name: "b", Layer: add},
			{Name: "c", Layer: add, Sources: sources(forward.From("b"), forward.From("a"))},
		}, []float32{2, 4, 6, 8, 10, 12}},
		{"a delay of 5", []forward.Node{
			{Name: "a", Layer: add},
			{Name: "b", Layer: add, Sources: sources(forward.After(5, "a"))},
		}, []float32{0, 0, 0, 0, 0, 1}},
		{"two delays of one layer, summed", []forward.Node{
			{Name: "a", Layer: add},
			{Name: "b", Layer: add, Sources: sources(forward.After(1, "a"), forward.After(3, "a")), Join: forward.JoinSum},
		}, []float32{0, 1, 2, 4, 6, 8}},
		{"no delay to an earlier layer", []forward.Node{
			{Name: "a", Layer: add, Sources: sources(forward.After(0, "b"))},
			{Name: "b", Layer: add, Inputs: x},
			{Name: "c", Layer: add, Sources: sources(forward.From("a"))},
		}, []float32{1, 2, 3, 4, 5, 6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := one(t, forward.Spec{Layers: c.layers})
			require.Equal(t, c.want, answers(t, m, numbers(1, 2, 3, 4, 5, 6)))
		})
	}
}

func TestTwoInputs(t *testing.T) {
	m := one(t, forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{1}}, {Name: "y", Shape: tensor.Shape{1}}},
		Layers: []forward.Node{{Layer: add, Inputs: []string{"x", "y"}}},
	})
	require.Equal(t, []float32{11, 22, 33}, answers(t, m, numbers(1, 2, 3), numbers(10, 20, 30)))
}

// Before time begins a delayed edge delivers zero, a parameter, or what it is
// told; all of it survives being saved.
func TestInitial(t *testing.T) {
	spec := forward.Spec{Layers: []forward.Node{
		{Name: "a", Layer: snn.Linear{Out: 1}, Initial: "bias"},
		{Name: "b", Layer: add, Sources: []forward.Source{forward.After(2, "a")}},
	}}
	m := one(t, spec)
	require.Equal(t, []float32{1, 1, 2, 3}, answers(t, m, numbers(1, 2, 3, 4)))

	s := m.NewState(1)
	require.NoError(t, s.SetPast("a", tensor.Of([]float32{7}, 1)))
	data, err := s.MarshalBinary()
	require.NoError(t, err)
	s, err = m.LoadState(data)
	require.NoError(t, err)
	out, err := m.Run(context.Background(), s, numbers(1, 2, 3, 4))
	require.NoError(t, err)
	require.Equal(t, []float32{7, 7, 2, 3}, out.Dense().Data)
	s.Reset()
	out, err = m.Run(context.Background(), s, numbers(1, 2, 3, 4))
	require.NoError(t, err)
	require.Equal(t, []float32{1, 1, 2, 3}, out.Dense().Data)
	require.ErrorIs(t, s.SetPast("a", tensor.Of([]float32{7, 7}, 2)), tensor.ErrShape)
	require.ErrorIs(t, s.SetPast("z", tensor.Of([]float32{7}, 1)), forward.ErrGraph)
}
