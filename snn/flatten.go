package snn

import "github.com/spikelane/spikelane/tensor"

// Flatten gives its input, of any shape, one dimension. It costs nothing.
type Flatten struct{}

// Type returns "Flatten".
func (Flatten) Type() string { return "Flatten" }

// Build works for every shape.
func (Flatten) Build(in tensor.Shape) (*Plan, error) {
	return &Plan{Out: tensor.Shape{in.Size()}, Reshape: true}, nil
}
