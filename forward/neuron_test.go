package forward_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// goldenNeurons are the framework classes that LI, LIF and IF equal, and how; Tau 1
// and the reset's value stand for the numbers in the file.
var goldenNeurons = []struct {
	name   string
	layer  snn.Layer
	params map[string]string // ours: theirs
}{
	{"snntorch.Leaky.none.delay.atan", snn.LIF{Strict: true, Reset: snn.NoReset}, leaky},
	{"snntorch.Leaky.subtract.delay.atan", snn.LIF{Strict: true, Timing: snn.NextStep}, leaky},
	{"snntorch.Leaky.subtract.delay.fast_sigmoid", snn.LIF{Strict: true, Timing: snn.NextStep}, leaky},
	{"snntorch.Leaky.subtract.nodelay.atan", snn.LIF{Strict: true}, leaky},
	{"snntorch.Leaky.zero.delay.atan", snn.LIF{Strict: true, Reset: snn.ToZero, Timing: snn.NextStepDecayed}, leaky},
	{"snntorch.Leaky.zero.nodelay.fast_sigmoid", snn.LIF{Strict: true, Reset: snn.ToZero}, leaky},
	{"snnax.SimpleLIF.zero", snn.LIF{Normalised: true, Reset: snn.ToZero}, map[string]string{"decay": "decay_constants"}},
	{"snnax.SimpleLIF.zero.fullgrad", snn.LIF{Normalised: true, Reset: snn.ToZero}, map[string]string{"decay": "decay_constants"}},
	{"snnax.SimpleLI", snn.LI{Normalised: true}, map[string]string{"decay": "decay_constants"}},
	{"spikingjelly.LIF.decay_input.soft.attach", snn.LIF{Tau: 1, Method: snn.Euler, Normalised: true}, nil},
	{"spikingjelly.LIF.decay_input.hard0.attach", snn.LIF{Tau: 1, Method: snn.Euler, Normalised: true, Reset: snn.ToZero}, nil},
	{"spikingjelly.LIF.nodecay_input.soft.attach", snn.LIF{Tau: 1, Method: snn.Euler}, nil},
	{"spikingjelly.LIF.nodecay_input.hard0.attach", snn.LIF{Tau: 1, Method: snn.Euler, Reset: snn.ToZero}, nil},
	{"spikingjelly.IF.soft.attach", snn.IF{}, nil},
	{"spikingjelly.IF.hard.attach", snn.IF{Reset: snn.ToValue}, nil},
	{"spyx.LI", snn.LI{}, map[string]string{"decay": "beta"}},
}

var leaky = map[string]string{"decay": "beta", "threshold": "threshold"}

func TestGoldenNeurons(t *testing.T) {
	for _, c := range goldenNeurons {
		for _, from := range []string{"from0", "fromrand"} {
			t.Run(c.name+"."+from, func(t *testing.T) {
				f, err := golden.ReadFile(filepath.Join(shared.Path(t, "golden"), "neuron."+c.name+"."+from+".safetensors"))
				require.NoError(t, err)
				x, err := f.Tensor("x")
				require.NoError(t, err)
				compareNeuron(t, f, goldenModel(t, f, numbered(t, f, c.layer), c.params, x.Shape[2]), x)
			})
		}
	}
}

// numbered takes the numbers of the file into options that stand for them.
func numbered(t *testing.T, f *golden.Case, l snn.Layer) snn.Layer {
	var p struct {
		Tau   snn.Value `json:"tau"`
		Reset snn.Value `json:"v_reset"`
	}
	require.NoError(t, f.Meta("parameters", &p))
	switch l := l.(type) {
	case snn.LIF:
		if l.Tau != 0 {
			l.Tau = p.Tau
		}
		return l
	case snn.IF:
		if l.Reset == snn.ToValue {
			l.ResetTo = p.Reset
		}
		return l
	}
	return l
}

func goldenModel(t *testing.T, f *golden.Case, l snn.Layer, params map[string]string, n int) *forward.Model {
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{n}}},
		Layers: []forward.Node{{Name: "n", Layer: l}},
	})
	require.NoError(t, err)
	weights := map[string]*tensor.Tensor{}
	for ours, theirs := range params {
		p, err := f.Tensor("param." + theirs)
		require.NoError(t, err)
		p = tensor.Of(p.Data, len(p.Data))
		if theirs == "decay_constants" { // SNNAX clamps them
			for i, v := range p.Data {
				p.Data[i] = min(max(v, 0.5), 1)
			}
		}
		weights["n."+ours] = p
	}
	m, err := g.Load(weights)
	require.NoError(t, err)
	return m
}

func compareNeuron(t *testing.T, f *golden.Case, m *forward.Model, x *tensor.Tensor) {
	v, err := f.Tensor("state.v")
	require.NoError(t, err)
	start, err := f.Tensor("init.v")
	require.NoError(t, err)
	batch, n := x.Shape[1], x.Shape[2]
	s := m.NewState(batch)
	copy(s.Values("n"), start.Data)
	var spikes []float32
	for step := range x.Shape[0] {
		y, err := m.Step(s, window(x, step, 1))
		require.NoError(t, err)
		spikes = append(spikes, y.Dense().Data...)
		for i, got := range s.Values("n") {
			want := float64(v.Data[step*batch*n+i])
			require.InDelta(t, want, float64(got), 1e-5*max(1, want, -want), "step %d, neuron %d", step, i)
		}
	}
	if !f.Has("spikes") {
		return // a leaky integrator
	}
	want, err := f.Tensor("spikes")
	require.NoError(t, err)
	require.Equal(t, want.Data, spikes)
	require.Contains(t, spikes, float32(1), "a silent case proves nothing")
}
