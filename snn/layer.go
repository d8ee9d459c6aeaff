package snn

import (
	"errors"

	"github.com/spikelane/spikelane/tensor"
)

// ErrOption is wrapped by errors about options and parameters out of range.
var ErrOption = errors.New("option out of range")

// Layer is the description of a layer. Users' own layers implement it, and
// register a prototype with [Register] if they are to be saved.
type Layer interface {
	// Type is the name of the layer's type in model files.
	Type() string
	// Build checks the options against the shape of one sample of the input
	// at one step. Its errors need not name the layer: the graph does.
	Build(in tensor.Shape) (*Plan, error)
}

// Plan is a layer whose shapes are known.
type Plan struct {
	// Out is the shape of one sample of the output at one step.
	Out tensor.Shape
	// Params are the named parameters, all of which Prepare is given.
	Params []Param
	// States are the variables of neurons, each of which has the features of the
	// output, in what the layer remembers of a sample. They may be nil.
	States []Variable
	// Neurons is the shape of a variable; nil stands for that of the output.
	Neurons tensor.Shape
	// Gradients are, of neurons, the variables whose gradient goes from a step to
	// the one before it, in [Pass].StateGrad of a sample. They may be nil.
	Gradients []Variable
	// State is how many numbers the layer remembers of a sample. They are zero
	// before the first step, unless InitState says otherwise. More than an int counts
	// is said as math.MaxInt, which every limit refuses.
	State int
	// InitState, if not nil, fills the state of one sample before its first step.
	InitState func(state []float32)
	// Kinds says, for the kind in which the input comes, as which kind the
	// layer wants to read it, and which kind it then writes. A nil Kinds reads
	// and writes dense.
	Kinds func(source tensor.Kind) (reads, writes tensor.Kind)
	// Reshape says that the output is the input under another shape: there is
	// nothing to run, and Prepare may be nil. If it is not, the layer does
	// something in training alone, where its op is run by [Pass].Training.
	Reshape bool
	// Canonical, of a layer that is one of this package's neurons under a name and
	// parameters of its own, as presets are, returns that neuron and its
	// parameters, those left out being as its options say. Files of other
	// formats are written with it. It may be nil.
	Canonical func(params map[string]*tensor.Tensor) (Layer, map[string]*tensor.Tensor, error)
	// Prepare makes the layer ready to run. It must copy what it keeps.
	Prepare func(params map[string]*tensor.Tensor) (Op, error)
}

// Variable is the shape of one of the States.
func (p *Plan) Variable() tensor.Shape {
	if p.Neurons != nil {
		return p.Neurons
	}
	return p.Out
}

// Param is a parameter of a layer: a named tensor, as files and trainers see
// it.
type Param struct {
	Name  string
	Shape tensor.Shape
	// Or lists other shapes that a loaded tensor may have instead.
	Or []tensor.Shape
	// Init fills a new tensor.
	Init Init
	// Bounds are the least and the greatest value, if there are any: a trainer
	// keeps to them.
	Bounds *[2]float32
	// Optional says that weights need not hold it: Init is its value then.
	Optional bool
}

// Op is a layer ready to run. It is immutable, and safe for concurrent use as
// long as state, y and scratch are not shared.
type Op interface {
	// Forward reads the T steps of B samples in x and writes those of y, whose
	// kind and size are already right. state holds [Plan].State numbers for
	// each sample, one after another, and is T steps further on afterwards.
	Forward(x, y tensor.Signal, state []float32, scratch *Scratch)
}

// Joiner is an [Op] that reads several inputs as their concatenation, in their
// order, without needing them in one place.
type Joiner interface {
	Op
	ForwardJoined(xs []tensor.Signal, y tensor.Signal, state []float32, scratch *Scratch)
}

// Synapses is an [Op] with weights. It can say how many synaptic operations an
// input costs: one for each connection from a feature that is not zero.
type Synapses interface {
	Op
	Operations(x tensor.Signal) int64
}
