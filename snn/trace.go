package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// Alpha is snnTorch's Alpha (1.0.0): the difference of two decaying currents.
//
//	exc = alpha*exc + x
//	inh = beta*inh - x
//	v = scale*(exc + inh), scale = ln(alpha)/(ln(beta) - ln(alpha)) + 1
//	s = v > threshold
//	y = s
//
// A spike acts in the next step, after its input has been taken in: ResetToZero
// (snnTorch's default) sets exc, inh and v to 0; ResetSubtract is, as coded there,
// exc - threshold, inh = 0 and v + (the old inh). Its states are v, exc and
// inh. Parameters: alpha, beta and threshold, each of shape [1], [channels] or
// the shape of the input, with 0 < alpha < 1, 0 < beta < 1 and alpha not beta.
type Alpha struct {
	Alpha     Value          `json:"alpha,omitzero"`     // default 0.9
	Beta      Value          `json:"beta,omitzero"`      // default 0.8
	Threshold Value          `json:"threshold,omitzero"` // default 1
	Reset     Reset          `json:"reset,omitzero"`
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
}

// Type returns "Alpha".
func (Alpha) Type() string { return "Alpha" }

// Build works for every shape.
func (a Alpha) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	const above, below = 1e-30, 1 - 0x1p-24
	n.param("alpha", a.Alpha.Or(0.9), above, below, paramAlpha)
	n.param("beta", a.Beta.Or(0.8), above, below, paramBeta)
	fireOptions{threshold: a.Threshold, strict: true, surrogate: a.Surrogate, detach: DetachSpikeInReset}.test(n)
	kernel := &alphaNone
	switch a.Reset {
	case ResetNone:
	case ResetToZero:
		kernel = &alphaZero
	case ResetSubtract:
		kernel = &alphaSubtract
		n.derive(paramAmount, func(v values) []float32 { return v["threshold"] }, claim{by: "threshold"})
	default:
		n.fail(fmt.Errorf("%w: Alpha has no reset %v", ErrOption, a.Reset))
	}
	if a.Alpha.Or(0.9) == a.Beta.Or(0.8) {
		n.fail(fmt.Errorf("%w: Alpha and Beta are equal", ErrOption))
	}
	n.derive(paramScale, func(v values) []float32 {
		return each(func(alpha, beta float32) float32 {
			l := detmath.Log(float64(alpha))
			return float32(l/(detmath.Log(float64(beta))-l) + 1)
		}, v["alpha"], v["beta"])
	}, claim{"alpha", scaleByAlpha}, claim{"beta", scaleByBeta})
	return n.plan(kernel)
}

// scaleByAlpha and scaleByBeta are the derivatives of Alpha's scale: with a =
// ln(alpha), b = ln(beta), scale = a/(b-a) + 1 has the derivative b/(b-a)^2 by a,
// and -a/(b-a)^2 by b.
func scaleByAlpha(v values) []float32 {
	return each(func(alpha, beta float32) float32 {
		a, b := detmath.Log(float64(alpha)), detmath.Log(float64(beta))
		return float32(b / float64((b-a)*(b-a)) / float64(alpha))
	}, v["alpha"], v["beta"])
}

func scaleByBeta(v values) []float32 {
	return each(func(alpha, beta float32) float32 {
		a, b := detmath.Log(float64(alpha)), detmath.Log(float64(beta))
		return float32(-a / float64((b-a)*(b-a)) / float64(beta))
	}, v["alpha"], v["beta"])
}

// SigmaDelta is SNNAX's SigmaDelta (b7a55c6): it sends the changes of its input, and
// subtracts what it has sent.
//
//	sigma = sigma_decay*sigma + x
//	error = sigma - feedback
//	delta = delta_decay*delta + error
//	s = delta >= threshold
//	feedback = feedback_decay*feedback + s
//	y = s
//
// Its states are sigma, delta, feedback and error. Parameters: sigma_decay,
// delta_decay, feedback_decay and threshold, each of shape [1], [channels] or
// the shape of the input.
type SigmaDelta struct {
	SigmaDecay    Value          `json:"sigma_decay,omitzero"`    // default 0.9
	DeltaDecay    Value          `json:"delta_decay,omitzero"`    // default 0.9
	FeedbackDecay Value          `json:"feedback_decay,omitzero"` // default 0.9
	Threshold     Value          `json:"threshold,omitzero"`      // default 1
	Strict        bool           `json:"strict,omitzero"`         // spike only above the threshold
	Surrogate     surrogate.Func `json:"surrogate,omitzero"`      // default DefaultSurrogate
}

// Type returns "SigmaDelta".
func (SigmaDelta) Type() string { return "SigmaDelta" }

// Build works for every shape.
func (s SigmaDelta) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	n.param("sigma_decay", s.SigmaDecay.Or(0.9), -unbounded, unbounded, paramSigmaDecay)
	n.param("delta_decay", s.DeltaDecay.Or(0.9), -unbounded, unbounded, paramDeltaDecay)
	n.param("feedback_decay", s.FeedbackDecay.Or(0.9), -unbounded, unbounded, paramFeedbackDecay)
	fireOptions{threshold: s.Threshold, strict: s.Strict, surrogate: s.Surrogate}.test(n)
	return n.plan(&sigmaDelta)
}

// SpikeResponse is the firing part of SNNAX's SRM (b7a55c6): a trace of its own spikes
// holds the neuron back.
//
//	r = decay*r + jump*s   (s of the step before)
//	u = x - scale*r
//	s = u >= threshold
//	y = s
//
// Its states are r, s and u. Parameters: decay, jump, scale and threshold,
// each of shape [1], [channels] or the shape of the input. SNNAX's SRM is two
// LI, a Linear and this: jump 1 as intended, jump = scale as it is written.
type SpikeResponse struct {
	Decay     Value          `json:"decay,omitzero"`     // of the trace; default 0.9
	Jump      Value          `json:"jump,omitzero"`      // of the trace at a spike; default 1
	Scale     Value          `json:"scale,omitzero"`     // of the trace; default 1
	Threshold Value          `json:"threshold,omitzero"` // default 1
	Strict    bool           `json:"strict,omitzero"`    // spike only above the threshold
	Surrogate surrogate.Func `json:"surrogate,omitzero"` // default DefaultSurrogate
	Detach    Detach         `json:"detach,omitzero"`    // of the trace from the gradient
}

// Type returns "SpikeResponse".
func (SpikeResponse) Type() string { return "SpikeResponse" }

// Build works for every shape.
func (s SpikeResponse) Build(in tensor.Shape) (*Plan, error) {
	n := newNeuron(in)
	n.param("decay", s.Decay.Or(0.9), 0, 1, paramDecay)
	n.param("jump", s.Jump.Or(1), -unbounded, unbounded, paramJump)
	n.param("scale", s.Scale.Or(1), -unbounded, unbounded, paramScale)
	fireOptions{threshold: s.Threshold, strict: s.Strict, surrogate: s.Surrogate, detach: s.Detach}.test(n)
	return n.plan(&spikeResponse)
}
