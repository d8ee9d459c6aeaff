package forward_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// What a description of some hundred bytes asks for is looked at before any of
// it is allocated.
func TestLimits(t *testing.T) {
	parse := func(text string) *forward.Graph {
		g, err := forward.ParseGraph([]byte(text))
		require.NoError(t, err)
		return g
	}
	// 24 GB of weights.
	_, err := parse(`{"inputs":[{"name":"x","shape":[46340]}],"layers":[` +
		`{"type":"Linear","options":{"out":46340}},{"type":"Linear","options":{"out":46340}},{"type":"Linear","options":{"out":46340}}]}`).Init(1)
	require.ErrorIs(t, err, forward.ErrLimit)
	require.ErrorContains(t, err, "the parameters")

	// 8 GB of state, in a layer and on an edge.
	for _, text := range []string{
		`{"inputs":[{"name":"x","shape":[30000]}],"layers":[{"type":"Delay","options":{"steps":65536}}]}`,
		`{"inputs":[{"name":"x","shape":[30000]}],"layers":[{"name":"a","type":"Identity"},{"type":"Identity","sources":["a"],"delays":[65536]}]}`,
	} {
		m, err := parse(text).Load(nil)
		require.NoError(t, err)
		for _, batch := range []int{1, math.MaxInt32, math.MaxInt} {
			_, err = m.StateFor(batch)
			require.ErrorIs(t, err, forward.ErrLimit)
		}
		require.Panics(t, func() { m.NewState(1) })
		_, err = m.LoadState(nil)
		require.ErrorIs(t, err, forward.ErrState)
		x := tensor.New(1, 1, 4)
		tape, err := m.NewTape(forward.BackwardOptions{Inputs: true})
		require.NoError(t, err)
		require.Error(t, tape.Run(t.Context(), forward.Samples{Inputs: []tensor.Signal{x}, Count: 1}, weigh))
	}

	g, err := forward.Sequential(tensor.Shape{4}, snn.Linear{Out: 8}, snn.LIF{})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	for _, batch := range []int{0, -1} {
		_, err = m.StateFor(batch)
		require.ErrorIs(t, err, forward.ErrState)
	}

	// To the byte: 40 weights and 1 of each parameter of the neuron, 8 membranes,
	// a word of spikes and 8 sums.
	params := 0
	for _, p := range m.Params() {
		params += 4 * len(p.Data)
	}
	for _, c := range []struct {
		name  string
		limit forward.Limits
		batch int
		steps int
		ok    bool
	}{
		{"parameters", forward.Limits{Parameters: int64(params)}, 1, 1, true},
		{"parameters", forward.Limits{Parameters: int64(params) - 1}, 1, 1, false},
		{"state", forward.Limits{State: 3 * 16 * 4}, 3, 1, true},
		{"state", forward.Limits{State: 3*16*4 - 1}, 3, 1, false},
		{"outputs", forward.Limits{Outputs: 5 * 3 * (8 + 8*4)}, 3, 5, true},
		{"outputs", forward.Limits{Outputs: 5*3*(8+8*4) - 1}, 3, 5, false},
	} {
		m, err := g.WithLimits(c.limit).Init(1)
		var s *forward.State
		if err == nil {
			s, err = m.StateFor(c.batch)
		}
		if err == nil {
			_, err = m.With(forward.Record("linear1")).Run(t.Context(), s, tensor.New(c.steps, c.batch, 4))
		}
		if c.ok {
			require.NoError(t, err, c.name)
			continue
		}
		require.ErrorIs(t, err, forward.ErrLimit, c.name)
		require.ErrorContains(t, err, c.name)
	}
	_, err = m.With(forward.Limit(forward.Limits{State: 1})).StateFor(1)
	require.ErrorIs(t, err, forward.ErrLimit)
}

// A million workers, and blocks of as many steps as there are numbers, are as
// good as what is of use.
func TestWorkersAreBounded(t *testing.T) {
	m, x := bench(t), bernoulli(30, 200, 700, 0.05)
	want := run(t, m, m.NewState(200), x)
	many := m.With(forward.Workers(1_000_000), forward.BlockSteps(math.MaxInt))
	require.Equal(t, want, run(t, many, many.NewState(200), x))
}
