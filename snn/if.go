package snn

import (
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// IF is an integrate-and-fire neuron, [LIF] without the leak. With its
// defaults:
//
//	v = v + gain*x
//	s = v >= threshold
//	v = v - s*threshold
//	y = s
//
// Its state is v. Parameters: gain, threshold, and reset for the reset to a
// value, each of shape [1], [channels] or the shape of the input.
//
// NIR's IF is Strict with the reset ToValue v_reset; SpikingJelly's IFNode
// resets to zero, or subtracts if v_reset is None; spyx's IF tests the old
// membrane, which this one does not.
type IF struct {
	Gain      Value          `json:"gain,omitzero"`      // of the input; default 1
	Threshold Value          `json:"threshold,omitzero"` // default 1
	Strict    bool           `json:"strict,omitzero"`    // spike only above the threshold
	Reset     Reset          `json:"reset,omitzero"`
	Timing    Timing         `json:"timing,omitzero"`
	ResetTo   Value          `json:"reset_to,omitzero"`  // for Reset ToValue; default 0
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
	Detach    bool           `json:"detach,omitzero"`    // no gradient through the reset
}

// Type returns "IF".
func (IF) Type() string { return "IF" }

// Build works for every shape.
func (f IF) Build(in tensor.Shape) (*Plan, error) {
	firing := fireOptions{f.Threshold, f.Strict, f.Reset, f.Timing, f.ResetTo, f.Surrogate}
	gain := f.Gain.or(1)
	if err := checkGain(gain); err != nil {
		return nil, err
	}
	params, err := firing.params(in)
	if err != nil {
		return nil, err
	}
	return &Plan{
		Out:    in,
		Params: append([]Param{neuronParam("gain", in, gain)}, params...),
		State:  in.Size(),
		Kinds:  denseToSpikes,
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			op := &fire{gain: expand(params["gain"], in)}
			firing.prepare(op, params, in)
			return op, nil
		},
	}, nil
}
