package snn_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// run runs one layer in a graph, in two pieces of the sequence, which must say
// what the whole says, and returns it.
func run(t *rapid.T, l snn.Layer, x *tensor.Tensor, weights map[string]*tensor.Tensor) []float32 {
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: x.Shape[2:]}},
		Layers: []forward.Node{{Name: "n", Layer: l}},
	})
	require.NoError(t, err)
	named := map[string]*tensor.Tensor{}
	for k, w := range weights {
		named["n."+k] = w
	}
	m, err := g.Load(named)
	require.NoError(t, err)
	ctx, steps, row := context.Background(), x.Shape[0], len(x.Data)/x.Shape[0]
	whole, err := m.Run(ctx, m.NewState(x.Shape[1]), x)
	require.NoError(t, err)
	want := append([]float32(nil), whole.Dense().Data...)
	s, cut := m.NewState(x.Shape[1]), rapid.IntRange(1, steps).Draw(t, "cut")
	var got []float32
	for _, piece := range [][2]int{{0, cut}, {cut, steps}} {
		if piece[0] == piece[1] {
			continue
		}
		y, err := m.Run(ctx, s, tensor.Of(x.Data[piece[0]*row:piece[1]*row], append(tensor.Shape{piece[1] - piece[0]}, x.Shape[1:]...)...))
		require.NoError(t, err)
		got = append(got, y.Dense().Data...)
	}
	require.Equal(t, want, got, "in pieces")
	return want
}

func input(t *rapid.T, features ...int) *tensor.Tensor {
	shape := append(tensor.Shape{rapid.IntRange(1, 9).Draw(t, "T"), rapid.IntRange(1, 3).Draw(t, "B")}, features...)
	return tensor.Of(small(t, shape.Size(), 60), shape...)
}

func numbers(t *rapid.T, n int) *tensor.Tensor { return tensor.Of(small(t, n, 100), n) }

func TestDelay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "n")
		x, most := input(t, n), rapid.IntRange(1, 6).Draw(t, "most")
		steps := tensor.New(n)
		for i := range steps.Data {
			steps.Data[i] = float32(rapid.IntRange(0, most).Draw(t, "steps"))
		}
		y := run(t, snn.Delay{Max: most}, x, map[string]*tensor.Tensor{"steps": steps})
		perStep := len(x.Data) / x.Shape[0]
		for i, v := range y {
			want := float32(0)
			if from := i - int(steps.Data[i%n])*perStep; from >= 0 {
				want = x.Data[from]
			}
			require.Equal(t, want, v)
		}
	})
}

func TestSpikeCounter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := input(t, rapid.IntRange(1, 40).Draw(t, "n"))
		y := run(t, snn.SpikeCounter{}, x, nil)
		perStep := len(x.Data) / x.Shape[0]
		for i := range y {
			want := float32(0)
			for k := i % perStep; k <= i; k += perStep {
				want += x.Data[k]
			}
			require.Equal(t, want, y[i])
		}
	})
}

func TestBatchNorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channels, pixels := rapid.IntRange(1, 5).Draw(t, "channels"), rapid.IntRange(1, 5).Draw(t, "pixels")
		x := input(t, channels, pixels)
		w := map[string]*tensor.Tensor{}
		for _, name := range []string{"weight", "bias", "running_mean", "running_var"} {
			w[name] = numbers(t, channels)
		}
		for i, v := range w["running_var"].Data {
			w["running_var"].Data[i] = v*v + 0.125
		}
		y := run(t, snn.BatchNorm{}, x, w)
		for i, v := range x.Data {
			c := i / pixels % channels
			at := func(name string) float64 { return float64(w[name].Data[c]) }
			want := (float64(v)-at("running_mean"))/math.Sqrt(at("running_var")+1e-5)*at("weight") + at("bias")
			require.InDelta(t, want, y[i], 2e-6*max(1, math.Abs(want)))
		}
	})
}

func TestLayerNorm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		x := input(t, n)
		w := map[string]*tensor.Tensor{"weight": numbers(t, n), "bias": numbers(t, n)}
		y := run(t, snn.LayerNorm{Epsilon: 0.25}, x, w)
		for r := 0; r < len(y); r += n {
			mean, variance := 0.0, 0.0
			for _, v := range x.Data[r : r+n] {
				mean += float64(v) / float64(n)
			}
			for _, v := range x.Data[r : r+n] {
				variance += (float64(v) - mean) * (float64(v) - mean) / float64(n)
			}
			for i, v := range x.Data[r : r+n] {
				want := (float64(v)-mean)/math.Sqrt(variance+0.25)*float64(w["weight"].Data[i]) + float64(w["bias"].Data[i])
				require.InDelta(t, want, y[r+i], 2e-6)
			}
		}
	})
}

func TestScaleAndLambda(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(t, "n")
		x := input(t, n)
		w := map[string]*tensor.Tensor{"factor": numbers(t, n), "offset": numbers(t, n)}
		y := run(t, snn.Scale{}, x, w)
		first := run(t, snn.Lambda{
			Name: "first less last",
			Func: func(y, x []float32) { y[0] = x[0] - x[n-1] },
			Out:  func(tensor.Shape) (tensor.Shape, error) { return tensor.Shape{1}, nil },
		}, x, nil)
		for i, v := range x.Data {
			require.Equal(t, v*w["factor"].Data[i%n]+w["offset"].Data[i%n], y[i])
			require.Equal(t, x.Data[i/n*n]-x.Data[i/n*n+n-1], first[i/n])
		}
	})
}

// Along one dimension, layers are what they are in two, with a height of 1.
func TestOneDimension(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channels, length := 2*rapid.IntRange(1, 3).Draw(t, "channels"), rapid.IntRange(6, 20).Draw(t, "length")
		x := input(t, channels, length)
		flat := tensor.Of(x.Data, x.Shape[0], x.Shape[1], channels, 1, length)
		stride, pad := rapid.IntRange(0, 3).Draw(t, "stride"), rapid.IntRange(0, 1).Draw(t, "padding")
		wide := snn.Size{}
		if stride > 0 {
			wide = snn.Size{1, stride}
		}
		kernel, padding := snn.Size{1, 3}, snn.Size{0, pad}
		weight, bias := numbers(t, 4*channels/2*3), numbers(t, 4)
		one := map[string]*tensor.Tensor{"weight": tensor.Of(weight.Data, 4, channels/2, 3), "bias": bias}
		two := map[string]*tensor.Tensor{"weight": tensor.Of(weight.Data, 4, channels/2, 1, 3), "bias": bias}
		require.Equal(t,
			run(t, snn.Conv2d{Out: 4, Kernel: kernel, Stride: wide, Padding: padding, Dilation: snn.Size{1, 2}, Groups: 2}, flat, two),
			run(t, snn.Conv1d{Out: 4, Kernel: 3, Stride: stride, Padding: pad, Dilation: 2, Groups: 2}, x, one))
		for _, pair := range [][2]snn.Layer{
			{snn.SumPool2d{Kernel: kernel, Stride: wide, Padding: padding}, snn.SumPool1d{Kernel: 3, Stride: stride, Padding: pad}},
			{snn.AvgPool2d{Kernel: kernel, Stride: wide, Padding: padding}, snn.AvgPool1d{Kernel: 3, Stride: stride, Padding: pad}},
			{snn.MaxPool2d{Kernel: kernel, Stride: wide, Padding: padding}, snn.MaxPool1d{Kernel: 3, Stride: stride, Padding: pad}},
		} {
			require.Equal(t, run(t, pair[0], flat, nil), run(t, pair[1], x, nil))
		}
	})
}

func TestDropoutMask(t *testing.T) {
	const n = 10000
	count := func(d snn.Dropout, step int) (dropped int, mask []float32) {
		mask = make([]float32, n)
		d.Mask(mask, 1, "drop", 2, 3, step)
		for _, v := range mask {
			if v == 0 {
				dropped++
			} else {
				require.Equal(t, float32(1)/(1-float32(0.25)), v)
			}
		}
		return dropped, mask
	}
	same, first := count(snn.Dropout{Probability: 0.25}, 0)
	require.InDelta(t, 0.25, float64(same)/n, 0.02)
	_, later := count(snn.Dropout{Probability: 0.25}, 7)
	require.Equal(t, first, later, "the same at every step")
	_, first = count(snn.Dropout{Probability: 0.25, EveryStep: true}, 0)
	_, later = count(snn.Dropout{Probability: 0.25, EveryStep: true}, 7)
	require.NotEqual(t, first, later)
	rapid.Check(t, func(t *rapid.T) {
		x := input(t, 4)
		require.Equal(t, x.Data, run(t, snn.Dropout{}, x, nil))
	})
}

func TestBadOptions(t *testing.T) {
	for _, l := range []snn.Layer{
		snn.Dropout{Probability: 1}, snn.Dropout{Probability: -1}, snn.Dropout{Probability: snn.Num(float32(math.NaN()))},
		snn.BatchNorm{Epsilon: -1}, snn.LayerNorm{Epsilon: snn.Num(float32(math.Inf(1)))}, snn.Scale{Factor: snn.Num(float32(math.NaN()))},
		snn.Delay{}, snn.Delay{Steps: -1}, snn.Delay{Steps: 3, Max: 2}, snn.Delay{Steps: 1 << 20}, snn.Lambda{},
	} {
		_, err := l.Build(tensor.Shape{3, 4})
		require.ErrorIs(t, err, snn.ErrOption, "%T %+v", l, l)
	}
	for _, l := range []snn.Layer{snn.Conv1d{Out: 1, Kernel: 5}, snn.MaxPool1d{Kernel: 5}, snn.AvgPool1d{Kernel: 5}, snn.SumPool1d{Kernel: 5}} {
		for _, in := range []tensor.Shape{{3}, {3, 4, 5}, {3, 4}} {
			_, err := l.Build(in)
			require.ErrorIs(t, err, tensor.ErrShape, "%T %v", l, in)
		}
	}
	for _, in := range []tensor.Shape{nil, {3, 4}} {
		_, err := snn.Equations{Text: "spike = a > b", Inputs: []string{"a", "b"}}.Build(in)
		require.ErrorIs(t, err, tensor.ErrShape, "%v", in)
	}
	plan, err := snn.Delay{Steps: 2}.Build(tensor.Shape{3})
	require.NoError(t, err)
	_, err = plan.Prepare(map[string]*tensor.Tensor{"steps": tensor.Of([]float32{1, 0.5, 1}, 3)})
	require.ErrorIs(t, err, snn.ErrOption)
	plan, err = snn.BatchNorm{}.Build(tensor.Shape{1})
	require.NoError(t, err)
	one := tensor.Of([]float32{1}, 1)
	_, err = plan.Prepare(map[string]*tensor.Tensor{"weight": one, "bias": one, "running_mean": one, "running_var": tensor.Of([]float32{-1}, 1)})
	require.ErrorIs(t, err, snn.ErrOption)
}

// What is not used is an error that says what it is of, and what to do.
func TestOptionsWithoutUse(t *testing.T) {
	for _, test := range []struct {
		layer snn.Layer
		words string
	}{
		{snn.LIF{Synapse: snn.Synapse{Gain: 5}}, "a Synapse needs Decay or Tau"},
		{snn.ALIF{Synapse: snn.Synapse{DT: 0.5}}, "a Synapse needs Decay or Tau"},
		{snn.AdaptiveLIF{Synapse: snn.Synapse{Normalized: true}}, "a Synapse needs Decay or Tau"},
		{snn.IF{Synapse: snn.Synapse{Arrival: snn.ArrivalLate}}, "a Synapse needs Decay or Tau"},
		{snn.LI{Synapse: snn.Synapse{Method: snn.MethodEuler}}, "a Synapse needs Decay or Tau"},
		{snn.LIF{Method: snn.MethodEuler}, "Method euler without Tau"},
		{snn.LIF{Decay: 0.5, Method: snn.MethodEuler}, "Method euler without Tau"},
		{snn.LIF{Synapse: snn.Synapse{Decay: 0.5, Method: snn.MethodEuler}}, "Method euler without Tau"},
		{snn.LIF{Reset: snn.ResetNone, Timing: snn.TimingOldMembrane}, "a Timing without a reset"},
		{snn.IF{Reset: snn.ResetNone, Detach: snn.DetachSpikeInReset}, "Detach without a reset"},
		{snn.ResonateFire{NoReset: true, ResetTo: 0.5}, "ResetTo with NoReset"},
		{snn.Delay{}, "Steps is 0, and Max is not said"},
		{snn.Delay{Steps: -1}, "Steps is -1, not from 1 to 65536"},
		{snn.Delay{Steps: 1 << 20}, "Steps is 1048576, not from 1 to 65536"},
		{snn.Delay{Steps: 3, Max: 2}, "Steps is 3, not from 0 to Max, which is 2"},
		{snn.Delay{Max: -1}, "Max is -1, not from 1 to 65536"},
	} {
		_, err := test.layer.Build(tensor.Shape{3, 4})
		require.ErrorIs(t, err, snn.ErrOption, "%T %+v", test.layer, test.layer)
		require.ErrorContains(t, err, test.words, "%T %+v", test.layer, test.layer)
	}
}

// Of spikes, max pooling makes the spikes that it makes of their numbers.
func TestMaxPoolOfSpikes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := input(t, 3, rapid.IntRange(3, 9).Draw(t, "height"), rapid.IntRange(3, 70).Draw(t, "width"))
		bits := tensor.NewSpikes(x.Shape[0], x.Shape[1], x.Shape[2:]...)
		row := tensor.Shape(x.Shape[2:]).Size()
		for i, v := range x.Data {
			x.Data[i] = 0
			if v > 0 {
				x.Data[i] = 1
				bits.Set(i/row/x.Shape[1], i/row%x.Shape[1], i%row)
			}
		}
		l := snn.MaxPool2d{
			Kernel: snn.Size{3, 2}, Stride: snn.Size{rapid.IntRange(1, 3).Draw(t, "down"), rapid.IntRange(1, 3).Draw(t, "right")},
			Padding: snn.Size{rapid.IntRange(0, 1).Draw(t, "top"), rapid.IntRange(0, 1).Draw(t, "left")},
		}
		plan, err := l.Build(x.Shape[2:])
		require.NoError(t, err)
		op, err := plan.Prepare(nil)
		require.NoError(t, err)
		y := tensor.NewSpikes(x.Shape[0], x.Shape[1], plan.Out...)
		op.Forward(bits, y, nil, &snn.Scratch{})
		require.NoError(t, y.Check())
		require.Equal(t, run(t, l, x, nil), y.Dense().Data)
	})
}
