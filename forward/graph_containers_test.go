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

// pulses is an input with numbers from 0 to 3.
func pulses(steps, batch, n int) *tensor.Tensor {
	x := tensor.New(steps, batch, n)
	for i := range x.Data {
		x.Data[i] = float32(i*7%11%4) / 2
	}
	return x
}

// runLayers runs layers one after another, whole and step by step, which must
// say the same, and returns what the last says.
func runLayers(t *testing.T, x *tensor.Tensor, layers ...snn.Layer) []float32 {
	t.Helper()
	g, err := forward.Sequential(x.Shape[2:], layers...)
	require.NoError(t, err)
	m, err := g.Init(3)
	require.NoError(t, err)
	y, err := m.Run(context.Background(), m.NewState(x.Shape[1]), x)
	require.NoError(t, err)
	whole := append([]float32(nil), y.Dense().Data...)
	s, row := m.NewState(x.Shape[1]), len(x.Data)/x.Shape[0]
	var steps []float32
	for k := range x.Shape[0] {
		y, err := m.Step(s, tensor.Of(x.Data[k*row:(k+1)*row], append(tensor.Shape{1}, x.Shape[1:]...)...))
		require.NoError(t, err)
		steps = append(steps, y.Dense().Data...)
	}
	require.Equal(t, whole, steps)
	return whole
}

func TestResidual(t *testing.T) {
	x := pulses(9, 2, 5)
	y := runLayers(t, x, forward.Residual{Layer: snn.Scale{Factor: 3}})
	for i, v := range x.Data {
		require.Equal(t, 4*v, y[i])
	}
	inner := runLayers(t, x, snn.LIF{Decay: 0.5}, snn.LIF{Decay: 0.75})
	y = runLayers(t, x, forward.Residual{Layer: forward.Compound{snn.LIF{Decay: 0.5}, snn.LIF{Decay: 0.75}}})
	spikes := 0
	for i, v := range x.Data {
		require.Equal(t, v+inner[i], y[i])
		spikes += int(inner[i])
	}
	require.Positive(t, spikes)
}

func TestParallel(t *testing.T) {
	x := pulses(9, 2, 5)
	branches := []snn.Layer{snn.Scale{Factor: 2}, forward.Compound{snn.Scale{Factor: 3}, snn.Scale{Offset: 1}}}
	sum := runLayers(t, x, snn.Scale{}, forward.Parallel{Branches: branches, Join: forward.JoinSum})
	both := runLayers(t, x, snn.Scale{}, forward.Parallel{Branches: branches, Join: forward.JoinConcat})
	for i, v := range x.Data {
		require.Equal(t, 2*v+(3*v+1), sum[i])
		row, k := i/5*10, i%5
		require.Equal(t, []float32{2 * v, 3*v + 1}, []float32{both[row+k], both[row+5+k]})
	}
}

// What comes back is what went out, Delay steps later.
func TestFeedback(t *testing.T) {
	const batch, n = 2, 5
	x := pulses(9, batch, n)
	for _, delay := range []int{0, 1, 3} {
		y := runLayers(t, x, forward.Feedback{Layer: snn.Scale{}, Back: snn.Scale{Factor: 0.5}, Delay: delay})
		late := max(delay, 1) * batch * n
		for i, v := range x.Data {
			if i >= late {
				v += y[i-late] / 2
			}
			require.Equal(t, v, y[i])
		}
	}
	plain := runLayers(t, x, snn.LIF{Decay: 0.5}, snn.LIF{Decay: 0.75})
	deep := forward.Feedback{Layer: forward.Compound{snn.LIF{Decay: 0.5}, snn.LIF{Decay: 0.75}}, Back: snn.Linear{Out: n}}
	require.NotEqual(t, plain, runLayers(t, x, deep))
}

// With Concat a layer reads its input, then what it said a step ago.
func TestFeedbackConcat(t *testing.T) {
	const steps, n, hidden = 9, 5, 3
	x := pulses(steps, 1, n)
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{n}}},
		Layers: []forward.Node{{Name: "a", Layer: forward.Feedback{Layer: snn.Linear{Out: hidden}, Back: snn.Identity{}, Concat: true}}},
	})
	require.NoError(t, err)
	w, b := tensor.New(hidden, n+hidden), tensor.New(hidden)
	for i := range w.Data {
		w.Data[i] = float32(i%5-2) / 4 // sums stay exact
	}
	m, err := g.Load(map[string]*tensor.Tensor{"a.weight": w, "a.bias": b})
	require.NoError(t, err)
	y, err := m.Run(t.Context(), m.NewState(1), x)
	require.NoError(t, err)
	last := make([]float32, hidden)
	for k := range steps {
		read := append(append([]float32(nil), x.Data[k*n:(k+1)*n]...), last...)
		for o := range hidden {
			want := float32(0)
			for i, v := range read {
				want += w.Data[o*(n+hidden)+i] * v
			}
			require.InDelta(t, want, y.Dense().Data[k*hidden+o], 1e-5*max(1, math.Abs(float64(want))))
		}
		copy(last, y.Dense().Data[k*hidden:])
	}
	require.NotZero(t, last[0])
}

func TestContainersAreNamed(t *testing.T) {
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{4}}},
		Layers: []forward.Node{
			{Name: "a", Layer: forward.Compound{snn.Linear{Out: 8}, snn.LIF{}}},
			{Name: "b", Layer: forward.Feedback{Layer: snn.LIF{}, Back: snn.Linear{Out: 8}}, Sources: []forward.Source{forward.From("a")}},
			{Layer: forward.Residual{Layer: snn.Linear{Out: 8}}},
			{Name: "c", Layer: forward.Compound{snn.LI{}, forward.Compound{snn.LI{}, snn.LI{}}}},
		},
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a.0", "a", "b.in", "b.back", "b", "residual1.in", "residual1.layer", "residual1", "c.0", "c.1.0", "c.1", "c"}, g.Layers())
	text, err := g.MarshalJSON()
	require.NoError(t, err)
	again, err := forward.ParseGraph(text)
	require.NoError(t, err)
	require.Equal(t, g.Fingerprint(), again.Fingerprint())
}

func TestBadContainers(t *testing.T) {
	for _, l := range []snn.Layer{
		forward.Compound{}, forward.Parallel{}, forward.Compound{nil}, forward.Residual{}, forward.Feedback{Layer: snn.LIF{}},
	} {
		_, err := forward.Sequential(tensor.Shape{4}, l)
		require.ErrorIs(t, err, forward.ErrGraph)
	}
	_, err := forward.Sequential(tensor.Shape{4}, forward.Residual{Layer: snn.Linear{Out: 3}})
	require.ErrorIs(t, err, tensor.ErrShape)
	require.ErrorContains(t, err, "residual1")
	var deep snn.Layer = snn.LIF{}
	for range 100 {
		deep = forward.Compound{deep}
	}
	_, err = forward.Sequential(tensor.Shape{4}, deep)
	require.ErrorIs(t, err, forward.ErrGraph)
	_, err = forward.Compound{snn.LIF{}}.Build(tensor.Shape{4})
	require.ErrorIs(t, err, forward.ErrGraph)
}
