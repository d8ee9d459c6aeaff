package train_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/train"
)

// output is what a network gave for a sample, and what was wanted.
type output struct {
	Y      [][]float32 `json:"y"` // [T][n]
	Spikes bool        `json:"spikes"`
	Class  int         `json:"class"`
	Values []float32   `json:"values"` // for regression
	Rates  [2]float64  `json:"rates"`  // of the right class, and of the others
}

// outputs are random spikes, some of them silent, and membranes with many
// equal numbers.
func outputs(r *rand.Rand) (cases []output) {
	for i := range 120 {
		steps, n := 1+r.IntN(12), 2+r.IntN(5)
		o := output{Spikes: i%2 == 0, Class: r.IntN(n), Rates: [2]float64{0.75, 0.29}}
		if i%8 == 0 {
			o.Rates = [2]float64{1, 0}
		}
		density := []float64{0, 0.1, 0.5}[r.IntN(3)]
		for range steps {
			row := make([]float32, n)
			for k := range row {
				if o.Spikes && r.Float64() < density {
					row[k] = 1
				} else if !o.Spikes {
					row[k] = float32(r.IntN(9)-4) / 4
				}
			}
			o.Y = append(o.Y, row)
		}
		for range n {
			o.Values = append(o.Values, float32(r.NormFloat64()))
		}
		cases = append(cases, o)
	}
	return cases
}

// The losses that name a framework give its losses and gradients, and find its
// classes, also where outputs are equal or silent.
func TestLossesAreTheFrameworks(t *testing.T) {
	cases := outputs(rand.New(rand.NewPCG(5, 6)))
	var foreign []struct {
		Losses    map[string]float64
		Gradients map[string][]float32
		Classes   map[string]int
	}
	python.Exchange(t, "testdata/losses.py", cases, &foreign)
	require.Len(t, foreign, len(cases))
	for i, c := range cases {
		steps := len(c.Y)
		var y []float32
		for _, row := range c.Y {
			y = append(y, row...)
		}
		// mse_count_loss rounds the counts that it wants down, and divides once
		// by the steps.
		count := func(rate float64) float64 { return train.Num(float64(int(float64(steps)*rate)) / float64(steps)) }
		class, values := train.Target{Class: c.Class}, train.Target{Values: c.Values}
		compared := 0
		for name, native := range map[string]struct {
			train.Loss
			train.Target
			factor float64
		}{
			"snntorch.ce_count_loss":        {train.CrossEntropy{Reduction: train.ReductionSum}, class, 1},
			"snntorch.ce_rate_loss":         {train.CrossEntropy{Reduction: train.ReductionEachStep}, class, 1},
			"snntorch.ce_max_membrane_loss": {train.CrossEntropy{Reduction: train.ReductionMax}, class, 1},
			"snntorch.ce_temporal_loss":     {train.Latency{}, class, 1},
			"snntorch.mse_count_loss":       {train.MeanSquare{Reduction: train.ReductionMean, Correct: count(c.Rates[0]), Wrong: count(c.Rates[1])}, class, float64(steps)},
			"norse.sum":                     {train.CrossEntropy{Reduction: train.ReductionSum}, class, 1},
			"norse.max":                     {train.CrossEntropy{Reduction: train.ReductionMax}, class, 1},
			"norse.last":                    {train.CrossEntropy{Reduction: train.ReductionLast}, class, 1},
			"norse.regression":              {train.MeanSquare{Reduction: train.ReductionMax}, values, 1},
			"torch.mean":                    {train.CrossEntropy{Reduction: train.ReductionMean}, class, 1},
		} {
			want, ok := foreign[i].Losses[name]
			if name == "snntorch.mse_count_loss" && count(c.Rates[0]) == count(c.Rates[1]) {
				continue // no classes are told apart: we refuse
			}
			if !ok {
				require.False(t, c.Spikes, name)
				continue
			}
			compared++
			g := make([]float32, len(y))
			l, err := native.Sample(y, g, steps, native.Target, 1)
			require.NoError(t, err)
			require.InDelta(t, want, l*native.factor, 2e-5, "%s of case %d: %+v", name, i, c)
			for k, d := range foreign[i].Gradients[name] {
				require.InDelta(t, d, float64(g[k])*native.factor, 2e-6*native.factor, "%s of case %d, %d: %+v", name, i, k, c)
			}
		}
		require.GreaterOrEqual(t, compared, 8)
		require.Equal(t, foreign[i].Classes["snntorch.accuracy_rate"], train.Best(train.CrossEntropy{}.Scores(y, steps)), "%+v", c)
		if c.Spikes {
			require.Equal(t, foreign[i].Classes["snntorch.accuracy_temporal"], train.Best(train.Latency{}.Scores(y, steps)), "%+v", c)
		}
	}
}

// snnTorch's number for a silent output: as if it spiked in the last step.
func TestLatencyOfASilentOutput(t *testing.T) {
	y := make([]float32, 10*3)
	y[3*3], y[7*3+1] = 1, 1
	g := make([]float32, len(y))
	l, err := train.Latency{}.Sample(y, g, 10, train.Target{Class: 0}, 1)
	require.NoError(t, err)
	require.InDelta(t, 0.0205811, l, 5e-7)
	require.Positive(t, g[9*3+2], "it should go on being late")
}

// The optimizers are PyTorch's, and so is what becomes of the rate.
func TestOptimizersArePyTorchs(t *testing.T) {
	type step struct {
		Optimizer string         `json:"optimizer"`
		Options   map[string]any `json:"options"`
		Rate      float64        `json:"rate"`
		Every     int            `json:"every"`
		Factor    float64        `json:"factor"`
		Weights   []float32      `json:"weights"`
		Gradients [][]float32    `json:"gradients"`
		native    train.Optimizer
	}
	var cases []step
	r := rand.New(rand.NewPCG(7, 8))
	for _, c := range []step{
		{Optimizer: "SGD", native: train.SGD{}},
		{Optimizer: "SGD", native: train.SGD{Momentum: 0.9, L2Penalty: 0.1}, Options: map[string]any{"momentum": 0.9, "weight_decay": 0.1}},
		{Optimizer: "SGD", native: train.SGD{Momentum: 0.5, Nesterov: true}, Options: map[string]any{"momentum": 0.5, "nesterov": true}},
		{Optimizer: "Adam", native: train.Adam{}},
		{Optimizer: "Adam", native: train.Adam{Beta1: train.Zero, Beta2: 0.9, Epsilon: 1e-3, L2Penalty: 0.1}, Options: map[string]any{"betas": []float64{0, 0.9}, "eps": 1e-3, "weight_decay": 0.1}},
		{Optimizer: "Adam", native: train.Adam{Beta2: train.Zero}, Options: map[string]any{"betas": []float64{0.9, 0}}},
		{Optimizer: "AdamW", native: train.Adam{WeightDecay: 0.01}},
		{Optimizer: "AdamW", native: train.Adam{Beta1: 0.8, WeightDecay: 0.5}, Options: map[string]any{"betas": []float64{0.8, 0.999}, "weight_decay": 0.5}},
		{Optimizer: "Adamax", native: train.Adamax{}},
		{Optimizer: "Adamax", native: train.Adamax{Beta1: train.Zero, Beta2: train.Zero, L2Penalty: 0.1}, Options: map[string]any{"betas": []float64{0, 0}, "weight_decay": 0.1}},
		{Optimizer: "RMSprop", native: train.RMSprop{}},
		{Optimizer: "RMSprop", native: train.RMSprop{Smooth: train.Zero, Momentum: 0.5, L2Penalty: 0.1}, Options: map[string]any{"alpha": 0.0, "momentum": 0.5, "weight_decay": 0.1}},
	} {
		c.Rate, c.Every, c.Factor = 0.02, 1+r.IntN(4), 0.5
		if c.Options == nil {
			c.Options = map[string]any{}
		}
		for range 20 {
			c.Weights = append(c.Weights, float32(r.NormFloat64()))
		}
		for range 12 {
			g := make([]float32, 20)
			for i := range g {
				g[i] = float32(r.NormFloat64()) * float32(i%5) // some without a gradient
			}
			c.Gradients = append(c.Gradients, g)
		}
		cases = append(cases, c)
	}
	var foreign [][][]float32
	python.Exchange(t, "testdata/optimizers.py", cases, &foreign)
	for i, c := range cases {
		require.NoError(t, c.native.Check())
		var slots [][]float32
		for range c.native.Slots() {
			slots = append(slots, make([]float32, len(c.Weights)))
		}
		halving := train.Halving(c.Every, c.Factor)
		for at, g := range c.Gradients {
			c.native.Step(c.Weights, g, slots, at+1, c.Rate*halving(at, len(c.Gradients)), 1)
			require.InDeltaSlice(t, foreign[i][at], c.Weights, 2e-6, "%s %+v, step %d", c.Optimizer, c.Options, at)
		}
	}
}
