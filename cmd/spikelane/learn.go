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
	Out      string  `default:"spikelane-demo" placeholder:"DIR" help:"Where the model, the checkpoint and the pictures go."`
	Epochs   int     `help:"How often the data are gone through; the default is the recipe's."`
	Batch    int     `help:"Samples a step of training; the default is the recipe's."`
	Rate     float64 `help:"The learning rate; the default is the recipe's."`
	Limit    int     `help:"Learn from the first so many samples only."`
	Workers  int     `default:"2" help:"How many goroutines share the samples. It changes no bit of the result."`
	Seed     uint64  `default:"1" help:"Of the weights and the order of the samples."`
	NaN      bool    `name:"nan" help:"Go on where a layer remembers or puts out NaN or an infinite number; a loss or a gradient that is not finite always ends the training."`
	Resume   bool    `help:"Go on from the checkpoint of a run that was stopped, with the same settings; from the beginning if it had not come to one."`
	Patience int     `placeholder:"N" help:"Stop early, when what was held out has not been known better for so many epochs."`
	Log      string  `placeholder:"FILE.jsonl" help:"Write a line of JSON for every epoch, as it ends, here too."`

	Checkpoint      time.Duration `default:"1m" help:"How often a checkpoint is written; 0s: only at the beginning and when stopped."`
	CheckpointSteps int           `placeholder:"N" help:"After how many steps a checkpoint is written too."`
}

// The files of a training. Those of one that has not ended are the checkpoint's:
// what an earlier one has left stays until this one has ended well.
func (l learner) modelFile() string      { return filepath.Join(l.Out, "model.safetensors") }
func (l learner) bestFile() string       { return filepath.Join(l.Out, "best.safetensors") }
func (l learner) stoppedFile() string    { return filepath.Join(l.Out, "stopped.safetensors") }
func (l learner) curveFile() string      { return filepath.Join(l.Out, "learning.svg") }
func (l learner) historyFile() string    { return filepath.Join(l.Out, "learning.jsonl") }
func (l learner) checkpointFile() string { return filepath.Join(l.Out, "checkpoint.safetensors") }
func (l learner) bestSoFarFile() string  { return filepath.Join(l.Out, "checkpoint-best.safetensors") }
func (l learner) soFarFile() string      { return filepath.Join(l.Out, "checkpoint.jsonl") }

// check reports options out of range.
func (l learner) check() error {
	if l.Epochs < 0 || l.Batch < 0 || l.Rate < 0 || l.Limit < 0 || l.Checkpoint < 0 || l.CheckpointSteps < 0 || l.Workers < 1 || l.Patience < 0 {
		return fmt.Errorf("--epochs, --batch, --rate, --limit, --patience, --checkpoint and --checkpoint-steps are not negative, --workers at least 1")
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

// lesson is a network and what it is to learn.
type lesson struct {
	model  *forward.Model
	about  meta // kept in the files of its models
	config train.Config
	plan   train.Plan
	data   source
	judged train.Source // every epoch is judged by these; nil for none
	test   reshaped     // the model is judged by these in the end
	names  []string     // of the classes, for tables
}

// learned is what came of it.
type learned struct {
	model  *forward.Model
	result train.Result
}

// learn trains a network, judges it, and writes model and pictures. Checkpoints
// are written on the way, and when ctx ends.
func (l learner) learn(ctx context.Context, s lesson) (*learned, error) {
	s.plan.Epochs, s.plan.Batch = cmp.Or(l.Epochs, s.plan.Epochs), cmp.Or(l.Batch, s.plan.Batch)
	s.config.LearningRate, s.config.Workers, s.config.Seed = cmp.Or(l.Rate, s.config.LearningRate), l.Workers, l.Seed
	s.config.Unchecked = l.NaN
	s.plan.Seed, s.plan.Data = l.Seed, s.data.Sum()
	s.plan.Save, s.plan.SaveEvery, s.plan.SaveSteps = l.save(), l.Checkpoint, l.CheckpointSteps
	t, err := l.trainer(s.model, s.config)
	if err != nil {
		return nil, err
	}
	printf("network   %s, seed %d\n", strings.Join(s.model.Graph().Layers(), " - "), l.Seed)
	c, err := l.newCourse(ctx, t, s)
	if err != nil {
		return nil, err
	}
	s.plan.AfterStep = c.afterStep
	begin := t.Steps()
	if err := t.Fit(ctx, s.data, s.plan); err != nil && !errors.Is(err, errPatience) {
		switch {
		case errors.Is(err, train.ErrCheckpoint):
			return nil, fmt.Errorf("%s: %w", l.checkpointFile(), err)
		case !errors.Is(err, context.Canceled) || c.failed != nil:
			return nil, l.failed(t.Steps() > begin, err)
		}
		return nil, l.stopped(t, s.about, err)
	}
	c.curve.bar.Finish()
	return l.finish(ctx, t.Model(), s, c)
}

// finish judges the model and writes everything down.
func (l learner) finish(ctx context.Context, m *forward.Model, s lesson, c *course) (*learned, error) {
	result, err := train.Judge(ctx, m.With(forward.Workers(l.Workers), forward.CheckFinite(!l.NaN)), s.config.Loss, s.test, 250)
	if err != nil {
		return nil, err
	}
	if err := l.ended(m, s.about, c.history); err != nil {
		return nil, err
	}
	c.report(result)
	if err := c.curve.draw(l.curveFile()); err != nil {
		return nil, err
	}
	printf("model     %s\n", l.modelFile())
	if epoch, how := c.history.best(); epoch > 0 {
		printf("best      %s: %.2f %% after epoch %d\n", l.bestFile(), 100*how.Accuracy, epoch)
	}
	return &learned{m, result}, nil
}

// stopAfter, for tests, is told of every step.
var stopAfter func(steps int)
