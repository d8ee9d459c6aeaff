// Package golden reads the test vectors recorded from other frameworks, and
// builds the networks they describe. Their README has the format.
package golden

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spikelane/spikelane/safetensors"
	"github.com/spikelane/spikelane/tensor"
)

// ErrCase is wrapped by errors about files that are not cases of the kind
// asked for.
var ErrCase = errors.New("not such a case")

// Case is one file.
type Case struct {
	Kind, Name string
	file       *safetensors.File
}

// ReadFile reads a case.
func ReadFile(path string) (*Case, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c := &Case{file: f}
	for key, into := range map[string]*string{"kind": &c.Kind, "name": &c.Name} {
		if err := c.Meta(key, into); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return c, nil
}

// Meta decodes an entry of the metadata, each of which is JSON.
func (c *Case) Meta(key string, into any) error {
	text, ok := c.file.Metadata[key]
	if !ok {
		return fmt.Errorf("golden: %w: no %q in its metadata", ErrCase, key)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("golden: %w: %q: %w", ErrCase, key, err)
	}
	return nil
}

// Tensor returns a tensor of float32.
func (c *Case) Tensor(name string) (*tensor.Tensor, error) { return c.file.Tensor(name) }

// Has reports whether there is a tensor of that name.
func (c *Case) Has(name string) bool {
	_, ok := c.file.Entry(name)
	return ok
}

// Int64s returns a tensor of integers.
func (c *Case) Int64s(name string) ([]int64, tensor.Shape, error) { return c.file.Int64s(name) }

// Names lists the tensors.
func (c *Case) Names() []string { return c.file.Names() }
