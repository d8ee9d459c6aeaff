package nir

import "github.com/spikelane/spikelane/tensor"

// Node is one of the primitives of NIR: a struct of this package, or a
// [*Graph]. No other type implements it.
type Node interface {
	// Type is the name of the primitive in files.
	Type() string

	// shapes returns the shape of the node's input that its parameters ask for,
	// nil if any will do, and that of its output, given its input's; either may
	// be unknown, nil.
	shapes(in tensor.Shape) (wants, gives tensor.Shape, err error)
	metadata() Metadata
}

// Metadata is what a file says of a node for people: by name an [Array], or
// another Metadata. Every primitive has it.
type Metadata map[string]any

func (m Metadata) metadata() Metadata { return m }

// The fields of a primitive are the datasets of its group. Their tags are the
// names there, and
//
//	optional   it may be missing
//	implied    it may be missing in lenient reading: other shapes imply it
//	each       it has one number for each neuron: all such fields of a node
//	           have the same shape, that of the node's input and output
//	single     as each, but one number may stand for all
//	text       it may be a text
//
// primitives are all of them, but for the graph.
var primitives = []Node{
	Input{}, Output{}, Affine{}, Linear{}, Scale{}, Conv1d{}, Conv2d{}, SumPool2d{}, AvgPool2d{}, Flatten{},
	Delay{}, Threshold{}, I{}, IF{}, LI{}, LIF{}, CubaLI{}, CubaLIF{},
}
