package nir_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	_ "github.com/spikelane/spikelane/preset/jaxpike"
	_ "github.com/spikelane/spikelane/preset/lava"
	_ "github.com/spikelane/spikelane/preset/mlgenn"
	_ "github.com/spikelane/spikelane/preset/norse"
	_ "github.com/spikelane/spikelane/preset/rockpool"
	_ "github.com/spikelane/spikelane/preset/sinabs"
	_ "github.com/spikelane/spikelane/preset/slax"
	_ "github.com/spikelane/spikelane/preset/snnax"
	_ "github.com/spikelane/spikelane/preset/snntorch"
	_ "github.com/spikelane/spikelane/preset/spikingjelly"
	_ "github.com/spikelane/spikelane/preset/spyx"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// failing is what tests and rapid have in common.
type failing interface {
	require.TestingT
	Helper()
}

// there and back again: the model of the file of a model.
func thereAndBack(t failing, m *forward.Model, dt float64) (*forward.Model, *nir.Report) {
	t.Helper()
	g, report, err := nir.Export(m, dt)
	require.NoError(t, err)
	data, err := nir.Encode(g)
	require.NoError(t, err)
	g, err = nir.Parse(data)
	require.NoError(t, err)
	d, err := nir.As("spikelane", 0) // the file knows dt
	require.NoError(t, err)
	again, _, err := g.Model(d)
	require.NoError(t, err)
	return again, report
}

// spikesOf is a signal of spikes with this rate.
func spikesOf(t failing, rate float32, steps, batch int, shape ...int) *tensor.Spikes {
	x := tensor.New(append([]int{batch}, shape...)...)
	for i := range x.Data {
		x.Data[i] = rate
	}
	s, err := encode.Rate(x, steps, 0, 7, nil)
	require.NoError(t, err)
	return s
}

// requireSameBits runs both and compares the outputs of all layers that both
// have. It returns how many outputs of neurons are not zero.
func requireSameBits(t failing, a, b *forward.Model, x tensor.Signal) (active int) {
	t.Helper()
	record := func(m *forward.Model) *forward.Output {
		_, batch, _ := x.Dims()
		y, err := m.With(forward.Record(m.Graph().Layers()...)).Run(context.Background(), m.NewState(batch), x)
		require.NoError(t, err)
		return y
	}
	native, foreign := record(a), record(b)
	require.Equal(t, native.Dense().Data, foreign.Dense().Data)
	for _, name := range native.Layers() {
		if back := foreign.Layer(name); back != nil {
			data := native.Layer(name).Dense().Data
			require.Equal(t, data, back.Dense().Data, name)
			if _, ok := native.Layer(name).(*tensor.Spikes); ok {
				for _, v := range data {
					active += int(v)
				}
			}
		}
	}
	return active
}

// around is a network with a neuron in its middle.
func around(t failing, neuron snn.Layer, seed uint64) *forward.Model {
	g, err := forward.Sequential(tensor.Shape{6}, snn.Linear{Out: 9}, snn.Scale{Factor: 6}, neuron, snn.Linear{Out: 4, NoBias: true}, snn.LI{Decay: 0.8})
	require.NoError(t, err)
	m, err := g.Init(seed)
	require.NoError(t, err)
	return m
}

// Every neuron and preset that NIR has a primitive for goes there and back
// with its spikes; the others are errors that name them.
func TestExportOfEveryNeuron(t *testing.T) {
	exported, active := 0, 0
	for _, typ := range snn.Types() {
		layer, err := snn.Unmarshal(typ, nil)
		require.NoError(t, err)
		if _, err := forward.Sequential(tensor.Shape{9}, layer); err != nil {
			continue // it needs options, or another shape
		}
		m := around(t, layer, 3)
		if _, _, err := nir.Export(m, 1e-3); err != nil {
			require.ErrorIs(t, err, nir.ErrUnsupported)
			require.ErrorContains(t, err, m.Graph().Layers()[2])
			continue
		}
		exported++
		back, _ := thereAndBack(t, m, 1e-3)
		active += requireSameBits(t, m, back, spikesOf(t, 0.5, 60, 2, 6))
	}
	t.Logf("%d types", exported)
	require.Greater(t, exported, 30)
	require.Greater(t, active, 1000)
}

// drawNeuron draws options that go together.
func drawNeuron(t *rapid.T) snn.Layer {
	value := func(name string, low, high float32) snn.Value {
		return snn.Num(rapid.Float32Range(low, high).Draw(t, name))
	}
	var synapse snn.Synapse
	if rapid.Bool().Draw(t, "current") {
		synapse = snn.Synapse{Decay: value("synapse decay", 0.01, 1), Gain: value("synapse gain", 0.1, 2), Arrival: snn.Arrival(rapid.IntRange(0, 2).Draw(t, "arrival"))}
	}
	l := snn.LIF{
		Decay: value("decay", 0, 1), Gain: value("gain", 0.01, 2), Threshold: value("threshold", 0.1, 2), Synapse: synapse,
		Strict: rapid.Bool().Draw(t, "strict"), Reset: snn.Reset(rapid.IntRange(0, 3).Draw(t, "reset")),
	}
	if l.Decay == 0 {
		l.Decay = snn.Zero
	}
	if rapid.Bool().Draw(t, "bias") {
		l.Bias = value("bias", -0.1, 0.3)
	}
	if l.Reset == snn.ResetToValue {
		l.ResetTo = value("reset to", -1, 0.05)
	}
	switch rapid.IntRange(0, 3).Draw(t, "special") {
	case 1:
		if l.Reset == snn.ResetSubtract {
			l.Amount = value("amount", 0.1, 1)
		}
	case 2:
		if l.Reset != snn.ResetNone {
			l.Refractory = rapid.IntRange(1, 4).Draw(t, "refractory")
		}
	case 3:
		if l.Reset != snn.ResetNone {
			l.Timing = snn.Timing(rapid.IntRange(1, 3).Draw(t, "timing"))
		}
	}
	if rapid.Bool().Draw(t, "leaky") {
		return l
	}
	return snn.IF{
		Gain: l.Gain, Bias: l.Bias, Synapse: l.Synapse, Threshold: l.Threshold, Strict: l.Strict, Reset: l.Reset, Timing: l.Timing,
		Amount: l.Amount, ResetTo: l.ResetTo, Refractory: l.Refractory,
	}
}

// Neurons with any options, recurrent or not, behind edges of any delay, give
// the same bits there and back, in any unit of time.
func TestExportKeepsBits(t *testing.T) {
	active := 0
	defer func() { require.NotZero(t, active, "silent cases prove nothing") }()
	rapid.Check(t, func(t *rapid.T) {
		neuron := drawNeuron(t)
		edge := func(name string, most int) func(layer string) forward.Source {
			delay := rapid.IntRange(0, most).Draw(t, name)
			return func(layer string) forward.Source { return forward.After(delay, layer) }
		}
		in, out, back := edge("into the neuron", 2), edge("out of it", 2), rapid.IntRange(1, 3).Draw(t, "back")
		s := forward.Spec{
			Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{6}}},
			Layers: []forward.Node{
				{Name: "fc1", Layer: snn.Linear{Out: 9}, Inputs: []string{"x"}},
				{Name: "rec", Layer: snn.Linear{Out: 9}, Sources: []forward.Source{forward.After(back, "lif")}},
				{Name: "lif", Layer: neuron, Sources: []forward.Source{in("fc1"), forward.After(0, "rec")}, Join: forward.JoinSum},
				{Name: "fc2", Layer: snn.Linear{Out: 4}, Sources: []forward.Source{out("lif")}},
				{Name: "li", Layer: snn.LI{Decay: 0.75, Normalized: true}},
			},
			Outputs: []string{"li"},
		}
		g, err := forward.New(s)
		require.NoError(t, err)
		m, err := g.Init(rapid.Uint64().Draw(t, "seed"))
		require.NoError(t, err)
		weights := m.Params()
		for _, name := range []string{"lif.decay", "lif.threshold", "lif.gain"} {
			if weights[name] != nil && rapid.Bool().Draw(t, name) {
				each := rapid.Float32Range(0.001, 1)
				weights[name] = tensor.Of(rapid.SliceOfN(each, 9, 9).Draw(t, name), 9)
			}
		}
		m, err = g.Load(weights)
		require.NoError(t, err)
		dt := rapid.Float64Range(1e-6, 10).Draw(t, "dt")
		again, _ := thereAndBack(t, m, dt)
		active += requireSameBits(t, m, again, spikesOf(t, 0.5, 40, 2, 6))
	})
}

// Every decay comes back to the bit where float64 can tell it from its
// neighbours.
func TestDecaysComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.Uint32Range(math.Float32bits(0x1p-26), math.Float32bits(1)).Draw(t, "bits")
		decay := math.Float32frombits(bits)
		g, err := forward.Sequential(tensor.Shape{1}, snn.LIF{Decay: snn.Num(decay), Strict: true, Reset: snn.ResetToZero})
		require.NoError(t, err)
		m, err := g.Init(0)
		require.NoError(t, err)
		dt := rapid.Float64Range(1e-9, 1e3).Draw(t, "dt")
		file, report, err := nir.Export(m, dt)
		require.NoError(t, err)
		require.True(t, report.Faithful(), report)
		d, err := nir.As("nir", dt)
		require.NoError(t, err)
		again, _, err := file.Model(d)
		require.NoError(t, err)
		back, ok := again.Params()["lif1.decay"]
		if !ok { // it became an integrator
			require.Equal(t, float32(1), decay)
			return
		}
		require.Equal(t, decay, back.Data[0])
		require.Equal(t, float32(1), again.Params()["lif1.gain"].Data[0])
	})
}

// Layers with space, and those that only hand on, keep their bits as well.
func TestExportOfImages(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{2, 10, 9},
		snn.Conv2d{Out: 4, Kernel: snn.Size{3, 3}, Padding: snn.Size{1, 1}, Groups: 2, NoBias: true}, snn.LIF{Threshold: 0.2, Strict: true, Reset: snn.ResetToZero},
		snn.SumPool2d{Kernel: snn.Size{2, 2}}, snn.Conv2d{Out: 3, Kernel: snn.Size{2, 2}, Stride: snn.Size{2, 1}, Dilation: snn.Size{1, 2}}, snn.IF{Threshold: 0.3},
		snn.AvgPool2d{Kernel: snn.Size{2, 2}, Stride: snn.Size{1, 1}}, snn.Dropout{Probability: 0.5}, snn.Flatten{}, snn.Identity{}, snn.Delay{Steps: 3}, snn.Linear{Out: 5}, snn.SpikeCounter{})
	require.NoError(t, err)
	m, err := g.Init(5)
	require.NoError(t, err)
	again, report := thereAndBack(t, m, 1e-3)
	require.NotZero(t, requireSameBits(t, m, again, spikesOf(t, 0.3, 30, 2, 2, 10, 9)))
	require.Contains(t, report.String(), "it spikes at its threshold too")

	one, err := forward.Sequential(tensor.Shape{2, 40}, snn.Conv1d{Out: 3, Kernel: 4, Stride: 2, Padding: 1, Dilation: 3}, snn.LIF{Threshold: 0.1}, snn.Flatten{})
	require.NoError(t, err)
	m, err = one.Init(5)
	require.NoError(t, err)
	again, _ = thereAndBack(t, m, 1e-3)
	require.NotZero(t, requireSameBits(t, m, again, spikesOf(t, 0.3, 30, 2, 2, 40)))
}

// What has no counterpart is an error with the name of the layer.
func TestExportRefuses(t *testing.T) {
	for _, c := range []struct {
		layers []snn.Layer
		says   string
	}{
		{[]snn.Layer{snn.MaxPool2d{Kernel: snn.Size{2, 2}}}, `maxpool2d1: unsupported: NIR has no counterpart of a MaxPool2d`},
		{[]snn.Layer{snn.BatchNorm{}}, `batchnorm1: unsupported: NIR has no batch norm: Fold the model first`},
		{[]snn.Layer{snn.Scale{Offset: 1}}, `scale1: unsupported: NIR's Scale has no offset`},
		{[]snn.Layer{snn.Izhikevich{}}, `izhikevich1: unsupported`},
	} {
		g, err := forward.Sequential(tensor.Shape{2, 4, 4}, c.layers...)
		require.NoError(t, err)
		m, err := g.Init(1)
		require.NoError(t, err)
		_, _, err = nir.Export(m, 1e-3)
		require.ErrorIs(t, err, nir.ErrUnsupported)
		require.ErrorContains(t, err, c.says)
		var placed *nir.Error
		require.ErrorAs(t, err, &placed)
		require.Equal(t, g.Layers()[0], placed.Path)
	}
	for _, dt := range []float64{0, -1, math.Inf(1), math.NaN()} {
		_, _, err := nir.Export(around(t, snn.LIF{}, 1), dt)
		require.ErrorIs(t, err, nir.ErrUnsupported, fmt.Sprint(dt))
	}
}
