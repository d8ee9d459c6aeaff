package nir

import (
	"maps"
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// Graph is a network: nodes by their names, and edges between them. Several
// edges into a node add up, and cycles are allowed. A graph may be a node of
// another, which it joins by its Input and its Output.
type Graph struct {
	Nodes map[string]Node
	// Edges are in the order of the file, which means nothing.
	Edges []Edge
	Metadata
	// Version is that of the NIR package which wrote the file; a nested graph
	// has none.
	Version string
}

// Edge is a connection between two nodes.
type Edge struct{ From, To string }

// Type returns "NIRGraph".
func (*Graph) Type() string { return graphType }

const graphType = "NIRGraph"

// Names are the names of the nodes, sorted: "2" before "10".
func (g *Graph) Names() []string {
	return slices.SortedFunc(maps.Keys(g.Nodes), compareNames)
}

// compareNames compares as people count: runs of digits by their numbers.
func compareNames(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			if c := compareNumbers(a[:x], b[:y]); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

// digits is how many digits a text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// compareNumbers compares whole numbers, and of equal ones their lengths.
func compareNumbers(a, b string) int {
	trim := func(s string) string {
		for len(s) > 1 && s[0] == '0' {
			s = s[1:]
		}
		return s
	}
	x, y := trim(a), trim(b)
	switch {
	case len(x) != len(y):
		return len(x) - len(y)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return len(a) - len(b)
}

// of lists the nodes of a type.
func of[N Node](g *Graph) (names []string) {
	for _, name := range g.Names() {
		if _, ok := g.Nodes[name].(N); ok {
			names = append(names, name)
		}
	}
	return names
}

// shapes are those of the only Input and the only Output of a nested graph.
func (g *Graph) shapes(tensor.Shape) (wants, gives tensor.Shape, err error) {
	if in := of[Input](g); len(in) == 1 {
		if _, wants, err = g.Nodes[in[0]].shapes(nil); err != nil {
			return nil, nil, err
		}
	}
	if out := of[Output](g); len(out) == 1 {
		_, gives, err = g.Nodes[out[0]].shapes(nil)
	}
	return wants, gives, err
}

// inside is the name of a node of a nested graph.
func inside(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
