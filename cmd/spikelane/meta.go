package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/train"
)

// meta is what a model file says beside its model: how samples become its input,
// and its outputs answers.
type meta struct {
	input   *encode.Input // nil if it does not say
	readout encode.Readout
}

// notes are those for the file.
func (a meta) notes() ([]model.Note, error) {
	var notes []model.Note
	for _, part := range []struct {
		key   string
		value any
		there bool
	}{{model.KeyInput, a.input, a.input != nil}, {model.KeyReadout, a.readout, a.readout != encode.Readout{}}} {
		if !part.there {
			continue
		}
		text, err := json.Marshal(part.value)
		if err != nil {
			return nil, err
		}
		notes = append(notes, model.Note{Key: part.key, Value: string(text)})
	}
	return notes, nil
}

// parseMeta reads the notes of a model file.
func parseMeta(data []byte) (a meta, err error) {
	notes, err := model.Notes(data)
	if err != nil {
		return a, err
	}
	if text, ok := notes[model.KeyInput]; ok {
		in, err := encode.ParseInput([]byte(text))
		if err != nil {
			return a, err
		}
		a.input = &in
	}
	if text, ok := notes[model.KeyReadout]; ok {
		d := json.NewDecoder(bytes.NewReader([]byte(text)))
		d.DisallowUnknownFields()
		if err := d.Decode(&a.readout); err != nil {
			return a, fmt.Errorf("how its outputs are read: %w", err)
		}
	}
	return a, nil
}

// writeModel writes a model file.
func writeModel(path string, m *forward.Model, about meta) error {
	notes, err := about.notes()
	if err != nil {
		return err
	}
	return model.WriteFile(path, m, notes...)
}

// readoutOf is how a loss reads outputs.
func readoutOf(loss train.Loss) (r encode.Readout) {
	switch l := loss.(type) {
	case train.ClassWeights:
		return readoutOf(l.Loss)
	case train.Population:
		r = readoutOf(l.Loss)
		r.Neurons = l.Neurons
		return r
	case train.Latency:
		return encode.Readout{Over: encode.OverFirst}
	case train.CrossEntropy:
		r.Over = overOf(l.Reduction)
	case train.MeanSquare:
		r.Over = overOf(l.Reduction)
	}
	return r
}

// overOf is how a reduction reads outputs.
func overOf(r train.Reduction) encode.Over {
	return map[train.Reduction]encode.Over{
		train.ReductionSum: encode.OverSum, train.ReductionEachStep: encode.OverSum, train.ReductionMax: encode.OverMax, train.ReductionLast: encode.OverLast,
	}[r]
}
