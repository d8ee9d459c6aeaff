package train_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/train"
)

// The gradient of every loss of numbers is the limit of differences.
func TestLossGradients(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const steps, n = 5, 3
	target := train.Target{Class: 1, Values: []float32{0.1, 0.7, 0.4}}
	losses := map[string]train.Loss{}
	for name, over := range map[string]train.Reduction{"sum": train.ReductionSum, "mean": train.ReductionMean, "max": train.ReductionMax, "last": train.ReductionLast, "each step": train.ReductionEachStep} {
		losses["cross-entropy "+name] = train.CrossEntropy{Reduction: over}
		if over != train.ReductionEachStep {
			losses["mean square "+name] = train.MeanSquare{Reduction: over, Correct: 0.8, Wrong: 0.2}
		}
	}
	for name, l := range losses {
		for _, target := range []train.Target{target, {Class: 1}} {
			y := make([]float32, steps*n)
			for i := range y {
				y[i] = r.Float32()
			}
			g := make([]float32, len(y))
			const scale = 0.5
			_, err := l.Sample(y, g, steps, target, scale)
			require.NoError(t, err)
			for i, v := range y {
				const h = 1.0 / 1024
				at := func(v float32) float64 {
					y[i] = v
					loss, err := l.Sample(y, make([]float32, len(y)), steps, target, scale)
					require.NoError(t, err)
					return loss
				}
				d := (at(v+h) - at(v-h)) / (2 * h) * scale
				y[i] = v
				require.InDelta(t, d, g[i], 1e-4, "%s, %d", name, i)
			}
			require.Len(t, l.Scores(y, steps), n)
		}
	}
	_, err := train.CrossEntropy{}.Sample(make([]float32, 6), make([]float32, 6), 2, train.Target{Class: 3}, 1)
	require.ErrorIs(t, err, snn.ErrOption)
	_, err = train.MeanSquare{}.Sample(make([]float32, 6), make([]float32, 6), 2, train.Target{Values: []float32{1}}, 1)
	require.ErrorIs(t, err, snn.ErrOption)
	_, err = train.Latency{}.Sample(make([]float32, 6), make([]float32, 6), 2, train.Target{Class: -1}, 1)
	require.ErrorIs(t, err, snn.ErrOption)
}

// The loss by hand: two equal outputs cost log 2, and the one that is right
// should grow.
func TestCrossEntropyByHand(t *testing.T) {
	g := make([]float32, 2)
	l, err := train.CrossEntropy{}.Sample([]float32{1, 1}, g, 1, train.Target{Class: 0}, 1)
	require.NoError(t, err)
	require.InDelta(t, math.Log(2), l, 1e-12)
	require.Equal(t, []float32{-0.5, 0.5}, g)
}

// Who spikes first wins, and its first spike is what learns.
func TestLatency(t *testing.T) {
	y := []float32{0, 0, 0, 1, 1, 1, 1, 0, 0} // steps of three: silent, at 1, at 1
	y[5] = 0                                  // the third is silent but for
	y[2] = 0
	require.Equal(t, []float64{-1, -1, -2}, train.Latency{}.Scores(y, 3))
	g := make([]float32, len(y))
	l, err := train.Latency{}.Sample(y, g, 3, train.Target{Class: 0}, 1)
	require.NoError(t, err)
	require.InDelta(t, math.Log(2+math.Exp(-1)), l, 1e-12)
	require.Less(t, g[3], float32(0)) // its spike should be stronger
	require.Greater(t, g[4], float32(0))
	require.Greater(t, g[8], float32(0)) // of a silent output, the last step
	for _, i := range []int{0, 1, 2, 5, 6, 7} {
		require.Zero(t, g[i])
	}
}

// Rates between the bounds cost nothing, and others are pushed back.
func TestRateBounds(t *testing.T) {
	bounds := train.RateBounds{Of: "lif", Low: 0.25, High: 0.5, Strength: 2}
	y := []float32{0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1} // rates 0, 1, 1/2
	g := make([]float32, len(y))
	l := bounds.Sample(y, g, 4, 1)
	require.InDelta(t, 2*(0.0625+0.25)/3, l, 1e-12)
	require.Less(t, g[0], float32(0))
	require.Greater(t, g[1], float32(0))
	require.Zero(t, g[2])
}

// The gradient of a regularizer is the limit of differences, below, within and
// above the bounds.
func TestRegularizerGradients(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	const steps, n, scale, h = 4, 3, 0.5, 1.0 / 1024
	for _, bounds := range []train.RateBounds{{Low: 2, High: 3, Strength: 0.7}, {Low: 0, High: 10, Strength: 1}, {Low: 0, High: 0.1, Strength: 3}} {
		y, g := make([]float32, steps*n), make([]float32, steps*n)
		for i := range y {
			y[i] = r.Float32()
		}
		bounds.Sample(y, g, steps, scale)
		for i, v := range y {
			at := func(v float32) float64 {
				y[i] = v
				return bounds.Sample(y, make([]float32, len(y)), steps, scale)
			}
			require.InDelta(t, (at(v+h)-at(v-h))/(2*h)*scale, g[i], 1e-4, "%+v, %d", bounds, i)
			y[i] = v
		}
	}
}

// The optimizers are those of PyTorch, step by step in float64.
func TestOptimizersByFormula(t *testing.T) {
	const n, steps, rate, scale = 19, 7, 0.03, 0.5
	type memory struct{ w, a, b float64 }
	for name, c := range map[string]struct {
		train.Optimizer
		formula func(m *memory, g float64, t float64)
	}{
		"sgd": {train.SGD{Momentum: 0.9, L2Penalty: 0.1}, func(m *memory, g, _ float64) {
			m.a = 0.9*m.a + g + 0.1*m.w
			m.w -= rate * m.a
		}},
		"nesterov": {train.SGD{Momentum: 0.9, Nesterov: true}, func(m *memory, g, _ float64) {
			m.a = 0.9*m.a + g
			m.w -= rate * (g + 0.9*m.a)
		}},
		"adamw": {train.Adam{Beta1: 0.8, WeightDecay: 0.2, L2Penalty: 0.05}, func(m *memory, g, t float64) {
			d := g + 0.05*m.w
			m.a, m.b = 0.8*m.a+0.2*d, 0.999*m.b+0.001*d*d
			m.w = m.w*(1-rate*0.2) - rate*(m.a/(1-math.Pow(0.8, t)))/(math.Sqrt(m.b/(1-math.Pow(0.999, t)))+1e-8)
		}},
		"adamax": {train.Adamax{}, func(m *memory, g, t float64) {
			m.a, m.b = 0.9*m.a+0.1*g, math.Max(0.999*m.b, math.Abs(g)+1e-8)
			m.w -= rate / (1 - math.Pow(0.9, t)) * m.a / m.b
		}},
		"rmsprop": {train.RMSprop{Smooth: 0.95, Momentum: 0.5}, func(m *memory, g, _ float64) {
			m.b = 0.95*m.b + 0.05*g*g
			m.a = 0.5*m.a + g/(math.Sqrt(m.b)+1e-8)
			m.w -= rate * m.a
		}},
	} {
		r := rand.New(rand.NewPCG(3, 4))
		w, want := make([]float32, n), make([]memory, n)
		for i := range w {
			w[i] = r.Float32() - 0.5
			want[i].w = float64(w[i])
		}
		var slots [][]float32
		for range c.Slots() {
			slots = append(slots, make([]float32, n))
		}
		require.NoError(t, c.Check())
		for step := 1; step <= steps; step++ {
			g := make([]float32, n)
			for i := range g {
				g[i] = r.Float32() - 0.5
				c.formula(&want[i], scale*float64(g[i]), float64(step))
			}
			c.Step(w, g, slots, step, rate, scale)
			for i := range w {
				require.InDelta(t, want[i].w, w[i], 2e-5, "%s, step %d", name, step)
			}
		}
	}
	require.ErrorIs(t, train.Adam{Beta1: math.NaN()}.Check(), snn.ErrOption)
}

func TestSchedules(t *testing.T) {
	c := train.Cosine(0.1, 0.05)
	require.InDelta(t, 0.1, c(0, 100), 1e-12)
	require.InDelta(t, 0.05, c(99, 100), 1e-3)
	for step := 10; step < 99; step++ {
		require.Less(t, c(step+1, 100), c(step, 100))
	}
	h := train.Halving(10, 0.5)
	require.Equal(t, []float64{1, 1, 0.5, 0.25}, []float64{h(0, 0), h(9, 0), h(10, 0), h(29, 0)})
}

// A weight is a factor of the loss and of its gradient; balanced ones give all
// classes the same share.
func TestClassWeights(t *testing.T) {
	y := []float32{0.3, 0.9, 0.1}
	plain, weighted := make([]float32, 3), make([]float32, 3)
	l, err := train.CrossEntropy{}.Sample(y, plain, 1, train.Target{Class: 1}, 1)
	require.NoError(t, err)
	loss := train.ClassWeights{Loss: train.CrossEntropy{}, Weights: train.Balanced([]int{6, 2, 0})}
	require.Equal(t, []float64{8.0 / 12, 2, 1}, loss.Weights)
	require.NoError(t, loss.Check())
	w, err := loss.Sample(y, weighted, 1, train.Target{Class: 1}, 1)
	require.NoError(t, err)
	require.Equal(t, 2*l, w)
	for i := range plain {
		require.InDelta(t, 2*plain[i], weighted[i], 1e-6)
	}
	require.Equal(t, train.CrossEntropy{}.Scores(y, 1), loss.Scores(y, 1))

	_, err = loss.Sample(y, weighted, 1, train.Target{Class: 3}, 1)
	require.ErrorIs(t, err, snn.ErrOption)
	require.ErrorIs(t, train.ClassWeights{}.Check(), snn.ErrOption)
	require.ErrorIs(t, train.ClassWeights{Loss: train.CrossEntropy{}, Weights: []float64{-1}}.Check(), snn.ErrOption)
	require.ErrorIs(t, train.ClassWeights{Loss: train.CrossEntropy{Reduction: 9}}.Check(), snn.ErrOption)
}

// Groups of neurons answer together, and each of a group gets its class's
// gradient.
func TestPopulation(t *testing.T) {
	y := []float32{1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1} // two steps of two classes of three
	loss := train.Population{Loss: train.CrossEntropy{}, Neurons: 3}
	require.NoError(t, loss.Check())
	require.Equal(t, []float64{2, 5}, loss.Scores(y, 2))
	g, sums := make([]float32, len(y)), make([]float32, 4)
	l, err := loss.Sample(y, g, 2, train.Target{Class: 0}, 1)
	require.NoError(t, err)
	want, err := train.CrossEntropy{}.Sample([]float32{1, 2, 1, 3}, sums, 2, train.Target{Class: 0}, 1)
	require.NoError(t, err)
	require.Equal(t, want, l)
	for i := range g {
		require.Equal(t, sums[i/3], g[i])
	}
	_, err = loss.Sample(y, g, 3, train.Target{Class: 0}, 1)
	require.ErrorIs(t, err, snn.ErrOption, "4 outputs are no groups of 3")
	require.ErrorIs(t, train.Population{Loss: train.Latency{}}.Check(), snn.ErrOption)
	require.ErrorIs(t, train.Population{Neurons: 2}.Check(), snn.ErrOption)
}
