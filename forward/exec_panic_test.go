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

func explode() { panic("boom") }

// requirePanic wants the error of a layer's panic: with its name and the stack.
func requirePanic(t *testing.T, err error, says string) {
	t.Helper()
	require.ErrorIs(t, err, forward.ErrPanic)
	require.ErrorContains(t, err, says)
	require.ErrorContains(t, err, "forward_test.explode")
}

// A panic in a user's layer is an error of the call that caused it, whoever ran
// it.
func TestPanics(t *testing.T) {
	armed := false
	m := watched(t, func() {
		if armed {
			explode()
		}
	})
	const says = `layer 2 (Lambda "watch"): panic: boom`
	x := bernoulli(5, 7, 700, 0.05)
	for _, workers := range []int{1, 4} {
		m := m.With(forward.Workers(workers), forward.BlockSteps(2))
		s := m.NewState(7)
		armed = true
		_, err := m.Run(context.Background(), s, x)
		requirePanic(t, err, says)
		// What is left half-done is not gone on with.
		armed = false
		_, err = m.Run(context.Background(), s, x)
		require.ErrorIs(t, err, forward.ErrState)
		_, err = s.MarshalBinary()
		require.ErrorIs(t, err, forward.ErrState)
		_, err = m.Step(s.Clone(), rows(x, 0, 1))
		require.ErrorIs(t, err, forward.ErrState)
		s.Reset()
		require.Equal(t, run(t, m, m.NewState(7), x), run(t, m, s, x))
	}

	s := m.NewState(7)
	armed = true
	_, err := m.Step(s, rows(x, 0, 1))
	requirePanic(t, err, says)
	one, two := m.NewState(3), m.NewState(4)
	_, err = m.StepMany(m.NewState(7), []*forward.State{one, two}, rows(x, 0, 1))
	requirePanic(t, err, says)
	require.Zero(t, one.Steps())
	armed = false
	run(t, m, one, rows(bernoulli(5, 3, 700, 0.05), 0, 1)) // they have not changed
}

// So is one in the backward pass, and one in the loss.
func TestPanicsOnTheWayBack(t *testing.T) {
	build := func(forwards, back func()) *forward.Tape {
		lambda := snn.Lambda{Name: "l", Func: func(y, x []float32) { forwards() }, Backward: func(gx, gy, x []float32) { back() }}
		g, err := forward.Sequential(tensor.Shape{3}, snn.Linear{Out: 3}, lambda, snn.Linear{Out: 2})
		require.NoError(t, err)
		m, err := g.Init(1)
		require.NoError(t, err)
		tape, err := m.NewTape(forward.BackwardOptions{})
		require.NoError(t, err)
		return tape
	}
	nothing := func() {}
	samples := forward.Samples{Inputs: []tensor.Signal{noise(5, 3, 2, 3)}, Count: 2}
	const says = `layer 1 (Lambda "lambda1"): panic: boom`
	requirePanic(t, build(explode, nothing).Run(t.Context(), samples, weigh), says)
	requirePanic(t, build(nothing, explode).Run(t.Context(), samples, weigh), says)
	requirePanic(t, build(nothing, nothing).Run(t.Context(), samples, func([]*tensor.Tensor) ([][]float32, error) {
		explode()
		return nil, nil
	}), "panic: boom")
}

// Nothing that is nil, empty or of another size crashes.
func TestNilAndEmpty(t *testing.T) {
	m := bench(t)
	s, x := m.NewState(2), bernoulli(1, 2, 700, 0.05)
	for name, in := range map[string]tensor.Signal{
		"nil": nil, "nil tensor": (*tensor.Tensor)(nil), "nil spikes": (*tensor.Spikes)(nil), "nil events": (*tensor.Events)(nil),
		"no shape": &tensor.Tensor{}, "overflow": &tensor.Spikes{T: 1, B: 2, Features: tensor.Shape{700}},
	} {
		_, err := m.Run(t.Context(), s, in)
		require.ErrorIs(t, err, tensor.ErrShape, name)
		_, err = m.Step(s, in)
		require.ErrorIs(t, err, tensor.ErrShape, name)
		tape, err := m.NewTape(forward.BackwardOptions{})
		require.NoError(t, err)
		require.Error(t, tape.Run(t.Context(), forward.Samples{Inputs: []tensor.Signal{in}, Count: 1}, weigh), name)
	}
	_, err := m.Run(t.Context(), nil, x)
	require.ErrorIs(t, err, forward.ErrState)
	_, err = m.Step(nil, x)
	require.ErrorIs(t, err, forward.ErrState)
	require.ErrorIs(t, s.SetPast("lif1", nil), tensor.ErrShape)
	_, err = m.LoadState(nil)
	require.ErrorIs(t, err, forward.ErrState)
	w := m.Params()
	w["linear1.weight"] = nil
	_, err = m.Graph().Load(w)
	require.ErrorIs(t, err, tensor.ErrShape)
	require.ErrorContains(t, err, "weight")

	tape, err := m.NewTape(forward.BackwardOptions{})
	require.NoError(t, err)
	zero := func(y []*tensor.Tensor) ([][]float32, error) {
		return [][]float32{make([]float32, len(y[0].Data))}, nil
	}
	good := forward.Samples{Inputs: []tensor.Signal{x}, Count: 2}
	require.NoError(t, tape.Run(t.Context(), good, zero))
	for name, bad := range map[string]forward.Samples{
		"nothing":            {},
		"no samples":         {Inputs: good.Inputs},
		"too many":           {Inputs: good.Inputs, Count: 3},
		"overflow":           {Inputs: good.Inputs, First: 1, Count: math.MaxInt},
		"from before":        {Inputs: good.Inputs, First: -1, Count: 1},
		"two inputs":         {Inputs: []tensor.Signal{x, x}, Count: 1},
		"other features":     {Inputs: []tensor.Signal{tensor.New(1, 2, 7)}, Count: 1},
		"a state of others":  {Inputs: good.Inputs, Count: 1, Start: watched(t, func() {}).NewState(2)},
		"a state of a batch": {Inputs: good.Inputs, Count: 1, Start: m.NewState(1)},
	} {
		require.Error(t, tape.Run(t.Context(), bad, zero), name)
	}
	for name, bad := range map[string][][]float32{
		"short": {make([]float32, 7)}, "long": {make([]float32, 41)}, "two": {make([]float32, 40), nil},
	} {
		require.ErrorIs(t, tape.Run(t.Context(), good, func([]*tensor.Tensor) ([][]float32, error) { return bad, nil }), tensor.ErrShape, name)
	}
}
