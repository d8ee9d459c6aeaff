package surrogate

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/simd"
)

// levels is how a function depends on the threshold itself.
type levels uint8

const (
	absolute     levels = iota // not
	relative                   // D(x/threshold) / threshold
	perThreshold               // D(x) / threshold
)

const scaleKey, levelsKey = "scale", "levels"

var levelNames = []string{"absolute", "relative", "per threshold"}

const errLengths = "surrogate: slices of different lengths"

const errThreshold = "surrogate: the function depends on the threshold: see DerivativeAt"

// Scaled is f of a distance in other units: D(x/scale) / scale. jaxpike's
// Izhikevich has such a scale.
func (f Func) Scaled(scale float32) Func { f.scale = scale; return f }

// Relative is f of the distance as a share of the threshold: D(x/threshold) /
// threshold, sinabs' SingleExponential.
func (f Func) Relative() Func { f.levels = relative; return f }

// PerThreshold is f for spikes that count how often the threshold fits: D(x) /
// threshold, Rockpool's StepPWL and sinabs' Heaviside.
func (f Func) PerThreshold() Func { f.levels = perThreshold; return f }

// NeedsThreshold reports whether the derivative depends on the threshold
// itself.
func (f Func) NeedsThreshold() bool { return f.levels != absolute }

// Derivative stores the derivative at x, the distance of the membrane from its
// threshold. dst and x may be the same slice; it panics if their lengths
// differ, and if f needs the threshold.
func (f Func) Derivative(dst, x []float32) {
	if f.NeedsThreshold() {
		panic(errThreshold)
	}
	f.scaled(dst, x)
}

func (f Func) scaled(dst, x []float32) {
	if f.scale == 0 {
		f.derivative(dst, x)
		return
	}
	simd.Divide(dst, x, f.scale)
	f.derivative(dst, dst)
	simd.Divide(dst, dst, f.scale)
}

// DerivativeAt is Derivative where the threshold is known, place by place. dst
// may be x.
func (f Func) DerivativeAt(dst, x, threshold []float32) {
	switch f.levels {
	case absolute:
		f.scaled(dst, x)
		return
	case relative:
		simd.Quotient(dst, x, threshold)
		x = dst
	}
	f.scaled(dst, x)
	simd.Quotient(dst, dst, threshold)
}

// Backward stores g times the derivative at x: the gradient of a spike passed
// back to the membrane. dst may be g or x; it panics if lengths differ, and if
// f needs the threshold.
func (f Func) Backward(dst, g, x []float32) {
	if f.NeedsThreshold() {
		panic(errThreshold)
	}
	if len(dst) != len(x) || len(g) != len(x) {
		panic(errLengths)
	}
	var some [512]float32 // of the derivatives: they stay in a first-level cache
	for len(x) > 0 {
		n := min(len(x), len(some))
		d := some[:n]
		if f.scale == 0 {
			f.derivative(d, x[:n])
		} else {
			simd.Divide(d, x[:n], f.scale)
			f.derivative(d, d)
		}
		simd.Multiply(dst[:n], g[:n], d)
		if f.scale != 0 {
			simd.Divide(dst[:n], dst[:n], f.scale)
		}
		dst, g, x = dst[n:], g[n:], x[n:]
	}
}

// unmarshalLevels reads what MarshalJSON writes of scale and levels, and takes
// it from fields.
func (f *Func) unmarshalLevels(fields map[string]json.RawMessage) error {
	if raw, ok := fields[scaleKey]; ok {
		if err := json.Unmarshal(raw, &f.scale); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrSurrogate, scaleKey, err)
		}
		delete(fields, scaleKey)
	}
	if raw, ok := fields[levelsKey]; ok {
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrSurrogate, levelsKey, err)
		}
		i := slices.Index(levelNames, name)
		if i < 0 {
			return fmt.Errorf("%w: there are no levels %q", ErrSurrogate, name)
		}
		f.levels = levels(i)
		delete(fields, levelsKey)
	}
	return nil
}
