package nir_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/nir"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// grained are weights that are multiples of 1/64, whose sums no order of
// adding rounds.
func grained(g *forward.Graph, t *testing.T) *forward.Model {
	m, err := g.Init(1)
	require.NoError(t, err)
	weights, key := m.Params(), random.New(11, "grained")
	for name, w := range weights {
		if len(w.Shape) == 2 {
			for i := range w.Data {
				w.Data[i] = float32(int(key.Uniform(uint32(len(name)), 0, uint32(i))*64)-24) / 64
			}
		}
	}
	m, err = g.Load(weights)
	require.NoError(t, err)
	return m
}

// Our networks, exported and read by the Python package, make the same spikes
// in snnTorch and in Norse.
func TestFrameworksRunWhatWeExport(t *testing.T) {
	// snnTorch's importer resets to zero, scales gains away, and fails on loops;
	// Norse's takes r for 1.
	scaled := snn.LIF{Decay: 0.9, Gain: 0.5, Threshold: 0.5, Strict: true, Reset: snn.ToZero}
	normalised := snn.LIF{Decay: 0.9, Normalised: true, Threshold: 0.1, Strict: true, Reset: snn.ToZero}
	current := snn.LIF{Decay: 0.8, Synapse: snn.Synapse{Decay: 0.6}, Threshold: 2, Strict: true, Reset: snn.ToZero}
	for _, c := range []struct {
		name, framework string
		dt              float64
		neuron          snn.Layer
		recurrent       bool
	}{
		{"LIF in snnTorch", "snntorch", 1e-4, scaled, false},
		{"LIF in Norse", "norse", 1e-3, normalised, false},
		{"CubaLIF in snnTorch", "snntorch", 1e-4, current, false},
		{"CubaLIF in Norse", "norse", 1e-3, current, false},
		{"IF in Norse", "norse", 1e-3, snn.IF{Strict: true, Reset: snn.ToZero}, false},
		{"recurrent LIF in Norse", "norse", 1e-3, normalised, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := forward.Spec{
				Inputs: []forward.Input{{Name: "input", Shape: tensor.Shape{8}}},
				Layers: []forward.Node{
					{Name: "fc1", Layer: snn.Linear{Out: 12}},
					{Name: "lif1", Layer: c.neuron},
					{Name: "fc2", Layer: snn.Linear{Out: 5, NoBias: true}},
					{Name: "lif2", Layer: c.neuron},
				},
			}
			if c.recurrent {
				s.Layers = append(s.Layers, forward.Node{Name: "rec", Layer: snn.Linear{Out: 12, NoBias: true}, Sources: []forward.Source{forward.After(1, "lif1")}})
				s.Layers[1].Sources, s.Layers[1].Join = []forward.Source{forward.From("fc1"), forward.After(0, "rec")}, forward.Sum
				s.Layers[2].Sources = []forward.Source{forward.From("lif1")}
				s.Outputs = []string{"lif2"}
			}
			g, err := forward.New(s)
			require.NoError(t, err)
			m := grained(g, t)
			x := spikesOf(t, 0.4, 200, 1, 8)
			y, err := m.Run(t.Context(), m.NewState(1), x)
			require.NoError(t, err)
			ours := y.Dense().Data

			exported, report, err := nir.Export(m, c.dt)
			require.NoError(t, err)
			require.True(t, report.Faithful(), report)
			dir := t.TempDir()
			file, in, out := filepath.Join(dir, "net.nir"), filepath.Join(dir, "in.json"), filepath.Join(dir, "out.json")
			require.NoError(t, nir.WriteFile(file, exported))
			steps := make([][]float32, 200)
			for i := range steps {
				steps[i] = x.Dense().Data[i*8 : (i+1)*8]
			}
			text, err := json.Marshal(steps)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(in, text, 0o644))
			dt, err := json.Marshal(c.dt)
			require.NoError(t, err)
			python.Run(t, "testdata/run.py", c.framework, file, string(dt), in, out)
			text, err = os.ReadFile(out)
			require.NoError(t, err)
			var theirs [][]float32
			require.NoError(t, json.Unmarshal(text, &theirs))
			count := 0
			for step, row := range theirs {
				require.Equal(t, ours[step*5:(step+1)*5], row, "step %d", step)
				for _, v := range row {
					count += int(v)
				}
			}
			require.Greater(t, count, 50, "too few spikes to prove a thing")
			require.Less(t, count, 800)
		})
	}
}
