package forward

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A container is a layer made of layers. [New] puts them in its place: what
// comes out has the container's name, the others that name, a dot and their
// own, such as "block.0". Containers may hold containers. Under either rule the
// edges within have no delay, but for that of Feedback.
type container interface {
	snn.Layer
	// expand is the nodes in the place of n, whose sources or inputs are
	// spelled out and which has a name.
	expand(n Node) []Node
}

// Compound is layers one after another: "name.0", "name.1", ..., "name".
type Compound []snn.Layer

// Parallel is branches that read the same input, "name.0", "name.1", ..., and
// their sum or concatenation, "name".
type Parallel struct {
	Branches []snn.Layer
	Join     Join
}

// Residual is a layer whose input is added to its output: "name.layer", and
// the sum, "name". The layer keeps the shape.
type Residual struct{ Layer snn.Layer }

// Feedback is a layer, "name", that reads, added to its input, what another
// layer, "name.back", makes of its own output Delay steps ago. With Back a
// Linear it is a fully recurrent layer; with Back a [snn.Scale], neurons that
// each hear themselves. With Concat the layer reads its input and what comes
// back one after the other, not their sum: with Back an [snn.Identity] that is
// a layer which hears itself in SNNAX's SequentialLocalFeedback, as its
// documentation means it (its code drops the feedback).
type Feedback struct {
	Layer, Back snn.Layer
	Delay       int // in steps; default 1
	Concat      bool
}

// Type returns "Compound".
func (Compound) Type() string { return "Compound" }

// Type returns "Parallel".
func (Parallel) Type() string { return "Parallel" }

// Type returns "Residual".
func (Residual) Type() string { return "Residual" }

// Type returns "Feedback".
func (Feedback) Type() string { return "Feedback" }

func outside(typ string) (*snn.Plan, error) {
	return nil, fmt.Errorf("%w: a %s is built by the package forward only", ErrGraph, typ)
}

// Build is not used: New builds what is inside.
func (c Compound) Build(tensor.Shape) (*snn.Plan, error) { return outside(c.Type()) }

// Build is not used: New builds what is inside.
func (p Parallel) Build(tensor.Shape) (*snn.Plan, error) { return outside(p.Type()) }

// Build is not used: New builds what is inside.
func (r Residual) Build(tensor.Shape) (*snn.Plan, error) { return outside(r.Type()) }

// Build is not used: New builds what is inside.
func (f Feedback) Build(tensor.Shape) (*snn.Plan, error) { return outside(f.Type()) }

func (c Compound) expand(n Node) []Node {
	var nodes []Node
	name := n.Name
	for i, l := range c {
		at := n
		if i > 0 {
			at = Node{Sources: []Source{After(0, nodes[i-1].Name)}}
		}
		at.Layer, at.Name, at.Initial = l, inside(name, strconv.Itoa(i)), ""
		nodes = append(nodes, at)
	}
	return ending(nodes, n)
}

// ending gives the last of some nodes the name of their container n; if it is
// a container itself, whose parts need a name of their own, an identity
// behind it gets the name.
func ending(nodes []Node, n Node) []Node {
	if len(nodes) == 0 {
		return nil
	}
	last := &nodes[len(nodes)-1]
	if _, ok := last.Layer.(container); ok {
		return append(nodes, Node{Name: n.Name, Layer: snn.Identity{}, Sources: []Source{After(0, last.Name)}})
	}
	last.Name, last.Initial = n.Name, n.Initial
	return nodes
}

func (p Parallel) expand(n Node) []Node {
	var nodes []Node
	join := Node{Name: n.Name, Layer: snn.Identity{}, Join: p.Join}
	for i, l := range p.Branches {
		branch := n
		branch.Name, branch.Layer, branch.Initial = inside(n.Name, strconv.Itoa(i)), l, ""
		nodes = append(nodes, branch)
		join.Sources = append(join.Sources, After(0, branch.Name))
	}
	if len(p.Branches) == 0 {
		return nil
	}
	return append(nodes, join)
}

func (r Residual) expand(n Node) []Node {
	in := n
	in.Name, in.Layer = inside(n.Name, "in"), snn.Identity{}
	layer := Node{Name: inside(n.Name, "layer"), Layer: r.Layer, Sources: []Source{After(0, in.Name)}}
	sum := Node{Name: n.Name, Layer: snn.Identity{}, Join: JoinSum, Sources: []Source{After(0, in.Name), After(0, layer.Name)}}
	return []Node{in, layer, sum}
}

func (f Feedback) expand(n Node) []Node {
	in := n
	in.Name, in.Layer, in.Initial = inside(n.Name, "in"), snn.Identity{}, ""
	back := Node{Name: inside(n.Name, "back"), Layer: f.Back, Sources: []Source{After(max(f.Delay, 1), n.Name)}}
	both := []Source{After(0, in.Name), After(0, back.Name)}
	join := JoinSum
	if f.Concat {
		join = JoinConcat
	}
	if _, ok := f.Layer.(container); ok {
		joined := Node{Name: inside(n.Name, "joined"), Layer: snn.Identity{}, Join: join, Sources: both}
		layer := Node{Name: inside(n.Name, "layer"), Layer: f.Layer, Sources: []Source{After(0, joined.Name)}}
		return ending([]Node{in, back, joined, layer}, n)
	}
	layer := Node{Layer: f.Layer, Join: join, Sources: both}
	return ending([]Node{in, back, layer}, n)
}

func inside(name, own string) string { return name + "." + own }

// expand puts layers in the place of containers.
func expand(s Spec) (Spec, error) {
	nodes, err := expandNodes(s.Layers, s.Inputs, map[string]int{}, 0)
	s.Layers = nodes
	return s, err
}

// maxDepth bounds containers in containers.
const maxDepth = 64

func expandNodes(nodes []Node, inputs []Input, count map[string]int, depth int) ([]Node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%w: containers are more than %d deep", ErrGraph, maxDepth)
	}
	var all []Node
	for i, n := range nodes {
		if n.Layer == nil {
			return nil, fmt.Errorf("%w: layer %d is nil", ErrGraph, len(all))
		}
		n.Name = nameOf(n, count)
		c, ok := n.Layer.(container)
		if !ok {
			all = append(all, n)
			continue
		}
		if len(n.Sources) == 0 && len(n.Inputs) == 0 { // what it reads unsaid
			switch {
			case i > 0:
				n.Sources = []Source{From(all[len(all)-1].Name)}
			case len(inputs) > 0:
				n.Inputs = []string{inputs[0].Name}
			}
		}
		parts := c.expand(n)
		if len(parts) == 0 {
			return nil, fmt.Errorf("%w: the %s %q is empty", ErrGraph, n.Layer.Type(), n.Name)
		}
		parts, err := expandNodes(parts, inputs, count, depth+1)
		if err != nil {
			return nil, err
		}
		all = append(all, parts...)
	}
	return all, nil
}

// nameOf is the name of a node: its own, or the type in lower case and a
// number.
func nameOf(n Node, count map[string]int) string {
	if n.Name != "" {
		return n.Name
	}
	typ := strings.ToLower(n.Layer.Type())
	count[typ]++
	return fmt.Sprint(typ, count[typ])
}
