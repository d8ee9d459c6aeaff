package forward_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// written is LIF as text.
var written = snn.Equations{
	Text: `v1 = decay*v + gain*x
	       spike = fires(v1, threshold)
	       v = v1 - spike*amount`,
	Params: map[string]snn.Parameter{
		"decay": {Default: 0.9, Min: snn.Zero, Max: 1}, "gain": {Default: 1}, "threshold": {Default: 1}, "amount": {Default: 1},
	},
	Surrogate: surrogate.ATan(2),
}

func sequential(t *testing.T, in tensor.Shape, layers ...snn.Layer) *forward.Model {
	t.Helper()
	g, err := forward.Sequential(in, layers...)
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	return m
}

func outputsOf(t *testing.T, m *forward.Model, x tensor.Signal) *forward.Output {
	t.Helper()
	_, batch, _ := x.Dims()
	out, err := m.Run(context.Background(), m.NewState(batch), x)
	require.NoError(t, err)
	return out
}

// A network of neurons that are written as text is that of the neurons
// themselves, spike by spike and gradient by gradient.
func TestTextIsTheNeuron(t *testing.T) {
	for _, wide := range []int{5, 48, 300} {
		x := noise(3, 20, 3, 40)
		text := sequential(t, tensor.Shape{40}, snn.Linear{Out: wide}, written, snn.Linear{Out: 7}, written)
		own := snn.LIF{Amount: 1, Surrogate: surrogate.ATan(2)}
		want := sequential(t, tensor.Shape{40}, snn.Linear{Out: wide}, own, snn.Linear{Out: 7}, own)
		for k := range 2 {
			got, err := text.Graph().Load(rename(text, want))
			require.NoError(t, err)
			a, b := outputsOf(t, want.With(forward.Record("lif1")), x), outputsOf(t, got.With(forward.Record("equations1")), x)
			require.Equal(t, a.Layer("lif1"), b.Layer("equations1"))
			require.Positive(t, a.Layer("lif1").(*tensor.Spikes).Count())
			_, wanted := gradientsOf(t, want, x, forward.BackwardOptions{}, 1+k, weigh)
			_, found := gradientsOf(t, got, x, forward.BackwardOptions{}, 1+k, weigh)
			for _, p := range []string{"decay", "gain", "threshold", "amount"} {
				require.Equal(t, wanted["lif1."+p], found["equations1."+p], p)
			}
			require.Equal(t, wanted["linear1.weight"], found["linear1.weight"])
		}
	}
}

// rename are the parameters of a network by the names of another's.
func rename(to, from *forward.Model) map[string]*tensor.Tensor {
	params := map[string]*tensor.Tensor{}
	names := to.Graph().Layers()
	for i, layer := range from.Graph().Layers() {
		for name, p := range from.Params() {
			if len(name) > len(layer) && name[:len(layer)+1] == layer+"." {
				params[names[i]+name[len(layer):]] = p
			}
		}
	}
	return params
}

// Gradients of a text are those of its formula, whatever it uses.
func TestGradientsOfText(t *testing.T) {
	l := snn.Equations{
		Text: `e = exp(-abs(w)*k) + log(1 + x*x)
		       w = decay*w + select(x > 0.1, x, -0.5*x) + 0.1*min(v, a)
		       v = sqrt(2 + max(v, x)*b) + e*floor(2.5) - 0.5*w
		       y = v*w/(1 + w*w)`,
		Outputs: []string{"y"},
		Params:  map[string]snn.Parameter{"k": {Default: 0.7}, "decay": {Default: 0.8, Per: snn.PerNeuron}, "a": {Default: 0.6}, "b": {Default: 0.3, Per: snn.PerChannel}},
	}
	m := sequential(t, tensor.Shape{2, 3}, l)
	x := noise(5, 6, 1, 2, 3)
	for i := range x.Data {
		x.Data[i] += 0.15 // states start at 0: no kink is there
	}
	weight := noise(6, 6, 1, 2, 3)
	loss := func(m *forward.Model, x *tensor.Tensor) float64 {
		sum := 0.0
		for i, y := range outputsOf(t, m, x).Dense().Data {
			sum += float64(y) * float64(weight.Data[i])
		}
		return sum
	}
	tape, grads := gradientsOf(t, m, x, forward.BackwardOptions{Inputs: true}, 1, func([]*tensor.Tensor) ([][]float32, error) { return [][]float32{weight.Data}, nil })
	// Where differences of two widths do not agree, a kink is near.
	compared := 0
	compare := func(at func(d float32) float64, got float32, what string) {
		slope := func(h float32) float64 { return (at(h) - at(-h)) / (2 * float64(h)) }
		wide, narrow := slope(1.0/128), slope(1.0/512)
		if math.Abs(wide-narrow) > 5e-3*math.Max(1, math.Abs(narrow)) {
			return
		}
		compared++
		require.InDelta(t, narrow, got, 1e-2*math.Max(1, math.Abs(narrow)), what)
	}
	require.Len(t, grads, 4)
	for name, g := range grads {
		for i := range g.Data {
			compare(func(d float32) float64 {
				params := m.Params()
				params[name].Data[i] += d
				moved, err := m.Graph().Load(params)
				require.NoError(t, err)
				return loss(moved, x)
			}, g.Data[i], name)
		}
	}
	for i := range x.Data {
		compare(func(d float32) float64 {
			moved := tensor.Of(append([]float32(nil), x.Data...), x.Shape...)
			moved.Data[i] += d
			return loss(m, moved)
		}, tape.InputGradients()[0][i], fmt.Sprint("x ", i))
	}
	require.Greater(t, compared, 30)
}

// Several inputs come one after another, and so do several outputs.
func TestInputsAndOutputsOfText(t *testing.T) {
	l := snn.Equations{
		Text: "v = 0.5*v + up - down\nspike = fires(v, 1)\nboth = up*down*one", Params: map[string]snn.Parameter{"one": {Default: 1}},
		Inputs: []string{"up", "down"}, Outputs: []string{"spike", "v", "both"},
		States: map[string]float32{"v": 0.25},
	}
	for _, n := range []int{3, 16} {
		m := sequential(t, tensor.Shape{2 * n}, l)
		require.Equal(t, tensor.Shape{3 * n}, m.Graph().Shape("equations1"))
		x := noise(1, 5, 2, 2*n)
		out := outputsOf(t, m, x)
		y := out.Dense()
		spikes := 0
		for b := range 2 {
			for i := range n {
				v := float32(0.25)
				for s := range 5 {
					in := x.Data[(s*2+b)*2*n:]
					row := y.Data[(s*2+b)*3*n:]
					v = float32(0.5*v) + in[i]
					v -= in[n+i]
					want := float32(0)
					if v >= 1 {
						want = 1
						spikes++
					}
					require.Equal(t, want, row[i])
					require.Equal(t, v, row[n+i])
					require.Equal(t, float32(in[i]*in[n+i]), row[2*n+i])
				}
			}
		}
		require.Positive(t, spikes)
		tape, _ := gradientsOf(t, m, x, forward.BackwardOptions{Inputs: true}, 2, func(y []*tensor.Tensor) ([][]float32, error) {
			g := make([]float32, len(y[0].Data)) // of both alone
			for r := range 10 {
				for i := range n {
					g[r*3*n+2*n+i] = 1
				}
			}
			return [][]float32{g}, nil
		})
		for r := range 10 {
			for i := range n {
				in, g := x.Data[r*2*n:], tape.InputGradients()[0][r*2*n:]
				require.Equal(t, in[n+i], g[i])
				require.Equal(t, in[i], g[n+i])
			}
		}
	}
}

// Every name of a neuron's equations can be recorded, and recording changes
// nothing.
func TestRecordVariables(t *testing.T) {
	x := noise(3, 30, 2, 20)
	for _, l := range []snn.Layer{snn.LIF{}, snn.LIF{Graded: 2}, snn.LI{}, written, snn.ALIF{}, snn.LIF{MultiSpike: true}} {
		m := sequential(t, tensor.Shape{20}, l)
		name := m.Graph().Layers()[0]
		plain := outputsOf(t, m, x)
		s := m.NewState(2)
		recording := m.With(forward.Record(name, name+".v", name+".v1"))
		out, err := recording.Run(context.Background(), s, x)
		require.NoError(t, err)
		require.Equal(t, plain.Signal, out.Signal, "%T", l)
		require.Equal(t, []string{name, name + ".v", name + ".v1"}, out.Layers())
		last, err := s.Variable(name, "v")
		require.NoError(t, err)
		v := out.Layer(name + ".v").(*tensor.Tensor)
		require.Equal(t, tensor.Shape{30, 2, 20}, v.Shape)
		require.Equal(t, last.Data, v.Data[29*40:], "%T", l)
		// Step by step, what is recorded is what the state holds.
		s.Reset()
		for at := range 30 {
			_, err := m.Step(s, tensor.Of(x.Data[at*40:(at+1)*40], 1, 2, 20))
			require.NoError(t, err)
			now, err := s.Variable(name, "v")
			require.NoError(t, err)
			require.Equal(t, now.Data, v.Data[at*40:(at+1)*40], "%T, step %d", l, at)
		}
		s.Reset()
		step, err := recording.Step(s, tensor.Of(x.Data[:40], 1, 2, 20))
		require.NoError(t, err)
		require.Equal(t, v.Data[:40], step.Layer(name+".v").(*tensor.Tensor).Data)
	}
	for name, message := range map[string]string{
		"lif1.nothing": "`nothing`", "nobody.v": "nobody", "linear1.v": "no variables", "lif1.spikes": "already", "nothing": "no layer",
	} {
		m := sequential(t, tensor.Shape{20}, snn.Linear{Out: 4}, snn.LIF{})
		_, err := m.With(forward.Record(name)).Run(context.Background(), m.NewState(2), x)
		require.ErrorContains(t, err, message, name)
	}
}

// The text is in the model file, and what is read back is the same network.
func TestTextInModelFiles(t *testing.T) {
	m := sequential(t, tensor.Shape{6}, snn.Linear{Out: 9}, written)
	data, err := model.Encode(m)
	require.NoError(t, err)
	back, err := model.Parse(data)
	require.NoError(t, err)
	x := noise(2, 10, 2, 6)
	require.Equal(t, outputsOf(t, m, x).Signal, outputsOf(t, back, x).Signal)
	require.Equal(t, m.Graph().Fingerprint(), back.Graph().Fingerprint())
}

// What is wrong with a text is an error of the layer that says where.
func TestWrongEquations(t *testing.T) {
	for _, c := range []struct {
		l       snn.Equations
		message string
	}{
		{snn.Equations{Text: "spike = fires(x, tresh)", Params: map[string]snn.Parameter{"thresh": {Default: 1}}}, "line 1, column 18"},
		{snn.Equations{Text: "spike = fires(x, 1)", Params: map[string]snn.Parameter{"decay": {}}}, "`decay` is declared and never read"},
		{snn.Equations{Text: "spike = fires(x, k)", Params: map[string]snn.Parameter{"k": {Default: float32(math.NaN())}}}, "k[0] is NaN"},
		{snn.Equations{Text: "spike = fires(x, k)", Params: map[string]snn.Parameter{"k": {Default: 2, Max: 1}}}, "k[0] is 2, not from"},
		{snn.Equations{Text: "spike = fires(x, k)", Params: map[string]snn.Parameter{"k": {Default: 2, Per: 7}}}, "there is no per 7"},
		{snn.Equations{Text: "y = x", Outputs: []string{"y"}, Surrogate: surrogate.ATan(2)}, "no test of a spike"},
		{snn.Equations{Text: "spike = fires(x + y, 1)", Inputs: []string{"x", "y"}}, "not that of 2 inputs"},
		{snn.Equations{Text: "v = v + x\nspike = fires(v, 1)", States: map[string]float32{"v": float32(math.Inf(1))}}, "States: v"},
		{snn.Equations{Text: "v = v + x\nspike = fires(v, 1)", States: map[string]float32{"w": 0}}, "`v` is used before it is set"},
		{snn.Equations{}, "no statements"},
	} {
		_, err := forward.Sequential(tensor.Shape{5}, c.l)
		require.True(t, errors.Is(err, snn.ErrOption) || errors.Is(err, tensor.ErrShape), "%s: %v", c.l.Text, err)
		require.ErrorContains(t, err, c.message)
	}
	var e *equation.Error
	_, err := forward.Sequential(tensor.Shape{5}, snn.Equations{Text: "v = ("})
	require.ErrorAs(t, err, &e)
	require.Equal(t, 1, e.Line)
}

// The rows between a product and its neurons are padded to whole vectors, unless
// somebody sees them: the bits are those of rows side by side, in pieces, on
// workers, and for layers wider and narrower than a vector.
func TestPaddedRows(t *testing.T) {
	for _, wide := range []int{1, 5, 20, 250} {
		m := sequential(t, tensor.Shape{40}, snn.Linear{Out: wide}, snn.LIF{Surrogate: surrogate.ATan(2)}, snn.Linear{Out: wide}, written, snn.Linear{Out: 7}, snn.LI{})
		x := noise(3, 20, 9, 40)
		run := func(m *forward.Model) (*forward.Output, []byte) {
			s := m.NewState(9)
			out, err := m.Run(t.Context(), s, x)
			require.NoError(t, err)
			state, err := s.MarshalBinary()
			require.NoError(t, err)
			return out, state
		}
		seen, state := run(m.With(forward.Record("linear1", "linear2", "linear3", "lif1")))
		for _, o := range [][]forward.Option{
			nil, {forward.BlockSteps(3)}, {forward.Workers(2), forward.BlockSteps(7)}, {forward.Record("lif1")}, {forward.Record("lif1.v")},
		} {
			out, same := run(m.With(o...))
			require.Equal(t, seen.Dense(), out.Dense(), "%d wide", wide)
			require.Equal(t, state, same, "%d wide", wide)
		}
		require.Positive(t, seen.Layer("lif1").(*tensor.Spikes).Count())
	}
}

// A number that is not finite is found in rows that are padded, by its layer.
func TestPaddedRowsAreChecked(t *testing.T) {
	m := sequential(t, tensor.Shape{4}, snn.Linear{Out: 5}, snn.LIF{})
	params := m.Params()
	params["linear1.weight"].Data[2] = 3e38
	m, err := m.Graph().Load(params)
	require.NoError(t, err)
	x := tensor.New(3, 1, 4)
	for i := range x.Data {
		x.Data[i] = 2
	}
	_, err = m.Run(t.Context(), m.NewState(1), x)
	require.ErrorIs(t, err, forward.ErrNotFinite)
	require.ErrorContains(t, err, "linear1")
}
