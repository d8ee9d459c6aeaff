package nir

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// Shapes returns the shape of every node's output, of one sample at one time.
// Nodes of nested graphs are called as in [Graph.Model].
func (g *Graph) Shapes() (map[string]tensor.Shape, error) {
	if err := g.Check(); err != nil {
		return nil, err
	}
	all := map[string]tensor.Shape{}
	return all, g.addShapes(all, "")
}

func (g *Graph) addShapes(all map[string]tensor.Shape, path string) error {
	out, _, err := mender{}.pass(g, path)
	if err != nil {
		return err
	}
	for name, n := range g.Nodes {
		all[inside(path, name)] = out[name]
		if nested, ok := n.(*Graph); ok {
			if err := nested.addShapes(all, inside(path, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// signals follows the shapes of signals along the edges until they are all
// known, and reports those that do not fit.
func (m mender) signals(g *Graph, path string) error {
	out, err := m.settle(g, path)
	if err != nil {
		return err
	}
	for _, e := range g.Edges {
		for _, name := range []string{e.From, e.To} {
			if out[name] == nil {
				return badf(path+"/nodes/"+name, "the shape of its output cannot be known")
			}
		}
	}
	return nil
}

// settle finds the shape of every node's output. A repair may change what was
// known before, so that each starts it all over.
func (m mender) settle(g *Graph, path string) (map[string]tensor.Shape, error) {
	for {
		out, mended, err := m.pass(g, path)
		if err != nil || !mended {
			return out, err
		}
	}
}

// pass goes along the edges, every edge once: from the nodes that nothing feeds
// on, so that what a node says of its input is compared with what comes before
// what it says of its output is believed.
func (m mender) pass(g *Graph, path string) (out map[string]tensor.Shape, mended bool, err error) {
	out = map[string]tensor.Shape{}
	readers, fed := map[string][]Edge{}, map[string]bool{}
	for _, e := range g.Edges {
		readers[e.From] = append(readers[e.From], e)
		fed[e.To] = true
	}
	for _, loops := range []bool{false, true} { // that nothing feeds come last
		for _, name := range g.Names() {
			if fed[name] && !loops || out[name] != nil {
				continue
			}
			if _, out[name], err = g.Nodes[name].shapes(nil); err != nil {
				return nil, false, at(path+"/nodes/"+name, err)
			}
			if mended, err := m.follow(g, path, name, readers, out); mended || err != nil {
				return nil, mended, err
			}
		}
	}
	return out, false, nil
}

// follow goes along all edges from a node whose output is known.
func (m mender) follow(g *Graph, path, name string, readers map[string][]Edge, out map[string]tensor.Shape) (mended bool, err error) {
	known := []string{name}
	for ; len(known) > 0; known = known[1:] {
		in := out[known[0]]
		if in == nil {
			continue
		}
		for _, e := range readers[known[0]] {
			wants, gives, err := g.Nodes[e.To].shapes(in)
			if err != nil {
				return false, at(path+"/nodes/"+e.To, err)
			}
			if implied(g.Nodes[e.To]) {
				return true, m.mend(path+"/nodes/"+e.To+"/input_shape", "it is not there", fmt.Sprintf("made %v", in[1:]), func() {
					g.Nodes[e.To] = with(g.Nodes[e.To], map[string]Array{"input_shape": sizes(in[1:])})
				})
			}
			if wants != nil && !wants.Equal(in) {
				return true, m.fit(g, e, in, wants, path)
			}
			if gives != nil && out[e.To] == nil {
				out[e.To], known = gives, append(known, e.To)
			}
		}
	}
	return false, nil
}

// fit makes the shapes at the ends of an edge the same, if one of them is a
// mere statement, not that of weights or neurons.
func (m mender) fit(g *Graph, e Edge, in, wants tensor.Shape, path string) error {
	problem := fmt.Sprintf("%s, of shape %v, is read by %s, of shape %v", e.From, in, e.To, wants)
	from, to := g.Nodes[e.From], g.Nodes[e.To]
	mend := func(name, parameter, remedy string, values map[string]Array) error {
		return m.mend(path+"/nodes/"+name+"/"+parameter, problem, remedy, func() { g.Nodes[name] = with(g.Nodes[name], values) })
	}
	flat, flattens := from.(Flatten)
	switch to.(type) {
	case Output:
		return mend(e.To, "shape", fmt.Sprintf("made %v", in), map[string]Array{"shape": sizes(in)})
	case Flatten:
		return mend(e.To, "input_type", fmt.Sprintf("made %v", in), map[string]Array{"input_type": sizes(in)})
	case Conv1d, Conv2d:
		if _, isInput := from.(Input); !isInput && len(in) == len(wants) && in[0] == wants[0] {
			return mend(e.To, "input_shape", fmt.Sprintf("made %v", in[1:]), map[string]Array{"input_shape": sizes(in[1:])})
		}
	case *Graph:
	default:
		if isElementwise(to) && wants.Size() == 1 {
			return m.mend(path+"/nodes/"+e.To, problem, "its parameters stand for all", func() { g.Nodes[e.To] = spreadAll(to, in) })
		}
	}
	if _, ok := from.(Input); ok {
		return mend(e.From, "shape", fmt.Sprintf("made %v", wants), map[string]Array{"shape": sizes(wants)})
	}
	if flattens && len(wants) == 1 && wants[0] == in.Size() && !allDims(flat) {
		return mend(e.From, "start_dim", "samples are no dimension: it flattens all", map[string]Array{"start_dim": One(int64(0)), "end_dim": One(int64(-1))})
	}
	return badf(path+"/edges", "%s", problem)
}

// allDims reports whether a Flatten leaves no dimension alone.
func allDims(n Flatten) bool {
	first, last := n.StartDim.Floats(), n.EndDim.Floats()
	return len(first) == 1 && len(last) == 1 && first[0] == 0 && last[0] == -1
}

// implied reports whether a convolution does not say of which input it is.
func implied(n Node) bool {
	switch n := n.(type) {
	case Conv1d:
		return n.InputShape.IsZero()
	case Conv2d:
		return n.InputShape.IsZero()
	}
	return false
}

// isElementwise reports whether a node has numbers for each neuron.
func isElementwise(n Node) bool { return kinds[n.Type()].fields[0].each }

// spreadAll gives the parameters of neurons a shape.
func spreadAll(n Node, shape tensor.Shape) Node {
	values := map[string]Array{}
	for _, f := range kinds[n.Type()].fields {
		if a := f.get(n); (f.each || f.single) && a.Len() == 1 {
			values[f.name] = repeat(a, shape)
		}
	}
	return with(n, values)
}
