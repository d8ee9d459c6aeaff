package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spikelane/spikelane/internal/atomicfile"
)

// epochRecord is what is known of an epoch: a line of the log.
type epochRecord struct {
	Epoch    int                `json:"epoch"` // from 1
	Loss     lossValue          `json:"loss"`  // of the samples learned from, while it learned
	Accuracy float64            `json:"accuracy"`
	Judged   *judgedRecord      `json:"judged,omitempty"`
	Rates    map[string]float64 `json:"rates,omitempty"` // spikes a neuron and step, of each layer
	Seconds  float64            `json:"seconds"`
}

// judgedRecord is how well the samples that were held out are known.
type judgedRecord struct {
	Loss     lossValue `json:"loss"`
	Accuracy float64   `json:"accuracy"`
}

// lossValue is a number that JSON has no word for where it is not finite: null.
type lossValue float64

// MarshalJSON is the number.
func (l lossValue) MarshalJSON() ([]byte, error) {
	if l-l != 0 {
		return []byte("null"), nil
	}
	return json.Marshal(float64(l))
}

// better reports whether a is: more right answers, or as many and less loss.
func (a judgedRecord) better(b judgedRecord) bool {
	return a.Accuracy > b.Accuracy || a.Accuracy == b.Accuracy && a.Loss < b.Loss
}

// history is the epochs of a training so far. It is kept in a file, so that a
// training that was stopped goes on with what it knew.
type history struct {
	path, log string // log is another copy, if the user asked for one
	epochs    []epochRecord
	begun     time.Time
	before    float64 // seconds, until it was resumed
}

// readHistory is that of the epochs that are done of a training.
func readHistory(path, log string, done int) (*history, error) {
	h := &history{path: path, log: log, begun: time.Now()}
	if done == 0 {
		return h, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return h, nil
	}
	if err != nil {
		return nil, err
	}
	lines := json.NewDecoder(bytes.NewReader(data))
	for len(h.epochs) < done {
		var e epochRecord
		if err := lines.Decode(&e); err == io.EOF {
			break
		} else if err != nil || e.Epoch != len(h.epochs)+1 {
			return nil, fmt.Errorf("%s: line %d is not of epoch %d: without --resume the training begins again", path, len(h.epochs)+1, len(h.epochs)+1)
		}
		h.epochs = append(h.epochs, e)
		h.before = e.Seconds
	}
	return h, nil
}

// add notes an epoch and writes it down.
func (h *history) add(e epochRecord) error {
	e.Epoch = len(h.epochs) + 1
	e.Seconds = h.before + time.Since(h.begun).Seconds()
	h.epochs = append(h.epochs, e)
	data, err := h.lines()
	if err != nil {
		return err
	}
	if h.log != "" {
		if err := atomicfile.Write(h.log, data); err != nil {
			return fmt.Errorf("--log: %w", err)
		}
	}
	return atomicfile.Write(h.path, data)
}

// lines are the epochs as JSON, one a line.
func (h *history) lines() ([]byte, error) {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	for _, e := range h.epochs {
		if err := w.Encode(e); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// best is the epoch that knows best what was held out, from 1, and how well; 0
// if nothing was.
func (h *history) best() (epoch int, how judgedRecord) {
	for _, e := range h.epochs {
		if e.Judged != nil && (epoch == 0 || e.Judged.better(how)) {
			epoch, how = e.Epoch, *e.Judged
		}
	}
	return epoch, how
}
