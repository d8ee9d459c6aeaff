package nir_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// read reads a file of the NIR paper, with repairs.
func read(t testing.TB, name string) (*nir.Graph, []nir.Repair) {
	var repairs []nir.Repair
	g, err := nir.ReadFile(shared.Path(t, "data", "nir", name), nir.Lenient(&repairs))
	require.NoError(t, err)
	return g, repairs
}

// The recurrent networks for Braille letters give the same spikes in the flat
// form, in which their files can be read strictly, and in the nested one, whose
// edges need repair; their loop is one step long.
func TestBraille(t *testing.T) {
	x := tensor.New(4, 12)
	for i := range x.Data {
		x.Data[i] = 0.02 * float32(1+i%7)
	}
	in, err := encode.Rate(x, 256, 0, 1, nil)
	require.NoError(t, err)
	for _, name := range []string{"braille_noDelay_bias_zero", "braille_noDelay_noBias_subtract"} {
		flat, repairs := read(t, name+".nir")
		require.Empty(t, repairs)
		nested, repairs := read(t, name+"_subgraph.nir")
		require.Len(t, repairs, 1)
		require.Equal(t, "/node/nodes/lif1/edges", repairs[0].Path)
		for _, preset := range nir.Presets() {
			for _, reset := range []snn.Reset{snn.ResetToZero, snn.ResetSubtract} {
				d, err := nir.As(preset, 1e-4)
				require.NoError(t, err)
				d.Reset = reset
				a, report, err := flat.Model(d)
				require.NoError(t, err)
				require.Contains(t, report.Assumed, "loop: lif1.w_rec hears lif1.lif of the step before")
				b, _, err := nested.Model(d)
				require.NoError(t, err)
				for _, layer := range []string{"fc1", "fc2", "lif2"} {
					require.Contains(t, b.Graph().Layers(), layer)
				}
				hidden, out := runBoth(t, a, "lif1.lif", in), runBoth(t, b, "lif1.lif1", in)
				require.Equal(t, hidden, out, "%s as %s, reset %v", name, preset, reset)
				for k, rate := range hidden.rates {
					require.Greater(t, rate, 0.005, "%s as %s, reset %v: %d", name, preset, reset, k)
					require.Less(t, rate, 0.8)
				}
			}
		}
	}
}

// spikes are those of the hidden and the output neurons.
type spikes struct {
	hidden, out []float32
	rates       [2]float64
}

func runBoth(t *testing.T, m *forward.Model, hidden string, in tensor.Signal) (s spikes) {
	_, batch, _ := in.Dims()
	y, err := m.With(forward.Record(hidden)).Run(t.Context(), m.NewState(batch), in)
	require.NoError(t, err)
	s.hidden, s.out = y.Layer(hidden).Dense().Data, y.Dense().Data
	for k, data := range [][]float32{s.hidden, s.out} {
		for _, v := range data {
			s.rates[k] += float64(v) / float64(len(data))
		}
	}
	return s
}
