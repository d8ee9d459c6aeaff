package statedict_test

import (
	"maps"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/statedict"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/preset/spikingjelly"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

type dict = map[string]*tensor.Tensor

// numbers is a tensor of different numbers.
func numbers(first float32, shape ...int) *tensor.Tensor {
	t := tensor.New(shape...)
	for i := range t.Data {
		t.Data[i] = first + float32(i)/64
	}
	return t
}

func sequential(t testing.TB, in tensor.Shape, layers ...snn.Layer) *forward.Graph {
	t.Helper()
	g, err := forward.Sequential(in, layers...)
	require.NoError(t, err)
	return g
}

// small is the state dict of Linear(3, 2), Leaky, Linear(2, 2), Leaky.
func small(fc1, lif1, fc2, lif2 string) dict {
	d := dict{
		fc1 + ".weight": numbers(0, 2, 3), fc1 + ".bias": numbers(1, 2),
		fc2 + ".weight": numbers(2, 2, 2), fc2 + ".bias": numbers(3, 2),
	}
	for k, lif := range []string{lif1, lif2} {
		d[lif+".beta"] = numbers(0.5 + float32(k)/4)
		d[lif+".threshold"] = numbers(1 + float32(k))
		d[lif+".graded_spikes_factor"] = numbers(1)
		d[lif+".reset_mechanism_val"] = numbers(0)
	}
	return d
}

func smallGraph(t testing.TB) *forward.Graph {
	return sequential(t, tensor.Shape{3}, snn.Linear{Out: 2}, snntorch.Leaky{}, snn.Linear{Out: 2}, snntorch.Leaky{})
}

func requireSmall(t *testing.T, m *forward.Model) {
	t.Helper()
	p := m.Params()
	require.Equal(t, numbers(0, 2, 3), p["linear1.weight"])
	require.Equal(t, numbers(3, 2), p["linear2.bias"])
	require.Equal(t, []float32{0.5, 0.75}, append(p["snntorch.leaky1.beta"].Data, p["snntorch.leaky2.beta"].Data...))
	require.Equal(t, []float32{1, 2}, append(p["snntorch.leaky1.threshold"].Data, p["snntorch.leaky2.threshold"].Data...))
}

func TestMatches(t *testing.T) {
	for name, c := range map[string]struct {
		tensors dict
		names   statedict.Names
		by      []string
	}{
		"attributes":     {small("fc1", "lif1", "fc2", "lif2"), nil, []string{"shape", "order", "shape", "order"}},
		"nn.Sequential":  {small("0", "1", "2", "3"), nil, []string{"shape", "order", "shape", "order"}},
		"tens":           {small("net.8", "net.9", "net.10", "net.11"), nil, []string{"shape", "order", "shape", "order"}},
		"DataParallel":   {small("module.a", "module.b1", "module.c", "module.b2"), nil, []string{"shape", "order", "shape", "order"}},
		"compiled":       {small("_orig_mod.module.0", "_orig_mod.module.1", "_orig_mod.module.2", "_orig_mod.module.3"), nil, []string{"shape", "order", "shape", "order"}},
		"one name given": {small("in", "spike", "out", "fire"), statedict.Names{"spike": "snntorch.leaky1"}, []string{"shape", "names", "shape", "shape"}},
		"our names":      {small("linear1", "snntorch.leaky1", "linear2", "snntorch.leaky2"), nil, []string{"name", "name", "name", "name"}},
		"names over order": {small("fc1", "lif9", "fc2", "lif3"), statedict.Names{"lif9": "snntorch.leaky1", "lif3": "snntorch.leaky2"},
			[]string{"shape", "names", "shape", "names"}},
	} {
		m, report, err := statedict.Load(smallGraph(t), c.tensors, c.names)
		require.NoError(t, err, name)
		requireSmall(t, m)
		var by []string
		for _, match := range report.Matches {
			by = append(by, match.By)
		}
		require.Equal(t, c.by, by, name)
		require.Empty(t, report.Kept, name)
		require.Len(t, report.Names(), 4)
	}
}

// Layers of one type and several sizes go by order where numbers alone would
// fit several of them.
func TestOrderOfSizes(t *testing.T) {
	g := sequential(t, tensor.Shape{3}, snntorch.Leaky{}, snn.Linear{Out: 2}, snntorch.Leaky{}, snn.Linear{Out: 3}, snntorch.Leaky{})
	load := func(beta1, beta2, beta3 *tensor.Tensor) error {
		d := dict{"fc1.weight": numbers(0, 2, 3), "fc1.bias": numbers(0, 2), "fc2.weight": numbers(0, 3, 2), "fc2.bias": numbers(0, 3)}
		for name, beta := range map[string]*tensor.Tensor{"lif1": beta1, "lif2": beta2, "lif3": beta3} {
			d[name+".beta"], d[name+".threshold"] = beta, numbers(1)
		}
		m, report, err := statedict.Load(g, d, nil)
		if err == nil {
			require.Equal(t, "snntorch.leaky1", report.Names()["lif1"])
			require.Equal(t, "snntorch.leaky2", report.Names()["lif2"])
			require.Equal(t, beta3.Data, m.Params()["snntorch.leaky3.beta"].Data)
		}
		return err
	}
	require.NoError(t, load(numbers(0.1, 3), numbers(0.2, 2), numbers(0.3, 3)))
	require.NoError(t, load(numbers(0.1, 3), numbers(0.2), numbers(0.3)))
	require.NoError(t, load(numbers(0.1), numbers(0.2), numbers(0.3, 3)))
	// The second in order has three neurons, the second layer two.
	require.ErrorContains(t, load(numbers(0.1), numbers(0.2, 3), numbers(0.3)), "not plain")
}

func TestMismatches(t *testing.T) {
	with := func(d dict, change func(d dict)) dict {
		change(d)
		return d
	}
	good := func() dict { return small("fc1", "lif1", "fc2", "lif2") }
	nan := float32(math.NaN())
	for name, c := range map[string]struct {
		tensors dict
		names   statedict.Names
		is      error
		says    []string
	}{
		"a module left over": {with(good(), func(d dict) { d["aux.weight"], d["aux.bias"] = numbers(0, 5, 5), numbers(0, 5) }), nil, statedict.ErrMatch,
			[]string{"no layer uses aux.bias", "no layer uses aux.weight"}},
		"a tensor left over": {with(good(), func(d dict) { d["fc1.mask"] = numbers(0, 2, 3) }), nil, statedict.ErrMatch,
			[]string{"no layer uses fc1.weight", "no layer uses fc1.mask", `nothing is the weight of the Linear "linear1"`, `the module "fc1" is not "linear1": the layer has no mask`}},
		"modules missing": {with(good(), func(d dict) {
			delete(d, "fc2.weight")
			delete(d, "fc2.bias")
			delete(d, "fc1.weight")
			delete(d, "fc1.bias")
		}), nil,
			statedict.ErrMatch, []string{`the weight of the Linear "linear1"`, `the bias of the Linear "linear1"`, `the weight of the Linear "linear2"`}},
		"a tensor missing": {with(good(), func(d dict) { delete(d, "fc2.bias") }), nil, statedict.ErrMatch,
			[]string{`the module "fc2" is not "linear2": it has no bias`}},
		"another shape": {with(good(), func(d dict) { d["fc2.weight"] = numbers(0, 2, 4) }), nil, statedict.ErrMatch, []string{"[2 4], not [2 2]"}},
		"same name, another shape": {with(small("linear1", "a1", "linear2", "a2"), func(d dict) { d["linear2.bias"] = numbers(0, 3) }), nil, statedict.ErrMatch,
			[]string{`the module "linear2" cannot be the Linear "linear2"`, "[3], not [2]"}},
		"no plain order": {small("fc1", "hidden", "fc2", "readout"), nil, statedict.ErrMatch,
			[]string{`which of the modules "hidden", "readout" is which of the layers "snntorch.leaky1", "snntorch.leaky2"`}},
		"more modules than layers": {with(good(), func(d dict) { maps.Copy(d, small("fc1", "lif3", "fc2", "lif4")) }), nil, statedict.ErrMatch, []string{"which of the modules"}},
		"no such module":           {good(), statedict.Names{"fc9": "linear1"}, statedict.ErrMatch, []string{`no module "fc9"`}},
		"no such layer":            {good(), statedict.Names{"fc1": "fc1"}, statedict.ErrMatch, []string{`no layer "fc1"`}},
		"two modules, one layer":   {good(), statedict.Names{"lif1": "snntorch.leaky1", "lif2": "snntorch.leaky1"}, statedict.ErrMatch, []string{`two modules are the layer "snntorch.leaky1"`}},
		"names that do not fit":    {good(), statedict.Names{"fc1": "linear2"}, statedict.ErrMatch, []string{"cannot be"}},
		"another reset":            {with(good(), func(d dict) { d["lif2.reset_mechanism_val"] = numbers(1) }), nil, statedict.ErrMatch, []string{"lif2.reset_mechanism_val is 1", "computes with 0 (0 subtract, 1 zero, 2 none)"}},
		"graded spikes":            {with(good(), func(d dict) { d["lif1.graded_spikes_factor"] = numbers(0.5) }), nil, statedict.ErrMatch, []string{"graded_spikes_factor is 0.5", "computes with 1"}},
		"an LSTM":                  {with(good(), func(d dict) { d["slstm.lstm_cell.weight_ih"] = numbers(0, 8, 2) }), nil, statedict.ErrMatch, []string{"slstm.lstm_cell.weight_ih is of an LSTM"}},
		"beta for other features":  {with(good(), func(d dict) { d["lif1.beta"] = numbers(0, 5) }), nil, statedict.ErrMatch, []string{"lif1.beta"}},
		"not a number":             {with(good(), func(d dict) { d["fc1.bias"] = tensor.Of([]float32{0, nan}, 2) }), nil, forward.ErrWeights, []string{"bias[1]"}},
		"broken tensor":            {with(good(), func(d dict) { d["fc1.bias"] = tensor.Of([]float32{0}, 2) }), nil, tensor.ErrShape, []string{"fc1.bias"}},
		"empty":                    {dict{}, nil, statedict.ErrMatch, []string{"nothing is the weight"}},
	} {
		t.Run(name, func(t *testing.T) {
			m, report, err := statedict.Load(smallGraph(t), c.tensors, c.names)
			require.Nil(t, m)
			require.Nil(t, report)
			require.ErrorIs(t, err, c.is)
			require.Regexp(t, "^statedict: ", err)
			for _, says := range c.says {
				require.ErrorContains(t, err, says)
			}
		})
	}
}

// What a state dict says of snnTorch's options is compared with the graph's.
func TestOptionsAreCompared(t *testing.T) {
	lapicque := func() dict {
		return dict{"R": numbers(2), "C": numbers(3), "beta": numbers(0.8, 1), "time_step": numbers(0.5), "threshold": numbers(1),
			"graded_spikes_factor": numbers(1), "reset_mechanism_val": numbers(1)}
	}
	m, _, err := statedict.Load(sequential(t, tensor.Shape{4}, snntorch.Lapicque{TimeStep: 0.5, Reset: "zero"}), lapicque(), nil)
	require.NoError(t, err)
	require.Equal(t, []float32{2}, m.Params()["snntorch.lapicque1.R"].Data)
	for _, other := range []snntorch.Lapicque{{Reset: "zero"}, {TimeStep: 0.5}, {TimeStep: 0.5, Reset: "none"}} {
		_, _, err := statedict.Load(sequential(t, tensor.Shape{4}, other), lapicque(), nil)
		require.ErrorIs(t, err, statedict.ErrMatch)
	}

	graded := dict{"beta": numbers(0.5), "threshold": numbers(1), "graded_spikes_factor": numbers(0.25), "reset_mechanism_val": numbers(2)}
	m, _, err = statedict.Load(sequential(t, tensor.Shape{4}, snntorch.Leaky{GradedSpikesFactor: 1, Reset: "none"}), graded, nil)
	require.NoError(t, err)
	require.Equal(t, []float32{0.25}, m.Params()["snntorch.leaky1.graded_spikes_factor"].Data)

	recurrent := dict{"V": numbers(0.5), "recurrent.V": numbers(0.5), "beta": numbers(0.5), "threshold": numbers(1)}
	g := sequential(t, tensor.Shape{4}, snntorch.RLeakyOneToOne(1, snntorch.Leaky{}))
	_, report, err := statedict.Load(g, recurrent, nil)
	require.NoError(t, err)
	require.Len(t, report.Kept, 1, "the offset of the Scale within: %v", report.Kept)
	recurrent["recurrent.V"] = numbers(0.25)
	_, _, err = statedict.Load(g, recurrent, nil)
	require.ErrorIs(t, err, statedict.ErrMatch)
	require.ErrorContains(t, err, "recurrent.V differs")
}

// Shapes mean what they mean in PyTorch, which aligns them at their ends.
func TestNumbersBroadcast(t *testing.T) {
	g := sequential(t, tensor.Shape{3, 2, 3}, snntorch.Leaky{})
	load := func(beta *tensor.Tensor) (*tensor.Tensor, error) {
		m, _, err := statedict.Load(g, dict{"beta": beta, "threshold": numbers(1)}, nil)
		if err != nil {
			return nil, err
		}
		return m.Params()["snntorch.leaky1.beta"], nil
	}
	a, b, c := float32(0.25), float32(0.5), float32(0.75)
	for name, w := range map[string]struct{ foreign, native *tensor.Tensor }{
		"one number":            {tensor.Of([]float32{a}), tensor.Of([]float32{a}, 1)},
		"one of many brackets":  {tensor.Of([]float32{a}, 1, 1, 1, 1, 1), tensor.Of([]float32{a}, 1)},
		"one a channel":         {tensor.Of([]float32{a, b, c}, 3, 1, 1), tensor.Of([]float32{a, b, c}, 3)},
		"with the batch's":      {tensor.Of([]float32{a, b, c}, 1, 3, 1, 1), tensor.Of([]float32{a, b, c}, 3)},
		"one a column":          {tensor.Of([]float32{a, b, c}, 3), tensor.Of([]float32{a, b, c, a, b, c, a, b, c, a, b, c, a, b, c, a, b, c}, 3, 2, 3)},
		"one a row":             {tensor.Of([]float32{a, b}, 2, 1), tensor.Of([]float32{a, a, a, b, b, b, a, a, a, b, b, b, a, a, a, b, b, b}, 3, 2, 3)},
		"one a channel and row": {numbers(0.1, 3, 2, 1), nil},
		"one a neuron":          {numbers(0.1, 3, 2, 3), numbers(0.1, 3, 2, 3)},
	} {
		got, err := load(w.foreign)
		require.NoError(t, err, name)
		if w.native == nil {
			require.Equal(t, w.foreign.Data, []float32{got.Data[0], got.Data[3], got.Data[6], got.Data[9], got.Data[12], got.Data[15]}, name)
			continue
		}
		require.Equal(t, w.native, got, name)
	}
	for _, bad := range []*tensor.Tensor{numbers(0, 2), numbers(0, 3, 1), numbers(0, 2, 3, 2, 3), numbers(0, 3, 3), numbers(0, 0)} {
		_, err := load(bad)
		require.ErrorIs(t, err, statedict.ErrMatch, bad.Shape)
	}
}

func TestParametersThatMayBeAbsent(t *testing.T) {
	g := sequential(t, tensor.Shape{4}, snn.BatchNorm{}, snn.LayerNorm{}, snn.LIF{}, spikingjelly.LIF{Tau: 3}, spikingjelly.PLIF{})
	plain := dict{"bn.running_mean": numbers(0, 4), "bn.running_var": numbers(1, 4), "bn.num_batches_tracked": numbers(9), "lif1.decay": numbers(0.5), "plif.w": numbers(-1)}
	m, report, err := statedict.Load(g, plain, nil)
	require.NoError(t, err)
	require.Equal(t, []float32{0.5}, m.Params()["lif1.decay"].Data)
	require.Equal(t, []float32{3}, m.Params()["spikingjelly.lif1.tau"].Data)
	require.Equal(t, []string{"batchnorm1.bias", "batchnorm1.weight", "layernorm1.bias", "layernorm1.weight", "lif1.gain", "lif1.threshold", "spikingjelly.lif1.tau"}, report.Kept)
	require.Contains(t, report.String(), "bn is batchnorm1 (shape)\n")
	require.Contains(t, report.String(), "lif1.gain is as the graph says\n")

	delete(plain, "bn.running_var")
	_, _, err = statedict.Load(g, plain, nil)
	require.ErrorContains(t, err, `nothing is the running_var of the BatchNorm "batchnorm1"`)

	// One affine norm, two layers that it could be: not the first by chance.
	two := sequential(t, tensor.Shape{4}, snn.LayerNorm{}, snn.Linear{Out: 4}, snn.LayerNorm{})
	norm := dict{"ln.weight": numbers(1, 4), "ln.bias": numbers(2, 4), "fc.weight": numbers(0, 4, 4), "fc.bias": numbers(0, 4)}
	_, _, err = statedict.Load(two, norm, nil)
	require.ErrorIs(t, err, statedict.ErrMatch)
	m, _, err = statedict.Load(two, norm, statedict.Names{"ln": "layernorm2"})
	require.NoError(t, err)
	require.Equal(t, numbers(1, 4), m.Params()["layernorm2.weight"])
}

func TestReadFile(t *testing.T) {
	_, err := statedict.ReadFile(filepath.Join("testdata", "make.py"))
	require.ErrorContains(t, err, "make.py")
	tensors, err := statedict.ReadFile(filepath.Join("testdata", "spikingjelly_conv.safetensors"))
	require.NoError(t, err)
	require.Contains(t, tensors, "6.w")
	require.NotContains(t, tensors, "1.num_batches_tracked")
}
