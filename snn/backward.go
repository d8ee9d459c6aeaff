package snn

import (
	"errors"

	"github.com/spikelane/spikelane/tensor"
)

// ErrBackward is wrapped by errors about layers that have no backward pass.
var ErrBackward = errors.New("no gradient")

// Differentiable is an [Op] with a backward pass: what training needs of a
// layer.
//
// The rules of sums are those of the whole library: a gradient of an input
// adds over outputs ascending; a gradient of a parameter over samples
// ascending and, of each, over steps descending. Then nothing depends on how
// steps and samples are cut into calls.
type Differentiable interface {
	Op
	// SavedSizes says how many numbers a step of a sample leaves for the backward
	// pass, in each of the arrays that hold them. A layer without any runs the
	// same way forward whether or not a gradient will be asked for.
	SavedSizes() []int
	// StateGradSize is how many numbers of gradient go from a step to the one
	// before it, for each sample.
	StateGradSize() int
	// ParamGradSize is how many numbers the gradients of the parameters take
	// while they are added up. Either Backward adds them up, sample by sample,
	// and then AccumulatesPerSample is true; or AccumulateParamGrad does, over all
	// steps.
	ParamGradSize() int
	AccumulatesPerSample() bool
	// ForwardSaving is Forward, and saves what the backward pass reads.
	ForwardSaving(p *Pass)
	// Backward stores p.GradX, unless that is nil, and moves p.StateGrad from
	// after the steps to before them. If AccumulatesPerSample, it adds to
	// p.ParamGrad, ParamGradSize numbers for each sample.
	Backward(p *Pass)
	// AccumulateParamGrad adds to p.ParamGrad what follows from X and GradY, over
	// all steps at once, after Backward has been called for all of them. It is
	// not called if AccumulatesPerSample.
	AccumulateParamGrad(p *Pass)
	// ParamGrads returns the gradients of the parameters by name, each in the
	// shape that the parameter was given in.
	ParamGrads(sums []float32) map[string]*tensor.Tensor
}

// Pass is some steps of some samples on their way through a layer, forward or
// back.
type Pass struct {
	X, Y  tensor.Signal
	State []float32   // forward
	Saved [][]float32 // each [T, B, numbers]: see Differentiable

	GradY []float32 // gradient of the output, [T, B, features]
	GradX []float32 // gradient of the input, written; nil if nobody asks
	// StateGrad is the gradient of the state, StateGradSize numbers for each
	// sample.
	StateGrad    []float32
	ParamGrad    []float32 // added to
	ParamsFrozen bool      // no parameter is trained: ParamGrad is not read
	Scratch      *Scratch

	// Training says that layers which do something in training alone, such as
	// Dropout, are to do it. What they draw depends on the Seed of the training,
	// the name of the Layer, the BatchNumber, that of the first Sample in it, and
	// that of the first Step, and on nothing else.
	Training    bool
	Seed        uint64
	Layer       string
	BatchNumber uint32
	Sample      int
	Step        int64
}

// noTrace is a layer without traces, states or parameters.
type noTrace struct{}

func (noTrace) SavedSizes() []int                              { return nil }
func (noTrace) StateGradSize() int                             { return 0 }
func (noTrace) ParamGradSize() int                             { return 0 }
func (noTrace) AccumulatesPerSample() bool                     { return false }
func (noTrace) AccumulateParamGrad(*Pass)                      {}
func (noTrace) ParamGrads([]float32) map[string]*tensor.Tensor { return nil }
