package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// tile is how many samples' gradients are summed by one worker: fixed, for the
// order of sums must not depend on the number of workers.
const tile = 8

// Gradients computes the gradients of the loss of a batch, the mean over its
// samples, by the names <layer>.<parameter>, and changes nothing.
func (t *Trainer) Gradients(ctx context.Context, b Batch) (map[string]*tensor.Tensor, Stats, error) {
	stats := Stats{Rates: map[string]float64{}}
	steps, samples, err := b.dims()
	if err != nil {
		return nil, stats, err
	}
	if _, err := t.model.CheckInputs(samples, b.Inputs); err != nil {
		return nil, stats, err
	}
	stats.Samples = samples
	workers := min(t.config.Workers, (samples+tile-1)/tile)
	if err := t.prepare(steps, workers); err != nil {
		return nil, stats, err
	}
	p := &pass{Trainer: t, ctx: ctx, batch: b, steps: steps, samples: samples, losses: make([]float64, samples), answers: make([]answer, samples)}
	p.total = t.takeSums()
	var group panics.Group
	for w := range workers {
		group.Go(func() error { return p.work(w) })
	}
	if err := group.Wait(); err != nil {
		t.tapes, t.spare = nil, nil // they may be halfway through something
		return nil, stats, err
	}
	for i, l := range p.losses {
		stats.Loss += l / float64(samples)
		p.answers[i].count(&stats.Correct, &stats.Tied)
	}
	t.countSpikes(&stats)
	grads := t.tapes[0].Gradients(p.total)
	t.spare = append(t.spare, p.total)
	if math.IsNaN(stats.Loss) || math.IsInf(stats.Loss, 0) {
		return nil, stats, fmt.Errorf("train: step %d: the loss is %w: %s", t.step+1, ErrNotFinite, t.firstNotFinite(ctx, b, noLayer))
	}
	return grads, stats, nil
}

// prepare gives every worker a tape with the weights of now.
func (t *Trainer) prepare(steps, workers int) error {
	if t.config.Segment < 0 && steps != t.steps {
		t.tapes = nil // the length of segments follows from the steps
	}
	t.steps = steps
	for len(t.tapes) < workers {
		tape, err := t.model.NewTape(t.learning(steps))
		if err != nil {
			return err
		}
		t.tapes = append(t.tapes, tape)
	}
	for _, tape := range t.tapes {
		if err := tape.Use(t.model); err != nil {
			return err
		}
	}
	return nil
}

// takeSums returns zeroed memory for sums.
func (t *Trainer) takeSums() [][]float32 {
	if len(t.spare) == 0 {
		own := t.tapes[0].SwapAccumulators(nil)
		t.tapes[0].Reset()
		t.spare = append(t.spare, own)
	}
	sums := t.spare[len(t.spare)-1]
	t.spare = t.spare[:len(t.spare)-1]
	for _, s := range sums {
		clear(s)
	}
	return sums
}

// countSpikes adds up what the tapes counted.
func (t *Trainer) countSpikes(stats *Stats) {
	spikes, of := map[string]int64{}, map[string]int64{}
	for _, tape := range t.tapes {
		tape.Spikes(func(layer string, n, all int64) {
			spikes[layer] += n
			of[layer] += all
		})
	}
	for layer, all := range of {
		if all > 0 {
			stats.Rates[layer] = float64(spikes[layer]) / float64(all)
		}
	}
}

// pass is one batch under way.
type pass struct {
	*Trainer
	ctx            context.Context
	batch          Batch
	steps, samples int
	losses         []float64
	answers        []answer

	next    atomic.Int64 // tile to take
	mu      sync.Mutex
	total   [][]float32
	merged  int                 // tiles
	waiting map[int][][]float32 // sums of later tiles
}

// work takes one tile after another.
func (p *pass) work(worker int) error {
	tape := p.tapes[worker]
	tiles := (p.samples + tile - 1) / tile
	some := tape.PreferredBatch(p.steps)
	for {
		k := int(p.next.Add(1)) - 1
		if k >= tiles {
			return nil
		}
		tape.Reset()
		for first := k * tile; first < min((k+1)*tile, p.samples); first += some {
			if err := p.ctx.Err(); err != nil {
				return fmt.Errorf("train: stopped at step %d: %w", p.step+1, err)
			}
			n := min(some, (k+1)*tile-first, p.samples-first)
			err := tape.Run(p.ctx, forward.Samples{Inputs: p.batch.Inputs, First: first, Count: n, BatchNumber: uint32(p.step)}, func(outputs []*tensor.Tensor) ([][]float32, error) {
				return p.loss(first, outputs)
			})
			if errors.Is(err, forward.ErrNotFinite) {
				return fmt.Errorf("train: step %d: %w in the forward pass: %s", p.step+1, ErrNotFinite, p.firstNotFinite(p.ctx, p.batch, err.Error()))
			}
			if err != nil {
				return err
			}
		}
		tape.SwapAccumulators(p.merge(k, tape.Accumulators()))
	}
}

// loss computes the losses of some samples and their gradients.
func (p *pass) loss(first int, outputs []*tensor.Tensor) ([][]float32, error) {
	grads := make([][]float32, len(outputs))
	scale := 1 / float64(p.samples)
	var err error
	for k, y := range outputs {
		steps := y.Shape[0]
		grads[k], err = EachSample(y, func(b int, out, g []float32) error {
			b += first
			if k == 0 {
				l, err := p.config.Loss.Sample(out, g, steps, p.batch.Targets[b], scale)
				a, bad := judged(p.config.Loss, out, steps, p.batch.Targets[b])
				if err := firstOf(err, bad); err != nil {
					return fmt.Errorf("%w, in sample %d of the batch", err, b)
				}
				p.losses[b] += l
				p.answers[b] = a
			}
			for _, r := range p.config.Regularizers {
				if r.Layer() == p.layers[k] {
					p.losses[b] += r.Sample(out, g, steps, scale)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		dropFaint(grads[k])
	}
	return grads, nil
}

// faint is the gradient of an output below which it counts as zero. Nothing
// that it is added to would feel it, and in the backward pass it would become
// subnormal: processors multiply such numbers a hundred times more slowly.
const faint = 0x1p-60

func dropFaint(g []float32) {
	for i, v := range g {
		if -faint < v && v < faint {
			g[i] = 0
		}
	}
}

// merge adds the sums of a tile once those of all tiles before it have been
// added, and returns memory in exchange; nil stands for new memory.
func (p *pass) merge(k int, sums [][]float32) [][]float32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if k != p.merged {
		if p.waiting == nil {
			p.waiting = map[int][][]float32{}
		}
		p.waiting[k] = sums
		if len(p.spare) == 0 {
			return nil
		}
		other := p.spare[len(p.spare)-1]
		p.spare = p.spare[:len(p.spare)-1]
		return other
	}
	add(p.total, sums)
	p.merged++
	for later := p.waiting[p.merged]; later != nil; later = p.waiting[p.merged] {
		add(p.total, later)
		delete(p.waiting, p.merged)
		p.spare = append(p.spare, later)
		p.merged++
	}
	return sums
}

func add(total, sums [][]float32) {
	for i, s := range sums {
		simd.Add(total[i], total[i], s)
	}
}

const noLayer = "every layer's state and output are finite"

// firstNotFinite names the first layer, step and sample of a batch of which a
// state or an output is not finite; otherwise is what to say where there is none
// without dropout.
func (t *Trainer) firstNotFinite(ctx context.Context, b Batch, otherwise string) string {
	_, samples, _ := b.Inputs[0].Dims()
	m := t.model.With(forward.CheckFinite(true), forward.BlockSteps(1))
	state, err := m.StateFor(samples)
	if err != nil {
		return err.Error()
	}
	if _, err := m.Run(ctx, state, b.Inputs...); err != nil {
		return err.Error()
	}
	return otherwise
}
