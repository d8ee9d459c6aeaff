package forward_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// tangled is a network with everything that a backward pass must get right: a
// recurrence, a delayed skip, a convolution, pools, a sum and a concatenation,
// neurons whose parameters learn.
func tangled(t testing.TB, rule forward.Rule) *forward.Model {
	lif := snn.LIF{Decay: 0.8, Threshold: 0.3, Surrogate: surrogate.SuperSpike(5)}
	late := lif
	late.Timing, late.Synapse = snn.TimingNextStepDecayed, snn.Synapse{Decay: 0.5}
	late.Reset = snn.ResetToZero
	g, err := forward.New(forward.Spec{
		Rule:   rule,
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{2, 6, 6}}},
		Layers: []forward.Node{
			{Name: "conv", Layer: snn.Conv2d{Out: 3, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}, Stride: snn.Size{2, 2}}},
			{Name: "a", Layer: lif},
			{Name: "pool", Layer: snn.AvgPool2d{Kernel: snn.Size{2, 2}, Stride: snn.Size{1, 1}}},
			{Name: "flat", Layer: snn.Flatten{}},
			{Name: "in", Layer: snn.Linear{Out: 9}},
			{Name: "rec", Layer: snn.Linear{Out: 9, NoBias: true}, Sources: []forward.Source{forward.After(1, "b")}},
			{Name: "b", Layer: late, Sources: []forward.Source{forward.From("in"), forward.From("rec")}, Join: forward.JoinSum},
			{Name: "norm", Layer: snn.LayerNorm{}},
			{Name: "axons", Layer: snn.Delay{Steps: 2}, Sources: []forward.Source{forward.From("norm")}},
			{Name: "out", Layer: snn.Linear{Out: 4}, Sources: []forward.Source{forward.From("b"), forward.After(3, "flat"), forward.From("axons")}, Initial: "bias"},
			{Name: "li", Layer: snn.LI{Decay: 0.9}},
		},
	})
	require.NoError(t, err)
	m, err := g.Init(3)
	require.NoError(t, err)
	return m
}

func noise(seed uint64, steps, batch int, shape ...int) *tensor.Tensor {
	r := rand.New(rand.NewPCG(seed, 1))
	x := tensor.New(append([]int{steps, batch}, shape...)...)
	for i := range x.Data {
		if r.Float64() < 0.4 {
			x.Data[i] = r.Float32() * 2
		}
	}
	return x
}

// weigh is the loss that adds up weighted outputs.
func weigh(outputs []*tensor.Tensor) ([][]float32, error) {
	var grads [][]float32
	for _, y := range outputs {
		g := make([]float32, len(y.Data))
		for i := range g {
			g[i] = float32(math.Sin(float64(i % 101)))
		}
		grads = append(grads, g)
	}
	return grads, nil
}

// gradientsOf goes back over a batch, some samples at a time.
func gradientsOf(t testing.TB, m *forward.Model, x *tensor.Tensor, learn forward.BackwardOptions, some int, loss forward.OutputGradients) (*forward.Tape, map[string]*tensor.Tensor) {
	tape, err := m.NewTape(learn)
	require.NoError(t, err)
	for first := 0; first < x.Shape[1]; first += some {
		n := min(some, x.Shape[1]-first)
		require.NoError(t, tape.Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{x}, First: first, Count: n}, loss))
	}
	grads := tape.Gradients(tape.Accumulators())
	sum := float32(0)
	for _, g := range grads {
		for _, v := range g.Data {
			sum += v * v
		}
	}
	require.Positive(t, sum)
	return tape, grads
}

// sampled gives every sample the same weights, whatever runs beside it.
func sampled(steps, n int) forward.OutputGradients {
	return func(outputs []*tensor.Tensor) ([][]float32, error) {
		y := outputs[0]
		g := make([]float32, len(y.Data))
		for t := range y.Shape[0] {
			for b := range y.Shape[1] {
				for i := range n {
					g[(t*y.Shape[1]+b)*n+i] = float32(math.Sin(float64(t*n + i)))
				}
			}
		}
		return [][]float32{g}, nil
	}
}

// Segments and numbers of samples change no bit of any gradient.
func TestSegmentsChangeNothing(t *testing.T) {
	for _, rule := range []forward.Rule{forward.RuleDefault, forward.RuleDelayed} {
		m := tangled(t, rule)
		const steps = 23
		x := noise(1, steps, 5, 2, 6, 6)
		_, want := gradientsOf(t, m, x, forward.BackwardOptions{}, 5, sampled(steps, 4))
		require.Contains(t, want, "b.synapse_decay")
		for _, c := range []struct{ segment, some int }{{0, 1}, {0, 2}, {1, 1}, {5, 1}, {8, 1}, {22, 1}, {100, 3}} {
			_, got := gradientsOf(t, m, x, forward.BackwardOptions{Segment: c.segment}, c.some, sampled(steps, 4))
			require.Equal(t, want, got, "%+v", c)
		}
		// Truncated, it is another gradient.
		_, cut := gradientsOf(t, m, x, forward.BackwardOptions{Segment: 5, Truncate: true}, 1, sampled(steps, 4))
		require.NotEqual(t, want["conv.weight"], cut["conv.weight"])
	}
}

// The gradients of weights are the same bits whether the parameters of neurons
// learn, too, or not.
func TestFixedParametersChangeNoOtherGradient(t *testing.T) {
	x := noise(5, 12, 3, 2, 6, 6)
	m := tangled(t, forward.RuleDefault)
	weights := func(name string) bool { return strings.HasSuffix(name, ".weight") }
	_, all := gradientsOf(t, m, x, forward.BackwardOptions{}, 2, weigh)
	_, some := gradientsOf(t, m, x, forward.BackwardOptions{Trainable: weights}, 2, weigh)
	require.NotEmpty(t, some)
	require.Less(t, len(some), len(all))
	for name, g := range some {
		require.Equal(t, all[name].Data, g.Data, name)
		require.NotEqual(t, make([]float32, len(g.Data)), g.Data, name)
	}
}

// Truncation is the gradient of pieces that are run one after another.
func TestTruncationCutsTheGradient(t *testing.T) {
	m := tangled(t, forward.RuleDefault)
	const steps, piece = 15, 5
	x := noise(2, steps, 1, 2, 6, 6)
	_, got := gradientsOf(t, m, x, forward.BackwardOptions{Segment: piece, Truncate: true}, 1, sampled(steps, 4))
	tape, err := m.NewTape(forward.BackwardOptions{})
	require.NoError(t, err)
	s := m.NewState(1)
	for at := 0; at < steps; at += piece {
		part := tensor.Of(x.Data[at*72:(at+piece)*72], piece, 1, 2, 6, 6)
		start := s.Clone()
		if at == 0 {
			start = nil
		}
		require.NoError(t, tape.Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{part}, Count: 1, Start: start}, func(outputs []*tensor.Tensor) ([][]float32, error) {
			g := make([]float32, len(outputs[0].Data))
			for k := range g {
				g[k] = float32(math.Sin(float64(at*4 + k)))
			}
			return [][]float32{g}, nil
		}))
		_, err := m.Run(t.Context(), s, part)
		require.NoError(t, err)
	}
	want := tape.Gradients(tape.Accumulators())
	for name, w := range want {
		require.InDeltaSlice(t, w.Data, got[name].Data, 1e-4*top(w.Data), name)
	}
}

// top is the greatest size of a number.
func top(v []float32) float64 {
	most := 1e-6
	for _, x := range v {
		most = max(most, math.Abs(float64(x)))
	}
	return most
}

// A burn-in moves the state, and nothing else comes of it.
func TestBurnIn(t *testing.T) {
	m := tangled(t, forward.RuleDefault)
	const steps, burn = 14, 6
	x := noise(3, steps, 1, 2, 6, 6)
	_, got := gradientsOf(t, m, x, forward.BackwardOptions{BurnIn: burn}, 1, sampled(steps-burn, 4))
	s := m.NewState(1)
	_, err := m.Run(t.Context(), s, tensor.Of(x.Data[:burn*72], burn, 1, 2, 6, 6))
	require.NoError(t, err)
	tape, err := m.NewTape(forward.BackwardOptions{})
	require.NoError(t, err)
	rest := tensor.Of(x.Data[burn*72:], steps-burn, 1, 2, 6, 6)
	require.NoError(t, tape.Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{rest}, Count: 1, Start: s}, sampled(steps-burn, 4)))
	require.Equal(t, tape.Gradients(tape.Accumulators())["in.weight"], got["in.weight"])
}

// The root of the steps is a small fraction of the memory of all of them.
func TestSegmentsSaveMemory(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{50}, snn.Linear{Out: 200}, snn.LIF{Threshold: 0.2}, snn.Linear{Out: 5}, snn.LI{})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	const steps = 2000
	x := noise(4, steps, 1, 50)
	need := func(segment int) (bytes uint64, grads map[string]*tensor.Tensor) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		tape, grads := gradientsOf(t, m, x, forward.BackwardOptions{Segment: segment}, 1, sampled(steps, 5))
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(tape)
		return after.HeapAlloc - before.HeapAlloc, grads
	}
	whole, want := need(0)
	root, got := need(45)
	require.Equal(t, want, got)
	t.Logf("%d steps: %d KiB with all steps, %d KiB with segments of 45", steps, whole>>10, root>>10)
	require.Less(t, root, whole/8)
}

// What has no backward pass says so, by name, if a gradient would have to pass it.
func TestNoWayBack(t *testing.T) {
	square := snn.Lambda{Name: "square", Func: func(y, x []float32) {
		for i, v := range x {
			y[i] = v * v
		}
	}}
	build := func(layers ...snn.Layer) *forward.Model {
		g, err := forward.Sequential(tensor.Shape{3}, layers...)
		require.NoError(t, err)
		m, err := g.Init(1)
		require.NoError(t, err)
		return m
	}
	_, err := build(snn.Linear{Out: 3}, square, snn.Linear{Out: 2}).NewTape(forward.BackwardOptions{})
	require.ErrorIs(t, err, snn.ErrBackward)
	require.ErrorContains(t, err, `"lambda1"`)
	// In front of everything that learns, it need not have one.
	_, err = build(square, snn.Linear{Out: 2}).NewTape(forward.BackwardOptions{})
	require.NoError(t, err)
	square.Backward = func(gx, gy, x []float32) {
		for i, v := range x {
			gx[i] = 2 * v * gy[i]
		}
	}
	m := build(snn.Linear{Out: 3}, square, snn.Linear{Out: 2})
	gradientsOf(t, m, noise(5, 3, 2, 3), forward.BackwardOptions{}, 2, weigh)
	_, err = m.NewTape(forward.BackwardOptions{Outputs: []string{"nobody"}})
	require.ErrorIs(t, err, forward.ErrGraph)
	tape, err := m.NewTape(forward.BackwardOptions{BurnIn: 3})
	require.NoError(t, err)
	require.ErrorIs(t, tape.Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{noise(5, 3, 2, 3)}, Count: 2}, weigh), tensor.ErrShape)
}
