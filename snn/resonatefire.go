package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// ResonateFire is the resonate-and-fire neuron of Izhikevich (2001): a point
// that turns by Frequency*DT radians a step and falls towards the origin.
//
//	u = cosine*u - sine*v + gain*x   (the old u and v on the right)
//	v = sine*u + cosine*v
//	s = v >= threshold
//	u = 0, v = reset where s
//	y = s
//
// with cosine = exp(-Damping*DT)*cos(Frequency*DT), and sine alike. Its states
// are u and v. Parameters: cosine, sine, gain, threshold, and reset unless
// NoReset, each of shape [1], [channels] or the shape of the input.
type ResonateFire struct {
	Frequency Value          `json:"frequency,omitzero"` // angular; default 1
	Damping   Value          `json:"damping,omitzero"`   // default 0.1
	DT        Value          `json:"dt,omitzero"`        // default 1
	Gain      Value          `json:"gain,omitzero"`      // of the input; default 1
	Threshold Value          `json:"threshold,omitzero"` // default 1
	Strict    bool           `json:"strict,omitzero"`    // spike only above the threshold
	NoReset   bool           `json:"no_reset,omitzero"`
	ResetTo   Value          `json:"reset_to,omitzero"`  // default 0
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
}

// Type returns "ResonateFire".
func (ResonateFire) Type() string { return "ResonateFire" }

// Build works for every shape.
func (r ResonateFire) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	fireOptions{threshold: r.Threshold, strict: r.Strict, surrogate: r.Surrogate}.test(n)
	dt := float64(r.DT.Or(1))
	angle := float64(float64(r.Frequency.Or(1)) * dt)
	shrink := detmath.Exp(-float64(float64(r.Damping.Or(0.1)) * dt))
	n.param("cosine", float32(shrink*detmath.Cos(angle)), -unbounded, unbounded, paramCosine)
	n.param("sine", float32(shrink*detmath.Sin(angle)), -unbounded, unbounded, paramSine)
	n.param("gain", r.Gain.Or(1), -unbounded, unbounded, paramGain)
	if r.NoReset {
		if r.ResetTo != 0 {
			n.fail(fmt.Errorf("%w: ResetTo with NoReset", ErrOption))
		}
		return n.plan(&resonateNoReset)
	}
	n.param("reset", r.ResetTo.Or(0), -unbounded, unbounded, paramValue)
	return n.plan(&resonateValue)
}
