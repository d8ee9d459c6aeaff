package snn

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/hostmath"
	"github.com/spikelane/spikelane/tensor"
)

// neuronParam is a parameter of a neuron: one number, one a channel, or one a
// neuron; the kernels always read one a neuron.
func neuronParam(name string, features tensor.Shape, value float32) Param {
	p := Param{Name: name, Shape: tensor.Shape{1}, Or: []tensor.Shape{features}, Init: Constant(value), Optional: true}
	if len(features) > 1 {
		p.Or = append(p.Or, features[:1])
	}
	return p
}

// expand repeats a parameter of one number, or one a channel, for all neurons.
func expand(p *tensor.Tensor, features tensor.Shape) []float32 {
	n := features.Size()
	v := make([]float32, n)
	each := n / len(p.Data)
	for i := range v {
		v[i] = p.Data[i/each]
	}
	return v
}

// checkEach reports the first number of a parameter that is out of range.
func checkEach(name string, values []float32, low, high float32) error {
	for i, v := range values {
		if !(v >= low && v <= high) {
			return fmt.Errorf("%w: %s[%d] is %v, not from %v to %v", ErrOption, name, i, v, low, high)
		}
	}
	return nil
}

// Method is how a time constant becomes a decay per step.
type Method uint8

// The methods.
const (
	Exact Method = iota // exp(-DT/Tau)
	Euler               // 1 - DT/Tau
)

var methodNames = names[Method]{"method", []string{"exact", "euler"}}

// String is the name in model files.
func (m Method) String() string { return methodNames.of(m) }

// MarshalText writes the name.
func (m Method) MarshalText() ([]byte, error) { return methodNames.marshal(m) }

// UnmarshalText reads the name.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = methodNames.unmarshal(text)
	return err
}

// decayOf is the decay per step that the options ask for.
func decayOf(decay, tau, dt Value, method Method) (float32, error) {
	if err := methodNames.check(method); err != nil {
		return 0, err
	}
	if tau == 0 {
		if dt != 0 {
			return 0, fmt.Errorf("%w: DT without Tau", ErrOption)
		}
		d := decay.or(defaultDecay)
		return d, checkEach("Decay", []float32{d}, 0, 1)
	}
	if decay != 0 {
		return 0, fmt.Errorf("%w: both Decay and Tau", ErrOption)
	}
	t, step := float64(tau.or(0)), float64(dt.or(1))
	if !(t > 0 && step > 0) || math.IsInf(t, 1) || math.IsInf(step, 1) {
		return 0, fmt.Errorf("%w: Tau is %v, DT is %v", ErrOption, tau, dt)
	}
	d := hostmath.Exp(-step / t)
	if method == Euler {
		d = 1 - step/t
	}
	return float32(d), checkEach("1 - DT/Tau", []float32{float32(d)}, 0, 1)
}

// defaultDecay is the decay of a neuron that names neither Decay nor Tau.
const defaultDecay = 0.9

// checkGain reports a gain that is not finite.
func checkGain(gain float32) error {
	return checkEach("Gain", []float32{gain}, -math.MaxFloat32, math.MaxFloat32)
}
