package snn

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// LI is a leaky integrator, the usual readout; its output is its membrane:
//
//	v = decay*v + gain*x
//	y = v
//
// Its state is v. Parameters: decay, and gain unless Normalised, each of shape
// [1], [channels] or the shape of the input. SNNAX's SimpleLI and jaxpike's
// LeakyIntegrator are Normalised; spyx's LI is not.
type LI struct {
	Decay      Value  `json:"decay,omitzero"` // a step, from 0 to 1; default 0.9, or from Tau
	Tau        Value  `json:"tau,omitzero"`   // time constant, in the unit of DT
	DT         Value  `json:"dt,omitzero"`    // length of a step; default 1
	Method     Method `json:"method,omitzero"`
	Gain       Value  `json:"gain,omitzero"`       // of the input; default 1
	Normalised bool   `json:"normalised,omitzero"` // the gain is 1-decay
}

// Type returns "LI".
func (LI) Type() string { return "LI" }

// Build works for every shape.
func (l LI) Build(in tensor.Shape) (*Plan, error) {
	leak := leakOptions{l.Decay, l.Tau, l.DT, l.Method, l.Gain, l.Normalised}
	params, err := leak.params(in)
	if err != nil {
		return nil, err
	}
	return &Plan{
		Out:    in,
		Params: params,
		State:  in.Size(),
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			decay, gain, err := leak.prepare(params, in)
			return &li{decay, gain}, err
		},
	}, nil
}

type li struct{ decay, gain []float32 }

func (l *li) Forward(x, y tensor.Signal, state []float32, _ *Scratch) {
	steps, batch, _ := x.Dims()
	n := len(l.decay)
	in, out := x.(*tensor.Tensor).Data, y.(*tensor.Tensor).Data
	for b := range batch {
		simd.LI(out[b*n:], state[b*n:(b+1)*n], in[b*n:], l.decay, l.gain, steps, batch*n, batch*n)
	}
}

// leakOptions are the options of a leak and an input gain.
type leakOptions struct {
	decay, tau, dt Value
	method         Method
	gain           Value
	normalised     bool
}

// params checks the options.
func (l leakOptions) params(in tensor.Shape) ([]Param, error) {
	decay, err := decayOf(l.decay, l.tau, l.dt, l.method)
	if err != nil {
		return nil, err
	}
	params := []Param{neuronParam("decay", in, decay)}
	if l.normalised {
		if l.gain != 0 {
			return nil, errGainTwice
		}
		return params, nil
	}
	gain := l.gain.or(1)
	return append(params, neuronParam("gain", in, gain)), checkGain(gain)
}

// prepare returns the decay and the gain of every neuron.
func (l leakOptions) prepare(params map[string]*tensor.Tensor, in tensor.Shape) (decay, gain []float32, err error) {
	decay = expand(params["decay"], in)
	if err := checkEach("decay", decay, 0, 1); err != nil {
		return nil, nil, err
	}
	if !l.normalised {
		return decay, expand(params["gain"], in), nil
	}
	gain = make([]float32, len(decay))
	for i, d := range decay {
		gain[i] = 1 - d
	}
	return decay, gain, nil
}
