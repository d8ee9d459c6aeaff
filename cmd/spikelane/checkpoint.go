package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/train"
)

// trainer is a new one, or the one that was stopped.
func (l learner) trainer(m *forward.Model, c train.Config) (*train.Trainer, error) {
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
			return nil, fmt.Errorf("%s: %w, but there is a model: the training has ended; spikelane train %s goes on with its weights, and without --resume another training begins",
				l.checkpointFile(), os.ErrNotExist, l.modelFile())
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

// stopped saves what has been learned before a signal: a model of it beside
// that of an earlier training.
func (l learner) stopped(t *train.Trainer, about meta, err error) error {
	data, saving := t.Checkpoint()
	if saving == nil {
		saving = atomicfile.Write(l.checkpointFile(), data)
	}
	if saving == nil {
		saving = writeModel(l.stoppedFile(), t.Model(), about)
	}
	if saving != nil {
		return errors.Join(err, saving)
	}
	return fmt.Errorf("%w; saved %s and %s: --resume goes on", err, l.checkpointFile(), l.stoppedFile())
}

// failed says what a training has left that could not go on. Its last weights
// are not worth keeping.
func (l learner) failed(learned bool, err error) error {
	if _, none := os.Stat(l.modelFile()); none == nil {
		return fmt.Errorf("%w; %s is of an earlier training, and as it was", err, l.modelFile())
	}
	if learned {
		return fmt.Errorf("%w; no model was written", err)
	}
	return err
}

// ended writes the models, and removes what only a training needs that goes on.
func (l learner) ended(m *forward.Model, about meta, h *history) error {
	if err := writeModel(l.modelFile(), m, about); err != nil {
		return err
	}
	if epoch, _ := h.best(); epoch > 0 {
		if err := os.Rename(l.bestSoFarFile(), l.bestFile()); err != nil {
			return err
		}
	} else if err := remove(l.bestFile()); err != nil { // another training's
		return err
	}
	if err := os.Rename(l.soFarFile(), l.historyFile()); err != nil {
		return err
	}
	for _, path := range []string{l.checkpointFile(), l.stoppedFile()} {
		if err := remove(path); err != nil {
			return err
		}
	}
	return nil
}

// remove is os.Remove of what may not be there.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
