package train

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
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
	Batch  int // samples a step, not negative; default 32
	Epochs int // not negative; default 1
	Seed   uint64
	// Data says which samples the source has, for [Resume]: a checkpoint of
	// others is refused. A hash of them will do.
	Data string
	// Save is given a [Trainer.Checkpoint] before the first step, and then after
	// every SaveSteps steps and whenever SaveEvery has passed; 0 of these is
	// never. An error stops.
	Save      func(checkpoint []byte) error
	SaveSteps int
	SaveEvery time.Duration
	// AfterStep is called after every step; an error stops.
	AfterStep func(Progress) error
}

// Progress is where the training is after a step.
type Progress struct {
	Epoch, Offset int // epochs done, samples of this one
	Stats         Stats
}

// Fit goes through a source, epoch after epoch, every time in another order,
// which follows from the seed. A trainer that was resumed goes on where it
// stopped. Batches are made one ahead.
func (t *Trainer) Fit(ctx context.Context, source Source, p Plan) error {
	if err := firstOf(least("Plan", "Batch", p.Batch, 0), least("Plan", "Epochs", p.Epochs, 0)); err != nil {
		return err
	}
	if p.Batch == 0 {
		p.Batch = 32
	}
	p.Epochs = max(1, p.Epochs)
	n, err := count(source)
	if err != nil {
		return err
	}
	p.Batch = min(p.Batch, n)
	each := (n + p.Batch - 1) / p.Batch // steps an epoch
	if p.Epochs > math.MaxInt/each {
		return fmt.Errorf("train: Plan: %w: %d epochs of %d steps are more than can be counted", snn.ErrOption, p.Epochs, each)
	}
	if t.config.Steps == 0 {
		t.config.Steps = p.Epochs * each
	}
	if err := t.follow(p, n); err != nil {
		return err
	}
	saves := saving{trainer: t, plan: p}
	if err := saves.begin(); err != nil {
		return err
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
		if err := saves.after(); err != nil {
			return err
		}
		if p.AfterStep != nil {
			if err := p.AfterStep(Progress{next.epoch, next.place, stats}); err != nil {
				return err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("train: stopped at step %d: %w", t.step, err)
	}
	return nil
}

// Offset is how many epochs are done, and how many samples of the next.
func (t *Trainer) Offset() (epoch, place int) { return t.epoch, t.place }

// made is a batch, and where the source stands after it.
type made struct {
	batch        Batch
	epoch, place int
	err          error
}

// count is how many samples a source has.
func count(source Source) (int, error) {
	if source == nil {
		return 0, fmt.Errorf("train: %w: there is no source", snn.ErrOption)
	}
	n := source.Len()
	if n < 1 {
		return 0, fmt.Errorf("train: %w: the source has %d samples", snn.ErrOption, n)
	}
	return n, nil
}

// fetch makes a batch.
func fetch(source Source, places []int, epoch int) (b Batch, err error) {
	b, err = source.Batch(places, epoch)
	if err == nil && len(b.Targets) != len(places) {
		err = fmt.Errorf("train: %w: the source made %d targets for %d samples", tensor.ErrShape, len(b.Targets), len(places))
	}
	return b, err
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
		b, err := fetch(source, places, epoch)
		return made{b, epoch, place, err}, true
	}
}

// ahead runs a function in a goroutine of its own, one result ahead. A panic in
// it is the last result.
func ahead(ctx context.Context, next func() (made, bool)) <-chan made {
	results := make(chan made, 1)
	send := func(m made) bool {
		select {
		case results <- m:
			return true
		case <-ctx.Done():
			return false
		}
	}
	go func() {
		defer close(results)
		var maker panics.Group
		maker.Go(func() error {
			for m, ok := next(); ok && send(m); m, ok = next() {
			}
			return nil
		})
		if err := maker.Wait(); err != nil {
			send(made{err: fmt.Errorf("train: a source: %w", err)})
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
