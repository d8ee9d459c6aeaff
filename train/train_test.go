package train_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// task is a set of noisy patterns, one a class, as spikes.
type task struct{ samples, steps int }

const classes, width = 4, 30

func (k task) Len() int { return k.samples }

func (k task) Batch(places []int, _ int) (train.Batch, error) {
	x := tensor.NewSpikes(k.steps, len(places), width)
	b := train.Batch{Inputs: []tensor.Signal{x}}
	for i, p := range places {
		r := rand.New(rand.NewPCG(uint64(p), 9))
		for t := range k.steps {
			for f := range width {
				rate := 0.05
				if f%classes == p%classes {
					rate = 0.3
				}
				if r.Float64() < rate {
					x.Set(t, i, f)
				}
			}
		}
		b.Targets = append(b.Targets, train.Target{Class: p % classes})
	}
	return b, nil
}

// network has a recurrence, dropout, and a neuron whose parameters learn.
func network(t testing.TB) *forward.Model {
	lif := snn.LIF{Decay: 0.8, Threshold: 0.5, Synapse: snn.Synapse{Decay: 0.3}, Surrogate: surrogate.ATan(2)}
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{width}}},
		Layers: []forward.Node{
			{Name: "in", Layer: snn.Linear{Out: 24}},
			{Name: "rec", Layer: snn.Linear{Out: 24}, Sources: []forward.Source{forward.After(1, "lif")}},
			{Name: "lif", Layer: lif, Sources: []forward.Source{forward.From("in"), forward.From("rec")}, Join: forward.JoinSum},
			{Name: "drop", Layer: snn.Dropout{Probability: 0.2}},
			{Name: "out", Layer: snn.Linear{Out: classes}},
			{Name: "li", Layer: snn.LI{Decay: 0.9}},
		},
	})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	return m
}

var config = train.Config{Loss: train.CrossEntropy{}, LearningRate: 5e-3, ClipNorm: 1, Schedule: train.Cosine(0.1, 0.1), Seed: 4}

// hash is that of all weights.
func hash(t testing.TB, m *forward.Model) string {
	h := sha256.New()
	params := m.Params()
	var names []string
	for name := range params {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		data, err := safetensors.Encode([]safetensors.Named{{Name: name, Tensor: params[name]}}, nil)
		require.NoError(t, err)
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func fit(t testing.TB, c train.Config, p train.Plan) *train.Trainer {
	tr, err := train.New(network(t), c)
	require.NoError(t, err)
	require.NoError(t, tr.Fit(t.Context(), task{samples: 50, steps: 13}, p))
	return tr
}

// weightsAfter is the hash of the weights after two epochs: the same on every
// machine, on every tier, with any number of workers, in segments or not.
const weightsAfter = "5822b5117121324d068ef24dd870e6992bb8e030dbc1e267780d6d25a63735cd"

func TestSameWeightsEverywhere(t *testing.T) {
	plan := train.Plan{Batch: 20, Epochs: 2, Seed: 7}
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	for _, tier := range simd.Tiers() {
		require.NoError(t, simd.Use(tier))
		for _, workers := range []int{1, 2, 3} {
			for _, segment := range []int{0, 5, -1} {
				c := config
				c.Workers, c.Segment = workers, segment
				tr := fit(t, c, plan)
				require.Equal(t, weightsAfter, hash(t, tr.Model()), "%s, %d workers, segments of %d", tier, workers, segment)
				require.Equal(t, 6, tr.Steps())
			}
		}
	}
}

// Training teaches: patterns that were never seen are told apart, and the
// neuron's own parameters have moved.
func TestLearns(t *testing.T) {
	for name, o := range map[string]train.Optimizer{
		"sgd": train.SGD{Momentum: 0.9}, "nesterov": train.SGD{Momentum: 0.9, Nesterov: true}, "adam": train.Adam{},
		"adamw": train.Adam{WeightDecay: 0.01}, "adamax": train.Adamax{}, "rmsprop": train.RMSprop{},
	} {
		c := config
		c.Optimizer, c.Workers, c.LearningRate = o, 2, 0.01
		if name == "sgd" || name == "nesterov" {
			c.LearningRate = 0.1
		}
		m := network(t)
		before, _, err := train.Evaluate(t.Context(), m, c.Loss, task{200, 13}, 50)
		require.NoError(t, err)
		require.Less(t, before, 0.6)
		tr, err := train.New(m, c)
		require.NoError(t, err)
		rate := 0.0
		require.NoError(t, tr.Fit(t.Context(), task{samples: 120, steps: 13}, train.Plan{Batch: 20, Epochs: 6, AfterStep: func(p train.Progress) error {
			rate = p.Stats.Rates["lif"]
			return nil
		}}))
		after, _, err := train.Evaluate(t.Context(), tr.Model(), c.Loss, task{200, 13}, 50)
		require.NoError(t, err)
		require.Greater(t, after, 0.9, name)
		require.Greater(t, rate, 0.01)
		require.NotEqual(t, m.Params()["lif.decay"], tr.Model().Params()["lif.decay"])
	}
}

// Only what is chosen learns.
func TestLearnsWhatIsChosen(t *testing.T) {
	c := config
	c.Trainable = func(name string) bool { return name == "out.weight" }
	tr := fit(t, c, train.Plan{Batch: 20})
	require.Equal(t, []string{"out.weight"}, tr.Trainable())
	before := network(t).Params()
	for name, w := range tr.Model().Params() {
		if name == "out.weight" {
			require.NotEqual(t, before[name], w)
		} else {
			require.Equal(t, before[name], w, name)
		}
	}
	c.Trainable = func(string) bool { return false }
	_, err := train.New(network(t), c)
	require.ErrorIs(t, err, snn.ErrOption)
}

// A checkpoint goes on to the same bits; one of another network does not go on.
func TestResume(t *testing.T) {
	plan := train.Plan{Batch: 20, Epochs: 2, Seed: 7}
	tr, err := train.New(network(t), config)
	require.NoError(t, err)
	stopped := os.ErrClosed
	plan.AfterStep = func(train.Progress) error {
		if tr.Steps() == 2 {
			return stopped
		}
		return nil
	}
	require.ErrorIs(t, tr.Fit(t.Context(), task{50, 13}, plan), stopped)
	data, err := tr.Checkpoint()
	require.NoError(t, err)
	plan.AfterStep = nil
	again, err := train.Resume(network(t), config, data)
	require.NoError(t, err)
	require.NoError(t, again.Fit(t.Context(), task{50, 13}, plan))
	require.Equal(t, weightsAfter, hash(t, again.Model()))

	g, err := forward.Sequential(tensor.Shape{width}, snn.Linear{Out: classes}, snn.LI{})
	require.NoError(t, err)
	other, err := g.Init(1)
	require.NoError(t, err)
	_, err = train.Resume(other, config, data)
	require.ErrorIs(t, err, train.ErrCheckpoint)
	c := config
	c.Optimizer = train.SGD{}
	_, err = train.Resume(network(t), c, data)
	require.ErrorIs(t, err, train.ErrCheckpoint)
	_, err = train.Resume(network(t), config, data[:len(data)-3])
	require.ErrorIs(t, err, safetensors.ErrFormat)
}

// A loss that is not finite stops, says where, and leaves the weights alone.
func TestNotFinite(t *testing.T) {
	m := network(t)
	tr, err := train.New(m, config)
	require.NoError(t, err)
	b, err := task{8, 13}.Batch([]int{0, 1, 2, 3}, 0)
	require.NoError(t, err)
	x := b.Inputs[0].(*tensor.Spikes).Dense()
	x.Data[5] = float32(math.NaN())
	b.Inputs[0] = x
	_, err = tr.Step(t.Context(), b)
	require.ErrorIs(t, err, train.ErrNotFinite)
	require.ErrorContains(t, err, "step 1")
	require.ErrorContains(t, err, `input "x"`)
	require.ErrorContains(t, err, "at step 0 of sample 0")
	require.Equal(t, hash(t, m), hash(t, tr.Model()))
	require.Zero(t, tr.Steps())

	b.Targets = b.Targets[:2]
	_, err = tr.Step(t.Context(), b)
	require.ErrorIs(t, err, tensor.ErrShape)
	_, err = train.New(m, train.Config{})
	require.ErrorIs(t, err, snn.ErrOption)
	_, err = train.New(m, train.Config{Loss: train.CrossEntropy{}, LearningRate: math.NaN()})
	require.ErrorIs(t, err, snn.ErrOption)
}

// A membrane that runs away ends a training though loss and gradient do not tell,
// and the error says where it began.
func TestStatesThatAreNotFinite(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{4}, snn.EIF{Surrogate: surrogate.Box(1, 0.5, 0)}, snn.Linear{Out: 3}, snn.LI{})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	const steps, batch = 20, 9
	x := tensor.New(steps, batch, 4)
	for i := range x.Data {
		if sample := i / 4 % batch; sample == 8 {
			x.Data[i] = 5
		}
	}
	b := train.Batch{Inputs: []tensor.Signal{x}, Targets: make([]train.Target, batch)}
	only := func(name string) bool { return strings.HasPrefix(name, "linear") }
	for _, workers := range []int{1, 2} {
		tr, err := train.New(m, train.Config{Loss: train.CrossEntropy{}, Trainable: only, Workers: workers})
		require.NoError(t, err)
		_, err = tr.Step(t.Context(), b)
		require.ErrorIs(t, err, train.ErrNotFinite)
		require.ErrorContains(t, err, `train: step 1: not finite in the forward pass: forward: layer 0 (EIF "eif1"): not finite: v of neuron 0 is`)
		require.ErrorContains(t, err, "in sample 8, after step 4")
		require.Zero(t, tr.Steps())
	}
	tr, err := train.New(m, train.Config{Loss: train.CrossEntropy{}, Trainable: only, Unchecked: true})
	require.NoError(t, err)
	_, err = tr.Step(t.Context(), b)
	require.NoError(t, err, "of which nothing else tells")
}

// While they learn, parameters stay where their layer can use them.
func TestParametersStayInBounds(t *testing.T) {
	c := config
	c.LearningRate, c.Schedule, c.ClipNorm = 0.5, train.Constant, 0
	c.Trainable = func(name string) bool { return name == "lif.decay" || name == "lif.synapse_decay" }
	tr := fit(t, c, train.Plan{Batch: 10, Epochs: 2})
	for _, name := range tr.Trainable() {
		v := tr.Model().Params()[name].Data[0]
		require.True(t, v == 0 || v == 1, "%s is %v", name, v)
	}
}
