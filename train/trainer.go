// Package train fits the parameters of a network to data: backpropagation
// through time with surrogate gradients.
//
//	t, err := train.New(model, train.Config{Loss: train.CrossEntropy{}, Optimizer: train.Adam{}, LearningRate: 1e-3})
//	stats, err := t.Step(ctx, train.Batch{Inputs: []tensor.Signal{x}, Targets: targets})
//	model = t.Model()
//
// A seed gives the same weights, bit for bit, with any number of workers and on
// every machine: gradients are summed within tiles of eight samples, over the
// samples ascending and of each over the steps descending, and then over the
// tiles ascending.
package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// ErrNotFinite is wrapped by the error of a step whose loss or gradient is not
// finite. The trainer still has the weights from before that step.
var ErrNotFinite = errors.New("not finite")

// Config says how to train. A number that is zero, and no default, is [Zero].
type Config struct {
	Loss         Loss
	Optimizer    Optimizer // default Adam
	LearningRate float64   // the learning rate, not negative; default 1e-3
	Schedule     Schedule  // of the rate; default Constant
	Steps        int       // of the whole training, for the schedule
	// ClipNorm bounds the norm of all gradients together; 0 does not.
	ClipNorm     float64
	Regularizers []Regularizer
	Trainable    func(name string) bool // which parameters, by <layer>.<parameter>; nil: all
	BurnIn       int                    // steps before the loss begins, without gradient
	Segment      int                    // steps that go back at once; 0: all, -1: the root of the steps
	Truncate     bool                   // stop the gradient between segments
	NoDropout    bool                   // leave dropout layers out
	Unchecked    bool                   // do not look for NaN and infinite numbers in what layers remember and put out
	Workers      int                    // goroutines; default 1
	Seed         uint64                 // of dropout
}

// Batch is some samples and what they should give.
type Batch struct {
	Inputs  []tensor.Signal
	Targets []Target // one a sample
}

// Stats reports the result of one optimizer step.
type Stats struct {
	Samples, Correct int
	Tied             int                // samples whose best score several classes share; see [Result]
	Loss             float64            // mean over the samples, regularizers included
	Norm             float64            // of the gradients, before clipping
	Rates            map[string]float64 // spikes a neuron and step, of each layer
}

// Trainer owns what learns. It is not safe for concurrent use.
type Trainer struct {
	config  Config
	graph   *forward.Graph
	model   *forward.Model
	weights map[string]*tensor.Tensor
	slots   map[string][][]float32
	names   []string // of what learns, sorted
	step    int
	epoch   int // how many are done
	place   int // samples done of the next
	plan    settings
	resumed bool // and the plan is the checkpoint's

	tapes  []*forward.Tape
	steps  int // that the tapes are for
	spare  [][][]float32
	layers []string // that the loss and the regularizers see
}

// check reports options out of range.
func (c Config) check() error {
	const owner = "Config"
	err := firstOf(
		check(c.Optimizer), check(c.Loss),
		amount.check(owner, "LearningRate", c.LearningRate), amount.check(owner, "ClipNorm", c.ClipNorm),
		least(owner, "Steps", c.Steps, 0), least(owner, "BurnIn", c.BurnIn, 0), least(owner, "Segment", c.Segment, -1), least(owner, "Workers", c.Workers, 0))
	for i, r := range c.Regularizers {
		if r == nil {
			return fmt.Errorf("train: Config: %w: Regularizers[%d] is nil", snn.ErrOption, i)
		}
		err = firstOf(err, check(r))
	}
	if err == nil {
		_, err = c.Schedule.at(0, max(1, c.Steps))
	}
	return err
}

// New prepares to train a model, new or trained before: fine-tuning is the same
// call. Options out of range, also of the loss, the optimizer, the schedule and
// the regularizers, are errors; users' own report theirs with a method Check().
func New(m *forward.Model, c Config) (*Trainer, error) {
	if m == nil || c.Loss == nil {
		return nil, fmt.Errorf("train: %w: there is no model or no loss", snn.ErrOption)
	}
	if c.Optimizer == nil {
		c.Optimizer = Adam{}
	}
	if c.Schedule == nil {
		c.Schedule = Constant
	}
	c.LearningRate, c.ClipNorm = or(c.LearningRate, 1e-3), or(c.ClipNorm, 0)
	if err := c.check(); err != nil {
		return nil, err
	}
	// More workers than processors would only take memory.
	c.Workers = min(max(1, c.Workers), 4*runtime.GOMAXPROCS(0))
	t := &Trainer{config: c, graph: m.Graph(), model: m, weights: m.Params(), slots: map[string][][]float32{}}
	t.layers = t.graph.Outputs()[:1]
	for _, r := range c.Regularizers {
		if !slices.Contains(t.layers, r.Layer()) {
			t.layers = append(t.layers, r.Layer())
		}
	}
	tape, err := m.NewTape(t.learning(1))
	if err != nil {
		return nil, err
	}
	t.tapes = nil
	for name := range tape.Gradients(tape.Accumulators()) {
		t.names = append(t.names, name)
	}
	slices.Sort(t.names)
	if len(t.names) == 0 {
		return nil, fmt.Errorf("train: %w: nothing learns", snn.ErrOption)
	}
	for _, name := range t.names {
		for range c.Optimizer.Slots() {
			t.slots[name] = append(t.slots[name], make([]float32, len(t.weights[name].Data)))
		}
	}
	return t, nil
}

// learning is how gradients go back through sequences of so many steps.
func (t *Trainer) learning(steps int) forward.BackwardOptions {
	c := t.config
	segment := c.Segment
	if segment < 0 {
		segment = int(math.Ceil(math.Sqrt(float64(max(1, steps-c.BurnIn)))))
	}
	return forward.BackwardOptions{
		Trainable: c.Trainable, Outputs: t.layers, Segment: segment, Truncate: c.Truncate, BurnIn: c.BurnIn,
		Dropout: !c.NoDropout, Seed: c.Seed, Unchecked: c.Unchecked,
	}
}

// Model returns the network as it is now.
func (t *Trainer) Model() *forward.Model { return t.model }

// Steps is how many steps have been made.
func (t *Trainer) Steps() int { return t.step }

// Trainable lists the parameters that are trained.
func (t *Trainer) Trainable() []string { return slices.Clone(t.names) }

// Step learns from a batch. When ctx ends, it returns before anything has
// changed.
func (t *Trainer) Step(ctx context.Context, b Batch) (Stats, error) {
	grads, stats, err := t.Gradients(ctx, b)
	if err != nil {
		return stats, err
	}
	stats.Norm = norm(grads, t.names)
	if name := notFinite(grads, t.names); name != "" {
		return stats, fmt.Errorf("train: step %d: the gradient of %s is %w: %s", t.step+1, name, ErrNotFinite, t.firstNotFinite(ctx, b, noLayer))
	}
	scale := 1.0
	if t.config.ClipNorm > 0 && stats.Norm > t.config.ClipNorm {
		scale = t.config.ClipNorm / stats.Norm
	}
	factor, err := t.config.Schedule.at(t.step, t.config.Steps)
	if err != nil {
		return stats, fmt.Errorf("train: step %d: %w", t.step+1, err)
	}
	rate := t.config.LearningRate * factor
	before := map[string][]float32{}
	for _, name := range t.names {
		w := t.weights[name].Data
		before[name] = slices.Clone(w)
		t.config.Optimizer.Step(w, grads[name].Data, t.slots[name], t.step+1, rate, scale)
	}
	t.clamp()
	model, err := t.graph.Load(t.weights)
	if err != nil {
		for name, w := range before {
			copy(t.weights[name].Data, w)
		}
		return stats, fmt.Errorf("train: step %d: %w", t.step+1, err)
	}
	t.model = model
	t.step++
	return stats, nil
}

// clamp keeps parameters where their layers can use them.
func (t *Trainer) clamp() {
	t.graph.Bounds(func(name string, low, high float32) {
		w, ok := t.weights[name]
		if !ok || !slices.Contains(t.names, name) {
			return
		}
		for i, v := range w.Data {
			if v < low {
				w.Data[i] = low
			} else if v > high {
				w.Data[i] = high
			}
		}
	})
}

// norm is the root of the sum of all squares.
func norm(grads map[string]*tensor.Tensor, names []string) float64 {
	total := 0.0
	for _, name := range names {
		total += detmath.SumSquares(grads[name].Data, 0)
	}
	return math.Sqrt(total)
}

// notFinite is the first parameter whose gradient has a number that is not
// finite, or "".
func notFinite(grads map[string]*tensor.Tensor, names []string) string {
	for _, name := range names {
		for _, v := range grads[name].Data {
			if v-v != 0 {
				return name
			}
		}
	}
	return ""
}
