package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/train"
)

// trainer is a new one, or the one that was stopped.
func (l learner) trainer(g *forward.Graph, c train.Config) (*train.Trainer, error) {
	m, err := g.Init(l.Seed)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(l.checkpointFile())
	switch {
	case errors.Is(err, os.ErrNotExist):
		return l.beginning(m, c)
	case err != nil:
		return nil, err
	case !l.Resume:
		fmt.Fprintf(os.Stderr, "spikelane: %s, of a training that did not end, is replaced; --resume would go on with it\n", l.checkpointFile())
		return train.New(m, c)
	}
	t, err := train.Resume(m, c, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.checkpointFile(), err)
	}
	epoch, place := t.Offset()
	printf("resumed   after %d epochs and %d samples\n", epoch, place)
	return t, nil
}

// beginning is a new trainer where there is no checkpoint.
func (l learner) beginning(m *forward.Model, c train.Config) (*train.Trainer, error) {
	if l.Resume {
		if _, err := os.Stat(l.modelFile()); err == nil {
			return nil, fmt.Errorf("%s: %w, but there is a model: the training has ended, and without --resume another begins", l.checkpointFile(), os.ErrNotExist)
		}
		printf("resumed   nothing: there is no %s yet\n", l.checkpointFile())
	}
	return train.New(m, c)
}

// save writes checkpoints. If the first cannot be written, or there is no room
// for another beside it, nothing is learned; later ones are only missed.
func (l learner) save() func(checkpoint []byte) error {
	began := false
	return func(checkpoint []byte) error {
		err := atomicfile.Write(l.checkpointFile(), checkpoint)
		if began {
			if err != nil {
				fmt.Fprintln(os.Stderr, "spikelane: no checkpoint could be written, training goes on:", err)
			}
			return nil
		}
		began = true
		if err != nil {
			return err
		}
		return atomicfile.Probe(l.Out, int64(len(checkpoint)))
	}
}

// stopped saves what has been learned before err.
func (l learner) stopped(t *train.Trainer, err error) error {
	data, saving := t.Checkpoint()
	if saving == nil {
		saving = atomicfile.Write(l.checkpointFile(), data)
	}
	if saving == nil {
		saving = model.WriteFile(l.modelFile(), t.Model())
	}
	if saving != nil {
		return errors.Join(err, saving)
	}
	return fmt.Errorf("%w; saved %s and %s: --resume goes on", err, l.checkpointFile(), l.modelFile())
}

// ended writes the model; a checkpoint has nothing left to do then.
func (l learner) ended(m *forward.Model) error {
	if err := model.WriteFile(l.modelFile(), m); err != nil {
		return err
	}
	if err := os.Remove(l.checkpointFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
