package golden

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
)

// Surrogate is the spike function of a surrogate case.
type Surrogate struct {
	Func surrogate.Func
	// Neuron spikes as the framework does at the argument of the case; nil
	// where the framework draws its spikes.
	Neuron snn.Layer
	// Threshold is subtracted from the argument of the case to make that of
	// Func: zero, unless the argument is the membrane itself.
	Threshold float32
}

// numbers reads the numeric parameters of a case; the first that is missing
// fails the case.
type numbers struct {
	p   parameters
	err error
}

func (n *numbers) of(name string) float32 {
	v, ok := n.p[name].(float64)
	if !ok && n.err == nil {
		n.err = fmt.Errorf("golden: %w: parameter %q is %v", ErrCase, name, n.p[name])
	}
	return float32(v)
}

// surrogates are the spike functions of the frameworks by the names of their
// cases.
var surrogates = map[string]func(n *numbers) surrogate.Func{
	"snnax.superspike": func(n *numbers) surrogate.Func { return surrogate.SuperSpike(n.of("beta")) },
	"snnax.sigmoid":    func(n *numbers) surrogate.Func { return surrogate.Sigmoid(n.of("beta")) },
	"snnax.piecewise":  func(n *numbers) surrogate.Func { return surrogate.Box(1, n.of("beta"), 0) },

	"snntorch.atan":         func(n *numbers) surrogate.Func { return surrogate.ATan(n.of("alpha")) },
	"snntorch.fast_sigmoid": func(n *numbers) surrogate.Func { return surrogate.FastSigmoid(n.of("slope")) },
	"snntorch.sigmoid":      func(n *numbers) surrogate.Func { return surrogate.Sigmoid(n.of("slope")) },
	"snntorch.heaviside":    func(*numbers) surrogate.Func { return surrogate.LeakySpike(0) },
	"snntorch.LSO":          func(n *numbers) surrogate.Func { return surrogate.LeakySpike(n.of("slope")) },
	"snntorch.SFS":          func(n *numbers) surrogate.Func { return surrogate.ShiftedFastSigmoid(n.of("slope"), n.of("B")) },
	"snntorch.triangular":   func(n *numbers) surrogate.Func { return surrogate.SignedThreshold(n.of("threshold")) },
	"snntorch.spike_rate_escape": func(n *numbers) surrogate.Func {
		return surrogate.SpikeRateEscape(n.of("beta"), n.of("slope"))
	},
	"snntorch.straight_through_estimator": func(*numbers) surrogate.Func { return surrogate.StraightThrough() },

	"norse.super":       func(*numbers) surrogate.Func { return surrogate.FastSigmoid(1) },
	"norse.super_alpha": func(n *numbers) surrogate.Func { return surrogate.FastSigmoid(n.of("alpha")) },
	"norse.triangle":    func(n *numbers) surrogate.Func { return surrogate.Triangle(n.of("alpha"), 1) },
	"norse.tanh":        func(n *numbers) surrogate.Func { return surrogate.Tanh(n.of("alpha")) },
	"norse.logistic":    func(n *numbers) surrogate.Func { return surrogate.Tanh(n.of("alpha")) },
	"norse.heavi_erfc":  func(n *numbers) surrogate.Func { return surrogate.HeaviErfc(n.of("alpha")) },
	"norse.circ":        func(n *numbers) surrogate.Func { return surrogate.Circ(n.of("alpha")) },
	"norse.circ_dist":   func(n *numbers) surrogate.Func { return surrogate.Circ(n.of("alpha")) },

	"spikingjelly.ATan":                  func(n *numbers) surrogate.Func { return surrogate.ATan(n.of("alpha")) },
	"spikingjelly.Sigmoid":               func(n *numbers) surrogate.Func { return surrogate.Sigmoid(n.of("alpha")) },
	"spikingjelly.SoftSign":              func(n *numbers) surrogate.Func { return surrogate.SoftSign(n.of("alpha")) },
	"spikingjelly.SuperSpike":            func(n *numbers) surrogate.Func { return surrogate.SuperSpikeScaled(n.of("alpha")) },
	"spikingjelly.NonzeroSignLogAbs":     func(n *numbers) surrogate.Func { return surrogate.NonzeroSignLogAbs(n.of("alpha")) },
	"spikingjelly.Erf":                   func(n *numbers) surrogate.Func { return surrogate.Erf(n.of("alpha")) },
	"spikingjelly.PiecewiseExp":          func(n *numbers) surrogate.Func { return surrogate.Exponential(n.of("alpha")/2, n.of("alpha")) },
	"spikingjelly.PiecewiseQuadratic":    func(n *numbers) surrogate.Func { return surrogate.Triangle(n.of("alpha"), n.of("alpha")) },
	"spikingjelly.Rect":                  func(n *numbers) surrogate.Func { return surrogate.Box(n.of("alpha"), 0.5/n.of("alpha"), 0) },
	"spikingjelly.PiecewiseLeakyReLU":    func(n *numbers) surrogate.Func { return surrogate.Box(1/(2*n.of("w")), n.of("w"), n.of("c")) },
	"spikingjelly.QPseudoSpike":          func(n *numbers) surrogate.Func { return surrogate.QPseudoSpike(n.of("alpha")) },
	"spikingjelly.S2NN":                  func(n *numbers) surrogate.Func { return surrogate.S2NN(n.of("alpha"), n.of("beta")) },
	"spikingjelly.LeakyKReLU":            func(n *numbers) surrogate.Func { return surrogate.LeakyKReLU(n.of("leak"), n.of("k")) },
	"spikingjelly.LogTailedReLU":         func(n *numbers) surrogate.Func { return surrogate.LogTailedReLU(n.of("alpha")) },
	"spikingjelly.FakeNumericalGradient": func(n *numbers) surrogate.Func { return surrogate.FakeNumericalGradient(n.of("alpha")) },
	"spikingjelly.DeterministicPass":     func(*numbers) surrogate.Func { return surrogate.StraightThrough() },
	"spikingjelly.SquarewaveFourierSeries": func(n *numbers) surrogate.Func {
		return surrogate.SquarewaveFourier(n.of("n"), n.of("T_period"))
	},

	"spyx.superspike": func(n *numbers) surrogate.Func { return surrogate.FastSigmoid(n.of("k")) },
	"spyx.arctan":     func(n *numbers) surrogate.Func { return surrogate.Cauchy(n.of("k")) },
	"spyx.tanh":       func(n *numbers) surrogate.Func { return surrogate.Tanh(n.of("k")) },
	"spyx.triangular": func(n *numbers) surrogate.Func { return surrogate.Triangle(1, n.of("k")) },
	"spyx.boxcar":     func(n *numbers) surrogate.Func { return surrogate.Box(n.of("height"), n.of("width")/2, 0) },

	"jaxpike.FastSigmoid": func(n *numbers) surrogate.Func { return surrogate.FastSigmoid(n.of("slope")) },
	"jaxpike.ATan":        func(n *numbers) surrogate.Func { return surrogate.ATan(n.of("alpha")) },
	"jaxpike.Triangular":  func(n *numbers) surrogate.Func { return surrogate.Triangle(1/n.of("width"), 1/n.of("width")) },
	"jaxpike.Boxcar":      func(n *numbers) surrogate.Func { return surrogate.BoxHalfEdge(n.of("width")) },

	"slax.multi_gauss": func(n *numbers) surrogate.Func {
		return surrogate.MultiGaussian(n.of("gamma"), n.of("height"), 0, n.of("lens"), n.of("scale"))
	},

	"sinabs.SingleExponential": func(n *numbers) surrogate.Func {
		rate := 1 / (n.of("grad_width") * n.of("threshold"))
		return surrogate.Exponential(rate, rate)
	},
	"sinabs.Gaussian": func(n *numbers) surrogate.Func { return surrogate.Gaussian(n.of("mu"), n.of("sigma")) },
	"sinabs.MultiGaussian": func(n *numbers) surrogate.Func {
		return surrogate.MultiGaussian(1, n.of("h"), n.of("mu"), n.of("sigma"), n.of("s"))
	},
	"sinabs.Heaviside": func(n *numbers) surrogate.Func { return surrogate.OneSided(n.of("window"), n.of("threshold")) },
	"sinabs.PeriodicExponential": func(n *numbers) surrogate.Func {
		return surrogate.PeriodicExponential(n.of("grad_width"), n.of("threshold"))
	},

	"rockpool.StepPWL": func(n *numbers) surrogate.Func { return surrogate.OneSided(n.of("window"), n.of("threshold")) },

	"lava.Exponential": func(n *numbers) surrogate.Func {
		return surrogate.Exponential(n.of("scale_rho")/(2*n.of("tau_rho")), 1/n.of("tau_rho"))
	},
}

// Surrogate builds the spike function of a surrogate case from its name and
// parameters, and the neuron that spikes where the words of its tie say.
func (c *Case) Surrogate() (*Surrogate, error) {
	n := &numbers{}
	if err := c.Meta("parameters", &n.p); err != nil {
		return nil, err
	}
	make, ok := surrogates[strings.TrimPrefix(c.Name, "surrogate.")]
	if !ok {
		return nil, fmt.Errorf("golden: %w: there is no surrogate %q", ErrCase, c.Name)
	}
	s := &Surrogate{Func: make(n)}
	var tie string
	if err := c.Meta("tie", &tie); err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(tie, "random"):
	case strings.Contains(tie, "v >= threshold"):
		s.Threshold = n.of("threshold")
		s.Neuron = snn.IF{Threshold: value(s.Threshold)}
	case strings.Contains(tie, "trunc(v/threshold)"):
		s.Threshold = n.of("threshold")
		s.Neuron = snn.IF{Threshold: value(s.Threshold), Several: true}
	case strings.HasSuffix(tie, "x >= 0"):
		s.Neuron = snn.IF{Threshold: snn.Zero}
	case strings.HasSuffix(tie, "x > 0"):
		s.Neuron = snn.IF{Threshold: snn.Zero, Strict: true}
	default:
		return nil, fmt.Errorf("golden: %w: tie %q", ErrCase, tie)
	}
	if n.err != nil {
		return nil, n.err
	}
	return s, s.Func.Check()
}
