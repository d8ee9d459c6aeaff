package nir

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/snn"
)

// neuron makes a layer of I, IF, LI, LIF, CubaLI, CubaLIF or Threshold:
//
//	i = synapse_decay*i + synapse_gain*x     behind a current
//	v = decay*v + gain*i + bias
//
// With k the share of [Discretization.share] of tau or tau_mem, decay is 1-k,
// gain r*k and bias v_leak*k; with that of tau_syn, synapse_gain is w_in*k. All
// of it is computed in float64 and rounded once.
func (b *builder) neuron(r *NodeReport, n Node) (snn.Layer, error) {
	if l, err := b.recorded(r, n); l != nil || err != nil {
		return l, err
	}
	if n.metadata()[recordKey] != nil {
		r.approximated(`its metadata says more: As("spikelane", ...) obeys it`)
	}
	foreign := numbersOf(n)
	c := constants{d: b.d, foreign: foreign.of, native: snn.Numbers{}, size: foreign.shape.Size(), report: r}
	for _, step := range []func() error{c.membrane, c.current, c.firing, c.start, c.gains} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b.asked.add(c)
	reset := c.reset()
	for _, name := range []string{"reset", "bias"} { // that do nothing
		if zero(c.native[name]) {
			delete(c.native, name)
		}
	}
	o := b.put(r.Name, foreign.shape, c.native)
	synapse := snn.Synapse{Decay: o("synapse_decay"), Gain: o("synapse_gain"), Arrival: b.d.Arrival}
	if !c.behind() {
		synapse = snn.Synapse{}
	}
	timing := b.d.timing(c.behind())
	switch {
	case !c.fires():
		return snn.LI{Decay: o("decay"), Gain: o("gain"), Bias: o("bias"), Synapse: synapse}, nil
	case n.Type() == "Threshold":
		return snn.LIF{Decay: snn.Zero, Threshold: o("threshold"), Strict: !b.d.Inclusive, Reset: snn.ResetNone, Surrogate: b.d.Surrogate}, nil
	case !c.leaky():
		return snn.IF{
			Gain: o("gain"), Threshold: o("threshold"), Strict: !b.d.Inclusive, Reset: reset, Timing: timing, Amount: o("amount"), ResetTo: o("reset"),
			Floor: o("floor"), MultiSpike: b.d.MultiSpike, Surrogate: b.d.Surrogate,
		}, nil
	}
	return snn.LIF{
		Decay: o("decay"), Gain: o("gain"), Bias: o("bias"), Synapse: synapse, Threshold: o("threshold"), Strict: !b.d.Inclusive,
		Reset: reset, Timing: timing, Amount: o("amount"), ResetTo: o("reset"), MultiSpike: b.d.MultiSpike, Surrogate: b.d.Surrogate,
	}, nil
}

// constants are the parameters of neurons on their way from a file to a layer.
type constants struct {
	d               Discretization
	foreign, native snn.Numbers
	size            int
	report          *NodeReport
}

func (c constants) behind() bool { return c.foreign["tau_syn"] != nil }
func (c constants) leaky() bool  { return c.foreign["tau"] != nil || c.foreign["tau_mem"] != nil }
func (c constants) fires() bool {
	return c.foreign["v_threshold"] != nil || c.foreign["threshold"] != nil
}

// membrane computes decay, gain and bias by the equations.
func (c constants) membrane() error {
	tau := c.foreign["tau"]
	if tau == nil {
		tau = c.foreign["tau_mem"]
	}
	r := c.foreign["r"]
	switch {
	case r == nil: // a Threshold
		return nil
	case tau == nil && c.d.PerTime:
		dt, err := c.d.step()
		c.native["gain"] = scaled(r, dt)
		c.native["decay"] = repeated(1, c.size)
		return err
	case tau == nil:
		c.native["gain"], c.native["decay"] = r, repeated(1, c.size)
		return nil
	}
	share, err := c.shares(tau, "decay")
	if err != nil {
		return err
	}
	c.native["gain"] = snn.Map2(product64, share, r)
	c.native["bias"] = snn.Map2(product64, share, c.foreign["v_leak"])
	return nil
}

// current computes the parameters of a synaptic current by the equations.
func (c constants) current() error {
	if !c.behind() {
		return nil
	}
	share, err := c.shares(c.foreign["tau_syn"], "synapse_decay")
	if err != nil {
		return err
	}
	w := c.foreign["w_in"]
	if w == nil {
		w = repeated(1, c.size)
	}
	c.native["synapse_gain"] = snn.Map2(product64, share, w)
	return nil
}

// shares are those of time constants, whose decays it stores.
func (c constants) shares(tau []float64, decays string) (share []float64, err error) {
	share, c.native[decays] = make([]float64, len(tau)), make([]float64, len(tau))
	for i, t := range tau {
		if share[i], c.native[decays][i], err = c.d.share(t); err != nil {
			return nil, err
		}
	}
	return share, nil
}

// firing takes over the levels.
func (c constants) firing() error {
	threshold := c.foreign["v_threshold"]
	if threshold == nil {
		if threshold = c.foreign["threshold"]; threshold != nil {
			c.native["threshold"] = threshold
		}
		return nil
	}
	c.native["threshold"] = threshold
	if c.d.Floor && !c.leaky() {
		c.native["floor"] = scaled(threshold, -1)
	}
	to := c.foreign["v_reset"]
	if to == nil {
		to = repeated(0, c.size)
	}
	switch c.d.Reset {
	case snn.ResetToValue, snn.ResetToZeroPlus:
		c.native["reset"] = to
		return nil
	case snn.ResetToZero:
		c.native["reset"] = repeated(0, c.size)
	}
	if !zero(to) {
		c.report.approximated("v_reset is not used by the reset %q", c.d.Reset)
	}
	return nil
}

// start moves the origin of membranes to where they begin: layers begin at zero.
func (c constants) start() error {
	from := c.foreign["v_leak"]
	if to := c.foreign["v_reset"]; from == nil || c.d.Start == StartReset && c.fires() {
		from = to
	}
	if err := startNames.check(c.d.Start); err != nil || c.d.Start == StartZero || from == nil || zero(from) {
		return err
	}
	if !c.fires() {
		c.report.approximated("it begins at 0, not at v_leak")
		return nil
	}
	if c.d.Reset == snn.ResetToZeroPlus {
		return fmt.Errorf("%w: the reset %q of membranes that do not begin at 0", ErrUnsupported, c.d.Reset)
	}
	if c.d.Reset == snn.ResetSubtract {
		c.native["amount"] = c.native["threshold"]
	}
	less := func(a, b float64) float64 { return a - b }
	for _, level := range []string{"threshold", "reset", "floor"} {
		if v := c.native[level]; v != nil {
			c.native[level] = snn.Map2(less, v, from)
		}
	}
	if leak := c.foreign["v_leak"]; leak != nil {
		share := snn.Map(func(decay float64) float64 { return 1 - decay }, c.native["decay"])
		c.native["bias"] = snn.Map2(product64, share, snn.Map2(less, leak, from))
	}
	c.report.Notes = append(c.report.Notes, "its membrane counts from where it begins")
	return nil
}

// reset is that of the layer: to a value only if there is one.
func (c constants) reset() snn.Reset {
	switch to := c.native["reset"]; {
	case to == nil:
		return c.d.Reset
	case zero(to):
		return snn.ResetToZero
	case c.d.Reset == snn.ResetToZero:
		return snn.ResetToValue
	}
	return c.d.Reset
}

// gains makes of the gains by the equations what the discretization says.
func (c constants) gains() error {
	if c.native["gain"] == nil {
		return nil
	}
	switch c.d.Gain {
	case GainScaled:
		return c.scale()
	case GainAbsorbed:
		c.replace("gain", "r", repeated(1, c.size))
		c.replace("synapse_gain", "w_in", repeated(1, c.size))
	case GainDecayed:
		c.replace("gain", "r", repeated(1, c.size))
		c.replace("synapse_gain", "w_in", c.native["synapse_decay"])
	}
	return gainNames.check(c.d.Gain)
}

// replace puts in a gain that ignores a parameter.
func (c constants) replace(gain, parameter string, by []float64) {
	was := c.native[gain]
	if was == nil {
		return
	}
	for i, v := range by {
		if math.Abs(was[i]-v) > 1e-6*math.Abs(was[i]) {
			c.report.approximated("%s is ignored: the gain is %.4g, by the equations %.4g", parameter, v, was[i])
			break
		}
	}
	c.native[gain] = by
}

// scale divides all levels by the gains. A membrane that is the output keeps
// its unit.
func (c constants) scale() error {
	if !c.fires() {
		return nil
	}
	by := c.native["gain"]
	if c.behind() {
		by = snn.Map2(product64, by, c.native["synapse_gain"])
		c.native["synapse_gain"] = repeated(1, c.size)
	}
	c.native["gain"] = repeated(1, c.size)
	for _, s := range by {
		if !(s > 0) {
			return fmt.Errorf("%w: a gain of %v, which cannot be made 1", ErrUnsupported, s)
		}
	}
	for _, level := range []string{"threshold", "reset", "floor", "amount", "bias"} {
		if v := c.native[level]; v != nil {
			c.native[level] = snn.Map2(func(v, s float64) float64 { return v / s }, v, by)
		}
	}
	return nil
}

func product64(a, b float64) float64 { return a * b }

func scaled(v []float64, by float64) []float64 {
	return snn.Map(func(v float64) float64 { return v * by }, v)
}

func repeated(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func zero(v []float64) bool {
	for _, x := range v {
		if x != 0 {
			return false
		}
	}
	return true
}
