package nir

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// wired makes a wiring of edges such as "a>b"; layers whose names begin with n
// are neurons, and those in first are fed.
func wired(first string, edges ...string) *wiring {
	w := &wiring{}
	var pairs [][]string
	for _, e := range edges {
		pairs = append(pairs, strings.Split(e, ">"))
	}
	for _, p := range append(pairs, strings.Split(first, ",")) {
		for _, name := range p {
			if !slices.Contains(w.names, name) {
				w.names = append(w.names, name)
			}
		}
	}
	slices.SortFunc(w.names, compareNames)
	at := func(name string) int { return slices.Index(w.names, name) }
	for _, name := range w.names {
		w.remembers = append(w.remembers, name[0] == 'n')
	}
	for _, p := range pairs {
		w.wires = append(w.wires, wire{at(p[0]), at(p[1]), 0})
	}
	for _, name := range strings.Split(first, ",") {
		w.first = append(w.first, at(name))
	}
	return w
}

// The delay of a loop sits on the edge that leaves its neuron.
func TestDelayLoops(t *testing.T) {
	for _, c := range []struct {
		name, first string
		edges       []string
		late        []string
	}{
		{"none", "w", []string{"w>n", "n>v"}, nil},
		{"a neuron and its weights", "w", []string{"w>n", "n>r", "r>n"}, []string{"n>r"}},
		{"fed at the weights", "r", []string{"n>r", "r>n"}, []string{"n>r"}},
		{"a neuron that hears itself", "w", []string{"w>n", "n>n"}, []string{"n>n"}},
		{"two layers and a way back", "w1", []string{"w1>n1", "n1>w2", "w2>n2", "n2>r", "r>n1"}, []string{"n2>r"}},
		{"two neurons side by side", "w", []string{"w>n1", "n1>n2", "n2>n1"}, []string{"n2>n1"}},
		{"both fed", "w1,w2", []string{"w1>n1", "w2>n2", "n1>a", "a>n2", "n2>b", "b>n1"}, []string{"n2>b"}},
		{"a loop in a loop", "w", []string{"w>n1", "n1>r", "r>n1", "n1>v", "v>n2", "n2>u", "u>n1", "n2>q", "q>n2"}, []string{"n1>r", "n2>u", "n2>q"}},
		{"a way back through two weights", "w", []string{"w>n", "n>a", "a>b", "b>n", "n>v"}, []string{"n>a"}},
		{"two ways back", "w", []string{"w>n", "n>a", "n>b", "a>n", "b>n"}, []string{"n>a", "n>b"}},
	} {
		w := wired(c.first, c.edges...)
		require.NoError(t, w.delayLoops(), c.name)
		var late []string
		for _, e := range w.wires {
			if e.delay > 0 {
				late = append(late, w.names[e.from]+">"+w.names[e.to])
			}
		}
		require.ElementsMatch(t, c.late, late, c.name)
	}
	err := wired("w", "w>a", "a>b", "b>a", "b>n").delayLoops()
	require.ErrorIs(t, err, ErrUnsupported)
	require.EqualError(t, err, "nir: a: unsupported: a cycle without a neuron: a, b")
}

// Whatever the graph, no loop is left without delay, only edges that leave
// neurons get one, and only those of loops; the order in which edges are listed
// does not matter.
func TestDelayLoopsOfAnyGraph(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "layers")
		name := func(i int) string {
			if i%2 == 0 {
				return fmt.Sprint("n", i)
			}
			return fmt.Sprint("w", i)
		}
		edge := rapid.Custom(func(t *rapid.T) string {
			return name(rapid.IntRange(0, n-1).Draw(t, "from")) + ">" + name(rapid.IntRange(0, n-1).Draw(t, "to"))
		})
		edges := rapid.SliceOfNDistinct(edge, 1, 20, rapid.ID).Draw(t, "edges")
		w := wired(name(0), edges...)
		if err := w.delayLoops(); err != nil {
			require.ErrorIs(t, err, ErrUnsupported)
			return
		}
		require.Len(t, w.order(), len(w.names))
		readers := w.readers()
		late := map[string]int{}
		for _, e := range w.wires {
			late[w.names[e.from]+">"+w.names[e.to]] = e.delay
			if e.delay > 0 {
				require.True(t, w.remembers[e.from])
				require.True(t, e.to == e.from || reached(readers, e.to)[e.from], "it is in no loop")
			}
		}
		other := wired(name(0), rapid.Permutation(edges).Draw(t, "other")...)
		require.NoError(t, other.delayLoops())
		for _, e := range other.wires {
			require.Equal(t, late[other.names[e.from]+">"+other.names[e.to]], e.delay)
		}
	})
}

// reached are the layers at the end of some way, at least one edge long, from i.
func reached(next [][]int, i int) []bool {
	seen := make([]bool, len(next))
	for queue := slices.Clone(next[i]); len(queue) > 0; queue = queue[1:] {
		if j := queue[0]; !seen[j] {
			seen[j] = true
			queue = append(queue, next[j]...)
		}
	}
	return seen
}

// Names are sorted as people count.
func TestNames(t *testing.T) {
	names := []string{"10", "a10b", "2", "a2b", "02", "a", "", "a2", "b", "1"}
	slices.SortFunc(names, compareNames)
	require.Equal(t, []string{"", "1", "2", "02", "10", "a", "a2", "a2b", "a10b", "b"}, names)
}
