package nir_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// alone is a graph of one node between an Input and an Output.
func alone(n nir.Node, size int) *nir.Graph {
	shape := nir.Of([]int64{int64(size)})
	return &nir.Graph{
		Nodes: map[string]nir.Node{"input": nir.Input{Shape: shape}, "n": n, "output": nir.Output{Shape: shape}},
		Edges: []nir.Edge{{From: "input", To: "n"}, {From: "n", To: "output"}},
	}
}

// outputs runs a graph over the steps of some features.
func outputs(t *testing.T, g *nir.Graph, d nir.Discretization, x [][]float32) [][]float32 {
	t.Helper()
	m, _, err := g.Model(d)
	require.NoError(t, err)
	return steps(t, m, x)
}

func steps(t *testing.T, m *forward.Model, x [][]float32) (out [][]float32) {
	t.Helper()
	s := m.NewState(1)
	for _, row := range x {
		y, err := m.Step(s, tensor.Of(row, 1, 1, len(row)))
		require.NoError(t, err)
		out = append(out, append([]float32(nil), y.Dense().Data...))
	}
	return out
}

// drive is a signal that makes neurons spike, of n features.
func drive(steps, n int) [][]float32 {
	x := make([][]float32, steps)
	for t := range x {
		for i := range n {
			x[t] = append(x[t], float32(1+(t*(7+i)+i)%13)/5.173)
		}
	}
	return x
}

// The parameters of two neurons, none of which is a default.
var (
	tau, tauSyn          = []float64{0.02, 0.03}, []float64{0.005, 0.008}
	r, wIn               = []float64{1.5, 2}, []float64{0.8, 1.2}
	leak, level, resetTo = []float64{0.2, -0.1}, []float64{0.90371, 1.12139}, []float64{-0.3, 0.25}
)

// Every neuron follows its equations, written out here in float64, with a leak
// towards something and a reset to something, by both methods.
func TestEquations(t *testing.T) {
	const dt = 1e-3
	a := func(v []float64) nir.Array { return nir.Of(v) }
	for name, c := range map[string]struct {
		node                   nir.Node
		leaky, current, spikes bool
	}{
		"I":       {nir.I{R: a(r)}, false, false, false},
		"IF":      {nir.IF{R: a(r), VThreshold: a(level), VReset: a(resetTo)}, false, false, true},
		"LI":      {nir.LI{Tau: a(tau), R: a(r), VLeak: a(leak)}, true, false, false},
		"LIF":     {nir.LIF{Tau: a(tau), R: a(r), VLeak: a(leak), VThreshold: a(level), VReset: a(resetTo)}, true, false, true},
		"CubaLI":  {nir.CubaLI{TauSyn: a(tauSyn), TauMem: a(tau), R: a(r), VLeak: a(leak), WIn: a(wIn)}, true, true, false},
		"CubaLIF": {nir.CubaLIF{TauSyn: a(tauSyn), TauMem: a(tau), R: a(r), VLeak: a(leak), VThreshold: a(level), VReset: a(resetTo), WIn: a(wIn)}, true, true, true},
	} {
		for _, method := range []snn.Method{snn.MethodEuler, snn.MethodExact} {
			for k := range 12 {
				reset := []snn.Reset{snn.ResetToValue, snn.ResetToZero, snn.ResetSubtract, snn.ResetNone}[k%4]
				d := nir.Discretization{DT: dt, Method: method, Reset: reset, Start: nir.Start(k / 4)}
				if !c.spikes {
					d.Start = nir.StartZero // see TestStarts
				}
				x := drive(300, 2)
				got := outputs(t, alone(c.node, 2), d, x)
				share := func(tau float64) float64 {
					if method == snn.MethodEuler {
						return dt / tau
					}
					return 1 - math.Exp(-dt/tau)
				}
				count, ties := 0, 0
				for i := range 2 {
					v, current := 0.0, 0.0
					switch {
					case d.Start == nir.StartLeak && c.leaky:
						v = leak[i]
					case d.Start != nir.StartZero:
						v = resetTo[i]
					}
					for step := range x {
						in := float64(x[step][i])
						if c.current {
							current += share(tauSyn[i]) * (wIn[i]*in - current)
							in = current
						}
						if c.leaky {
							v += share(tau[i]) * (leak[i] - v + r[i]*in)
						} else {
							v += r[i] * in
						}
						if !c.spikes {
							require.InEpsilon(t, v, got[step][i], 1e-4, "%s, step %d", name, step)
							continue
						}
						spike := v > level[i]
						if math.Abs(v-level[i]) < 1e-5 { // too close for float32
							spike = got[step][i] != 0
							ties++
						}
						require.Equal(t, spike, got[step][i] != 0, "%s by %v, reset %v, step %d, v %v", name, method, reset, step, v)
						if spike {
							count++
							v = map[snn.Reset]float64{snn.ResetToValue: resetTo[i], snn.ResetToZero: 0, snn.ResetSubtract: v - level[i], snn.ResetNone: v}[reset]
						}
					}
				}
				if c.spikes {
					require.Greater(t, count, 20, "%s is silent", name)
					require.Less(t, ties, 10)
					if reset != snn.ResetNone {
						require.Less(t, count, 600)
					}
				}
			}
		}
	}
}

// Membranes that begin elsewhere count from there, and say so; those that are
// outputs cannot.
func TestStarts(t *testing.T) {
	a := func(v []float64) nir.Array { return nir.Of(v) }
	d := nir.Discretization{DT: 1e-3, Method: snn.MethodEuler, Reset: snn.ResetToValue, Start: nir.StartLeak}
	lif := alone(nir.LIF{Tau: a(tau), R: a(r), VLeak: a(leak), VThreshold: a(level), VReset: a(resetTo)}, 2)
	m, report, err := lif.Model(d)
	require.NoError(t, err)
	require.True(t, report.Faithful())
	require.Equal(t, []string{"its membrane counts from where it begins"}, report.Nodes[0].Notes)
	require.Contains(t, report.Assumed, "start: membranes begin at v_leak, or at v_reset without a leak")
	require.InDeltaSlice(t, []float32{-0.5, 0.35}, m.Params()["n.reset"].Data, 1e-6)
	x := drive(200, 2)
	integrated := outputs(t, lif, d, x)
	d.Gain = nir.GainScaled
	require.Equal(t, integrated, outputs(t, lif, d, x))

	_, report, err = alone(nir.LI{Tau: a(tau), R: a(r), VLeak: a(leak)}, 2).Model(d)
	require.NoError(t, err)
	require.Equal(t, []string{"it begins at 0, not at v_leak"}, report.Nodes[0].Notes)
	d.Start = 7
	_, _, err = lif.Model(d)
	require.ErrorIs(t, err, nir.ErrUnsupported)
}

// Gains: scaled spikes like integrated, absorbed and decayed ignore r and w_in
// and say so, and integrators take dt in or not.
func TestGains(t *testing.T) {
	a := func(v []float64) nir.Array { return nir.Of(v) }
	g := alone(nir.CubaLIF{TauSyn: a(tauSyn), TauMem: a(tau), R: a(r), VLeak: a(leak), VThreshold: a(level), VReset: a(resetTo), WIn: a(wIn)}, 2)
	x := drive(300, 2)
	d := nir.Discretization{DT: 1e-3, Method: snn.MethodEuler, Reset: snn.ResetToValue}
	integrated := outputs(t, g, d, x)
	d.Gain = nir.GainScaled
	require.Equal(t, integrated, outputs(t, g, d, x))
	m, report, err := g.Model(d)
	require.NoError(t, err)
	require.True(t, report.Faithful())
	require.InDeltaSlice(t, []float32{float32(level[0] / (0.05 * 1.5 * 0.2 * 0.8)), float32(level[1] / (2. / 30 * 1.2 / 8))}, m.Params()["n.threshold"].Data, 1e-3)

	for gain, notes := range map[nir.Gain][]string{
		nir.GainAbsorbed: {"r is ignored: the gain is 1, by the equations 0.075", "w_in is ignored: the gain is 1, by the equations 0.16"},
		nir.GainDecayed:  {"r is ignored: the gain is 1, by the equations 0.075", "w_in is ignored: the gain is 0.8, by the equations 0.16"},
	} {
		d.Gain = gain
		m, report, err := g.Model(d)
		require.NoError(t, err)
		require.Equal(t, nir.StatusApproximated, report.Nodes[0].Status)
		require.Equal(t, notes, report.Nodes[0].Notes)
		require.Equal(t, float32(1), m.Params()["n.gain"].Data[0])
	}
	d.Gain = 9
	_, _, err = g.Model(d)
	require.ErrorIs(t, err, nir.ErrUnsupported)

	i := alone(nir.I{R: a([]float64{3, 5})}, 2)
	require.Equal(t, [][]float32{{3, 5}, {6, 10}}, outputs(t, i, nir.Discretization{}, [][]float32{{1, 1}, {1, 1}}))
	require.Equal(t, [][]float32{{0.75, 1.25}}, outputs(t, i, nir.Discretization{PerTime: true, DT: 0.25}, [][]float32{{1, 1}}))
	zero := alone(nir.LIF{Tau: a(tau), R: a([]float64{0, 1}), VLeak: a(leak), VThreshold: a(level)}, 2)
	_, _, err = zero.Model(nir.Discretization{DT: 1e-3, Gain: nir.GainScaled})
	require.ErrorContains(t, err, "a gain of 0, which cannot be made 1")
}

// The nodes without a membrane.
func TestThresholdScaleDelay(t *testing.T) {
	none := nir.Discretization{DT: 0.1}
	x := [][]float32{{1, 2}, {3, 4}, {5, 6}, {7, 8}}
	g := alone(nir.Threshold{Threshold: nir.Of([]float64{3, 5})}, 2)
	require.Equal(t, [][]float32{{0, 0}, {0, 0}, {1, 1}, {1, 1}}, outputs(t, g, none, x))
	none.Inclusive = true
	require.Equal(t, [][]float32{{0, 0}, {1, 0}, {1, 1}, {1, 1}}, outputs(t, g, none, x))
	require.Equal(t, [][]float32{{1, 4}, {3, 8}}, outputs(t, alone(nir.Scale{Scale: nir.Of([]float32{1, 2})}, 2), none, x[:2]))

	for _, c := range []struct {
		delay nir.Array
		out   [][]float32
		notes []string
	}{
		{nir.Of([]float64{0.1, 0.1}), [][]float32{{0, 0}, {1, 2}, {3, 4}, {5, 6}}, nil},
		{nir.Of([]float64{0.2, 0}), [][]float32{{0, 2}, {0, 4}, {1, 6}, {3, 8}}, nil},
		{nir.Of([]float64{0.14, 0.1}), [][]float32{{0, 0}, {1, 2}, {3, 4}, {5, 6}}, []string{"the delay 0.14 became 1 steps"}},
	} {
		m, report, err := alone(nir.Delay{Delay: c.delay}, 2).Model(none)
		require.NoError(t, err)
		require.Equal(t, c.out, steps(t, m, x))
		require.Equal(t, c.notes, report.Nodes[0].Notes)
	}
	for _, bad := range []float64{-0.1, 1e9, math.NaN()} {
		_, _, err := alone(nir.Delay{Delay: nir.Of([]float64{bad, 0})}, 2).Model(none)
		require.ErrorIs(t, err, nir.ErrUnsupported)
		require.ErrorContains(t, err, "nir: n: ")
	}
}

// Timings and arrivals are those of the layers; old membranes behind a current
// are reset before they decay, as in spyx.
func TestTimings(t *testing.T) {
	a := func(v []float64) nir.Array { return nir.Of(v) }
	lif := nir.LIF{Tau: a(tau), R: a(r), VLeak: a(leak), VThreshold: a(level)}
	cuba := nir.CubaLIF{TauSyn: a(tauSyn), TauMem: a(tau), R: a(r), VLeak: a(leak), VThreshold: a(level)}
	layer := func(n nir.Node, d nir.Discretization) snn.LIF {
		m, _, err := alone(n, 2).Model(d)
		require.NoError(t, err)
		return m.Graph().Spec().Layers[0].Layer.(snn.LIF)
	}
	d, err := nir.As("spyx", 1e-3)
	require.NoError(t, err)
	require.Equal(t, snn.TimingOldMembrane, layer(lif, d).Timing)
	require.Equal(t, snn.TimingOldMembraneDecayed, layer(cuba, d).Timing)
	d.Timing, d.Arrival = snn.TimingNextStep, snn.ArrivalLate
	require.Equal(t, snn.TimingNextStep, layer(cuba, d).Timing)
	require.Equal(t, snn.ArrivalLate, layer(cuba, d).Synapse.Arrival)
}

// What a step cannot be is an error that names the node.
func TestBadSteps(t *testing.T) {
	a := func(v ...float64) nir.Array { return nir.Of(v) }
	g := alone(nir.LI{Tau: a(0.1, 0.001), R: a(1, 1), VLeak: a(0, 0)}, 2)
	for _, dt := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, _, err := g.Model(nir.Discretization{DT: dt})
		require.ErrorIs(t, err, nir.ErrUnsupported)
		require.ErrorContains(t, err, "nir: n: unsupported: a file with times needs the length of a step")
	}
	_, _, err := g.Model(nir.Discretization{DT: 0.01, Method: snn.MethodEuler})
	require.ErrorContains(t, err, "a time constant of 0.001, which is shorter than a step of 0.01")
	_, _, err = g.Model(nir.Discretization{DT: 0.01, Method: snn.MethodExact})
	require.NoError(t, err)
	for _, bad := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		g := alone(nir.LI{Tau: a(0.1, bad), R: a(1, 1), VLeak: a(0, 0)}, 2)
		_, _, err := g.Model(nir.Discretization{DT: 0.01})
		require.ErrorIs(t, err, nir.ErrFormat)
	}
}
