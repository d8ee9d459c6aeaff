// Package modelfile reads and writes models: a graph and its weights in one
// safetensors file, which docs/model-file.md describes.
//
//	m, err := modelfile.ReadFile("net.safetensors")
//	err = modelfile.WriteFile("net.safetensors", m)
package modelfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/wholefile"
	"github.com/spikelane/spikelane/safetensors"
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

// Encode returns the file of a model. The same model gives the same bytes on
// every machine.
func Encode(m *forward.Model) ([]byte, error) {
	graph, err := json.Marshal(m.Graph())
	if err != nil {
		return nil, fmt.Errorf("modelfile: %w", err)
	}
	params := m.Params()
	var tensors []safetensors.Named
	for name, t := range params {
		tensors = append(tensors, safetensors.Named{Name: name, Tensor: t})
	}
	slices.SortFunc(tensors, func(a, b safetensors.Named) int { return strings.Compare(a.Name, b.Name) })
	data, err := safetensors.Encode(tensors, map[string]string{
		keyVersion: version,
		keyGraph:   string(graph),
		keySum:     strings.Repeat("0", 2*sha256.Size),
	})
	if err != nil {
		return nil, fmt.Errorf("modelfile: %w", err)
	}
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, fmt.Errorf("modelfile: %w", err)
	}
	begin, end, _ := f.MetadataSpan(keySum)
	sum := sha256.Sum256(data)
	copy(data[begin:end], hex.EncodeToString(sum[:]))
	return data, nil
}

// Parse reads a model from the bytes of its file, of which it keeps nothing.
func Parse(data []byte) (*forward.Model, error) {
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, fmt.Errorf("modelfile: %w: %w", ErrModel, err)
	}
	graph, ok := f.Metadata[keyGraph]
	if !ok {
		return nil, fmt.Errorf("modelfile: %w: it has weights, but no %s in its metadata", ErrModel, keyGraph)
	}
	if v := f.Metadata[keyVersion]; v != version {
		return nil, fmt.Errorf("modelfile: %w: version %q, not %q", ErrModel, v, version)
	}
	if err := checkSum(f, data); err != nil {
		return nil, fmt.Errorf("modelfile: %w: %w", ErrModel, err)
	}
	g, err := forward.ParseGraph([]byte(graph))
	if err != nil {
		return nil, fmt.Errorf("modelfile: %w", err)
	}
	weights := map[string]*tensor.Tensor{}
	for _, name := range f.Names() {
		t, err := f.Tensor(name)
		if err != nil {
			return nil, fmt.Errorf("modelfile: %w", err)
		}
		weights[name] = t
	}
	m, err := g.Load(weights)
	if err != nil {
		return nil, fmt.Errorf("modelfile: %w", err)
	}
	return m, nil
}

// checkSum compares the sum in the metadata with that of the file in which its
// place holds zeros.
func checkSum(f *safetensors.File, data []byte) error {
	begin, end, ok := f.MetadataSpan(keySum)
	if !ok || end-begin != 2*sha256.Size {
		return fmt.Errorf("no %s in its metadata", keySum)
	}
	h := sha256.New()
	h.Write(data[:begin])
	h.Write(bytes.Repeat([]byte("0"), end-begin))
	h.Write(data[end:])
	if hex.EncodeToString(h.Sum(nil)) != string(data[begin:end]) {
		return errors.New("its checksum does not match: it is damaged, or was changed by hand")
	}
	return nil
}

// ReadFile reads a model. Errors name the file.
func ReadFile(path string) (*forward.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("modelfile: %w", err)
	}
	m, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// WriteFile writes a model: all of it, or nothing. A file of that name is
// replaced.
func WriteFile(path string, m *forward.Model) error {
	data, err := Encode(m)
	if err != nil {
		return err
	}
	if err := wholefile.Write(path, data); err != nil {
		return fmt.Errorf("modelfile: %w", err)
	}
	return nil
}
