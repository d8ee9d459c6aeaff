package forward_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/slowtest"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// watched is a network of which f sees every row that comes to a layer in its
// middle, from goroutines.
func watched(t testing.TB, f func()) *forward.Model {
	watch := snn.Lambda{Name: "watch", Func: func(y, x []float32) {
		f()
		copy(y, x)
	}}
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{700}}},
		Layers: []forward.Node{
			{Layer: snn.Linear{Out: 256}}, {Layer: snn.LIF{Decay: 0.9, Threshold: 0.3}}, {Name: "watch", Layer: watch},
			{Name: "back", Layer: snn.Linear{Out: 256}, Sources: []forward.Source{forward.After(3, "lif2")}},
			{Name: "lif2", Layer: snn.LIF{Threshold: 0.2}, Sources: []forward.Source{forward.From("watch"), forward.From("back")}, Join: forward.JoinSum},
		},
	})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	return m
}

// A Run that is cancelled in the middle of a block, in one sample of many, has
// not begun that block: state and output are those of the steps before it, and
// the rest gives the bits of a Run that nobody stopped. What is not needed any
// more is not begun.
func TestCancelledInABlock(t *testing.T) {
	const steps, batch, block = 64, 12, 32
	x := bernoulli(steps, batch, 700, 0.05)
	for _, workers := range []int{1, 3} {
		for _, at := range []int{1, block * batch / 2, block*batch + 1, steps*batch - 1} {
			var calls atomic.Int64
			ctx, cancel := context.WithCancel(t.Context())
			m := watched(t, func() {
				if calls.Add(1) == int64(at) {
					cancel()
				}
			}).With(forward.Workers(workers), forward.BlockSteps(block))
			s := m.NewState(batch)
			out, err := m.Run(ctx, s, x)
			require.ErrorIs(t, err, context.Canceled)
			done := (at - 1) / (block * batch) * block
			require.EqualValues(t, done, s.Steps(), "%d workers, cancelled at row %d", workers, at)
			require.Equal(t, tensor.Shape{done, batch, 256}, out.Dense().Shape)
			require.Less(t, calls.Load(), int64(at+(workers+1)*8*block), "%d workers go on after row %d", workers, at)

			again := m.NewState(batch)
			before := run(t, m, again, rows(x, 0, done))
			require.Equal(t, before["lif2"], bits(out)["lif2"])
			want, err := again.MarshalBinary()
			require.NoError(t, err)
			got, err := s.MarshalBinary()
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Equal(t, run(t, m, again, rows(x, done, steps-done)), run(t, m, s, rows(x, done, steps-done)))
		}
	}
}

// A layer that takes too long in one call, to be stopped, runs in pieces: of
// steps, if its weights are few, else of outputs. The bits are the same.
func TestPiecesChangeNothing(t *testing.T) {
	lif := snn.LIF{Threshold: 0.4}
	for name, c := range map[string]struct {
		steps  int
		in     tensor.Shape
		layers []snn.Layer
	}{
		"many weights": {60, tensor.Shape{2000}, []snn.Layer{snn.Linear{Out: 2000}, lif, snn.Linear{Out: 2000}, lif}},
		"few weights":  {40, tensor.Shape{2, 40, 40}, []snn.Layer{snn.Conv2d{Out: 32, Kernel: snn.Size{5, 5}}, lif, snn.Conv2d{Out: 16, Kernel: snn.Size{3, 3}}, lif}},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := forward.Sequential(c.in, c.layers...)
			require.NoError(t, err)
			m, err := g.Init(1)
			require.NoError(t, err)
			x := noise(1, c.steps, 1, c.in...)
			for i := range x.Data {
				x.Data[i] += 0.1
			}
			want := run(t, m, m.NewState(1), x)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			for _, workers := range []int{1, 2} {
				out, err := m.With(forward.Workers(workers)).Run(ctx, m.NewState(1), x)
				require.NoError(t, err)
				require.Equal(t, want, bits(out))
			}
		})
	}
}

// slow is a layer of a user's own that would take long, if its weights meant
// anything. run sees the steps of each call; if it says so, the layer leaves off.
type slow struct {
	weights int
	run     func(steps int, stop <-chan struct{}) (leave bool)
}

func (slow) Type() string { return "test.Slow" }

func (s slow) Build(in tensor.Shape) (*snn.Plan, error) {
	w := snn.Param{Name: "w", Shape: tensor.Shape{s.weights}, Init: snn.Constant(1)}
	return &snn.Plan{Out: in, State: 1, States: []snn.Variable{snn.Row("steps", 0, 1)}, Neurons: tensor.Shape{1}, Params: []snn.Param{w}, Prepare: func(map[string]*tensor.Tensor) (snn.Op, error) { return s, nil }}, nil
}

func (s slow) Forward(x, y tensor.Signal, state []float32, scratch *snn.Scratch) {
	steps, _, _ := x.Dims()
	if s.run(steps, scratch.Stop) {
		return
	}
	copy(y.(*tensor.Tensor).Data, x.(*tensor.Tensor).Data)
	for i := range state {
		state[i] += float32(steps)
	}
}

func slowly(t testing.TB, weights int, run func(steps int, stop <-chan struct{}) bool) *forward.Model {
	g, err := forward.Sequential(tensor.Shape{1, 64, 64}, slow{weights, run})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	return m
}

// A layer that would take too long in one call gets some steps at a time, if
// somebody may stop it, and else all of the block.
func TestPieces(t *testing.T) {
	x := noise(2, 16, 1, 1, 64, 64)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, c := range []struct {
		ctx     context.Context
		weights int
		want    []int
	}{
		{context.Background(), 4000, []int{16}},
		{ctx, 4000, []int{4, 4, 4, 4}},
		{ctx, 6000, []int{2, 2, 2, 2, 2, 2, 2, 2}},
		{ctx, 1 << 15, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{ctx, 1 << 18, []int{16}}, // it has to look by itself
	} {
		var got []int
		m := slowly(t, c.weights, func(steps int, stop <-chan struct{}) bool {
			require.Equal(t, c.ctx.Done(), stop)
			got = append(got, steps)
			return false
		}).With(forward.BlockSteps(16))
		out, err := m.Run(c.ctx, m.NewState(1), x)
		require.NoError(t, err)
		require.Equal(t, x.Data, out.Dense().Data)
		require.Equal(t, c.want, got, "%d weights", c.weights)
	}
}

// A layer that leaves off half-way, in the last call of a block, leaves nothing
// behind.
func TestLeavingOff(t *testing.T) {
	x := noise(2, 16, 2, 1, 64, 64)
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	m := slowly(t, 4000, func(_ int, stop <-chan struct{}) bool {
		if calls++; calls < 4 {
			return false
		}
		cancel()
		<-stop
		return true
	}).With(forward.BlockSteps(4))
	s := m.NewState(2) // two blocks of two samples: the second block's last is lost
	out, err := m.Run(ctx, s, x)
	require.ErrorIs(t, err, context.Canceled)
	require.EqualValues(t, 4, s.Steps())
	done, err := s.Variable("test.slow1", "steps")
	require.NoError(t, err)
	require.Equal(t, []float32{4, 4}, done.Data)
	require.Equal(t, x.Data[:4*2*64*64], out.Dense().Data)
}

// After a cancel at most 50 ms pass: the sizes at which a block is the whole run.
func TestCancelledSoon(t *testing.T) {
	slowtest.Clock(t)
	g, err := forward.Sequential(tensor.Shape{700},
		snn.Linear{Out: 1024}, snn.LIF{Decay: 0.9, Threshold: 0.3},
		snn.Linear{Out: 1024}, snn.LIF{Decay: 0.9, Threshold: 0.3},
		snn.Linear{Out: 20}, snn.LIF{Decay: 0.9})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	const steps, batch = 500, 2048
	x := tensor.NewSpikes(steps, batch, 700)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range x.Bits {
		if x.Bits[i] = r.Uint64() & r.Uint64() & r.Uint64() & r.Uint64(); i%11 == 10 {
			x.Bits[i] &= 1<<60 - 1
		}
	}
	for _, workers := range []int{1, 2} {
		m, s := m.With(forward.Workers(workers)), m.NewState(batch)
		var took []time.Duration
		for range 20 {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			_, err := m.Run(ctx, s, x)
			end, _ := ctx.Deadline()
			took = append(took, time.Since(end))
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Zero(t, s.Steps())
		}
		slices.Sort(took)
		t.Logf("%d workers: %v to %v after the deadline, the median %v", workers, took[0], took[19], took[10])
		require.Less(t, took[10], 50*time.Millisecond)
	}
}

// A Tape stops, too, on the way forward and back.
func TestCancelledTape(t *testing.T) {
	m, x := tangled(t, forward.RuleDefault), noise(1, 12, 2, 2, 6, 6)
	tape, err := m.NewTape(forward.BackwardOptions{Segment: 5})
	require.NoError(t, err)
	samples := forward.Samples{Inputs: []tensor.Signal{x}, Count: 1}
	ctx, cancel := context.WithCancel(t.Context())
	require.ErrorIs(t, tape.Run(ctx, samples, func(y []*tensor.Tensor) ([][]float32, error) {
		cancel()
		return weigh(y)
	}), context.Canceled)
	require.ErrorIs(t, tape.Run(ctx, samples, func([]*tensor.Tensor) ([][]float32, error) {
		t.Error("it has run")
		return nil, nil
	}), context.Canceled)
}
