package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/train"
)

// errPatience ends a training that learns no more.
var errPatience = errors.New("nothing more is learned")

// course is how a training goes: its curve, and what is done after an epoch.
type course struct {
	learner learner
	lesson  lesson
	ctx     context.Context
	trainer *train.Trainer
	history *history
	curve   *curve
	sums    sums               // of this epoch
	rates   map[string]float64 // of this epoch, each times its samples
	failed  error              // in judging or writing, which is no stop
}

func (l learner) newCourse(ctx context.Context, t *train.Trainer, s lesson) (*course, error) {
	epoch, place := t.Offset()
	h, err := readHistory(l.soFarFile(), l.Log, epoch)
	if err != nil {
		return nil, err
	}
	n := s.data.Len()
	c := &curve{of: n, epochs: s.plan.Epochs, started: time.Now()}
	c.bar = newProgress((s.plan.Epochs-epoch)*n-place, "training")
	return &course{learner: l, lesson: s, ctx: ctx, trainer: t, history: h, curve: c, rates: map[string]float64{}}, nil
}

// afterStep is told of every step.
func (c *course) afterStep(p train.Progress) error {
	if stopAfter != nil {
		stopAfter(c.trainer.Steps())
	}
	c.sums.add(p.Stats)
	for layer, rate := range p.Stats.Rates {
		c.rates[layer] += float64(rate * float64(p.Stats.Samples))
	}
	if err := c.curve.add(p); err != nil {
		return err
	}
	if p.Offset < c.curve.of {
		return nil
	}
	return c.afterEpoch()
}

// afterEpoch judges what has been learned, keeps the best, and stops when
// patience is at its end.
func (c *course) afterEpoch() error {
	loss, accuracy := c.sums.means()
	e := epochRecord{Loss: lossValue(loss), Accuracy: accuracy, Rates: map[string]float64{}}
	for layer, rate := range c.rates {
		e.Rates[layer] = rate / float64(c.sums.samples)
	}
	c.sums = sums{}
	clear(c.rates)
	if c.lesson.judged != nil {
		r, err := train.Judge(c.ctx, c.trainer.Model().With(forward.Workers(c.learner.Workers), forward.CheckFinite(!c.learner.NaN)), c.lesson.config.Loss, c.lesson.judged, 250)
		if err != nil {
			return c.fail(err)
		}
		e.Judged = &judgedRecord{lossValue(r.Loss), r.Accuracy()}
		printf("judged    %.2f %% of %d held out, loss %.4f\n", 100*r.Accuracy(), r.Samples, r.Loss)
	}
	if err := c.history.add(e); err != nil {
		return c.fail(err)
	}
	best, _ := c.history.best()
	now := len(c.history.epochs)
	if best == now {
		if err := writeModel(c.learner.bestSoFarFile(), c.trainer.Model(), c.lesson.about); err != nil {
			return c.fail(err)
		}
	}
	if c.learner.Patience > 0 && best > 0 && now-best >= c.learner.Patience {
		printf("stopped   early: no better for %d epochs, --patience\n", now-best)
		return errPatience
	}
	return nil
}

// fail notes that an error is no stop, unless the training was stopped while it
// was judged.
func (c *course) fail(err error) error {
	if c.ctx.Err() == nil {
		c.failed = err
	}
	return err
}

// report prints how well the test samples are known, and what is strange.
func (c *course) report(r train.Result) {
	seconds := time.Since(c.curve.started).Seconds()
	printf("trained   %.1f s, %.0f samples/s\n", seconds, float64(c.curve.seen)/seconds)
	printf("accuracy  %.2f %% of %d test samples, loss %.4f\n", 100*r.Accuracy(), r.Samples, r.Loss)
	printDoubts(r)
	if n := len(c.history.epochs); n > 0 {
		warnOfRates(c.history.epochs[n-1].Rates)
	}
}

// Rates, in spikes a neuron and step, at which a layer tells hardly anything.
const (
	hardlyEver   = 0.001
	almostAlways = 0.9
)

// warnOfRates says which layers are silent, or fire all the time.
func warnOfRates(rates map[string]float64) {
	var layers []string
	for layer := range rates {
		layers = append(layers, layer)
	}
	slices.Sort(layers)
	for _, layer := range layers {
		switch rate := rates[layer]; {
		case rate < hardlyEver:
			fmt.Fprintf(os.Stderr, "spikelane: %s hardly ever fires (%.3f %%): a lower threshold, a higher --rate or stronger input may help, or --regularize %s:0.01-0.5:1\n", layer, 100*rate, layer)
		case rate > almostAlways:
			fmt.Fprintf(os.Stderr, "spikelane: %s fires almost always (%.1f %%): a higher threshold or --regularize %s:0.01-0.5:1 may help\n", layer, 100*rate, layer)
		}
	}
}
