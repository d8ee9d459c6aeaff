package forward_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// drawNet draws a graph with skips, back edges, self loops and delays, over
// one input of features, every layer an output, and weights that make it fire.
func drawNet(t *rapid.T, features int) *forward.Model {
	s := forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{features}}},
		Rule:   rapid.SampledFrom([]forward.Rule{forward.RuleDefault, forward.RuleDelayed}).Draw(t, "rule"),
	}
	pairs := rapid.IntRange(1, 4).Draw(t, "pairs")
	for i := range pairs {
		lin, fire := fmt.Sprint("lin", i), fmt.Sprint("fire", i)
		n := forward.Node{Name: lin, Layer: snn.Linear{Out: rapid.IntRange(1, 70).Draw(t, "out")}}
		for range rapid.IntRange(0, 2).Draw(t, "sources") {
			from := fmt.Sprint("fire", rapid.IntRange(0, pairs-1).Draw(t, "from"))
			if rapid.Bool().Draw(t, "ruled") {
				n.Sources = append(n.Sources, forward.From(from))
			} else {
				n.Sources = append(n.Sources, forward.After(rapid.IntRange(1, 9).Draw(t, "delay"), from))
			}
		}
		if i == 0 || rapid.Bool().Draw(t, "input") {
			n.Inputs = []string{"x"}
		}
		layers := []snn.Layer{
			snn.LIF{Decay: 0.8, Reset: snn.ResetNone},
			snn.LIF{Decay: 0.8, Reset: rapid.SampledFrom([]snn.Reset{snn.ResetSubtract, snn.ResetToZero}).Draw(t, "reset"),
				Timing: rapid.SampledFrom([]snn.Timing{snn.TimingThisStep, snn.TimingNextStep, snn.TimingNextStepDecayed}).Draw(t, "timing")},
			snn.IF{Strict: true},
			snn.LI{Decay: 0.5},
			snn.LIF{Decay: 0.8, Synapse: snn.Synapse{Decay: 0.5, Arrival: rapid.SampledFrom([]snn.Arrival{snn.ArrivalNow, snn.ArrivalLate, snn.ArrivalEarly}).Draw(t, "arrival")},
				Timing: rapid.SampledFrom([]snn.Timing{snn.TimingRemembered, snn.TimingUndelayed, snn.TimingOldMembrane, snn.TimingOldMembraneDecayed}).Draw(t, "other timing")},
			snn.LIF{Decay: 0.8, Threshold: 0.5, MultiSpike: true, Floor: -1},
			snn.LIF{Decay: 0.8, Threshold: 0.5, Refractory: 3, Bias: 0.1},
			snn.LIF{Decay: 0.8, Threshold: 0.5, Graded: 0.5},
			snn.ALIF{Decay: 0.8, Threshold: 0.4, Strict: true}, snn.ALIF{Threshold: 0.4, Timing: snn.TimingOldMembrane},
			snn.AdaptiveLIF{Threshold: 0.4}, snn.Alpha{Threshold: 0.2, Reset: snn.ResetSubtract}, snn.SigmaDelta{}, snn.SpikeResponse{Threshold: 0.4},
			snn.Izhikevich{Substeps: 2}, snn.QIF{Threshold: 0.5, Adaptive: true}, snn.EIF{Threshold: 0.6}, snn.ResonateFire{Threshold: 0.5},
		}
		f := forward.Node{Name: fire, Layer: rapid.SampledFrom(layers).Draw(t, "neuron"), Sources: []forward.Source{forward.From(lin)}, Join: forward.JoinSum}
		if rapid.Bool().Draw(t, "loop") {
			f.Sources = append(f.Sources, forward.After(rapid.IntRange(1, 5).Draw(t, "self"), fire))
		}
		s.Layers = append(s.Layers, n, f)
		s.Outputs = append(s.Outputs, fire, lin)
	}
	g, err := forward.New(s)
	require.NoError(t, err)
	m, err := g.Init(rapid.Uint64().Draw(t, "seed"))
	require.NoError(t, err)
	w := m.Params()
	for _, p := range w {
		if p.Shape.Size() > 1 {
			for i := range p.Data {
				p.Data[i] = 2*p.Data[i] + 0.05
			}
		}
	}
	m, err = g.Load(w)
	require.NoError(t, err)
	return m.With(forward.CheckFinite(false)) // some of these neurons run away
}

func drawSpikes(t *rapid.T, steps, batch, features int) *tensor.Spikes {
	s := tensor.NewSpikes(steps, batch, features)
	seed := rapid.Uint64Range(1, math.MaxUint64).Draw(t, "spikes")
	rate := rapid.Uint64Range(1, 40).Draw(t, "rate")
	for step := range steps {
		for b := range batch {
			for i := range features {
				seed ^= seed << 13
				seed ^= seed >> 7
				seed ^= seed << 17
				if seed%100 < rate {
					s.Set(step, b, i)
				}
			}
		}
	}
	return s
}

// eventsOf is a signal of spikes as events of value 1.
func eventsOf(s *tensor.Spikes) *tensor.Events {
	e := tensor.NewEvents(s.B, s.Features...)
	for e.T = 0; e.T < s.T; e.T++ {
		for b := range s.B {
			for i := range s.Features.Size() {
				if s.At(e.T, b, i) {
					e.Index, e.Value = append(e.Index, int32(i)), append(e.Value, 1)
				}
			}
			e.Rows = append(e.Rows, len(e.Index))
		}
	}
	return e
}

// bits are the bits of all outputs, by layer.
func bits(out *forward.Output) map[string][]uint32 {
	all := map[string][]uint32{}
	for _, name := range out.Layers() {
		for _, v := range out.Layer(name).Dense().Data {
			all[name] = append(all[name], math.Float32bits(v))
		}
	}
	return all
}

func run(t require.TestingT, m *forward.Model, s *forward.State, in tensor.Signal) map[string][]uint32 {
	out, err := m.Run(context.Background(), s, in)
	require.NoError(t, err)
	return bits(out)
}

// However a sequence is run, its bits are the same.
func TestSameBits(t *testing.T) {
	spikes := 0
	rapid.Check(t, func(t *rapid.T) {
		features, steps, batch := rapid.IntRange(1, 80).Draw(t, "features"), rapid.IntRange(1, 20).Draw(t, "steps"), rapid.IntRange(1, 5).Draw(t, "batch")
		m := drawNet(t, features)
		x := drawSpikes(t, steps, batch, features)
		want := run(t, m, m.NewState(batch), x)
		for _, v := range want["fire0"] {
			if v != 0 {
				spikes++
			}
		}
		require.Equal(t, want, run(t, m, m.NewState(batch), x.Dense()), "dense")
		require.Equal(t, want, run(t, m, m.NewState(batch), eventsOf(x)), "events")
		require.Equal(t, want, run(t, m.With(forward.Workers(3)), m.NewState(batch), x), "workers")
		require.Equal(t, want, run(t, m.With(forward.BlockSteps(rapid.IntRange(1, steps).Draw(t, "block"))), m.NewState(batch), x), "blocks")

		tier := simd.Tier()
		require.NoError(t, simd.Use(simd.Go))
		pure := run(t, m, m.NewState(batch), x)
		require.NoError(t, simd.Use(tier))
		require.Equal(t, want, pure, "pure Go")

		// Step by step, saved and restored in the middle, under other weights'
		// model of the same graph.
		s := m.NewState(batch)
		for step := range steps {
			if step == steps/2 {
				data, err := s.MarshalBinary()
				require.NoError(t, err)
				s, err = m.LoadState(data)
				require.NoError(t, err)
			}
			got := run(t, m, s.Clone(), rows(x, step, 1))
			out, err := m.Step(s, rows(x, step, 1))
			require.NoError(t, err)
			require.Equal(t, got, bits(out), "a clone goes the same way")
			for name, b := range bits(out) {
				require.Equal(t, want[name][step*len(b):(step+1)*len(b)], b, "step %d of %s", step, name)
			}
		}

		// One sample alone.
		b := rapid.IntRange(0, batch-1).Draw(t, "sample")
		for name, got := range run(t, m, m.NewState(1), sample(x, b)) {
			n := len(got) / steps
			for step := range steps {
				require.Equal(t, want[name][(step*batch+b)*n:][:n], got[step*n:][:n], "sample %d of %s", b, name)
			}
		}
	})
	require.NotZero(t, spikes, "silent networks prove nothing")
}

func rows(s *tensor.Spikes, at, n int) *tensor.Spikes {
	w := tensor.Words(s.Features.Size()) * s.B
	return &tensor.Spikes{T: n, B: s.B, Features: s.Features, Bits: s.Bits[at*w : (at+n)*w]}
}

func sample(s *tensor.Spikes, b int) *tensor.Spikes {
	one := tensor.NewSpikes(s.T, 1, s.Features...)
	for t := range s.T {
		copy(one.Row(t, 0), s.Row(t, b))
	}
	return one
}
