package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// Izhikevich is the neuron of Izhikevich (2003), by Euler steps:
//
//	v = v + rate*(square*v*v + linear*v + constant - u + x)
//	u = u + recovery*(sensitivity*v - u)
//	s = v >= threshold
//	v = value where s; u = u + jump where s
//	y = s
//
// With Substeps 0, one step, the recovery is driven by the v before it, as in
// Norse's Izhikevich (1.1.0). With Substeps 1 or 2 the first line is done that
// often, v is kept from Low to High after each, and the recovery is driven by
// the new v, as in jaxpike's (0.1.4).
//
// Its states are v and u; they start at value and sensitivity*value.
// Parameters: the names above and, with substeps, low and high, each of shape
// [1], [channels] or the shape of the input. The defaults are the regularly
// spiking neuron with a step of 1 ms, membranes in mV.
type Izhikevich struct {
	Square      Value          `json:"square,omitzero"`      // default 0.04
	Linear      Value          `json:"linear,omitzero"`      // default 5
	Constant    Value          `json:"constant,omitzero"`    // default 140
	Rate        Value          `json:"rate,omitzero"`        // of v: the (sub)step in ms; default 1
	Recovery    Value          `json:"recovery,omitzero"`    // a, times the step in ms; default 0.02
	Sensitivity Value          `json:"sensitivity,omitzero"` // b; default 0.2
	Threshold   Value          `json:"threshold,omitzero"`   // default 30
	Value       Value          `json:"value,omitzero"`       // c; default -65
	Jump        Value          `json:"jump,omitzero"`        // d; default 8
	Substeps    int            `json:"substeps,omitzero"`    // 0, 1 or 2
	Low         Value          `json:"low,omitzero"`         // default -200
	High        Value          `json:"high,omitzero"`        // default Threshold + 10
	Strict      bool           `json:"strict,omitzero"`      // spike only above the threshold
	Surrogate   surrogate.Func `json:"surrogate,omitzero"`   // default DefaultSurrogate
}

// Type returns "Izhikevich".
func (Izhikevich) Type() string { return "Izhikevich" }

// Build works for every shape.
func (z Izhikevich) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	if z.Threshold == 0 {
		z.Threshold = 30
	}
	fireOptions{threshold: z.Threshold, strict: z.Strict, surrogate: z.Surrogate}.test(n)
	value, sensitivity := z.Value.Or(-65), z.Sensitivity.Or(0.2)
	n.param("square", z.Square.Or(0.04), -unbounded, unbounded, paramSquare)
	n.param("linear", z.Linear.Or(5), -unbounded, unbounded, paramLinear)
	n.param("constant", z.Constant.Or(140), -unbounded, unbounded, paramConstant)
	n.param("rate", z.Rate.Or(1), -unbounded, unbounded, paramRate)
	n.param("recovery", z.Recovery.Or(0.02), -unbounded, unbounded, paramRecovery)
	n.param("sensitivity", sensitivity, -unbounded, unbounded, paramSensitivity)
	n.param("value", value, -unbounded, unbounded, paramValue)
	n.param("jump", z.Jump.Or(8), -unbounded, unbounded, paramJump)
	n.starts["v"], n.starts["u"] = value, sensitivity*value
	kernels := [...]*kernel{&izhikevich, &izhikevichSubsteps1, &izhikevichSubsteps2}
	if z.Substeps < 0 || z.Substeps >= len(kernels) {
		return nil, fmt.Errorf("%w: Substeps is %d, not from 0 to %d", ErrOption, z.Substeps, len(kernels)-1)
	}
	if z.Substeps > 0 {
		n.param("low", z.Low.Or(-200), -unbounded, unbounded, paramLow)
		n.param("high", z.High.Or(z.Threshold.Or(0)+10), -unbounded, unbounded, paramHigh)
	} else if z.Low != 0 || z.High != 0 {
		n.fail(fmt.Errorf("%w: Low and High go with Substeps", ErrOption))
	}
	return n.plan(kernels[z.Substeps])
}
