// Package vectors reads the test vectors recorded from other frameworks: a
// safetensors file each, whose metadata are JSON. Their README has the format.
// A case knows what of it was asked for, so that nothing is passed over in
// silence: see [Case.Unread].
package vectors

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/tensor"
)

// ErrCase is wrapped by errors about files that are not cases of the kind
// asked for.
var ErrCase = errors.New("not such a case")

// Case is one file.
type Case struct {
	Kind, Name string
	// Meta are its metadata.
	Meta *Fields
	file *safetensors.File
	read map[string]bool // tensors
}

// ReadFile reads a case.
func ReadFile(path string) (*Case, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// Read reads a case from the bytes of its file.
func Read(data []byte) (*Case, error) {
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	for key, text := range f.Metadata {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			return nil, fmt.Errorf("vectors: %w: %q: %w", ErrCase, key, err)
		}
		values[key] = v
	}
	c := &Case{Meta: newFields("", values, new(error)), file: f, read: map[string]bool{}}
	c.Kind, c.Name = c.Meta.Text("kind"), c.Meta.Text("name")
	return c, c.Meta.Err()
}

// Tensor returns a tensor of float32.
func (c *Case) Tensor(name string) (*tensor.Tensor, error) {
	c.read[name] = true
	return c.file.Tensor(name)
}

// Has reports whether there is a tensor of that name.
func (c *Case) Has(name string) bool {
	_, ok := c.file.Entry(name)
	return ok
}

// Shape is that of a tensor, which is not read by it.
func (c *Case) Shape(name string) tensor.Shape {
	e, _ := c.file.Entry(name)
	return e.Shape
}

// Int64s returns a tensor of integers.
func (c *Case) Int64s(name string) ([]int64, tensor.Shape, error) {
	c.read[name] = true
	return c.file.Int64s(name)
}

// Names lists the tensors.
func (c *Case) Names() []string { return c.file.Names() }

// Unread lists the tensors and, by their places, the metadata that nobody has
// asked for.
func (c *Case) Unread() []string {
	list := c.Meta.Unread()
	for _, name := range c.Names() {
		if !c.read[name] {
			list = append(list, "tensor "+name)
		}
	}
	slices.Sort(list)
	return list
}
