package nir

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/spikelane/spikelane/tensor"
)

// Check reports the first rule of NIR that the graph breaks: the Python reader
// would refuse it. Errors are of type [*Error].
func (g *Graph) Check() error { return mender{}.graph(g, "/node", 0) }

// graph checks nodes, edges, and the shapes along them.
func (m mender) graph(g *Graph, path string, depth int) error {
	if depth > maxNesting {
		return badf(path, "graphs are nested more than %d deep", maxNesting)
	}
	for _, name := range g.Names() {
		at := path + "/nodes/" + name
		if name == "" || name == "." || strings.Contains(name, "/") {
			return badf(at, "a file cannot hold a node of the name %q", name)
		}
		if inner, ok := g.Nodes[name].(*Graph); ok && inner != nil {
			if err := m.graph(inner, at, depth+1); err != nil {
				return err
			}
		} else if err := m.node(g, name, at); err != nil {
			return err
		}
	}
	if err := m.edges(g, path); err != nil {
		return err
	}
	return m.signals(g, path)
}

// node checks the parameters of a primitive.
func (m mender) node(g *Graph, name, path string) error {
	n := g.Nodes[name]
	if n == nil || reflect.TypeOf(n) != kinds[n.Type()].typ {
		return badf(path, "a node is a primitive or a *Graph, not a %T", n)
	}
	for _, f := range kinds[n.Type()].fields {
		a := f.get(n)
		if a.IsZero() && (f.optional || f.implied && m.repairs != nil) {
			continue
		}
		if err := a.check(); err != nil {
			return at(path+"/"+f.name, err)
		}
		if _, texts := a.Data.([]string); texts && !f.text {
			return badf(path+"/"+f.name, "it is a text, not numbers")
		}
	}
	if err := m.spread(g, name, path); err != nil {
		return err
	}
	_, _, err := g.Nodes[name].shapes(nil)
	return at(path, err)
}

// spread gives single parameters of neurons the shape of the others.
func (m mender) spread(g *Graph, name, path string) error {
	n := g.Nodes[name]
	if m.repairs == nil {
		return nil // elementwise reports them
	}
	var most tensor.Shape
	for _, f := range kinds[n.Type()].fields {
		if a := f.get(n); f.each && a.Len() > 1 && most == nil {
			most = a.Shape
		}
	}
	for _, f := range kinds[n.Type()].fields {
		a := f.get(n)
		if !f.each || a.Len() != 1 || most == nil {
			continue
		}
		err := m.mend(path+"/"+f.name, "it is one number, the other parameters are "+fmt.Sprint(most), "it stands for all",
			func() { n = with(n, map[string]Array{f.name: repeat(a, most)}) })
		if err != nil {
			return err
		}
	}
	g.Nodes[name] = n
	return nil
}

// repeat is an array of one number made larger.
func repeat(a Array, shape tensor.Shape) Array {
	data := reflect.MakeSlice(reflect.TypeOf(a.Data), 0, shape.Size())
	for range shape.Size() {
		data = reflect.Append(data, reflect.ValueOf(a.Data).Index(0))
	}
	return Array{append(tensor.Shape{}, shape...), data.Interface()}
}

// edges checks that edges connect nodes, once.
func (m mender) edges(g *Graph, path string) error {
	path += "/edges"
	for i := range g.Edges {
		e := &g.Edges[i]
		for _, end := range []*string{&e.From, &e.To} {
			name := *end
			if g.Nodes[name] != nil {
				continue
			}
			problem := fmt.Sprintf("the edge %s -> %s names a node that is not there", e.From, e.To)
			node, ok := meant(g, name)
			if !ok {
				return badf(path, "%s", problem)
			}
			if err := m.mend(path, problem, fmt.Sprintf("%q was taken for %q in all edges", name, node), func() { rename(g, name, node) }); err != nil {
				return err
			}
		}
	}
	seen := map[Edge]bool{}
	var once []Edge
	for _, e := range g.Edges {
		if seen[e] {
			if err := m.mend(path, fmt.Sprintf("the edge %s -> %s is there twice", e.From, e.To), "one was left out", func() {}); err != nil {
				return err
			}
			continue
		}
		seen[e], once = true, append(once, e)
	}
	if len(once) < len(g.Edges) {
		g.Edges = once
	}
	return nil
}

// rename makes edges name another node.
func rename(g *Graph, name, node string) {
	for i := range g.Edges {
		if g.Edges[i].From == name {
			g.Edges[i].From = node
		}
		if g.Edges[i].To == name {
			g.Edges[i].To = node
		}
	}
}
