package nir

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/slowtest"
)

// neurons is a network of n neurons, in a chain or side by side, with a loop at
// each if they are to hear themselves.
func neurons(n int, chain, hear bool) *Graph {
	one, none := Of([]float64{1}), Of([]float64{0})
	g := &Graph{Nodes: map[string]Node{"input": Input{Shape: Of([]int64{1})}, "output": Output{Shape: Of([]int64{1})}}}
	from := "input"
	for i := range n {
		name := fmt.Sprint(i)
		g.Nodes[name] = LIF{Tau: one, R: one, VLeak: none, VThreshold: one}
		g.Edges = append(g.Edges, Edge{from, name})
		if hear {
			g.Edges = append(g.Edges, Edge{name, name})
		}
		if chain {
			from = name
		} else {
			g.Edges = append(g.Edges, Edge{name, "output"})
		}
	}
	if chain {
		g.Edges = append(g.Edges, Edge{from, "output"})
	}
	return g
}

// Time grows with the number of nodes, not with its square or its cube; memory
// is a few times that of the file.
func TestCostGrowsWithTheFile(t *testing.T) {
	slowtest.Clock(t)
	for name, make := range map[string]func(n int) *Graph{
		"a chain":          func(n int) *Graph { return neurons(n, true, false) },
		"a chain of loops": func(n int) *Graph { return neurons(n, true, true) },
		"side by side":     func(n int) *Graph { return neurons(n, false, false) },
		"one that all neurons feed": func(n int) *Graph {
			g := neurons(n, false, false)
			g.Nodes["last"] = g.Nodes["0"]
			return fedByAll(g, n)
		},
	} {
		t.Run(name, func(t *testing.T) {
			took := func(n int) time.Duration {
				data, err := Encode(make(n))
				require.NoError(t, err)
				d, err := As("nir", 0.5)
				require.NoError(t, err)
				best := time.Hour
				for range 3 {
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					start := time.Now()
					g, err := Parse(data)
					require.NoError(t, err)
					runtime.ReadMemStats(&after)
					require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8*len(data)))
					_, _, err = g.Model(d)
					require.NoError(t, err)
					best = min(best, time.Since(start))
				}
				return best
			}
			few, many := took(250), took(2000)
			require.Less(t, many, 30*few, "8 times as many nodes")
		})
	}
}

func fedByAll(g *Graph, n int) *Graph {
	for i := range n {
		g.Edges = append(g.Edges, Edge{fmt.Sprint(i), "last"})
	}
	g.Edges = append(g.Edges, Edge{"last", "output"})
	return g
}
