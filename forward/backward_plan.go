package forward

import (
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// backwardPlan is who needs a gradient, and who gives it.
type backwardPlan struct {
	trainable []bool // has parameters that are trained
	active    []bool // a gradient comes to its output, and is of use there
	needsIn   []bool // the gradient of its input is of use
	views     []bool // its input is its output under another shape
	// readers are the edges that leave each node, in the order of the layers.
	readers [][]edge
	// soleReaders are, of each input, its only reader, or -1.
	soleReaders []int
}

// edge is a node that reads another as the parts[part] of its own, first
// numbers into its joined input.
type edge struct {
	node, part, delay, first int
	// pending is the gradient that the steps after a segment gave to those in
	// it, [delay, B, features].
	pending *[]float32
}

// planBackward finds out which nodes a gradient must come to.
func (g *Graph) planBackward(o BackwardOptions, outputs []int) backwardPlan {
	n := len(g.nodes)
	p := backwardPlan{
		trainable: make([]bool, n), active: make([]bool, n), needsIn: make([]bool, n), views: make([]bool, n), readers: make([][]edge, n),
	}
	for i, node := range g.nodes {
		p.views[i] = node.isView(true)
		for _, param := range node.plan.Params {
			p.trainable[i] = p.trainable[i] || o.trains(node.name+"."+param.Name)
		}
	}
	p.reach(g, o.Inputs, outputs)
	for i, node := range g.nodes {
		first := 0
		for k, from := range node.parts {
			if from.node >= 0 && p.active[i] && p.active[from.node] {
				p.readers[from.node] = append(p.readers[from.node], edge{node: i, part: k, delay: from.delay, first: first, pending: new([]float32)})
			}
			if node.join == JoinConcat {
				first += g.partShape(from).Size()
			}
		}
	}
	p.soleReaders = make([]int, len(g.inputs))
	for i := range p.soleReaders {
		p.soleReaders[i] = p.soleReader(g, i)
	}
	return p
}

// reach finds where a gradient is of use, because something is trained there or
// further back, and where one comes from the outputs that the loss sees.
func (p *backwardPlan) reach(g *Graph, inputs bool, outputs []int) {
	useful, reached := slices.Clone(p.trainable), make([]bool, len(g.nodes))
	for _, i := range outputs {
		reached[i] = true
	}
	set := func(flag *bool, value bool) bool {
		changed := value && !*flag
		*flag = *flag || value
		return changed
	}
	for changed := true; changed; {
		changed = false
		for i, node := range g.nodes {
			for _, part := range node.parts {
				if part.node < 0 {
					changed = set(&p.needsIn[i], inputs) || changed
					continue
				}
				changed = set(&p.needsIn[i], useful[part.node]) || changed
				changed = set(&reached[part.node], reached[i]) || changed
			}
			changed = set(&useful[i], p.needsIn[i]) || changed
		}
	}
	for i := range g.nodes {
		p.active[i] = useful[i] && reached[i]
	}
}

// soleReader is the node that alone reads an input, and reads nothing else, or
// -1.
func (p *backwardPlan) soleReader(g *Graph, input int) int {
	sole, readers := -1, 0
	for i, n := range g.nodes {
		for _, part := range n.parts {
			if part.node < 0 && part.input == input && p.active[i] {
				sole = i
				readers++
			}
		}
	}
	if readers != 1 || len(g.nodes[sole].parts) != 1 || p.views[sole] {
		return -1
	}
	return sole
}

func (g *Graph) partShape(p part) tensor.Shape {
	if p.node < 0 {
		return g.inputs[p.input].Shape
	}
	return g.nodes[p.node].plan.Out
}
