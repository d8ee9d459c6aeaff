package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/wholefile"
	"github.com/spikelane/spikelane/modelfile"
	"github.com/spikelane/spikelane/train"
)

// learner is what the commands that train have in common.
type learner struct {
	Out     string  `default:"spikelane-demo" placeholder:"DIR" help:"Where the model, the checkpoint and the pictures go."`
	Epochs  int     `help:"How often the data are gone through; the default is the task's."`
	Batch   int     `help:"Samples a step of training; the default is the task's."`
	Rate    float64 `help:"The learning rate; the default is the task's."`
	Limit   int     `help:"Learn from the first so many samples only."`
	Workers int     `default:"2" help:"How many goroutines share the samples. It changes no bit of the result."`
	Seed    uint64  `default:"1" help:"Of the weights and the order of the samples."`
	Resume  bool    `help:"Go on from the checkpoint of a run that was stopped."`
}

func (l learner) modelFile() string      { return filepath.Join(l.Out, "model.safetensors") }
func (l learner) checkpointFile() string { return filepath.Join(l.Out, "checkpoint.safetensors") }
func (l learner) curveFile() string      { return filepath.Join(l.Out, "learning.png") }

// check reports options out of range.
func (l learner) check() error {
	if l.Epochs < 0 || l.Batch < 0 || l.Rate < 0 || l.Limit < 0 || l.Workers < 1 {
		return fmt.Errorf("--epochs, --batch, --rate and --limit are not negative, --workers at least 1")
	}
	return nil
}

// learn trains a network of the graph, judges it, and writes model and curve.
// When ctx ends it writes a checkpoint and the model as it is.
func (l learner) learn(ctx context.Context, task task, g *forward.Graph, data, test train.Source) (m *forward.Model, accuracy float64, err error) {
	if err := l.check(); err != nil {
		return nil, 0, err
	}
	if err := os.MkdirAll(l.Out, 0o755); err != nil {
		return nil, 0, err
	}
	if l.Limit > 0 {
		data = first{data, min(l.Limit, data.Len())}
	}
	task.plan.Epochs, task.plan.Batch = or(l.Epochs, task.plan.Epochs), or(l.Batch, task.plan.Batch)
	task.config.Rate, task.config.Workers, task.config.Seed = or(l.Rate, task.config.Rate), l.Workers, l.Seed
	task.plan.Seed = l.Seed
	t, err := l.trainer(g, task.config)
	if err != nil {
		return nil, 0, err
	}
	fmt.Printf("network   %s, seed %d\n", strings.Join(g.Layers(), " - "), l.Seed)
	c := &curve{of: data.Len(), epochs: task.plan.Epochs, started: time.Now()}
	epoch, place := t.Position()
	c.bar = newProgress((task.plan.Epochs-epoch)*data.Len()-place, "training")
	task.plan.Each = func(p train.Progress) error {
		if stopAfter != nil {
			stopAfter(t.Steps())
		}
		return c.add(p)
	}
	if err := t.Fit(ctx, data, task.plan); err != nil {
		return nil, 0, l.stopped(t, err)
	}
	c.bar.Finish()
	m = t.Model()
	if err := modelfile.WriteFile(l.modelFile(), m); err != nil {
		return nil, 0, err
	}
	// A checkpoint of a run that ended has nothing left to do.
	if err := os.Remove(l.checkpointFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, 0, err
	}
	seconds := time.Since(c.started).Seconds()
	accuracy, loss, err := train.Evaluate(ctx, m.With(forward.Workers(l.Workers)), task.config.Loss, test, 250)
	if err != nil {
		return nil, 0, err
	}
	fmt.Printf("trained   %.1f s, %.0f samples/s\n", seconds, float64(c.seen)/seconds)
	fmt.Printf("accuracy  %.2f %% of %d test samples, loss %.4f\n", 100*accuracy, test.Len(), loss)
	fmt.Printf("model     %s\n", l.modelFile())
	return m, accuracy, c.draw(l.curveFile())
}

// stopAfter, for tests, is told of every step.
var stopAfter func(steps int)

// trainer is a new one, or the one that was stopped.
func (l learner) trainer(g *forward.Graph, c train.Config) (*train.Trainer, error) {
	m, err := g.Init(l.Seed)
	if err != nil {
		return nil, err
	}
	if !l.Resume {
		return train.New(m, c)
	}
	data, err := os.ReadFile(l.checkpointFile())
	if err != nil {
		return nil, err
	}
	t, err := train.Resume(m, c, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.checkpointFile(), err)
	}
	epoch, place := t.Position()
	fmt.Printf("resumed   after %d epochs and %d samples\n", epoch, place)
	return t, nil
}

// stopped saves what has been learned before err.
func (l learner) stopped(t *train.Trainer, err error) error {
	data, saving := t.Checkpoint()
	if saving == nil {
		saving = wholefile.Write(l.checkpointFile(), data)
	}
	if saving == nil {
		saving = modelfile.WriteFile(l.modelFile(), t.Model())
	}
	if saving != nil {
		return errors.Join(err, saving)
	}
	return fmt.Errorf("%w; saved %s and %s: --resume goes on", err, l.checkpointFile(), l.modelFile())
}

func or[T int | float64](v, standard T) T {
	if v == 0 {
		return standard
	}
	return v
}

// first is the beginning of a source.
type first struct {
	train.Source
	n int
}

func (f first) Len() int { return f.n }

// curve is how the training goes.
type curve struct {
	of, epochs int
	bar        *progressbar.ProgressBar
	started    time.Time
	seen       int // samples

	epoch, piece sums // of the epoch, and of the piece that the next point is for
	points       []point
}

// sums are over some samples.
type sums struct {
	samples, right int
	loss           float64
}

func (s *sums) add(p train.Stats) {
	s.samples += p.Samples
	s.right += p.Correct
	s.loss += float64(p.Loss * float64(p.Samples))
}

func (s sums) means() (loss, accuracy float64) {
	return s.loss / float64(s.samples), float64(s.right) / float64(s.samples)
}

// point is a part of the training.
type point struct{ epoch, loss, accuracy float64 }

// add is called after every step.
func (c *curve) add(p train.Progress) error {
	c.epoch.add(p.Stats)
	c.piece.add(p.Stats)
	c.seen += p.Stats.Samples
	loss, accuracy := c.epoch.means()
	var rates []string
	for layer, rate := range p.Stats.Rates {
		rates = append(rates, fmt.Sprintf("%s %.1f %%", layer, 100*rate))
	}
	slices.Sort(rates)
	text := fmt.Sprintf("epoch %d of %d, loss %.4f, %.2f %% right, spikes %s", p.Epoch+1, c.epochs, loss, 100*accuracy, strings.Join(rates, " "))
	c.bar.Describe(text)
	c.bar.Add(p.Stats.Samples)
	done := p.Place >= c.of
	if done || c.piece.samples >= c.of/10 {
		loss, accuracy := c.piece.means()
		c.points = append(c.points, point{float64(p.Epoch) + float64(p.Place)/float64(c.of), loss, accuracy})
		c.piece = sums{}
	}
	if done {
		fmt.Printf("%s, %.1f s\n", text, time.Since(c.started).Seconds())
		c.epoch = sums{}
	}
	return nil
}

// writeFile writes a file through w.
func writeFile(path string, w io.WriterTo) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = w.WriteTo(f)
	return errors.Join(err, f.Close())
}
