package train_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

var errStop = errors.New("stop")

// saved is a checkpoint of the step with that number of a plan.
func saved(t *testing.T, c train.Config, p train.Plan, step int) []byte {
	t.Helper()
	tr, err := train.New(network(t), c)
	require.NoError(t, err)
	var data []byte
	p.SaveSteps = 1
	p.Save = func(checkpoint []byte) error {
		if data = checkpoint; tr.Steps() == step {
			return errStop
		}
		return nil
	}
	require.ErrorIs(t, tr.Fit(t.Context(), task{50, 13}, p), errStop)
	return data
}

var planned = train.Plan{Batch: 20, Epochs: 2, Seed: 7, Data: "numbers"}

// Training from any checkpoint ends with the same bits, that before the first
// step too.
func TestResumeFromEveryStep(t *testing.T) {
	for step := range 6 {
		tr, err := train.Resume(network(t), config, saved(t, config, planned, step))
		require.NoError(t, err)
		require.Equal(t, step, tr.Steps())
		require.NoError(t, tr.Fit(t.Context(), task{50, 13}, planned))
		require.Equal(t, weightsAfter, hash(t, tr.Model()), "step %d", step)
	}
}

// A checkpoint of other settings is refused, by the names of all that differ.
func TestResumeRefusesOtherSettings(t *testing.T) {
	for _, step := range []int{0, 2} {
		data := saved(t, config, planned, step)
		for name, change := range map[string]func(c *train.Config){
			"optimizer":       func(c *train.Config) { c.Optimizer = train.Adam{Beta1: 0.8} },
			"loss":            func(c *train.Config) { c.Loss = train.CrossEntropy{Reduction: train.ReductionLast} },
			"rate":            func(c *train.Config) { c.LearningRate *= 2 },
			"schedule":        func(c *train.Config) { c.Schedule = train.Halving(2, 0.5) },
			"clip":            func(c *train.Config) { c.ClipNorm = 0.125 },
			"seed of dropout": func(c *train.Config) { c.Seed++ },
			"no dropout":      func(c *train.Config) { c.NoDropout = !c.NoDropout },
			"burn":            func(c *train.Config) { c.BurnIn++ },
			"segment":         func(c *train.Config) { c.Segment += 2 },
			"truncate":        func(c *train.Config) { c.Truncate = !c.Truncate },
			"regularize": func(c *train.Config) {
				c.Regularizers = []train.Regularizer{train.RateBounds{Of: "lif", High: 0.5, Strength: 1}}
			},
			"learns": func(c *train.Config) { c.Trainable = func(name string) bool { return name == "in.weight" } },
			"steps":  func(c *train.Config) { c.Steps = 99 },
		} {
			c := config
			change(&c)
			_, err := train.Resume(network(t), c, data)
			require.ErrorIs(t, err, train.ErrCheckpoint, name)
			require.ErrorContains(t, err, name+" was", name)
		}
		for name, change := range map[string]func(p *train.Plan){
			`batch was "20", not "10"`:          func(p *train.Plan) { p.Batch = 10 },
			`epochs was "2", not "3"`:           func(p *train.Plan) { p.Epochs = 3 },
			`seed was "7", not "8"`:             func(p *train.Plan) { p.Seed = 8 },
			`data was "numbers", not "letters"`: func(p *train.Plan) { p.Data = "letters" },
		} {
			p := planned
			change(&p)
			tr, err := train.Resume(network(t), config, data)
			require.NoError(t, err)
			err = tr.Fit(t.Context(), task{50, 13}, p)
			require.ErrorIs(t, err, train.ErrCheckpoint)
			require.ErrorContains(t, err, name)
			require.Equal(t, step, tr.Steps())
		}
		tr, err := train.Resume(network(t), config, data)
		require.NoError(t, err)
		require.ErrorContains(t, tr.Fit(t.Context(), task{40, 13}, planned), `samples was "50", not "40"`)
		many := planned
		many.Batch, many.Seed = 1, 1
		require.ErrorContains(t, tr.Fit(t.Context(), task{50, 13}, many), `batch was "20", not "1"; seed was "7", not "1"`)
	}
	g, err := forward.Sequential(tensor.Shape{width}, snn.Linear{Out: classes}, snn.LI{})
	require.NoError(t, err)
	other, err := g.Init(1)
	require.NoError(t, err)
	_, err = train.Resume(other, config, saved(t, config, planned, 1))
	require.ErrorContains(t, err, "another network")
	c := config
	c.Workers = 3
	_, err = train.Resume(network(t), c, saved(t, config, planned, 1))
	require.NoError(t, err, "workers change no bit")
}

// No byte of a checkpoint can change unseen, and none can be missing.
func TestDamagedCheckpoint(t *testing.T) {
	data := saved(t, config, planned, 2)
	draw := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		at, bit := draw.IntN(len(data)), byte(1)<<draw.IntN(8)
		data[at] ^= bit
		_, err := train.Resume(network(t), config, data)
		require.ErrorIs(t, err, train.ErrCheckpoint, "bit %d of byte %d", bit, at)
		data[at] ^= bit
	}
	for _, n := range []int{0, 7, 100, len(data) - 1} {
		_, err := train.Resume(network(t), config, data[:n])
		require.ErrorIs(t, err, train.ErrCheckpoint)
	}
	_, err := train.Resume(network(t), config, data)
	require.NoError(t, err)
}

// Checkpoints without a checksum, as they were once written, are told apart.
func TestOldCheckpoint(t *testing.T) {
	old, err := safetensors.Encode(nil, map[string]string{"spikelane.training": `{"graph": "", "optimizer": "train.Adam{}"}`})
	require.NoError(t, err)
	_, err = train.Resume(network(t), config, old)
	require.ErrorIs(t, err, train.ErrCheckpoint)
	require.ErrorContains(t, err, "older versions")
	foreign, err := safetensors.Encode(nil, nil)
	require.NoError(t, err)
	_, err = train.Resume(network(t), config, foreign)
	require.ErrorContains(t, err, "no spikelane.training")
}

// A checkpoint that cannot be written is noticed before the first step.
func TestFirstSave(t *testing.T) {
	tr, err := train.New(network(t), config)
	require.NoError(t, err)
	p := planned
	p.Save = func([]byte) error { return errStop }
	require.ErrorIs(t, tr.Fit(t.Context(), task{50, 13}, p), errStop)
	require.Zero(t, tr.Steps())
}
