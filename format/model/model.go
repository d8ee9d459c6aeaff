// Package model reads and writes models: a graph and its weights in one
// safetensors file, which docs/model-file.md describes.
//
//	m, err := model.ReadFile("net.safetensors")
//	err = model.WriteFile("net.safetensors", m)
package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/atomicfile"
	"github.com/spikelane/spikelane/tensor"
)

// The keys of the metadata, and the version this package writes.
const (
	keyVersion = "spikelane.version"
	keyGraph   = "spikelane.graph"
	keySum     = "spikelane.sha256"
	version    = "1"
)

// ErrModel is wrapped by errors about files that are not models, or damaged.
var ErrModel = errors.New("not a model file")

// Note is something that a file says beside its model, as JSON or another text:
// KeyInput, KeyReadout, or a word of one's own.
type Note struct{ Key, Value string }

// Keys of notes that docs/model-file.md describes.
const (
	KeyInput   = "input"   // how samples become input: encode.Input
	KeyReadout = "readout" // how outputs become answers: encode.Readout
)

// noteKey is the key of a note in the metadata.
func noteKey(key string) string { return "spikelane." + key }

// Encode returns the file of a model, with notes. The same model and notes give
// the same bytes on every machine. Two notes with one key are an error, or one
// with a key that the file has for itself.
func Encode(m *forward.Model, notes ...Note) ([]byte, error) {
	graph, err := json.Marshal(m.Graph())
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	params := m.Params()
	var tensors []safetensors.Named
	for name, t := range params {
		tensors = append(tensors, safetensors.Named{Name: name, Tensor: t})
	}
	slices.SortFunc(tensors, func(a, b safetensors.Named) int { return strings.Compare(a.Name, b.Name) })
	metadata := map[string]string{keyVersion: version, keyGraph: string(graph)}
	for _, n := range notes {
		key := noteKey(n.Key)
		if _, taken := metadata[key]; taken || key == keySum || n.Key == "" {
			return nil, fmt.Errorf("model: two notes, or a note and the file itself, have the key %q", key)
		}
		metadata[key] = n.Value
	}
	data, err := safetensors.EncodeSummed(tensors, metadata, keySum)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return data, nil
}

// Option changes how files are read.
type Option func(*forward.Limits)

// Within allows models that take more memory than the defaults of
// [forward.Limits], or less.
func Within(l forward.Limits) Option {
	return func(limits *forward.Limits) { *limits = l }
}

// Parse reads a model from the bytes of its file, of which it keeps nothing. A
// model that asks for more memory than the options allow is an error, which
// wraps [forward.ErrLimit]; while it reads, Parse takes a few times the size of
// the file.
func Parse(data []byte, options ...Option) (*forward.Model, error) {
	var limits forward.Limits
	for _, o := range options {
		o(&limits)
	}
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, fmt.Errorf("model: %w: %w", ErrModel, err)
	}
	graph, ok := f.Metadata[keyGraph]
	if !ok {
		return nil, fmt.Errorf("model: %w: it has weights, but no %s in its metadata", ErrModel, keyGraph)
	}
	if v := f.Metadata[keyVersion]; v != version {
		return nil, fmt.Errorf("model: %w: version %q, not %q", ErrModel, v, version)
	}
	if err := f.CheckSum(data, keySum); err != nil {
		return nil, fmt.Errorf("model: %w: %w", ErrModel, err)
	}
	g, err := forward.ParseGraph([]byte(graph))
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	g = g.WithLimits(limits)
	if err := g.CheckLimits(); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	weights := map[string]*tensor.Tensor{}
	for _, name := range f.Names() {
		t, err := f.Tensor(name)
		if err != nil {
			return nil, fmt.Errorf("model: %w", err)
		}
		weights[name] = t
	}
	m, err := g.Load(weights)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

// ReadFile reads a model. Errors name the file.
func ReadFile(path string, options ...Option) (*forward.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	m, err := Parse(data, options...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// Notes are those of a file, by their keys: what its metadata say beside the
// graph. They are read from its bytes alone; [Parse] checks the file.
func Notes(data []byte) (map[string]string, error) {
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, fmt.Errorf("model: %w: %w", ErrModel, err)
	}
	notes := map[string]string{}
	for key, value := range f.Metadata {
		name, ours := strings.CutPrefix(key, noteKey(""))
		if ours && key != keyVersion && key != keyGraph && key != keySum {
			notes[name] = value
		}
	}
	return notes, nil
}

// WriteFile writes a model, with notes: all of it, or nothing. A file of that
// name is replaced.
func WriteFile(path string, m *forward.Model, notes ...Note) error {
	data, err := Encode(m, notes...)
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, data); err != nil {
		return fmt.Errorf("model: %w", err)
	}
	return nil
}
