package nir

import (
	"fmt"
	"math"
	"slices"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
)

// Discretization is what a file does not say and a network in steps needs. A
// NIR file holds differential equations; who wrote it had one of many ways to
// step through them, and another gives other spikes. Start from [As], which
// knows those of the frameworks, and change what you know better: the zero
// value is not the letter of NIR (its Reset is snn.ResetSubtract).
type Discretization struct {
	// DT is the length of a step in the unit of the file's time constants,
	// mostly seconds. It may be left out if the graph has none.
	DT float64
	// Method is how a step of DT becomes the share k of its way that a state
	// goes: 1-exp(-DT/tau) with snn.MethodExact, DT/tau with snn.MethodEuler. The decay is 1-k.
	Method snn.Method
	// Gain is what becomes of r and w_in.
	Gain Gain
	// Reset is what a spike does: snn.ResetToValue sets v_reset, as NIR has it from
	// version 1.0.5 on; snn.ResetSubtract takes v_threshold away, as NIR had it before.
	Reset snn.Reset
	// Timing is when. The timing TimingOldMembrane means TimingOldMembraneDecayed for
	// neurons behind a current, as in spyx.
	Timing snn.Timing
	// Start is where membranes begin.
	Start Start
	// Inclusive neurons spike at their threshold too; NIR's only above it.
	Inclusive bool
	// MultiSpike lets a step have more than one spike; it goes with Inclusive.
	MultiSpike bool
	// Floor keeps the membranes of IF at -v_threshold or above.
	Floor bool
	// Arrival is when an input reaches the membrane of CubaLI and CubaLIF.
	Arrival snn.Arrival
	// PerTime makes a step of I and IF v + DT*r*x. Without it, it is v + r*x,
	// the length of a step being part of r, as most writers have it.
	PerTime bool
	// Recorded neurons are what this library wrote into the metadata of their
	// nodes; the other options are for those of which it says nothing.
	Recorded bool
	// Surrogate is the spike function for training; default snn.DefaultSurrogate.
	Surrogate surrogate.Func
}

// Gain is what becomes of the parameters r of a membrane and w_in of a current.
type Gain uint8

// The gains. k is the share of a step; see [Discretization].
const (
	// GainIntegrated is what the equations say: r*k of the membrane, w_in*k of the
	// current.
	GainIntegrated Gain = iota
	// GainScaled is the same in units in which every gain is 1: thresholds and other
	// levels are divided by r*k and w_in*k. Only roundings differ.
	GainScaled
	// GainAbsorbed ignores r and w_in: every gain is 1.
	GainAbsorbed
	// GainDecayed ignores them too: the gain of a membrane is 1, that of a current
	// its decay, i = decay*(i + x).
	GainDecayed
)

// Start is where membranes begin.
type Start uint8

// The starts.
const (
	StartZero  Start = iota // at 0
	StartLeak               // at v_leak, or v_reset of neurons without a leak, as in Norse
	StartReset              // at v_reset, or v_leak of neurons without a reset, as in SpikingJelly
)

var (
	gainNames  = names[Gain]{"gain", []string{"integrated", "scaled", "absorbed", "decayed"}}
	startNames = names[Start]{"start", []string{"zero", "leak", "reset"}}
)

// String is the name of the gain.
func (g Gain) String() string { return gainNames.of(g) }

// MarshalText writes the name.
func (g Gain) MarshalText() ([]byte, error) { return gainNames.marshal(g) }

// UnmarshalText reads the name.
func (g *Gain) UnmarshalText(text []byte) (err error) {
	*g, err = gainNames.unmarshal(text)
	return err
}

// String is the name of the start.
func (s Start) String() string { return startNames.of(s) }

// MarshalText writes the name.
func (s Start) MarshalText() ([]byte, error) { return startNames.marshal(s) }

// UnmarshalText reads the name.
func (s *Start) UnmarshalText(text []byte) (err error) {
	*s, err = startNames.unmarshal(text)
	return err
}

// names are the names of the values 0, 1, ... of an option.
type names[T ~uint8] struct {
	option string
	names  []string
}

func (n names[T]) of(v T) string {
	if int(v) < len(n.names) {
		return n.names[v]
	}
	return fmt.Sprintf("%s %d", n.option, uint8(v))
}

func (n names[T]) check(v T) error {
	if int(v) >= len(n.names) {
		return fmt.Errorf("%w: there is no %s %d", ErrUnsupported, n.option, uint8(v))
	}
	return nil
}

func (n names[T]) marshal(v T) ([]byte, error) { return []byte(n.of(v)), n.check(v) }

func (n names[T]) unmarshal(text []byte) (T, error) {
	i := slices.Index(n.names, string(text))
	if i < 0 {
		return 0, fmt.Errorf("nir: %w: there is no %s %q among %q", ErrUnsupported, n.option, text, n.names)
	}
	return T(i), nil
}

// presets are the frameworks' ways; see the table of the package.
var presets = map[string]Discretization{
	"nir":       {Method: snn.MethodEuler, Reset: snn.ResetToValue},
	"spikelane": {Method: snn.MethodEuler, Reset: snn.ResetToValue, Recorded: true},
	"snntorch":  {Method: snn.MethodEuler, Gain: GainScaled, Reset: snn.ResetToZero},
	// What snnTorch's own networks do by default, which its exporter does not
	// write down: its importer makes a reset to zero of them.
	"snntorch-trained": {Method: snn.MethodEuler, Gain: GainScaled, Reset: snn.ResetSubtract, Timing: snn.TimingNextStep},
	"norse":            {Method: snn.MethodEuler, Reset: snn.ResetToValue, Start: StartLeak},
	"sinabs":           {Method: snn.MethodExact, Gain: GainDecayed, Reset: snn.ResetSubtract, Inclusive: true, MultiSpike: true, Floor: true},
	"spikingjelly":     {Method: snn.MethodEuler, Reset: snn.ResetToValue, Start: StartReset, Inclusive: true, PerTime: true},
	"rockpool":         {Method: snn.MethodExact, Gain: GainDecayed, Reset: snn.ResetSubtract, Inclusive: true, MultiSpike: true},
	"spyx":             {Method: snn.MethodEuler, Gain: GainAbsorbed, Reset: snn.ResetSubtract, Timing: snn.TimingOldMembrane},
	"jaxpike":          {Method: snn.MethodExact, Reset: snn.ResetToZero},
}

// As returns the discretization of a framework: one of [Presets]. dt is the
// length of a step in the unit of the file; most frameworks write seconds,
// sinabs writes steps: its dt is 1.
func As(framework string, dt float64) (Discretization, error) {
	d, ok := presets[framework]
	if !ok {
		return d, fmt.Errorf("nir: %w: there is no framework %q among %v", ErrUnsupported, framework, Presets())
	}
	d.DT = dt
	return d, nil
}

// Presets are the names that [As] knows, sorted.
func Presets() []string {
	var names []string
	for name := range presets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// step is the length of a step.
func (d Discretization) step() (float64, error) {
	if !(d.DT > 0) || math.IsInf(d.DT, 1) {
		return 0, fmt.Errorf("%w: a file with times needs the length of a step, DT or --dt, which is %v", ErrUnsupported, d.DT)
	}
	return d.DT, nil
}

// share is the part of its way to rest that a state goes in a step, and the
// decay, the part that is left.
func (d Discretization) share(tau float64) (share, decay float64, err error) {
	dt, err := d.step()
	if err != nil {
		return 0, 0, err
	}
	if !(tau > 0) || math.IsInf(tau, 1) {
		return 0, 0, fmt.Errorf("%w: a time constant of %v", ErrFormat, tau)
	}
	if d.Method == snn.MethodExact {
		return -detmath.Expm1(-dt / tau), detmath.Exp(-dt / tau), nil
	}
	if share = dt / tau; share > 1 {
		return 0, 0, fmt.Errorf("%w: by Euler, a time constant of %v, which is shorter than a step of %v", ErrUnsupported, tau, dt)
	}
	return share, 1 - share, nil
}

// timing is the timing of neurons with or without a current.
func (d Discretization) timing(current bool) snn.Timing {
	if current && d.Timing == snn.TimingOldMembrane {
		return snn.TimingOldMembraneDecayed
	}
	return d.Timing
}
