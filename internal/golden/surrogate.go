package golden

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/preset/jaxpike"
	"github.com/spikelane/spikelane/preset/lava"
	"github.com/spikelane/spikelane/preset/norse"
	"github.com/spikelane/spikelane/preset/rockpool"
	"github.com/spikelane/spikelane/preset/sinabs"
	"github.com/spikelane/spikelane/preset/slax"
	"github.com/spikelane/spikelane/preset/snnax"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/preset/spikingjelly"
	"github.com/spikelane/spikelane/preset/spyx"
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
	"snnax.superspike": func(n *numbers) surrogate.Func { return snnax.Superspike(n.of("beta")) },
	"snnax.sigmoid":    func(n *numbers) surrogate.Func { return snnax.Sigmoid(n.of("beta")) },
	"snnax.piecewise":  func(n *numbers) surrogate.Func { return snnax.Piecewise(n.of("beta")) },

	"snntorch.atan":                       func(n *numbers) surrogate.Func { return snntorch.ATan(n.of("alpha")) },
	"snntorch.fast_sigmoid":               func(n *numbers) surrogate.Func { return snntorch.FastSigmoid(n.of("slope")) },
	"snntorch.sigmoid":                    func(n *numbers) surrogate.Func { return snntorch.Sigmoid(n.of("slope")) },
	"snntorch.heaviside":                  func(*numbers) surrogate.Func { return snntorch.Heaviside() },
	"snntorch.LSO":                        func(n *numbers) surrogate.Func { return snntorch.LSO(n.of("slope")) },
	"snntorch.SFS":                        func(n *numbers) surrogate.Func { return snntorch.SFS(n.of("slope"), n.of("B")) },
	"snntorch.triangular":                 func(n *numbers) surrogate.Func { return snntorch.Triangular(n.of("threshold")) },
	"snntorch.spike_rate_escape":          func(n *numbers) surrogate.Func { return snntorch.SpikeRateEscape(n.of("beta"), n.of("slope")) },
	"snntorch.straight_through_estimator": func(*numbers) surrogate.Func { return snntorch.StraightThroughEstimator() },

	"norse.super":       func(*numbers) surrogate.Func { return norse.Super() },
	"norse.super_alpha": func(n *numbers) surrogate.Func { return norse.SuperAlpha(n.of("alpha")) },
	"norse.triangle":    func(n *numbers) surrogate.Func { return norse.Triangle(n.of("alpha")) },
	"norse.tanh":        func(n *numbers) surrogate.Func { return norse.Tanh(n.of("alpha")) },
	"norse.logistic":    func(n *numbers) surrogate.Func { return norse.Logistic(n.of("alpha")) },
	"norse.heavi_erfc":  func(n *numbers) surrogate.Func { return norse.HeaviErfc(n.of("alpha")) },
	"norse.circ":        func(n *numbers) surrogate.Func { return norse.Circ(n.of("alpha")) },
	"norse.circ_dist":   func(n *numbers) surrogate.Func { return norse.CircDist(n.of("alpha")) },

	"spikingjelly.ATan":                  func(n *numbers) surrogate.Func { return spikingjelly.ATan(n.of("alpha")) },
	"spikingjelly.Sigmoid":               func(n *numbers) surrogate.Func { return spikingjelly.Sigmoid(n.of("alpha")) },
	"spikingjelly.SoftSign":              func(n *numbers) surrogate.Func { return spikingjelly.SoftSign(n.of("alpha")) },
	"spikingjelly.SuperSpike":            func(n *numbers) surrogate.Func { return spikingjelly.SuperSpike(n.of("alpha")) },
	"spikingjelly.NonzeroSignLogAbs":     func(n *numbers) surrogate.Func { return spikingjelly.NonzeroSignLogAbs(n.of("alpha")) },
	"spikingjelly.Erf":                   func(n *numbers) surrogate.Func { return spikingjelly.Erf(n.of("alpha")) },
	"spikingjelly.PiecewiseExp":          func(n *numbers) surrogate.Func { return spikingjelly.PiecewiseExp(n.of("alpha")) },
	"spikingjelly.PiecewiseQuadratic":    func(n *numbers) surrogate.Func { return spikingjelly.PiecewiseQuadratic(n.of("alpha")) },
	"spikingjelly.Rect":                  func(n *numbers) surrogate.Func { return spikingjelly.Rect(n.of("alpha")) },
	"spikingjelly.PiecewiseLeakyReLU":    func(n *numbers) surrogate.Func { return spikingjelly.PiecewiseLeakyReLU(n.of("w"), n.of("c")) },
	"spikingjelly.QPseudoSpike":          func(n *numbers) surrogate.Func { return spikingjelly.QPseudoSpike(n.of("alpha")) },
	"spikingjelly.S2NN":                  func(n *numbers) surrogate.Func { return spikingjelly.S2NN(n.of("alpha"), n.of("beta")) },
	"spikingjelly.LeakyKReLU":            func(n *numbers) surrogate.Func { return spikingjelly.LeakyKReLU(n.of("leak"), n.of("k")) },
	"spikingjelly.LogTailedReLU":         func(n *numbers) surrogate.Func { return spikingjelly.LogTailedReLU(n.of("alpha")) },
	"spikingjelly.FakeNumericalGradient": func(n *numbers) surrogate.Func { return spikingjelly.FakeNumericalGradient(n.of("alpha")) },
	"spikingjelly.DeterministicPass":     func(*numbers) surrogate.Func { return spikingjelly.DeterministicPass() },
	"spikingjelly.SquarewaveFourierSeries": func(n *numbers) surrogate.Func {
		return spikingjelly.SquarewaveFourierSeries(n.of("n"), n.of("T_period"))
	},

	"spyx.superspike": func(n *numbers) surrogate.Func { return spyx.Superspike(n.of("k")) },
	"spyx.arctan":     func(n *numbers) surrogate.Func { return spyx.Arctan(n.of("k")) },
	"spyx.tanh":       func(n *numbers) surrogate.Func { return spyx.Tanh(n.of("k")) },
	"spyx.triangular": func(n *numbers) surrogate.Func { return spyx.Triangular(n.of("k")) },
	"spyx.boxcar":     func(n *numbers) surrogate.Func { return spyx.Boxcar(n.of("height"), n.of("width")) },

	"jaxpike.FastSigmoid": func(n *numbers) surrogate.Func { return jaxpike.FastSigmoid(n.of("slope")) },
	"jaxpike.ATan":        func(n *numbers) surrogate.Func { return jaxpike.ATan(n.of("alpha")) },
	"jaxpike.Triangular":  func(n *numbers) surrogate.Func { return jaxpike.Triangular(n.of("width")) },
	"jaxpike.Boxcar":      func(n *numbers) surrogate.Func { return jaxpike.Boxcar(n.of("width")) },

	"slax.multi_gauss": func(n *numbers) surrogate.Func {
		return slax.MultiGauss(n.of("gamma"), n.of("height"), n.of("lens"), n.of("scale"))
	},

	"sinabs.SingleExponential": func(n *numbers) surrogate.Func {
		return sinabs.SingleExponential(n.of("grad_width"), n.of("threshold"))
	},
	"sinabs.Gaussian": func(n *numbers) surrogate.Func { return sinabs.Gaussian(n.of("mu"), n.of("sigma")) },
	"sinabs.MultiGaussian": func(n *numbers) surrogate.Func {
		return sinabs.MultiGaussian(n.of("h"), n.of("mu"), n.of("sigma"), n.of("s"))
	},
	"sinabs.Heaviside": func(n *numbers) surrogate.Func { return sinabs.Heaviside(n.of("window"), n.of("threshold")) },
	"sinabs.PeriodicExponential": func(n *numbers) surrogate.Func {
		return sinabs.PeriodicExponential(n.of("grad_width"), n.of("threshold"))
	},

	"rockpool.StepPWL": func(n *numbers) surrogate.Func { return rockpool.StepPWL(n.of("window"), n.of("threshold")) },

	"lava.Exponential": func(n *numbers) surrogate.Func { return lava.Exponential(n.of("scale_rho"), n.of("tau_rho")) },
}

// Surrogate builds the spike function of a surrogate case from its name and
// parameters, and the neuron that spikes where the words of its tie say.
func (c *Case) Surrogate() (*Surrogate, error) {
	n := &numbers{}
	if err := c.Meta("parameters", &n.p); err != nil {
		return nil, err
	}
	build, ok := surrogates[strings.TrimPrefix(c.Name, "surrogate.")]
	if !ok {
		return nil, fmt.Errorf("golden: %w: there is no surrogate %q", ErrCase, c.Name)
	}
	s := &Surrogate{Func: build(n)}
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
		several := snn.IF{Threshold: value(s.Threshold), Several: true}
		if strings.Contains(c.Name, "rockpool") {
			several.Most = 1 << 16
		}
		s.Neuron = several
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
