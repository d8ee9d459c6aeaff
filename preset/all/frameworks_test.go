package all_test

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// frameworksJSON is what testdata/frameworks.py made of the frameworks
// themselves; that script says how.
//
//go:embed testdata/frameworks.json
var frameworksJSON []byte

// vector is what a framework's neurons make of an input; all matrices are [T][N].
type vector struct {
	Framework string          `json:"framework"`
	Version   string          `json:"version"`
	Run       string          `json:"run"` // "framework", or "equation" where none could be run
	Type      string          `json:"type"`
	Options   json.RawMessage `json:"options"`
	X         [][]float32     `json:"x"`
	Spikes    [][]float32     `json:"spikes"`    // counts of multi-spike neurons
	Membranes [][]float32     `json:"membranes"` // the output of neurons that do not spike
	V         [][]float32     `json:"v"`         // membranes after the step, of those that do
	R         [][]float32     `json:"r"`
	GradX     [][]float32     `json:"grad_x"` // of sum(output*r)
}

func (v vector) name() string { return fmt.Sprintf("%s %s %s", v.Type, v.Options, v.Run) }

func vectorsOf(t *testing.T) []vector {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(frameworksJSON)))
	d.DisallowUnknownFields()
	var vectors []vector
	require.NoError(t, d.Decode(&vectors))
	return vectors
}

// answer is what our layer makes of the input.
type answer struct{ out, v, gradient []float32 }

func (v vector) answer(t *testing.T) answer {
	t.Helper()
	l, err := snn.Unmarshal(v.Type, v.Options)
	require.NoError(t, err)
	g, err := forward.Sequential(tensor.Shape{len(v.X[0])}, l)
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	x := tensor.Of(slices.Concat(v.X...), len(v.X), 1, len(v.X[0]))
	var a answer
	s := m.NewState(1)
	for _, row := range v.X {
		y, err := m.Step(s, tensor.Of(row, 1, 1, len(row)))
		require.NoError(t, err)
		a.out = append(a.out, y.Dense().Data...)
		membranes, err := s.Variable(g.Layers()[0], "v")
		require.NoError(t, err)
		a.v = append(a.v, membranes.Data...)
	}

	tape, err := m.NewTape(forward.BackwardOptions{Inputs: true})
	require.NoError(t, err)
	samples := forward.Samples{Inputs: []tensor.Signal{x}, Count: 1, Start: m.NewState(1)}
	require.NoError(t, tape.Run(t.Context(), samples, func(out []*tensor.Tensor) ([][]float32, error) {
		require.Equal(t, a.out, out[0].Data, "a tape gives what steps do")
		return [][]float32{slices.Concat(v.R...)}, nil
	}))
	a.gradient = slices.Clone(tape.InputGradients()[0])
	return a
}

// forwards compares the outputs: spikes exactly, membranes within a float32's
// rounding.
func (v vector) forwards(a answer) error {
	if v.Membranes != nil {
		return near("membrane", a.out, v.Membranes, relative)
	}
	if err := near("spike", a.out, v.Spikes, exact); err != nil {
		return err
	}
	return near("v", a.v, v.V, relative)
}

// backwards compares the gradients.
func (v vector) backwards(a answer) error {
	return near("gradient", a.gradient, v.GradX, func(float32) float64 { return 2e-4 * v.steepest() })
}

// steepest is the largest of the gradients.
func (v vector) steepest() float64 {
	most := 0.0
	for _, g := range slices.Concat(v.GradX...) {
		most = max(most, math.Abs(float64(g)))
	}
	return most
}

func exact(float32) float64 { return 0 }

func relative(b float32) float64 { return 1e-5 * max(1, math.Abs(float64(b))) }

// near reports the first number that is further from the framework's than
// allowed.
func near(what string, got []float32, want [][]float32, allowed func(b float32) float64) error {
	if n := len(slices.Concat(want...)); len(got) != n {
		return fmt.Errorf("%d numbers, not %d", len(got), n)
	}
	for t, row := range want {
		for n, b := range row {
			if a := got[t*len(row)+n]; !(math.Abs(float64(a)-float64(b)) <= allowed(b)) {
				return fmt.Errorf("%s of neuron %d at step %d is %v, not %v", what, n, t, a, b)
			}
		}
	}
	return nil
}

// unlike are the types whose gradient is not the framework's own, and why.
var unlike = map[string]string{
	"lava.CUBA": "Lava-DL goes back through a reset as if there were none, as snn.DetachResetTerm does; the preset stops there, as in v*(1-stop(s))",
}

// Each layer sends the spikes of the framework that it is named after, and
// carries back its gradient.
func TestFrameworks(t *testing.T) {
	several := 0
	for _, v := range vectorsOf(t) {
		t.Run(v.name(), func(t *testing.T) {
			a := v.answer(t)
			require.NoError(t, v.forwards(a))
			err := v.backwards(a)
			if why, ok := unlike[v.Type]; ok {
				require.Error(t, err, "this is no longer so: %s", why)
			} else {
				require.NoError(t, err)
			}
			require.True(t, v.Membranes != nil || v.firing(), "neurons that are silent, or that always fire, prove little")
			if v.Membranes == nil && slices.Max(a.out) > 1 {
				several++
			}
		})
	}
	require.GreaterOrEqual(t, several, 3, "multi-spike neurons send several spikes a step")
}

// firing reports whether every neuron spikes in two steps at least, and not in
// all.
func (v vector) firing() bool {
	for n := range v.X[0] {
		fired := 0
		for _, row := range v.Spikes {
			if row[n] > 0 {
				fired++
			}
		}
		if fired < 2 || fired == len(v.Spikes) {
			return false
		}
	}
	return true
}

// A spike, a membrane or a gradient that is another is found.
func TestFrameworksCanFail(t *testing.T) {
	for _, v := range vectorsOf(t) {
		a := v.answer(t)
		at := len(a.out) / 2
		where := fmt.Sprintf("of neuron 0 at step %d", len(v.X)/2)
		a.out[at]++
		require.ErrorContains(t, v.forwards(a), where, v.name())
		a.out[at]--
		if v.Membranes == nil {
			a.v[at] += 1e-4 * float32(max(1, math.Abs(float64(a.v[at]))))
			require.ErrorContains(t, v.forwards(a), "v "+where, v.name())
		}
		if _, ok := unlike[v.Type]; !ok {
			a.gradient[at] += float32(1e-3 * v.steepest())
			require.ErrorContains(t, v.backwards(a), "gradient "+where, v.name())
		}
	}
}

// Every package of presets has a vector.
func TestEveryPresetHasAVector(t *testing.T) {
	tested := map[string]bool{}
	for _, v := range vectorsOf(t) {
		preset, _, dotted := strings.Cut(v.Type, ".")
		require.True(t, dotted && preset == v.Framework, v.Type)
		require.Contains(t, []string{"framework", "equation"}, v.Run)
		require.NotEmpty(t, v.Version)
		tested[preset] = true
	}
	for _, typ := range snn.Types() {
		if preset, _, dotted := strings.Cut(typ, "."); dotted {
			require.True(t, tested[preset], preset)
		}
	}
	if _, err := os.Stat("all.go"); err != nil {
		t.Skip("the sources are not here")
	}
	dirs, err := os.ReadDir("..")
	require.NoError(t, err)
	for _, d := range dirs {
		require.True(t, tested[d.Name()] || d.Name() == "all", d.Name())
	}
}
