package nir

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// neuron is the primitive of a neuron, the presets among them.
func (e *exporter) neuron(r *NodeReport, n forward.Node, in tensor.Shape) (Node, error) {
	none := fmt.Errorf("%w: NIR has no counterpart of a %s", ErrUnsupported, n.Layer.Type())
	plan, err := n.Layer.Build(in)
	if err != nil {
		return nil, err
	}
	if plan.Canonical == nil {
		return nil, none
	}
	own := map[string]*tensor.Tensor{}
	for _, p := range plan.Params {
		own[p.Name] = e.params[n.Name+"."+p.Name]
	}
	layer, params, err := plan.Canonical(own)
	if err != nil {
		return nil, err
	}
	native, err := constantsOf(layer, params, in)
	if err != nil {
		return nil, err
	}
	x := exported{native: native, dt: e.dt, shape: in, size: in.Size()}
	node, err := x.node(r, layer)
	if err != nil {
		return nil, err
	}
	return x.recorded(r, layer, node)
}

// constantsOf are all parameters of a neuron, a number a neuron each.
func constantsOf(l snn.Layer, params map[string]*tensor.Tensor, in tensor.Shape) (snn.Numbers, error) {
	plan, err := l.Build(in)
	if err != nil {
		return nil, err
	}
	native := snn.Numbers{}
	for _, p := range plan.Params {
		t := params[p.Name]
		if t == nil {
			t = tensor.New(p.Shape...)
			p.Init(t.Data, p.Shape, 0, p.Name)
		}
		native[p.Name] = spreadOver(t, in.Size())
	}
	return native, nil
}

// exported is a neuron on its way to a file.
type exported struct {
	native snn.Numbers
	dt     float64
	shape  tensor.Shape
	size   int
}

// slowest is the time constant, in steps, of what does not leak: it is so long
// that the share of a step, 2^-100, changes no float32.
const slowest = 0x1p100

// leak are the time constants of decays, and the shares of a step.
func (x exported) leak(decays []float64) (tau, share []float64) {
	tau, share = make([]float64, len(decays)), make([]float64, len(decays))
	for i, d := range decays {
		if tau[i] = x.dt * slowest; d < 1 {
			tau[i] = x.dt / (1 - d)
		}
		share[i] = x.dt / tau[i]
	}
	return tau, share
}

func (x exported) array(v []float64) Array { return Of(v, x.shape...) }

// node is the primitive, without what NIR cannot say.
func (x exported) node(r *NodeReport, l snn.Layer) (Node, error) {
	var synapse snn.Synapse
	params := map[string]Array{}
	threshold, fires := x.native["threshold"]
	switch l := l.(type) {
	case snn.LI:
		synapse = l.Synapse
	case snn.Synapse: // a membrane by another name
		synapse.Arrival = l.Arrival
	case snn.LIF:
		synapse = l.Synapse
		x.fired(r, firing{l.Strict, l.Reset, l.Timing, l.Amount, l.Floor, l.MultiSpike, l.Refractory, l.Graded})
	case snn.IF:
		synapse = l.Synapse
		x.fired(r, firing{l.Strict, l.Reset, l.Timing, l.Amount, l.Floor, l.MultiSpike, l.Refractory, l.Graded})
	default:
		return nil, fmt.Errorf("%w: NIR has no counterpart of a %s", ErrUnsupported, l.Type())
	}
	if synapse.Arrival != snn.ArrivalNow {
		r.approximated("its inputs arrive %v", synapse.Arrival)
	}
	decay := x.native["decay"]
	if decay == nil {
		decay = repeated(1, x.size)
	}
	tau, share := x.leak(decay)
	gain := x.native["gain"]
	if gain == nil { // Normalized
		gain = share
	}
	over := func(v, by []float64) Array {
		return x.array(snn.Map2(func(v, by float64) float64 { return v / by }, v, by))
	}
	bias := x.native["bias"]
	if bias == nil {
		bias = repeated(0, x.size)
	}
	params["r"], params["v_leak"] = over(gain, share), over(bias, share)
	if fires {
		params["v_threshold"] = x.array(threshold)
		if to := x.native["reset"]; to != nil && !zero(to) {
			params["v_reset"] = x.array(to)
		}
	}
	current, behind := x.native["synapse_decay"]
	if behind {
		syn, k := x.leak(current)
		w := x.native["synapse_gain"]
		if w == nil {
			w = k
		}
		params["tau_syn"], params["tau_mem"], params["w_in"] = x.array(syn), x.array(tau), over(w, k)
		return with(map[bool]Node{false: CubaLI{}, true: CubaLIF{}}[fires], params), nil
	}
	if params["tau"] = x.array(tau); stays(decay) && zero(bias) {
		params["r"] = x.array(gain)
		return with(map[bool]Node{false: I{}, true: IF{}}[fires], params), nil
	}
	return with(map[bool]Node{false: LI{}, true: LIF{}}[fires], params), nil
}

// stays reports whether nothing leaks.
func stays(decay []float64) bool {
	for _, d := range decay {
		if d != 1 {
			return false
		}
	}
	return true
}

// firing are the options of a neuron that spikes.
type firing struct {
	strict     bool
	reset      snn.Reset
	timing     snn.Timing
	amount     snn.Value
	floor      snn.Value
	several    bool
	refractory int
	graded     snn.Value
}

// fired notes what NIR does not know.
func (x exported) fired(r *NodeReport, f firing) {
	note := func(differs bool, format string, args ...any) {
		if differs {
			r.approximated(format, args...)
		}
	}
	note(!f.strict, "it spikes at its threshold too")
	note(f.reset != snn.ResetToZero && f.reset != snn.ResetToValue, "its reset is %q", f.reset)
	note(f.reset != snn.ResetNone && f.timing != snn.TimingThisStep, "it resets at the time %q", f.timing)
	note(f.several, "it sends several spikes a step")
	note(f.floor != 0, "its membrane has a floor")
	note(f.refractory != 0, "it rests after a spike")
	note(f.graded != 0, "its spikes are graded")
}

// recorded puts into the metadata what the equations do not give back.
func (x exported) recorded(r *NodeReport, l snn.Layer, n Node) (Node, error) {
	back, err := equations(numbersOf(n), Discretization{DT: x.dt}, r)
	if err != nil {
		return nil, err
	}
	for name, v := range x.native {
		for i := range v {
			if math.IsNaN(v[i]) || math.IsInf(v[i], 0) {
				return nil, fmt.Errorf("%w: its %s is %v", ErrUnsupported, name, v[i])
			}
		}
	}
	extra := rest(x.native, back)
	for _, name := range []string{"decay", "gain", "bias", "synapse_decay", "synapse_gain"} {
		if _, differs := extra[name]; differs {
			r.approximated("its %s does not come back to the bit", name)
		}
	}
	if r.Status == StatusFaithful {
		return n, nil
	}
	m, err := record(l, extra)
	if err != nil {
		return nil, err
	}
	return withMetadata(n, m), nil
}
