package forward_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// delayed is a small network whose state has numbers, bits and dense rows of
// the past.
func delayed(t testing.TB) *forward.Model {
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{4}}},
		Layers: []forward.Node{
			{Name: "in", Layer: snn.Linear{Out: 5}},
			{Name: "lif", Layer: snn.LIF{Threshold: 0.3}, Sources: []forward.Source{forward.From("in"), forward.After(2, "lif"), forward.After(3, "in")}, Join: forward.JoinSum},
		},
	})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	return m
}

// No bit of a state can change unseen, and no byte be lost or added.
func TestDamagedStates(t *testing.T) {
	m := delayed(t)
	s := m.NewState(2)
	x := noise(1, 7, 2, 4)
	run(t, m, s, x)
	good, err := s.MarshalBinary()
	require.NoError(t, err)
	back, err := m.LoadState(good)
	require.NoError(t, err)
	require.EqualValues(t, 7, back.Steps())
	require.Equal(t, run(t, m, s, x), run(t, m, back, x))

	for i := range good {
		for bit := range 8 {
			bad := append([]byte(nil), good...)
			bad[i] ^= 1 << bit
			_, err := m.LoadState(bad)
			require.ErrorIs(t, err, forward.ErrState, "byte %d, bit %d", i, bit)
		}
		_, err := m.LoadState(good[:i])
		require.ErrorIs(t, err, forward.ErrState, "%d bytes", i)
	}
	_, err = m.LoadState(append(good, 0))
	require.ErrorIs(t, err, forward.ErrState)

	old := append([]byte(nil), good[:len(good)-16]...)
	for version, says := range map[byte]string{1: "version 1", 2: "version 2", 4: "version 4, this is version 3"} {
		old[7] = version
		_, err = m.LoadState(old)
		require.ErrorIs(t, err, forward.ErrState)
		require.ErrorContains(t, err, says)
	}
	_, err = bench(t).LoadState(good)
	require.ErrorContains(t, err, "another graph")
}
