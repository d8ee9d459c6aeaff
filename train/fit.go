package train

import (
	"context"
	"fmt"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/snn"
)

// Source is a set of samples.
type Source interface {
	Len() int
	// Batch makes a batch of the samples at these places. epoch is for those
	// that draw random numbers; it is -1 when the samples are to be judged.
	Batch(places []int, epoch int) (Batch, error)
}

// Plan says how a source is gone through.
type Plan struct {
	Batch  int // samples a step; default 32
	Epochs int // default 1
	Seed   uint64
	// Each is called after every step; an error stops.
	Each func(Progress) error
}

// Progress is where the training is after a step.
type Progress struct {
	Epoch, Place int // epochs done, samples of this one
	Stats        Stats
}

// Fit goes through a source, epoch after epoch, every time in another order,
// which follows from the seed. A trainer that was resumed goes on where it
// stopped. Batches are made one ahead.
func (t *Trainer) Fit(ctx context.Context, source Source, p Plan) error {
	if p.Batch == 0 {
		p.Batch = 32
	}
	p.Epochs = max(1, p.Epochs)
	n := source.Len()
	if p.Batch < 1 || n < 1 {
		return fmt.Errorf("train: %w: batches of %d, %d samples", snn.ErrOption, p.Batch, n)
	}
	if t.config.Steps == 0 {
		t.config.Steps = p.Epochs * ((n + p.Batch - 1) / p.Batch)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for next := range ahead(ctx, t.batches(source, p)) {
		if next.err != nil {
			return next.err
		}
		stats, err := t.Step(ctx, next.batch)
		if err != nil {
			return err
		}
		t.epoch, t.place = next.epoch, next.place
		if t.place >= n {
			t.epoch, t.place = t.epoch+1, 0
		}
		if p.Each != nil {
			if err := p.Each(Progress{next.epoch, next.place, stats}); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("train: stopped at step %d: %w", t.step, err)
	}
	return nil
}

// Position is how many epochs are done, and how many samples of the next.
func (t *Trainer) Position() (epoch, place int) { return t.epoch, t.place }

// made is a batch, and where the source stands after it.
type made struct {
	batch        Batch
	epoch, place int
	err          error
}

// batches makes one batch after another.
func (t *Trainer) batches(source Source, p Plan) func() (made, bool) {
	epoch, place, n := t.epoch, t.place, source.Len()
	order := shuffled(n, p.Seed, epoch)
	return func() (made, bool) {
		if place >= n {
			epoch, place = epoch+1, 0
			order = shuffled(n, p.Seed, epoch)
		}
		if epoch >= p.Epochs {
			return made{}, false
		}
		places := order[place:min(n, place+p.Batch)]
		place += len(places)
		b, err := source.Batch(places, epoch)
		return made{b, epoch, place, err}, true
	}
}

// ahead runs a function in a goroutine of its own, one result ahead.
func ahead(ctx context.Context, next func() (made, bool)) <-chan made {
	results := make(chan made, 1)
	go func() {
		defer close(results)
		for {
			m, ok := next()
			if !ok {
				return
			}
			select {
			case results <- m:
			case <-ctx.Done():
				return
			}
		}
	}()
	return results
}

// shuffled is a permutation that follows from the seed and the epoch (Fisher
// and Yates).
func shuffled(n int, seed uint64, epoch int) []int {
	key := random.New(seed, "order")
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := int(key.Uniform(uint32(epoch), 0, uint32(i)) * float64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// Evaluate runs a model over a source and returns the share of the samples
// whose class it finds, and the mean loss.
func Evaluate(ctx context.Context, m *forward.Model, loss Loss, source Source, batch int) (accuracy, mean float64, err error) {
	n, right := source.Len(), 0
	if n == 0 || batch < 1 {
		return 0, 0, fmt.Errorf("train: %w: batches of %d, %d samples", snn.ErrOption, batch, n)
	}
	first := 0
	all := func() (made, bool) {
		if first >= n {
			return made{}, false
		}
		places := make([]int, min(batch, n-first))
		for i := range places {
			places[i] = first + i
		}
		first += len(places)
		b, err := source.Batch(places, -1)
		return made{b, 0, first, err}, true
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for next := range ahead(ctx, all) {
		if next.err != nil {
			return 0, 0, next.err
		}
		out, err := m.Run(ctx, m.NewState(len(next.batch.Targets)), next.batch.Inputs...)
		if err != nil {
			return 0, 0, err
		}
		y := out.Dense()
		_, err = EachSample(y, func(b int, y0, g []float32) error {
			steps := y.Shape[0]
			l, err := loss.Sample(y0, g, steps, next.batch.Targets[b], 1)
			mean += l / float64(n)
			if Best(loss.Scores(y0, steps)) == next.batch.Targets[b].Class {
				right++
			}
			return err
		})
		if err != nil {
			return 0, 0, err
		}
	}
	return float64(right) / float64(n), mean, ctx.Err()
}
