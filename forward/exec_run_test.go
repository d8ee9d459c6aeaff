package forward_test

import (
	"context"
	"encoding/hex"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// bench is the network of the speed figures, 700-256-256-20, its hidden layers
// firing at about 5 %.
func bench(t testing.TB) *forward.Model {
	t.Helper()
	g, err := forward.Sequential(tensor.Shape{700},
		snn.Linear{Out: 256}, snn.LIF{Decay: 0.9},
		snn.Linear{Out: 256}, snn.LIF{Decay: 0.9},
		snn.Linear{Out: 20}, snn.LIF{Decay: 0.9})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	w := m.Params()
	for name, gain := range map[string]float32{"linear1.weight": 2.8, "linear2.weight": 4, "linear3.weight": 2.2} {
		for i, v := range w[name].Data {
			w[name].Data[i] = gain * v
		}
	}
	m, err = g.Load(w)
	require.NoError(t, err)
	return m
}

// bernoulli is noise of a given rate, the same every time.
func bernoulli(steps, batch, features int, rate float64) *tensor.Spikes {
	s := tensor.NewSpikes(steps, batch, features)
	seed := uint64(88172645463325252)
	for t := range steps {
		for b := range batch {
			for i := range features {
				seed ^= seed << 13
				seed ^= seed >> 7
				seed ^= seed << 17
				if float64(seed>>11)/(1<<53) < rate {
					s.Set(t, b, i)
				}
			}
		}
	}
	return s
}

func TestStepAllocatesNothing(t *testing.T) {
	m, x := bench(t), bernoulli(1, 1, 700, 0.05)
	for _, in := range []tensor.Signal{x, x.Dense(), eventsOf(x)} {
		s := m.NewState(1)
		step := func() {
			if _, err := m.Step(s, in); err != nil {
				t.Fatal(err)
			}
		}
		step()
		require.Zero(t, testing.AllocsPerRun(100, step), "%v", in.Kind())
	}
}

// cancelAfter ends when Err has been asked n times.
type cancelAfter struct {
	context.Context
	n int
}

func (c *cancelAfter) Err() error {
	if c.n--; c.n < 0 {
		return context.Canceled
	}
	return nil
}

func TestCancelledRun(t *testing.T) {
	m := bench(t).With(forward.BlockSteps(4))
	x := bernoulli(20, 3, 700, 0.05)
	s := m.NewState(3)
	out, err := m.Run(&cancelAfter{context.Background(), 2}, s, x)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "stopped after 8 of 20 steps")
	require.EqualValues(t, 8, s.Steps())
	require.Equal(t, tensor.Shape{8, 3, 20}, out.Dense().Shape)
	require.NoError(t, out.Check())

	rest, err := m.Run(context.Background(), s, rows(x, 8, 12))
	require.NoError(t, err)
	whole := run(t, m, m.NewState(3), x)
	require.Equal(t, whole["lif3"], append(bits(out)["lif3"], bits(rest)["lif3"]...), "nothing was lost")
}

// Many goroutines, one model.
func TestConcurrentStreams(t *testing.T) {
	m := bench(t)
	x := bernoulli(30, 1, 700, 0.05)
	want := run(t, m, m.NewState(1), x)
	var streams sync.WaitGroup
	for range 8 {
		streams.Go(func() {
			s := m.NewState(1)
			var got []uint32
			for step := range 30 {
				y, err := m.Step(s, rows(x, step, 1))
				if err != nil {
					t.Error(err)
					return
				}
				got = append(got, bits(y)["lif3"]...)
			}
			if len(got) != len(want["lif3"]) {
				t.Error("lengths differ")
				return
			}
			for i := range got {
				if got[i] != want["lif3"][i] {
					t.Error("streams disturb each other")
					return
				}
			}
		})
	}
	streams.Wait()
}

// The hash of the spikes of a network with new weights: the same on every
// machine, or the promise is broken.
func TestSpikeHash(t *testing.T) {
	m := bench(t).With(forward.Record("lif1", "lif2"))
	out, err := m.Run(context.Background(), m.NewState(4), bernoulli(50, 4, 700, 0.05))
	require.NoError(t, err)
	h := forward.NewHasher()
	var layers []tensor.Signal
	for _, name := range []string{"lif1", "lif2", "lif3"} {
		s := out.Layer(name).(*tensor.Spikes)
		require.InDelta(t, 0.05, s.Rate(), 0.04, "the rate of %s", name)
		layers = append(layers, s)
	}
	h.Add(layers...)
	sum := h.Sum()
	require.Equal(t, wantHash, hex.EncodeToString(sum[:]))
}

const wantHash = "d8d5cddc02d10e82477467149042951214dd7599d0dee3076152ff4611427dc1"

func BenchmarkRun(b *testing.B) {
	m, x := bench(b), bernoulli(100, 256, 700, 0.05)
	s := m.NewState(256)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Run(context.Background(), s, x); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(100*256), "ns/sample-step")
}

func BenchmarkStep(b *testing.B) {
	m, x := bench(b), bernoulli(1000, 1, 700, 0.05)
	s := m.NewState(1)
	inputs := make([]*tensor.Spikes, 1000)
	for i := range inputs {
		inputs[i] = rows(x, i, 1)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if _, err := m.Step(s, inputs[i%1000]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
