package forward_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// soft is a smooth function in the place of spikes.
var soft = snn.Lambda{
	Name: "tanh",
	Func: func(y, x []float32) {
		for i, v := range x {
			y[i] = float32(math.Tanh(float64(v)))
		}
	},
	Backward: func(gx, gy, x []float32) {
		for i, v := range x {
			y := math.Tanh(float64(v))
			gx[i] = float32((1 - y*y) * float64(gy[i]))
		}
	},
}

// smoothly is a network without thresholds, of every layer that sums, in every
// way that layers can be joined: its gradient can be had from differences.
func smoothly(t *testing.T, rule forward.Rule) *forward.Model {
	two := snn.Size{2, 2}
	g, err := forward.New(forward.Spec{
		Rule:   rule,
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{2, 5, 6}}},
		Layers: []forward.Node{
			{Name: "conv", Layer: snn.Conv2d{Out: 4, Kernel: snn.Size{3, 2}, Padding: snn.Size{1, 0}, Stride: snn.Size{2, 1}, Dilation: snn.Size{1, 2}, Groups: 2}},
			{Name: "batch", Layer: snn.BatchNorm{}},
			{Name: "li", Layer: snn.LI{Decay: 0.7, Synapse: snn.Synapse{Decay: 0.4}, Normalized: true}},
			{Name: "tanh1", Layer: soft},
			{Name: "sum", Layer: snn.SumPool2d{Kernel: two, Stride: snn.Size{1, 1}, Padding: snn.Size{1, 1}}},
			{Name: "avg", Layer: snn.AvgPool2d{Kernel: two}},
			{Name: "flat", Layer: snn.Flatten{}},
			{Name: "in", Layer: snn.Linear{Out: 7}},
			{Name: "rec", Layer: snn.Linear{Out: 7}, Sources: []forward.Source{forward.After(2, "tanh2")}, Initial: "bias"},
			{Name: "both", Layer: snn.LI{Decay: 0.5, Bias: 0.1}, Sources: []forward.Source{forward.From("in"), forward.From("rec")}, Join: forward.JoinSum},
			{Name: "tanh2", Layer: soft},
			{Name: "norm", Layer: snn.LayerNorm{}},
			{Name: "scale", Layer: snn.Scale{Factor: 1.5}},
			{Name: "delay", Layer: snn.Delay{Steps: 2}},
			{Name: "row", Layer: snn.Linear{Out: 12}, Sources: []forward.Source{forward.From("delay"), forward.After(1, "tanh2")}},
			{Name: "shape", Layer: reshape{3, 4}},
			{Name: "along", Layer: snn.Conv1d{Out: 2, Kernel: 2}},
			{Name: "mean", Layer: snn.AvgPool1d{Kernel: 2, Stride: 1}},
			{Name: "end", Layer: snn.SpikeCounter{}},
		},
	})
	require.NoError(t, err)
	m, err := g.Init(5)
	require.NoError(t, err)
	return m
}

// reshape is a layer of a user's own that shows its input under another shape.
type reshape []int

func (reshape) Type() string { return "test.Reshape" }

func (r reshape) Build(tensor.Shape) (*snn.Plan, error) {
	return &snn.Plan{Out: tensor.Shape(r), Reshape: true}, nil
}

// Every gradient of a network without thresholds is the limit of differences.
func TestGradientsAreDifferences(t *testing.T) {
	for _, rule := range []forward.Rule{forward.RuleDefault, forward.RuleDelayed} {
		m := smoothly(t, rule)
		const steps, batch = 9, 3
		x := noise(7, steps, batch, 2, 5, 6)
		for i := range x.Data {
			x.Data[i] -= 0.3
		}
		tape, grads := gradientsOf(t, m, x, forward.BackwardOptions{Inputs: true}, batch, weigh)
		loss := func(m *forward.Model) float64 {
			out, err := m.Run(t.Context(), m.NewState(batch), x)
			require.NoError(t, err)
			y := out.Dense()
			g, err := weigh([]*tensor.Tensor{y})
			require.NoError(t, err)
			sum := 0.0
			for i, v := range y.Data {
				sum += float64(v) * float64(g[0][i])
			}
			return sum
		}
		check := func(what string, values, grad []float32, at func() float64) {
			bound := 4e-3 * top(grad)
			for i := 0; i < len(values); i += 1 + len(values)/12 {
				v, h := values[i], float32(1.0/128)
				values[i] = v + h
				up := at()
				values[i] = v - h
				down := at()
				values[i] = v
				require.InDelta(t, (up-down)/float64(2*h), grad[i], bound, "%v: %s[%d]", rule, what, i)
			}
		}
		params := m.Params()
		reload := func() float64 {
			other, err := m.Graph().Load(params)
			require.NoError(t, err)
			return loss(other)
		}
		require.Greater(t, len(grads), 14)
		for name, g := range grads {
			if name == "delay.steps" {
				continue
			}
			check(name, params[name].Data, g.Data, reload)
		}
		check("x", x.Data, tape.InputGradients()[0], func() float64 { return loss(m) })
	}
}

// The gradient of a maximum goes to the first that has it, times the slope of
// the surrogate if there is one.
func TestMaximumGivesItsGradientToTheFirst(t *testing.T) {
	pool := snn.MaxPool2d{Kernel: snn.Size{2, 2}}
	for _, c := range []struct {
		surrogate surrogate.Func
		want      []float32
	}{
		{surrogate.Func{}, []float32{0, 10, 20, 0, 0, 0, 0, 0}},
		{surrogate.SuperSpike(10), []float32{0, 10. / 6, 20. / 6, 0, 0, 0, 0, 0}},
	} {
		pool.Surrogate = c.surrogate
		g, err := forward.Sequential(tensor.Shape{1, 2, 4}, pool)
		require.NoError(t, err)
		m, err := g.Init(1)
		require.NoError(t, err)
		tape, err := m.NewTape(forward.BackwardOptions{Inputs: true})
		require.NoError(t, err)
		// Two ones in the first window; nothing but zeros in the second.
		x := tensor.Of([]float32{0, 1, 0, 0, 1, 0, 0, 0}, 1, 1, 1, 2, 4)
		require.NoError(t, tape.Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{x}, Count: 1}, func([]*tensor.Tensor) ([][]float32, error) {
			return [][]float32{{10, 20}}, nil
		}))
		require.InDeltaSlice(t, c.want, tape.InputGradients()[0], 1e-6)
	}
}
