package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Spec describes a network. [New] checks it and makes a [Graph] of it.
type Spec struct {
	Inputs []Input
	Layers []Node
	// Rule gives the delay of every edge that does not say its own.
	Rule Rule
	// Outputs are the layers whose output a run returns, the main one first;
	// none stands for the last layer.
	Outputs []string
}

// Input is an input of the network.
type Input struct {
	Name  string
	Shape tensor.Shape // of one sample at one step
}

// Node is a layer and where its input comes from: its sources in their order,
// then model inputs in theirs. A node that names neither reads, if it is the
// first, the first model input, else the node before it.
type Node struct {
	// Name is unique; none stands for the type in lower case and a number:
	// lif1, lif2.
	Name    string
	Layer   snn.Layer
	Sources []Source
	Inputs  []string
	Join    Join
	// Initial names a parameter of the layer whose values its delayed edges
	// deliver before time begins; none stands for zero. (SNNAX starts a Linear
	// at its bias.)
	Initial string
}

// Source is an edge from another layer, or the same one.
type Source struct {
	Layer string
	Delay Delay
}

// From is an edge whose delay the rule gives.
func From(layer string) Source { return Source{Layer: layer} }

// After is an edge with a delay of its own.
func After(steps int, layer string) Source { return Source{Layer: layer, Delay: Steps(steps)} }

// Delay is the delay of an edge. The zero value leaves it to the rule.
type Delay struct {
	set   bool
	steps int
}

// Steps is a delay of so many steps.
func Steps(n int) Delay { return Delay{true, n} }

// Steps is the number of steps, or -1 if it is left to the rule.
func (d Delay) Steps() int {
	if !d.set {
		return -1
	}
	return d.steps
}

// maxDelay bounds what a state has to remember.
const maxDelay = 1 << 16

// Rule gives the delays of edges between layers.
type Rule uint8

// The two rules.
const (
	RuleDefault Rule = iota // 0 to a later layer, 1 to the same or an earlier one
	RuleDelayed             // 1 everywhere
)

// delay is the delay of an edge between two layers by their positions.
func (r Rule) delay(from, to int) int {
	if r == RuleDelayed || from >= to {
		return 1
	}
	return 0
}

// String is the name in model files.
func (r Rule) String() string {
	if r == RuleDelayed {
		return "delayed"
	}
	return "default"
}

// Join is how a layer with several inputs reads them.
type Join uint8

// The two ways.
const (
	JoinConcat Join = iota // one after another; SNNAX's way
	JoinSum                // added, left to right; they have one shape; NIR's way
)

// String is the name in model files.
func (j Join) String() string {
	if j == JoinSum {
		return "sum"
	}
	return "concat"
}

// parse finds the value whose name this is.
func parse[T fmt.Stringer](what, name string, values ...T) (T, error) {
	for _, v := range values {
		if v.String() == name {
			return v, nil
		}
	}
	var none T
	return none, fmt.Errorf("%w: there is no %s %q", snn.ErrOption, what, name)
}
