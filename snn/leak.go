package snn

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
)

// Method is how a time constant becomes a decay per step.
type Method uint8

// The methods.
const (
	MethodExact Method = iota // exp(-DT/Tau)
	MethodEuler               // 1 - DT/Tau
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

// leakOptions are the options of a decay and an input gain.
type leakOptions struct {
	decay, tau, dt Value
	method         Method
	gain           Value
	normalized     bool
}

var errGainTwice = fmt.Errorf("%w: both Gain and Normalized", ErrOption)

// params adds decay and gain to a neuron, as parameters of its kernel from
// first on.
func (l leakOptions) params(n *neuron, prefix string, first param) {
	decay, err := decayOf(l.decay, l.tau, l.dt, l.method)
	n.fail(err)
	n.param(prefix+"decay", decay, 0, 1, first+paramDecay)
	if !l.normalized {
		n.param(prefix+"gain", l.gain.Or(1), -unbounded, unbounded, first+paramGain)
		return
	}
	if l.gain != 0 {
		n.fail(errGainTwice)
	}
	n.derive(first+paramGain, func(v values) []float32 {
		decay := v[prefix+"decay"]
		return each(func(d, _ float32) float32 { return 1 - d }, decay, decay)
	}, claim{prefix + "decay", func(values) []float32 { return constant(-1, n.in.Size()) }})
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
		if method != MethodExact {
			return 0, fmt.Errorf("%w: Method %v without Tau", ErrOption, method)
		}
		return decay.Or(defaultDecay), nil
	}
	if decay != 0 {
		return 0, fmt.Errorf("%w: both Decay and Tau", ErrOption)
	}
	t, step := float64(tau.Or(0)), float64(dt.Or(1))
	if !(t > 0 && step > 0) || math.IsInf(t, 1) || math.IsInf(step, 1) {
		return 0, fmt.Errorf("%w: Tau is %v, DT is %v", ErrOption, tau, dt)
	}
	if method == MethodEuler {
		return float32(1 - step/t), nil
	}
	return float32(detmath.Exp(-step / t)), nil
}

// defaultDecay is the decay of a neuron that names neither Decay nor Tau.
const defaultDecay = 0.9
