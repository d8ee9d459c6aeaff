package forward_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/slowtest"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A text takes time in proportion to its length, whatever it says: each of
// these is some 250 KB, and took up to a minute when it took the third power.
func TestParsingIsLinear(t *testing.T) {
	const n = 5000
	node := func(i int, typ, rest string) string { return fmt.Sprintf(`{"name":"n%d","type":%q%s}`, i, typ, rest) }
	for name, layer := range map[string]func(i int) string{
		"a chain": func(i int) string { return node(i, "Identity", "") },
		"a chain the other way": func(i int) string {
			if i == n-1 {
				return node(i, "Identity", `,"inputs":["x"]`)
			}
			return node(i, "Identity", fmt.Sprintf(`,"sources":["n%d"],"delays":[1]`, i+1))
		},
		"a ring": func(i int) string {
			return node(i, "Identity", fmt.Sprintf(`,"sources":["n%d"],"delays":[1]`, (i+1)%n))
		},
		"a ring that grows": func(i int) string {
			return node(i, "Identity", fmt.Sprintf(`,"sources":["n%d","n%d"],"delays":[1,1],"inputs":["x"]`, (i+1)%n, i))
		},
		"all read all before them, one after another": func(i int) string {
			return node(i, "Linear", fmt.Sprintf(`,"options":{"out":2},"sources":["n%d","n%d"],"delays":[2,3]`, (i+1)%n, (i*7+3)%n))
		},
		"one reads all": func(i int) string {
			if i == 0 {
				var b strings.Builder
				for k := 1; k < n; k++ {
					fmt.Fprintf(&b, `"n%d",`, k)
				}
				return node(i, "Linear", fmt.Sprintf(`,"options":{"out":2},"sources":[%s]`, strings.TrimSuffix(b.String(), ",")))
			}
			return node(i, "Identity", `,"sources":["n0"],"delays":[1]`)
		},
		"cycles without delay": func(i int) string {
			return node(i, "Identity", fmt.Sprintf(`,"sources":["n%d"],"delays":[0]`, (i+1)%n))
		},
	} {
		t.Run(name, func(t *testing.T) {
			layers := make([]string, n)
			for i := range layers {
				layers[i] = layer(i)
			}
			text := `{"inputs":[{"name":"x","shape":[2]}],"layers":[` + strings.Join(layers, ",") + `]}`
			start := time.Now()
			_, err := forward.ParseGraph([]byte(text))
			took := time.Since(start)
			t.Logf("%d KB, %v, %.100v", len(text)>>10, took, err)
			require.True(t, took < 2*time.Second || !slowtest.Wanted(), took)
		})
	}
}

// Groups are what can reach each other, and come behind what they read: as a
// search through everything finds them.
func TestCyclesOfRandomGraphs(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 2 + r.IntN(8)
		s := forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{3}}}}
		for i := range n {
			node := forward.Node{Name: fmt.Sprint("n", i), Layer: snn.Linear{Out: 3}, Join: forward.JoinSum}
			if i == 0 || r.IntN(3) == 0 {
				node.Inputs = []string{"x"}
			}
			for len(node.Sources)+len(node.Inputs) == 0 || r.IntN(2) == 0 {
				from := r.IntN(n)
				delay := r.IntN(3)
				if from >= i {
					delay++
				}
				node.Sources = append(node.Sources, forward.After(delay, fmt.Sprint("n", from)))
			}
			s.Layers = append(s.Layers, node)
			s.Outputs = append(s.Outputs, node.Name)
		}
		g, err := forward.New(s)
		require.NoError(t, err)
		m, err := g.Init(seed)
		require.NoError(t, err)
		x := noise(seed, 11, 2, 3)
		want := run(t, m, m.NewState(2), x)
		got := map[string][]uint32{}
		state := m.NewState(2)
		for step := range 11 {
			out, err := m.Step(state, tensor.Of(x.Data[step*6:(step+1)*6], 1, 2, 3))
			require.NoError(t, err)
			for name, b := range bits(out) {
				got[name] = append(got[name], b...)
			}
		}
		require.Equal(t, want, got, "seed %d", seed)
	}
}

// badLayer is a layer of a user's own that is wrong in some way.
type badLayer struct{ plan *snn.Plan }

func (badLayer) Type() string                            { return "test.Bad" }
func (b badLayer) Build(tensor.Shape) (*snn.Plan, error) { return b.plan, nil }

// A layer of a user's own that leaves something out is an error, not a crash.
func TestBadLayers(t *testing.T) {
	prepare := func(map[string]*tensor.Tensor) (snn.Op, error) { return nil, nil }
	out := tensor.Shape{4}
	for name, plan := range map[string]*snn.Plan{
		"no plan":         nil,
		"no shape":        {Out: tensor.Shape{0}, Prepare: prepare},
		"no Prepare":      {Out: out},
		"no op":           {Out: out, Prepare: prepare},
		"no Init":         {Out: out, Prepare: prepare, Params: []snn.Param{{Name: "w", Shape: out}}},
		"a negative size": {Out: out, Prepare: prepare, State: -1},
		"another size":    {Out: tensor.Shape{5}, Reshape: true},
		"bits of numbers": {Out: out, Prepare: prepare, Kinds: func(tensor.Kind) (reads, writes tensor.Kind) { return tensor.KindSpikes, tensor.KindDense }},
	} {
		g, err := forward.Sequential(tensor.Shape{4}, badLayer{plan})
		if err == nil {
			_, err = g.Init(1)
		}
		require.ErrorContains(t, err, `layer 0 (test.Bad "test.bad1")`, name)
	}
}
