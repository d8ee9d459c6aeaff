package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/internal/filelock"
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
	NaN     bool    `name:"nan" help:"Go on where a layer remembers or puts out NaN or an infinite number; a loss or a gradient that is not finite always ends the training."`
	Resume  bool    `help:"Go on from the checkpoint of a run that was stopped, with the same settings; from the beginning if it had not come to one."`

	Checkpoint      time.Duration `default:"1m" help:"How often a checkpoint is written; 0s: only at the beginning and when stopped."`
	CheckpointSteps int           `placeholder:"N" help:"After how many steps a checkpoint is written too."`
}

func (l learner) modelFile() string      { return filepath.Join(l.Out, "model.safetensors") }
func (l learner) checkpointFile() string { return filepath.Join(l.Out, "checkpoint.safetensors") }
func (l learner) curveFile() string      { return filepath.Join(l.Out, "learning.svg") }

// check reports options out of range.
func (l learner) check() error {
	if l.Epochs < 0 || l.Batch < 0 || l.Rate < 0 || l.Limit < 0 || l.Checkpoint < 0 || l.CheckpointSteps < 0 || l.Workers < 1 {
		return fmt.Errorf("--epochs, --batch, --rate, --limit, --checkpoint and --checkpoint-steps are not negative, --workers at least 1")
	}
	return nil
}

// open makes the folder and keeps other trainings out of it until release is
// called. What a process that died has left half written is removed.
func (l learner) open() (release func() error, err error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(l.Out, 0o777); err != nil {
		return nil, err
	}
	if release, err = filelock.Folder(l.Out); err != nil {
		return nil, fmt.Errorf("--out: %w: wait for it, or name another folder", err)
	}
	if err := atomicfile.Clean(l.Out); err != nil {
		return nil, errors.Join(err, release())
	}
	return release, nil
}

// limited is what there is to learn from.
func (l learner) limited(data source) source {
	if l.Limit > 0 {
		return first{data, min(l.Limit, data.Len())}
	}
	return data
}

// learn trains a network of the graph, judges it, and writes model and curve.
// Checkpoints are written on the way, and with the model when ctx ends.
func (l learner) learn(ctx context.Context, task task, g *forward.Graph, data source, test train.Source) (m *forward.Model, accuracy float64, err error) {
	task.plan.Epochs, task.plan.Batch = cmp.Or(l.Epochs, task.plan.Epochs), cmp.Or(l.Batch, task.plan.Batch)
	task.config.LearningRate, task.config.Workers, task.config.Seed = cmp.Or(l.Rate, task.config.LearningRate), l.Workers, l.Seed
	task.config.Unchecked = l.NaN
	task.plan.Seed, task.plan.Data = l.Seed, data.sum()
	task.plan.Save, task.plan.SaveEvery, task.plan.SaveSteps = l.save(), l.Checkpoint, l.CheckpointSteps
	t, err := l.trainer(g, task.config)
	if err != nil {
		return nil, 0, err
	}
	printf("network   %s, seed %d\n", strings.Join(g.Layers(), " - "), l.Seed)
	c := &curve{of: data.Len(), epochs: task.plan.Epochs, started: time.Now()}
	epoch, place := t.Offset()
	c.bar = newProgress((task.plan.Epochs-epoch)*data.Len()-place, "training")
	task.plan.AfterStep = func(p train.Progress) error {
		if stopAfter != nil {
			stopAfter(t.Steps())
		}
		return c.add(p)
	}
	begin := t.Steps()
	if err := t.Fit(ctx, data, task.plan); err != nil {
		switch {
		case errors.Is(err, train.ErrCheckpoint):
			return nil, 0, fmt.Errorf("%s: %w", l.checkpointFile(), err)
		case t.Steps() == begin && !errors.Is(err, context.Canceled):
			return nil, 0, err // there is nothing to keep
		}
		return nil, 0, l.stopped(t, err)
	}
	c.bar.Finish()
	m = t.Model()
	if err := l.ended(m); err != nil {
		return nil, 0, err
	}
	seconds := time.Since(c.started).Seconds()
	result, err := train.Judge(ctx, m.With(forward.Workers(l.Workers), forward.CheckFinite(!l.NaN)), task.config.Loss, test, 250)
	if err != nil {
		return nil, 0, err
	}
	printf("trained   %.1f s, %.0f samples/s\n", seconds, float64(c.seen)/seconds)
	printf("accuracy  %.2f %% of %d test samples, loss %.4f\n", 100*result.Accuracy(), result.Samples, result.Loss)
	printDoubts(result)
	printf("model     %s\n", l.modelFile())
	return m, result.Accuracy(), c.draw(l.curveFile())
}

// stopAfter, for tests, is told of every step.
var stopAfter func(steps int)
