package nir_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// job is a graph for a Python framework to run, and our model of it.
type job struct {
	Framework string      `json:"framework"`
	File      string      `json:"file"`
	DT        float64     `json:"dt"`
	Steps     [][]float32 `json:"steps"`

	name  string
	model *forward.Model
}

// newJob has spikes at random for its input.
func newJob(t *testing.T, name, framework string, m *forward.Model, g *nir.Graph, dt float64) job {
	t.Helper()
	j := job{name: framework + " " + name, Framework: framework, DT: dt, model: m, File: filepath.Join(t.TempDir(), "net.nir")}
	require.NoError(t, nir.WriteFile(j.File, g))
	x := spikesOf(t, 0.4, 250, 1, 8).Dense().Data
	for i := range 250 {
		j.Steps = append(j.Steps, x[i*8:(i+1)*8])
	}
	return j
}

// requireSameSpikes runs all of them here and there.
func requireSameSpikes(t *testing.T, jobs []job) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.json"), filepath.Join(dir, "out.json")
	text, err := json.Marshal(jobs)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(in, text, 0o644))
	python.Run(t, "testdata/run.py", out, in)
	text, err = os.ReadFile(out)
	require.NoError(t, err)
	var foreign [][][]float32
	require.NoError(t, json.Unmarshal(text, &foreign))
	require.Len(t, foreign, len(jobs))
	for i, j := range jobs {
		t.Run(j.name, func(t *testing.T) {
			require.Equal(t, steps(t, j.model, j.Steps), foreign[i])
			spikes, all := 0, 0
			for _, row := range foreign[i] {
				for _, v := range row {
					spikes, all = spikes+int(v), all+1
				}
			}
			require.Greater(t, spikes, all/30, "too few spikes to prove a thing")
			require.Less(t, spikes, all*9/10)
		})
	}
}

// grained are weights [out, in] that are multiples of 1/64, whose sums no order
// of adding rounds.
func grained(out, in int, name string) *tensor.Tensor {
	w, key := tensor.New(out, in), random.New(11, name)
	for i := range w.Data {
		w.Data[i] = float32(int(key.Uniform(0, 0, uint32(i))*64)-24) / 64
	}
	return w
}

// Our networks, exported and read by the Python package, make the same spikes
// in snnTorch and in Norse.
func TestFrameworksRunWhatWeExport(t *testing.T) {
	// snnTorch's importer resets to zero, scales gains away, and fails on loops;
	// Norse's takes r for 1.
	scaled := snn.LIF{Decay: 0.9, Gain: 0.5, Threshold: 0.5, Strict: true, Reset: snn.ResetToZero}
	normalized := snn.LIF{Decay: 0.9, Normalized: true, Threshold: 0.1, Strict: true, Reset: snn.ResetToZero}
	current := snn.LIF{Decay: 0.8, Synapse: snn.Synapse{Decay: 0.6}, Threshold: 2, Strict: true, Reset: snn.ResetToZero}
	var jobs []job
	for _, c := range []struct {
		name, framework string
		dt              float64
		neuron          snn.Layer
		recurrent       bool
	}{
		{"LIF", "snntorch", 1e-4, scaled, false},
		{"LIF", "norse", 1e-3, normalized, false},
		{"CubaLIF", "snntorch", 1e-4, current, false},
		{"CubaLIF", "norse", 1e-3, current, false},
		{"IF", "norse", 1e-3, snn.IF{Strict: true, Reset: snn.ResetToZero}, false},
		{"recurrent LIF", "norse", 1e-3, normalized, true},
	} {
		s := forward.Spec{
			Inputs: []forward.Input{{Name: "input", Shape: tensor.Shape{8}}},
			Layers: []forward.Node{
				{Name: "fc1", Layer: snn.Linear{Out: 12}},
				{Name: "lif1", Layer: c.neuron},
				{Name: "fc2", Layer: snn.Linear{Out: 5, NoBias: true}, Sources: []forward.Source{forward.From("lif1")}},
				{Name: "lif2", Layer: c.neuron},
			},
			Outputs: []string{"lif2"},
		}
		weights := map[string]*tensor.Tensor{"fc1.weight": grained(12, 8, "fc1"), "fc1.bias": tensor.New(12), "fc2.weight": grained(5, 12, "fc2")}
		if c.recurrent {
			s.Layers = append(s.Layers, forward.Node{Name: "rec", Layer: snn.Linear{Out: 12, NoBias: true}, Sources: []forward.Source{forward.After(1, "lif1")}})
			s.Layers[1].Sources, s.Layers[1].Join = []forward.Source{forward.From("fc1"), forward.After(0, "rec")}, forward.JoinSum
			weights["rec.weight"] = grained(12, 12, "rec")
		}
		g, err := forward.New(s)
		require.NoError(t, err)
		m, err := g.Load(weights)
		require.NoError(t, err)
		exported, report, err := nir.Export(m, c.dt)
		require.NoError(t, err)
		require.True(t, report.Faithful(), report)
		jobs = append(jobs, newJob(t, c.name, c.framework, m, exported, c.dt))
	}
	requireSameSpikes(t, jobs)
}

// A framework and its preset make the same spikes of the same file.
func TestPresetsAreTheFrameworks(t *testing.T) {
	const dt, n = 1e-4, 6
	all := func(v float64) nir.Array { return nir.Of(slices.Repeat([]float64{v}, n)) }
	var jobs []job
	for _, c := range []struct {
		name, preset string
		neuron       nir.Node
	}{
		{"LIF", "snntorch", nir.LIF{Tau: all(0.001), R: all(3), VLeak: all(0), VThreshold: all(0.4)}},
		{"CubaLIF", "snntorch", nir.CubaLIF{TauSyn: all(0.0005), TauMem: all(0.001), R: all(10), VLeak: all(0), VThreshold: all(1), WIn: all(2)}},
		{"LIF", "norse", nir.LIF{Tau: all(0.001), R: all(1), VLeak: all(0.05), VThreshold: all(0.15)}},
		{"CubaLIF", "norse", nir.CubaLIF{TauSyn: all(0.0005), TauMem: all(0.001), R: all(10), VLeak: all(0), VThreshold: all(1), WIn: all(2)}},
		{"IF", "norse", nir.IF{R: all(1), VThreshold: all(2)}},
		{"LIF", "spikingjelly", nir.LIF{Tau: all(0.001), R: all(1), VLeak: all(-0.125), VThreshold: all(0.0625), VReset: all(-0.125)}},
		{"LIF that takes its input whole", "spikingjelly", nir.LIF{Tau: all(0.001), R: all(10), VLeak: all(0), VThreshold: all(1), VReset: all(0)}},
		{"IF", "spikingjelly", nir.IF{R: all(1 / dt), VThreshold: all(1), VReset: all(0.25)}}, // at its threshold now and then
		{"CubaLIF", "spikingjelly", nir.CubaLIF{
			TauSyn: all(0.0005), TauMem: all(0.001), R: all(10), VLeak: all(0), VThreshold: all(3), VReset: all(0.25), WIn: all(5),
		}},
	} {
		g := &nir.Graph{
			Nodes: map[string]nir.Node{
				"input": nir.Input{Shape: nir.Of([]int64{8})}, "fc": nir.Linear{Weight: nir.Of(grained(n, 8, "fc").Data, n, 8)},
				"neuron": c.neuron, "output": nir.Output{Shape: nir.Of([]int64{n})},
			},
			Edges: edges("input", "fc", "fc", "neuron", "neuron", "output"),
		}
		d, err := nir.As(c.preset, dt)
		require.NoError(t, err)
		m, report, err := g.Model(d)
		require.NoError(t, err)
		require.True(t, report.Faithful(), report)
		jobs = append(jobs, newJob(t, c.name, c.preset, m, g, dt))
	}
	requireSameSpikes(t, jobs)
}
