package forward_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Streams of different ages and batches, stepped together, go the same way as
// each by itself.
func TestStepMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const features = 10
		m := drawNet(t, features)
		var alone, together []*forward.State
		samples := 0
		for range rapid.IntRange(1, 4).Draw(t, "streams") {
			s := m.NewState(rapid.IntRange(1, 3).Draw(t, "batch"))
			if age := rapid.IntRange(0, 12).Draw(t, "age"); age > 0 {
				run(t, m, s, drawSpikes(t, age, s.Batch(), features))
			}
			samples += s.Batch()
			alone, together = append(alone, s), append(together, s.Clone())
		}
		room := m.NewState(samples + rapid.IntRange(0, 3).Draw(t, "spare"))
		for range 3 {
			x := tensor.NewSpikes(1, samples, features)
			want := map[string][]uint32{}
			first := 0
			for _, s := range alone {
				own := drawSpikes(t, 1, s.Batch(), features)
				for b := range s.Batch() {
					copy(x.Row(0, first+b), own.Row(0, b))
				}
				first += s.Batch()
				out, err := m.Step(s, own)
				require.NoError(t, err)
				for name, b := range bits(out) {
					want[name] = append(want[name], b...)
				}
			}
			out, err := m.StepMany(room, together, x)
			require.NoError(t, err)
			require.Equal(t, want, bits(out))
			for i, s := range together {
				wantState, err := alone[i].MarshalBinary()
				require.NoError(t, err)
				gotState, err := s.MarshalBinary()
				require.NoError(t, err)
				require.Equal(t, wantState, gotState)
			}
		}
	})
}

func TestStepManyRefuses(t *testing.T) {
	m, x := bench(t), bernoulli(1, 2, 700, 0.05)
	s := m.NewState(1)
	_, err := m.StepMany(m.NewState(1), []*forward.State{s, m.NewState(1)}, x)
	require.ErrorIs(t, err, forward.ErrState)
	_, err = m.StepMany(m.NewState(2), []*forward.State{s, m.NewState(1)}, bernoulli(1, 3, 700, 0.05))
	require.ErrorIs(t, err, tensor.ErrShape)
	g, err := forward.Sequential(tensor.Shape{700}, snn.LI{})
	require.NoError(t, err)
	other, err := g.Init(1)
	require.NoError(t, err)
	_, err = m.StepMany(m.NewState(2), []*forward.State{s, other.NewState(1)}, x)
	require.ErrorIs(t, err, forward.ErrState)
	require.Zero(t, s.Steps())

	// What would be counted or moved twice, or is not there.
	room := m.NewState(3)
	for name, states := range map[string][]*forward.State{
		"twice": {s, s}, "twice, apart": {s, m.NewState(1), s}, "the room": {room}, "nil": {s, nil}, "none": {}, "made by hand": {s, new(forward.State)},
	} {
		_, err = m.StepMany(room, states, x)
		require.ErrorIs(t, err, forward.ErrState, name)
		require.Zero(t, s.Steps(), name)
	}
	for _, bad := range []*forward.State{nil, new(forward.State)} {
		_, err = m.StepMany(bad, []*forward.State{s, m.NewState(1)}, x)
		require.ErrorIs(t, err, forward.ErrState)
	}
	// None of that has left a mark.
	_, err = m.StepMany(room, []*forward.State{s, m.NewState(1)}, x)
	require.NoError(t, err)
	require.EqualValues(t, 1, s.Steps())
}

func TestStepManyAllocatesNothing(t *testing.T) {
	m, x := bench(t), bernoulli(1, 3, 700, 0.05)
	states, room := []*forward.State{m.NewState(1), m.NewState(2)}, m.NewState(5)
	fewer := rows(bernoulli(1, 1, 700, 0.05), 0, 1)
	step := func() {
		_, err := m.StepMany(room, states, x)
		require.NoError(t, err)
		out, err := m.StepMany(room, states[:1], fewer)
		require.NoError(t, err)
		require.Equal(t, 1, out.Signal.(*tensor.Spikes).B)
	}
	step()
	require.Zero(t, testing.AllocsPerRun(100, step))
}

func BenchmarkStepMany(b *testing.B) {
	for _, n := range []int{1, 8, 64, 512} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, x := bench(b), bernoulli(1, n, 700, 0.05)
			states, room := make([]*forward.State, n), m.NewState(n)
			for i := range states {
				states[i] = m.NewState(1)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.StepMany(room, states, x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/stream-step")
		})
	}
}

func TestCounters(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{2, 9, 9},
		snn.Conv2d{Out: 4, Kernel: snn.Size{3, 3}, Stride: snn.Size{2, 2}, Padding: snn.Size{1, 1}},
		snn.LIF{Decay: 0.5, Threshold: 0.1},
		snn.Flatten{}, snn.Linear{Out: 70}, snn.LIF{Decay: 0.9, Threshold: 0.3})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	x := bernoulli(20, 3, 2*9*9, 0.1)
	x.Features = tensor.Shape{2, 9, 9}
	var c forward.Counters
	m = m.With(forward.Count(&c), forward.Workers(2), forward.BlockSteps(7), forward.Record(g.Layers()...))
	out, err := m.Run(context.Background(), m.NewState(3), x)
	require.NoError(t, err)
	counts := c.Layers()
	require.Len(t, counts, 5)
	for i, name := range g.Layers() {
		require.Equal(t, name, counts[i].Layer)
		require.EqualValues(t, 60, counts[i].Steps)
		s, ok := out.Layer(name).(*tensor.Spikes)
		if !ok || name == "flatten1" {
			continue
		}
		require.EqualValues(t, s.Count(), counts[i].Spikes)
		require.Positive(t, s.Count())
		require.InDelta(t, s.Rate(), counts[i].Rate, 1e-12)
		silent := 0
		for n := range s.Features.Size() {
			fired := false
			for r := range s.T * s.B {
				fired = fired || s.At(r/s.B, r%s.B, n)
			}
			if !fired {
				silent++
			}
		}
		require.Equal(t, silent, counts[i].Silent)
	}
	// With a stride of 2, an even row or column meets one tap of the kernel, an
	// odd one two.
	taps := func(i int) int64 { return int64(1 + i%2) }
	operations := int64(0)
	for r := range 60 {
		for i := range 2 * 81 {
			if x.At(r/3, r%3, i) {
				operations += 4 * taps(i%81/9) * taps(i%9)
			}
		}
	}
	require.Equal(t, operations, counts[0].Operations)
	require.EqualValues(t, 70*counts[1].Spikes, counts[3].Operations)
	c.Reset()
	require.Empty(t, c.Layers())
}
