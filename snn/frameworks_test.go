package snn_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// layerCase is a layer that names a framework's, its parameters and an input.
type layerCase struct {
	layer  snn.Layer
	X      *tensor.Tensor            `json:"x"`
	Params map[string]*tensor.Tensor `json:"params"`
}

// alone is a network of one layer.
func alone(t testing.TB, l snn.Layer, in tensor.Shape) *forward.Graph {
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: in}},
		Layers: []forward.Node{{Name: "n", Layer: l}},
	})
	require.NoError(t, err)
	return g
}

// layerCases are layers with random parameters and inputs of quarters, many of
// them equal.
func layerCases(t testing.TB) map[string]*layerCase {
	flat, map1, map2 := tensor.Shape{12}, tensor.Shape{4, 9}, tensor.Shape{4, 5, 6}
	r := rand.New(rand.NewPCG(3, 4))
	cases := map[string]*layerCase{}
	for _, c := range []struct {
		name  string
		layer snn.Layer
		in    tensor.Shape
	}{
		{"torch.Linear", snn.Linear{Out: 7}, flat},
		{"torch.Conv1d", snn.Conv1d{Out: 6, Kernel: 3, Stride: 2, Padding: 2, Dilation: 2, Groups: 2}, map1},
		{"torch.Conv2d", snn.Conv2d{Out: 6, Kernel: snn.Size{3, 2}, Stride: snn.Size{1, 2}, Padding: snn.Size{2, 1}, Dilation: snn.Size{2, 1}, Groups: 2}, map2},
		{"torch.AvgPool2d", snn.AvgPool2d{Kernel: snn.Size{3, 2}, Stride: snn.Size{2, 1}, Padding: snn.Size{1, 1}}, map2},
		{"torch.MaxPool2d", snn.MaxPool2d{Kernel: snn.Size{3, 2}, Stride: snn.Size{2, 1}, Padding: snn.Size{1, 1}}, map2},
		{"torch.BatchNorm1d", snn.BatchNorm{}, flat},
		{"torch.BatchNorm2d", snn.BatchNorm{}, map2},
		{"torch.LayerNorm", snn.LayerNorm{}, map2},
		{"equinox.Linear", snn.Linear{Out: 7}, flat},
		{"equinox.LayerNorm", snn.LayerNorm{}, map2},
		{"norse.LIBox", snn.LI{Decay: 0.9, Normalized: true}, flat},
		{"snntorch.Leaky", snn.LI{Decay: 0.8}, flat},
		{"spikingjelly.NonSpikingLIFNode", snn.LI{Tau: 4, Method: snn.MethodEuler, Normalized: true}, flat},
	} {
		x := tensor.New(append(tensor.Shape{6, 3}, c.in...)...)
		for i := range x.Data {
			x.Data[i] = float32(r.IntN(9)-4) / 4
		}
		k := &layerCase{c.layer, x, map[string]*tensor.Tensor{}}
		plan, err := c.layer.Build(c.in)
		require.NoError(t, err)
		if _, neuron := c.layer.(snn.LI); !neuron {
			for _, p := range plan.Params {
				w := tensor.New(p.Shape...)
				for i := range w.Data {
					w.Data[i] = 0.5 + r.Float32() // a variance is positive
				}
				k.Params[p.Name] = w
			}
		}
		cases[c.name] = k
	}
	return cases
}

// The layers that name a framework's give its numbers, and draw their
// parameters as it does.
func TestLayersAreTheFrameworks(t *testing.T) {
	cases := layerCases(t)
	var foreign struct {
		Layers map[string][]float32
		Inits  map[string][]float64 // sorted
	}
	python.Exchange(t, "testdata/layers.py", cases, &foreign)
	for name, c := range cases {
		named := map[string]*tensor.Tensor{}
		for k, w := range c.Params {
			named["n."+k] = w
		}
		g := alone(t, c.layer, c.X.Shape[2:])
		m, err := g.Init(1)
		require.NoError(t, err)
		if len(named) > 0 {
			m, err = g.Load(named)
			require.NoError(t, err)
		}
		out, err := m.Run(t.Context(), m.NewState(c.X.Shape[1]), c.X)
		require.NoError(t, err)
		require.InDeltaSlice(t, foreign.Layers[name], out.Dense().Data, 5e-6, name)
	}
	param := func(l snn.Layer, in tensor.Shape, name string) []float32 {
		m, err := alone(t, l, in).Init(3)
		require.NoError(t, err)
		return m.Params()["n."+name].Data
	}
	drawn := func(init snn.Init, shape ...int) []float32 {
		v := make([]float32, tensor.Shape(shape).Size())
		init(v, shape, 3, "n.weight")
		return v
	}
	linear, conv := snn.Linear{Out: 200}, snn.Conv2d{Out: 150, Kernel: snn.Size{5, 5}, Groups: 2}
	wide, narrow := snn.Linear{Out: 60000}, snn.Conv2d{Out: 60000, Kernel: snn.Size{3, 2}}
	inits := map[string][]float32{
		"torch.Linear weight":             param(linear, tensor.Shape{300}, "weight"),
		"torch.Linear bias":               param(wide, tensor.Shape{5}, "bias"),
		"torch.Conv1d weight":             param(snn.Conv1d{Out: 300, Kernel: 5}, tensor.Shape{40, 9}, "weight"),
		"torch.Conv2d weight":             param(conv, tensor.Shape{32, 5, 5}, "weight"),
		"torch.Conv2d bias":               param(narrow, tensor.Shape{2, 3, 2}, "bias"),
		"equinox.Linear weight":           param(linear, tensor.Shape{300}, "weight"),
		"equinox.Linear bias":             param(wide, tensor.Shape{5}, "bias"),
		"equinox.Conv2d weight":           param(conv, tensor.Shape{32, 5, 5}, "weight"),
		"equinox.Conv2d bias":             param(narrow, tensor.Shape{2, 3, 2}, "bias"),
		"torch.kaiming_uniform_":          drawn(snn.KaimingUniform(math.Sqrt2), 150, 16, 5, 5),
		"torch.kaiming_normal_":           drawn(snn.KaimingNormal(math.Sqrt2), 150, 16, 5, 5),
		"torch.xavier_uniform_":           drawn(snn.XavierUniform(1.5), 150, 16, 5, 5),
		"torch.xavier_normal_":            drawn(snn.XavierNormal(1.5), 150, 16, 5, 5),
		"torch.xavier_uniform_ linear":    drawn(snn.XavierUniform(1), 300, 200),
		"torch.trunc_normal_":             drawn(snn.TruncatedNormal(0, 1, -2, 2), 60000),
		"torch.trunc_normal_ to one side": drawn(snn.TruncatedNormal(0.5, 2, -1, 4), 60000),
		"torch.trunc_normal_ far above":   drawn(snn.TruncatedNormal(0, 1, 9, 10), 60000),
		"torch.trunc_normal_ far below":   drawn(snn.TruncatedNormal(0, 1, -10, -9), 60000),
	}
	require.Len(t, foreign.Inits, len(inits))
	for name, v := range inits {
		requireSameDistribution(t, name, foreign.Inits[name], v)
	}
}

// requireSameDistribution compares the greatest distance of the distribution
// functions (Kolmogorov and Smirnov, with a chance of 1 in 10,000 to be wrong),
// the first two moments, and the ends.
func requireSameDistribution(t *testing.T, name string, foreign []float64, v []float32) {
	native := make([]float64, len(v))
	for i, x := range v {
		native[i] = float64(x)
	}
	slices.Sort(native)
	require.Len(t, native, len(foreign), name)
	n, distance := float64(len(native)), 0.0
	for i, k := 0, 0; i < len(native) && k < len(foreign); {
		if native[i] <= foreign[k] {
			i++
		} else {
			k++
		}
		distance = max(distance, math.Abs(float64(i-k))/n)
	}
	require.Less(t, distance, 2.23*math.Sqrt(2/n), name)
	mean := func(v []float64, power float64) (sum float64) {
		for _, x := range v {
			sum += math.Pow(x, power) / n
		}
		return sum
	}
	deviation := math.Sqrt(mean(foreign, 2) - mean(foreign, 1)*mean(foreign, 1))
	require.InDelta(t, mean(foreign, 1), mean(native, 1), 5*deviation*math.Sqrt(2/n), name)
	require.InEpsilon(t, deviation, math.Sqrt(mean(native, 2)-mean(native, 1)*mean(native, 1)), 5/math.Sqrt(n), name)
	require.InDelta(t, foreign[0], native[0], 1.5*deviation, name)
	require.InDelta(t, foreign[len(foreign)-1], native[len(native)-1], 1.5*deviation, name)
}
