package train_test

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

func TestBest(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		scores []float64
		best   int
		tied   bool
	}{
		{[]float64{nan, 1, 2}, -1, false}, {[]float64{1, nan, 2}, -1, false}, {[]float64{2, 2, nan}, -1, false}, {nil, -1, false},
		{[]float64{1, 2, 0}, 1, false}, {[]float64{0, 0, 0}, 0, true}, {[]float64{1, 3, 2, 3}, 1, true}, {[]float64{2, 2, 3}, 2, false},
		{[]float64{-inf, -inf}, 0, true}, {[]float64{0, inf}, 1, false}, {[]float64{5}, 0, false},
	} {
		require.Equal(t, c.best, train.Best(c.scores), "%v", c.scores)
		require.Equal(t, c.tied, train.Tied(c.scores), "%v", c.scores)
	}
	// Every loss sees a NaN, wherever it is.
	for _, l := range []train.Loss{train.CrossEntropy{}, train.CrossEntropy{Reduction: train.ReductionMax}, train.CrossEntropy{Reduction: train.ReductionEachStep}, train.MeanSquare{Reduction: train.ReductionMean}, train.Latency{}} {
		for at := range 6 {
			y := []float32{1, 0, 0, 1, 1, 1}
			require.NotEqual(t, -1, train.Best(l.Scores(y, 2)))
			y[at] = float32(nan)
			require.Equal(t, -1, train.Best(l.Scores(y, 2)), "%+v, %d", l, at)
		}
		require.Empty(t, l.Scores(nil, 0))
		require.Empty(t, l.Scores(nil, 3))
	}
}

// table is a source of ready outputs for a network that copies them.
type table struct {
	outputs [][]float32
	classes []int
}

func (s table) Len() int { return len(s.outputs) }

func (s table) Batch(places []int, _ int) (train.Batch, error) {
	x := tensor.New(1, len(places), len(s.outputs[0]))
	b := train.Batch{Inputs: []tensor.Signal{x}}
	for k, p := range places {
		copy(x.Data[k*len(s.outputs[0]):], s.outputs[p])
		b.Targets = append(b.Targets, train.Target{Class: s.classes[p]})
	}
	return b, nil
}

// copying is a network that puts out what it is given.
func copying(t testing.TB, n int) *forward.Model {
	g, err := forward.Sequential(tensor.Shape{n}, snn.Linear{Out: n, NoBias: true})
	require.NoError(t, err)
	w := tensor.New(n, n)
	for i := range n {
		w.Data[i*n+i] = 1
	}
	m, err := g.Load(map[string]*tensor.Tensor{"linear1.weight": w})
	require.NoError(t, err)
	return m
}

// Samples without a class are wrong, and counted; ties are counted, too.
func TestJudge(t *testing.T) {
	s := table{[][]float32{{1, 0}, {0, 1}, {0, 0}, {2, 1}, {3, 3}}, []int{0, 1, 0, 1, 1}}
	r, err := train.Judge(t.Context(), copying(t, 2), train.CrossEntropy{}, s, 2)
	require.NoError(t, err)
	require.Equal(t, []int{5, 3, 0, 2}, []int{r.Samples, r.Correct, r.Undecided, r.Tied})
	require.Equal(t, [][]int{{2, 0}, {2, 1}}, r.Confusion)
	accuracy, mean, err := train.Evaluate(t.Context(), copying(t, 2), train.CrossEntropy{}, s, 3)
	require.NoError(t, err)
	require.Equal(t, 0.6, accuracy)
	require.InDelta(t, r.Loss, mean, 1e-12)
	require.Equal(t, r.Accuracy(), accuracy)
}

// blind scores every sample whose first output is negative as NaN.
type blind struct{ train.CrossEntropy }

func (b blind) Scores(y []float32, steps int) []float64 {
	z := b.CrossEntropy.Scores(y, steps)
	if y[0] < 0 {
		z[1] = math.NaN()
	}
	return z
}

func TestEvaluateSaysWhatIsUndecided(t *testing.T) {
	s := table{[][]float32{{1, 0}, {0, 1}, {-1, 0}, {-2, 1}}, []int{0, 1, 0, 1}}
	accuracy, mean, err := train.Evaluate(t.Context(), copying(t, 2), blind{}, s, 1)
	require.ErrorIs(t, err, train.ErrNotFinite)
	require.ErrorContains(t, err, "2 of 4 samples have no class, sample 2 is the first")
	require.Equal(t, 0.5, accuracy, "they are wrong")
	require.Positive(t, mean)
	r, err := train.Judge(t.Context(), copying(t, 2), blind{}, s, 4)
	require.NoError(t, err)
	require.Equal(t, 2, r.Undecided)
}

// given is a source of one batch.
type given struct {
	n     int
	batch train.Batch
	err   error
}

func (g given) Len() int { return g.n }

func (g given) Batch([]int, int) (train.Batch, error) { return g.batch, g.err }

// Batches that lack something, and classes that are not there, are errors of
// learning and of judging.
func TestBatchesThatLackSomething(t *testing.T) {
	x := tensor.NewSpikes(3, 1, width)
	right := []train.Target{{Class: 1}}
	var nothing *tensor.Tensor
	var noSpikes *tensor.Spikes
	var noEvents *tensor.Events
	broken := errors.New("disk")
	for name, c := range map[string]struct {
		given
		says string
	}{
		"no samples":        {given{0, train.Batch{}, nil}, "the source has 0 samples"},
		"no inputs":         {given{1, train.Batch{Targets: right}, nil}, "a batch without inputs"},
		"no targets":        {given{1, train.Batch{Inputs: []tensor.Signal{x}}, nil}, "0 targets for 1 samples"},
		"a target too many": {given{1, train.Batch{[]tensor.Signal{x}, []train.Target{{}, {}}}, nil}, "2 targets for 1 samples"},
		"no steps":          {given{1, train.Batch{[]tensor.Signal{tensor.NewSpikes(0, 1, width)}, right}, nil}, "0 steps"},
		"other samples":     {given{1, train.Batch{[]tensor.Signal{tensor.NewSpikes(3, 2, width)}, right}, nil}, "2 samples, 1 targets"},
		"other features":    {given{1, train.Batch{[]tensor.Signal{tensor.NewSpikes(3, 1, width+1)}, right}, nil}, "[31]"},
		"no signal":         {given{1, train.Batch{[]tensor.Signal{nil}, right}, nil}, "input 0 of the batch is nil"},
		"a nil tensor":      {given{1, train.Batch{[]tensor.Signal{nothing}, right}, nil}, "input 0 of the batch is nil"},
		"nil spikes":        {given{1, train.Batch{[]tensor.Signal{noSpikes}, right}, nil}, "input 0 of the batch is nil"},
		"nil events":        {given{1, train.Batch{[]tensor.Signal{noEvents}, right}, nil}, "input 0 of the batch is nil"},
		"class 12 of 4":     {given{1, train.Batch{[]tensor.Signal{x}, []train.Target{{Class: 12}}}, nil}, "class 12 of 4 outputs, in sample 0"},
		"class -1":          {given{1, train.Batch{[]tensor.Signal{x}, []train.Target{{Class: -1}}}, nil}, "class -1 of 4 outputs"},
		"a source's error":  {given{1, train.Batch{}, broken}, "disk"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, l := range []train.Loss{train.CrossEntropy{}, train.MeanSquare{Correct: 1}, train.Latency{}, careless{}} {
				accuracy, _, err := train.Evaluate(t.Context(), network(t), l, c.given, 8)
				require.ErrorContains(t, err, c.says)
				require.Zero(t, accuracy)
				tr, err := train.New(network(t), train.Config{Loss: l})
				require.NoError(t, err)
				require.ErrorContains(t, tr.Fit(t.Context(), c.given, train.Plan{}), c.says)
				if c.err == nil && c.n > 0 {
					_, err = tr.Step(t.Context(), c.batch)
					require.Error(t, err)
				}
				require.Zero(t, tr.Steps())
			}
		})
	}
	m := network(t)
	_, _, err := train.Evaluate(t.Context(), nil, train.CrossEntropy{}, task{4, 3}, 2)
	require.ErrorIs(t, err, snn.ErrOption)
	_, _, err = train.Evaluate(t.Context(), m, nil, task{4, 3}, 2)
	require.ErrorIs(t, err, snn.ErrOption)
	_, _, err = train.Evaluate(t.Context(), m, train.CrossEntropy{}, nil, 2)
	require.ErrorIs(t, err, snn.ErrOption)
	_, _, err = train.Evaluate(t.Context(), m, train.CrossEntropy{}, task{4, 3}, 0)
	require.ErrorIs(t, err, snn.ErrOption)
	_, _, err = train.Evaluate(t.Context(), m, train.CrossEntropy{Reduction: 9}, task{4, 3}, 2)
	require.ErrorIs(t, err, snn.ErrOption)
	for _, y := range []*tensor.Tensor{nil, tensor.New(3), tensor.New(0, 1, 2), tensor.New(1, 0, 2), tensor.Of(nil, 1, 1, 2)} {
		_, err = train.EachSample(y, func(int, []float32, []float32) error { return nil })
		require.ErrorIs(t, err, tensor.ErrShape)
	}
	for _, l := range []train.Loss{train.CrossEntropy{}, train.CrossEntropy{Reduction: train.ReductionEachStep}, train.MeanSquare{Correct: 1}, train.Latency{}} {
		for _, c := range []struct{ y, g, steps int }{{0, 0, 0}, {0, 0, 1}, {4, 4, 0}, {4, 4, -1}, {4, 4, 3}, {4, 3, 2}, {2, 2, 4}} {
			_, err := l.Sample(make([]float32, c.y), make([]float32, c.g), c.steps, train.Target{}, 1)
			require.ErrorIs(t, err, tensor.ErrShape, "%+v", c)
		}
	}
}

// careless looks at no class.
type careless struct{ train.CrossEntropy }

func (careless) Sample([]float32, []float32, int, train.Target, float64) (float64, error) {
	return 0, nil
}

// falls panics where it is asked to.
type falls struct {
	train.CrossEntropy
	task
}

func (falls) Sample([]float32, []float32, int, train.Target, float64) (float64, error) {
	panic("a loss falls over")
}

func (falls) Batch([]int, int) (train.Batch, error) { panic(errors.ErrUnsupported) }

// What panics in a goroutine of the trainer is an error of who called it, and
// the trainer goes on.
func TestPanicsAreErrors(t *testing.T) {
	for _, workers := range []int{1, 3} {
		tr, err := train.New(network(t), train.Config{Loss: falls{}, Workers: workers})
		require.NoError(t, err)
		err = tr.Fit(t.Context(), task{50, 13}, train.Plan{})
		require.ErrorContains(t, err, "panic: a loss falls over")
		require.ErrorContains(t, err, "judge_test.go", "its stack")

		c := config
		c.Workers = workers
		tr, err = train.New(network(t), c)
		require.NoError(t, err)
		source := falls{task: task{50, 13}}
		require.ErrorIs(t, tr.Fit(t.Context(), source, train.Plan{}), errors.ErrUnsupported)
		_, _, err = train.Evaluate(t.Context(), network(t), config.Loss, source, 10)
		require.ErrorIs(t, err, errors.ErrUnsupported)
		tr, err = train.New(network(t), c)
		require.NoError(t, err)
		wrong, err := task{20, 13}.Batch([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 0)
		require.NoError(t, err)
		wrong.Targets[9].Class = 12
		_, err = tr.Step(t.Context(), wrong)
		require.ErrorIs(t, err, snn.ErrOption)
		require.NoError(t, tr.Fit(t.Context(), task{50, 13}, train.Plan{Batch: 20, Epochs: 2, Seed: 7}))
		require.Equal(t, weightsAfter, hash(t, tr.Model()), "as if nothing had been")
	}
}
