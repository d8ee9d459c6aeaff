package conform

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/internal/vectors"
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

// SpikeFunction is that of a surrogate case.
type SpikeFunction struct {
	Func surrogate.Func
	// Neuron spikes as the framework does at the argument of the case; nil
	// where the framework draws its spikes.
	Neuron snn.Layer
	// Threshold is subtracted from the argument of the case to make that of
	// Func: zero, unless the argument is the membrane itself.
	Threshold float32
}

// functions are the spike functions of the frameworks.
var functions = map[string]makeSurrogate{
	"jaxpike": jaxpike.Surrogate, "lava": lava.Surrogate, "norse": norse.Surrogate, "rockpool": rockpool.Surrogate, "sinabs": sinabs.Surrogate,
	"slax": slax.Surrogate, "snnax": snnax.Surrogate, "snntorch": snntorch.Surrogate, "spikingjelly": spikingjelly.Surrogate, "spyx": spyx.Surrogate,
}

// Surrogate builds the spike function of a surrogate case from its name and
// parameters, and the neuron that spikes where the words of its tie say.
func Surrogate(c *vectors.Case) (*SpikeFunction, error) {
	name, _ := strings.CutPrefix(c.Name, "surrogate.")
	framework, name, _ := strings.Cut(name, ".")
	if said := c.Meta.Text("framework"); said != framework {
		return nil, fmt.Errorf("conform: %w: %s is said to be of %q", vectors.ErrCase, c.Name, said)
	}
	s := &SpikeFunction{}
	p := c.Meta.Object("parameters")
	args := map[string]float64{}
	for _, key := range p.Keys() {
		args[key] = p.Number(key)
	}
	if framework == "norse" && name == "super" {
		delete(args, "alpha") // which the release ignores
	}
	switch tie := c.Meta.Text("tie"); tie {
	case "random forward pass":
	case "y = 1 if x >= 0":
		s.Neuron = snn.IF{Threshold: snn.Zero}
	case "y = 1 if x > 0":
		s.Neuron = snn.IF{Threshold: snn.Zero, Strict: true}
	case "y = 1 if v >= threshold":
		s.Threshold = float32(p.Number("threshold"))
		s.Neuron = snn.IF{Threshold: snn.Num(s.Threshold)}
	case "y = trunc(v/threshold) if v > 0 else 0":
		s.Threshold = float32(p.Number("threshold"))
		several := snn.IF{Threshold: snn.Num(s.Threshold), MultiSpike: true}
		if framework == "rockpool" {
			several.MaxSpikes = 1 << 16
		}
		s.Neuron = several
	default:
		return nil, fmt.Errorf("conform: %w: the tie is %q", vectors.ErrCase, tie)
	}
	if s.Threshold != 0 && !isPeriodic(c.Name) {
		delete(args, "threshold") // which the function gets of the neuron
	}
	if err := c.Meta.Err(); err != nil {
		return nil, err
	}
	of, ok := functions[framework]
	if !ok {
		return nil, fmt.Errorf("conform: %w: there is no framework %q", vectors.ErrCase, framework)
	}
	var err error
	s.Func, err = of(name, args)
	return s, err
}

// Derivative is that of the function, at distances from the threshold.
func (s *SpikeFunction) Derivative(dst, x []float32) {
	levels := make([]float32, len(x))
	for i := range levels {
		levels[i] = s.Threshold
	}
	s.Func.DerivativeAt(dst, x, levels)
}
