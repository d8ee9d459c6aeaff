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

// blowUp is a network of two inputs, weights and EIF neurons.
func blowUp(t testing.TB) *forward.Model {
	g, err := forward.Sequential(tensor.Shape{3}, snn.Identity{}, snn.LI{}, snn.EIF{}, snn.Linear{Out: 2, NoBias: true})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	return m
}

// What is not finite is an error that names layer, step and sample, and comes
// with what has been made; it can be told not to be.
func TestNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for _, c := range []struct {
		name  string
		layer snn.Layer
		at    func(x *tensor.Tensor) // [20, 5, 3]
		says  string
	}{
		{"a neuron that runs away", snn.EIF{}, func(x *tensor.Tensor) {
			for step := range 20 {
				x.Data[(step*5+3)*3+1] = 5
			}
		}, `layer 0 (EIF "eif1"): not finite: v of neuron 1 is NaN in sample 3, after step 19`},
		{"an input that is NaN", snn.LIF{}, func(x *tensor.Tensor) { x.Data[(4*5+2)*3] = nan }, `input "x": not finite: NaN at step 4 of sample 2`},
		{"an input that is infinite", snn.LI{}, func(x *tensor.Tensor) { x.Data[(4*5+2)*3] = inf }, `input "x": not finite: -Inf at step 4 of sample 2`},
		{"an output", snn.Scale{Factor: 2}, func(x *tensor.Tensor) { x.Data[(19*5+4)*3+2] = math.MaxFloat32 },
			`layer 0 (Scale "scale1"): not finite: its output 2 is +Inf at step 19 of sample 4`},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := forward.Sequential(tensor.Shape{3}, c.layer)
			require.NoError(t, err)
			m, err := g.Init(1)
			require.NoError(t, err)
			x := tensor.New(20, 5, 3)
			c.at(x)
			for _, workers := range []int{1, 3} {
				m := m.With(forward.Workers(workers))
				s := m.NewState(5)
				out, err := m.Run(context.Background(), s, x)
				require.ErrorIs(t, err, forward.ErrNotFinite)
				require.ErrorContains(t, err, c.says)
				require.EqualValues(t, 20, s.Steps())
				steps, batch, _ := out.Dims()
				require.Equal(t, []int{20, 5}, []int{steps, batch})

				quiet, s := m.With(forward.CheckFinite(false)), m.NewState(5)
				want, err := quiet.Run(context.Background(), s, x)
				require.NoError(t, err)
				require.Equal(t, bits(want), bits(out))
			}
		})
	}
}

// Block by block, a run ends with the block in which it was found.
func TestNotFiniteEndsARun(t *testing.T) {
	m := blowUp(t).With(forward.BlockSteps(4))
	x := tensor.New(20, 2, 3)
	x.Data[(9*2+1)*3] = float32(math.Inf(1))
	s := m.NewState(2)
	out, err := m.Run(context.Background(), s, x)
	require.ErrorIs(t, err, forward.ErrNotFinite)
	require.ErrorContains(t, err, `input "x": not finite: +Inf at step 9 of sample 1`)
	require.EqualValues(t, 12, s.Steps())
	require.Equal(t, 12, out.Dense().Shape[0])
	require.ErrorIs(t, s.CheckFinite(), forward.ErrNotFinite)
	require.ErrorContains(t, s.CheckFinite(), `(LI "li1"): not finite`)
	s.Reset()
	require.NoError(t, s.CheckFinite())
}

// A stream is looked at now and then; streams that are stepped together never,
// but each can be asked.
func TestNotFiniteStreams(t *testing.T) {
	m := blowUp(t)
	bad := tensor.New(1, 1, 3)
	bad.Data[1] = float32(math.NaN())
	s, steps := m.NewState(1), 0
	for ; ; steps++ {
		_, err := m.Step(s, bad)
		if err != nil {
			require.ErrorIs(t, err, forward.ErrNotFinite)
			break
		}
		require.Less(t, steps, 16)
	}
	require.EqualValues(t, steps+1, s.Steps())

	one, two := m.NewState(1), m.NewState(1)
	both := tensor.New(1, 2, 3)
	copy(both.Data[3:], bad.Data)
	room := m.NewState(2)
	for range 40 {
		_, err := m.StepMany(room, []*forward.State{one, two}, both)
		require.NoError(t, err)
	}
	require.NoError(t, one.CheckFinite())
	require.ErrorIs(t, two.CheckFinite(), forward.ErrNotFinite)
}

// A sum that overflows is of finite numbers.
func TestLargeIsFinite(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{9}, snn.Delay{Steps: 2})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	x := tensor.New(4, 1, 9)
	for i := range x.Data {
		x.Data[i] = math.MaxFloat32
	}
	_, err = m.Run(context.Background(), m.NewState(1), x)
	require.NoError(t, err)
}

func BenchmarkCheckFinite(b *testing.B) {
	for name, on := range map[string]bool{"checked": true, "unchecked": false} {
		m, x := bench(b).With(forward.CheckFinite(on)), bernoulli(100, 64, 700, 0.05)
		b.Run("Run/"+name, func(b *testing.B) {
			s := m.NewState(64)
			for b.Loop() {
				if _, err := m.Run(context.Background(), s, x); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("Step/"+name, func(b *testing.B) {
			s, one := m.NewState(1), rows(bernoulli(1, 1, 700, 0.05), 0, 1)
			for b.Loop() {
				if _, err := m.Step(s, one); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
