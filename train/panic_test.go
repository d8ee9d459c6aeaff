package train_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

func explode() { panic("boom") }

// badLoss panics.
type badLoss struct{ train.CrossEntropy }

func (badLoss) Sample(y, g []float32, steps int, target train.Target, scale float64) (float64, error) {
	explode()
	return 0, nil
}

// badSource panics, or makes batches of nothing.
type badSource struct {
	train.Source
	batch train.Batch
}

func (badSource) Len() int { return 3 }

func (s badSource) Batch([]int, int) (train.Batch, error) {
	if s.batch.Inputs == nil {
		explode()
	}
	return s.batch, nil
}

// A panic in a loss or a source, in whatever goroutine, is an error of the call
// that caused it.
func TestPanics(t *testing.T) {
	c := config
	c.Workers = 3
	good := task{samples: 50, steps: 13}
	for name, f := range map[string]func() error{
		"loss": func() error {
			c := c
			c.Loss = badLoss{}
			tr, err := train.New(network(t), c)
			require.NoError(t, err)
			return tr.Fit(t.Context(), good, train.Plan{})
		},
		"source": func() error {
			tr, err := train.New(network(t), c)
			require.NoError(t, err)
			return tr.Fit(t.Context(), badSource{}, train.Plan{})
		},
		"loss, evaluated": func() error {
			_, _, err := train.Evaluate(t.Context(), network(t), badLoss{}, good, 10)
			return err
		},
		"source, evaluated": func() error {
			_, _, err := train.Evaluate(t.Context(), network(t), config.Loss, badSource{}, 10)
			return err
		},
	} {
		err := f()
		require.ErrorIs(t, err, forward.ErrPanic, name)
		require.ErrorContains(t, err, "train_test.explode", name)
	}
}

// A batch of nothing is an error.
func TestNothing(t *testing.T) {
	target := []train.Target{{}}
	for name, b := range map[string]train.Batch{
		"no steps":   {Inputs: []tensor.Signal{tensor.New(0, 1, width)}, Targets: target},
		"no samples": {Inputs: []tensor.Signal{tensor.New(5, 0, width)}},
		"no targets": {Inputs: []tensor.Signal{tensor.New(5, 1, width)}},
		"nil":        {Inputs: []tensor.Signal{nil}, Targets: target},
		"nil spikes": {Inputs: []tensor.Signal{(*tensor.Spikes)(nil)}, Targets: target},
	} {
		tr, err := train.New(network(t), config)
		require.NoError(t, err)
		_, err = tr.Step(t.Context(), b)
		require.ErrorIs(t, err, tensor.ErrShape, name)
		_, _, err = train.Evaluate(t.Context(), network(t), config.Loss, badSource{batch: b}, 1)
		require.ErrorIs(t, err, tensor.ErrShape, name)
	}
	_, err := train.EachSample(tensor.New(0, 1, 3), nil)
	require.ErrorIs(t, err, tensor.ErrShape)
	_, err = train.EachSample(nil, nil)
	require.ErrorIs(t, err, tensor.ErrShape)
}

// A million workers are as many as are of use.
func TestManyWorkers(t *testing.T) {
	c := config
	c.Workers = 1_000_000
	tr, err := train.New(network(t), c)
	require.NoError(t, err)
	require.NoError(t, tr.Fit(t.Context(), task{samples: 50, steps: 13}, train.Plan{Batch: 20, Epochs: 2, Seed: 7}))
	require.Equal(t, weightsAfter, hash(t, tr.Model()))
}
