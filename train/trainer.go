// Package train fits the parameters of a network to data: backpropagation
// through time with surrogate gradients.
//
//	t, err := train.New(model, train.Config{Loss: train.CrossEntropy{}, Optimiser: train.Adam{}, Rate: 1e-3})
//	stats, err := t.Step(ctx, train.Batch{Inputs: []tensor.Signal{x}, Targets: targets})
//	model, err = t.Model()
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
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/hostmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// ErrNotFinite is wrapped by the error of a step whose loss or gradient is not
// finite. The trainer still has the weights from before that step.
var ErrNotFinite = errors.New("not finite")

// Config says how to train.
type Config struct {
	Loss      Loss
	Optimiser Optimiser // default Adam
	Rate      float64   // the learning rate; default 1e-3
	Schedule  Schedule  // of the rate; default Constant
	Steps     int       // of the whole training, for the schedule
	// Clip bounds the norm of all gradients together; 0 does not.
	Clip       float64
	Regularise []Regulariser
	Learns     func(name string) bool // which parameters, by <layer>.<parameter>; nil: all
	Burn       int                    // steps before the loss begins, without gradient
	Segment    int                    // steps walked back at once; 0: all, -1: the root of the steps
	Truncate   bool                   // stop the gradient between segments
	NoDropout  bool                   // leave dropout layers out
	Workers    int                    // goroutines; default 1
	Seed       uint64                 // of dropout
}

// Batch is some samples and what they should give.
type Batch struct {
	Inputs  []tensor.Signal
	Targets []Target // one a sample
}

// Stats is what came of a step.
type Stats struct {
	Samples, Correct int
	Loss             float64            // mean over the samples, regularisers included
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

	tapes  []*forward.Tape
	steps  int // that the tapes are for
	spare  [][][]float32
	layers []string // that the loss and the regularisers see
}

// New prepares to train a model, new or trained before: fine-tuning is the same
// call.
func New(m *forward.Model, c Config) (*Trainer, error) {
	if c.Loss == nil {
		return nil, fmt.Errorf("train: %w: there is no loss", snn.ErrOption)
	}
	if c.Optimiser == nil {
		c.Optimiser = Adam{}
	}
	if c.Schedule == nil {
		c.Schedule = Constant
	}
	c.Rate, c.Workers = or(c.Rate, 1e-3), max(1, c.Workers)
	if err := errors.Join(c.Optimiser.Check(), between("Config", 0, c.Rate, c.Clip)); err != nil {
		return nil, err
	}
	t := &Trainer{config: c, graph: m.Graph(), model: m, weights: m.Params(), slots: map[string][][]float32{}}
	t.layers = t.graph.Outputs()[:1]
	for _, r := range c.Regularise {
		if !slices.Contains(t.layers, r.Layer()) {
			t.layers = append(t.layers, r.Layer())
		}
	}
	tape, err := m.NewTape(t.learning(1))
	if err != nil {
		return nil, err
	}
	t.tapes = nil
	for name := range tape.Gradients(tape.Sums()) {
		t.names = append(t.names, name)
	}
	slices.Sort(t.names)
	if len(t.names) == 0 {
		return nil, fmt.Errorf("train: %w: nothing learns", snn.ErrOption)
	}
	for _, name := range t.names {
		for range c.Optimiser.Slots() {
			t.slots[name] = append(t.slots[name], make([]float32, len(t.weights[name].Data)))
		}
	}
	return t, nil
}

// learning is how sequences of so many steps are walked back.
func (t *Trainer) learning(steps int) forward.Learning {
	c := t.config
	segment := c.Segment
	if segment < 0 {
		segment = int(math.Ceil(math.Sqrt(float64(max(1, steps-c.Burn)))))
	}
	return forward.Learning{
		Learns: c.Learns, Watch: t.layers, Segment: segment, Truncate: c.Truncate, Burn: c.Burn,
		Drop: !c.NoDropout, Seed: c.Seed,
	}
}

// Model returns the network as it is now.
func (t *Trainer) Model() *forward.Model { return t.model }

// Steps is how many steps have been made.
func (t *Trainer) Steps() int { return t.step }

// Learns lists the parameters that learn.
func (t *Trainer) Learns() []string { return slices.Clone(t.names) }

// Step learns from a batch. When ctx ends, it returns before anything has
// changed.
func (t *Trainer) Step(ctx context.Context, b Batch) (Stats, error) {
	grads, stats, err := t.Gradients(ctx, b)
	if err != nil {
		return stats, err
	}
	stats.Norm = norm(grads, t.names)
	if name := notFinite(grads, t.names); name != "" {
		return stats, fmt.Errorf("train: step %d: the gradient of %s is %w: %s", t.step+1, name, ErrNotFinite, t.firstNotFinite(ctx, b))
	}
	scale := 1.0
	if t.config.Clip > 0 && stats.Norm > t.config.Clip {
		scale = t.config.Clip / stats.Norm
	}
	rate := t.config.Rate * t.config.Schedule(t.step, t.config.Steps)
	before := map[string][]float32{}
	for _, name := range t.names {
		w := t.weights[name].Data
		before[name] = slices.Clone(w)
		t.config.Optimiser.Step(w, grads[name].Data, t.slots[name], t.step+1, rate, scale)
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
		total += hostmath.SumSquares(grads[name].Data, 0)
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
