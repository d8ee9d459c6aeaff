package snn

import (
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/tensor"
)

// Dropout is the identity when a network runs, and costs nothing: features are
// dropped in training only, by [Dropout.Mask]. By default a sample keeps its
// mask over all steps, which is SpikingJelly's and SNNAX's dropout; EveryStep
// draws another at each step, which is snnTorch with PyTorch's Dropout.
type Dropout struct {
	Probability Value `json:"probability,omitzero"` // from 0, below 1; default 0.5
	EveryStep   bool  `json:"every_step,omitzero"`
}

// Type returns "Dropout".
func (Dropout) Type() string { return "Dropout" }

// Build works for every shape.
func (d Dropout) Build(in tensor.Shape) (*Plan, error) {
	const below1 = 1 - 0x1p-24
	if err := checkEach("Probability", []float32{d.Probability.Or(0.5)}, 0, below1); err != nil {
		return nil, err
	}
	return &Plan{
		Out: in, Reshape: true,
		Prepare: func(map[string]*tensor.Tensor) (Op, error) { return dropout{Dropout: d}, nil },
	}, nil
}

// Mask stores what the features of a sample are multiplied by at a step of
// training: 0 with Probability, else 1/(1-Probability). The numbers are a
// function of the arguments, of nothing that was drawn before, and the same on
// every machine: draw is the number of the batch, name that of the layer.
func (d Dropout) Mask(mask []float32, seed uint64, name string, draw uint32, sample uint32, step int) {
	p := d.Probability.Or(0.5)
	keep := 1 / (1 - p)
	if !d.EveryStep {
		step = 0
	}
	key := random.New(seed, name)
	for i := range mask {
		mask[i] = keep
		if key.Uniform(draw, uint64(step)<<32|uint64(sample), uint32(i)) < float64(p) {
			mask[i] = 0
		}
	}
}

// dropout multiplies by masks in training, forward and back.
type dropout struct {
	Dropout
	noTrace
}

func (dropout) Forward(x, y tensor.Signal, _ []float32, _ *Scratch) {
	CopyDense(y.(*tensor.Tensor).Data, x)
}

func (d dropout) ForwardSaving(p *Pass) {
	d.multiply(p, p.Y.(*tensor.Tensor).Data, p.X.(*tensor.Tensor).Data)
}

func (d dropout) Backward(p *Pass) {
	if p.GradX != nil {
		d.multiply(p, p.GradX, p.GradY)
	}
}

func (d dropout) multiply(p *Pass, dst, x []float32) {
	if !p.Training {
		copy(dst, x)
		return
	}
	steps, batch, features := p.X.Dims()
	n := features.Size()
	mask := p.Scratch.Floats(n)
	for b := range batch {
		for t := range steps {
			if t == 0 || d.EveryStep {
				d.Mask(mask, p.Seed, p.Layer, p.BatchNumber, uint32(p.Sample+b), int(p.Step)+t)
			}
			at := (t*batch + b) * n
			for i, m := range mask {
				dst[at+i] = x[at+i] * m
			}
		}
	}
}
