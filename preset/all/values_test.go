package all_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/mlgenn"
	"github.com/spikelane/spikelane/preset/rockpool"
	"github.com/spikelane/spikelane/preset/sinabs"
	"github.com/spikelane/spikelane/preset/snnax"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/preset/spikingjelly"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// outputs are those of one neuron at a constant input.
func outputs(t *testing.T, l snn.Layer, weights map[string]*tensor.Tensor, x float32, steps int) []float32 {
	t.Helper()
	g, err := forward.New(forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{1}}}, Layers: []forward.Node{{Name: "n", Layer: l}}})
	require.NoError(t, err)
	m, err := g.Load(weights)
	require.NoError(t, err)
	in := tensor.New(steps, 1, 1)
	for i := range in.Data {
		in.Data[i] = x
	}
	y, err := m.Run(t.Context(), m.NewState(1), in)
	require.NoError(t, err)
	return y.Dense().Data
}

// A reset by a computed zero subtracts nothing.
func TestComputedZeros(t *testing.T) {
	require.Equal(t, []float32{0, 1, 1, 1, 1}, outputs(t, mlgenn.LIF{VThresh: 1, VReset: 1, TauMem: 1e9}, nil, 0.75, 5))
	require.Equal(t, []float32{0, 1, 1, 1, 0}, outputs(t, mlgenn.LIF{VThresh: 1, TauMem: 1e9}, nil, 0.75, 5), "a control")
	one := map[string]*tensor.Tensor{"n.2.weight": tensor.Of([]float32{1}, 1, 1), "n.2.bias": tensor.Of([]float32{0}, 1)}
	require.Equal(t, []float32{1, 1, 1, 1}, outputs(t, snnax.SRM{Out: 1, Decays: [2]snn.Value{0.5, 0.5}, ResetVal: snn.Zero}.Compound(), one, 5, 4))
	require.Equal(t, []float32{1, 0, 1, 0}, outputs(t, snnax.SRM{Out: 1, Decays: [2]snn.Value{0.5, 0.5}, ResponseDecay: 1, ResetVal: 2}.Compound(), one, 5, 4), "a control")
	require.Equal(t, snn.Zero, snn.Num(0))
	require.Equal(t, snn.Value(0.5), snn.Num(0.5))
}

// SNNAX keeps what is loaded or learned within its bounds, in use.
func TestSRMIsKeptInBounds(t *testing.T) {
	run := func(decay, trace, reset float32) []float32 {
		weights := map[string]*tensor.Tensor{"n.2.weight": tensor.Of([]float32{1}, 1, 1), "n.2.bias": tensor.Of([]float32{0}, 1)}
		for name, v := range map[string]float32{"n.0.decay": trace, "n.r_decay_constants": decay, "n.reset_val": reset} {
			weights[name] = tensor.Of([]float32{v}, 1)
		}
		return outputs(t, snnax.SRM{Out: 1}.Compound(), weights, 4, 40)
	}
	require.Equal(t, run(0.5, 0.5, 2), run(0.1, 0.2, 7))
	require.Equal(t, run(1, 0.9, 0), run(3, 0.9, -1))
	require.NotEqual(t, run(0.5, 0.5, 2), run(0.6, 0.5, 2))
	plan, err := snnax.SRM{Out: 1, SpikeFn: surrogate.SuperSpike(-1)}.Compound()[3].Build(tensor.Shape{1})
	require.Error(t, err, "the surrogate is used: %v", plan)
}

// reset_delay=False does nothing in snnTorch's RSynaptic.
func TestRSynapticResetsLate(t *testing.T) {
	l := snntorch.Synaptic{Alpha: 0.8, Beta: 0.7}
	late := l
	late.NoResetDelay = true
	weights := map[string]*tensor.Tensor{"n.back.weight": tensor.Of([]float32{0.3}, 1, 1), "n.back.bias": tensor.Of([]float32{0}, 1)}
	require.Equal(t, snntorch.RSynaptic(1, l), snntorch.RSynaptic(1, late))
	require.Equal(t, snntorch.RSynapticOneToOne(0.5, l), snntorch.RSynapticOneToOne(0.5, late))
	require.Contains(t, outputs(t, snntorch.RSynaptic(1, late), weights, 0.5, 20), float32(1))
}

// SpikingJelly's membranes begin where a hard reset takes them.
func TestSpikingJellyBeginsAtTheReset(t *testing.T) {
	for _, l := range []snn.Layer{
		spikingjelly.IF{VReset: -0.5}, spikingjelly.LIF{VReset: -0.5}, spikingjelly.PLIF{VReset: -0.5},
		spikingjelly.QIF{VReset: -0.5}, spikingjelly.EIF{VReset: -0.5}, spikingjelly.Izhikevich{VReset: -0.5},
	} {
		plan, err := l.Build(tensor.Shape{2})
		require.NoError(t, err)
		state := make([]float32, plan.State)
		plan.InitState(state)
		require.Equal(t, []float32{-0.5, -0.5}, state[:2], l.Type())
	}
	plan, err := spikingjelly.LIF{SoftReset: true}.Build(tensor.Shape{2})
	require.NoError(t, err)
	require.Nil(t, plan.InitState)
}

// Options of which one would be dropped are refused, with its name.
func TestConflictsAreNamed(t *testing.T) {
	for what, l := range map[string]snn.Layer{
		"VReset with SoftReset":          spikingjelly.QIF{SoftReset: true, VReset: 0.1},
		"both TauMem and AlphaMem":       sinabs.LIF{TauMem: 5, AlphaMem: 0.5},
		"goes with MembraneReset":        sinabs.IAF{ResetValue: 0.5},
		`NoResetDelay with the reset`:    snntorch.Leaky{Reset: "none", NoResetDelay: true},
		`WholeReset goes with the reset`: snntorch.Leaky{WholeReset: true},
	} {
		_, err := l.Build(tensor.Shape{1})
		require.ErrorIs(t, err, snn.ErrOption, what)
		require.ErrorContains(t, err, what)
	}
}

// A framework's spike functions by their names: what is unknown, missing or too
// much is an error.
func TestSurrogatesByName(t *testing.T) {
	f, err := sinabs.Surrogate("SingleExponential", map[string]float64{"grad_width": 0.25})
	require.NoError(t, err)
	require.Equal(t, sinabs.SingleExponential(0.25), f)
	f, err = rockpool.Surrogate("StepPWL", map[string]float64{"window": 0.25})
	require.NoError(t, err)
	require.Equal(t, rockpool.StepPWL(0.25), f)
	f, err = snntorch.Surrogate("SFS", map[string]float64{"B": 2, "slope": 5})
	require.NoError(t, err)
	require.Equal(t, snntorch.SFS(5, 2), f)
	for what, params := range map[string]map[string]float64{
		`wants "alpha"`: {}, `no parameter "slope"`: {"alpha": 2, "slope": 1}, "out of range": {"alpha": -1},
	} {
		_, err := snntorch.Surrogate("atan", params)
		require.ErrorIs(t, err, surrogate.ErrSurrogate)
		require.ErrorContains(t, err, what)
	}
	_, err = snntorch.Surrogate("ATan", map[string]float64{"alpha": 2})
	require.ErrorContains(t, err, `no function "ATan"`)
}
