package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// kinds is as what every node reads its joined input, and what it writes, when
// the model inputs come in given kinds.
type kinds struct {
	inputs []tensor.Kind
	reads  []tensor.Kind
	writes []tensor.Kind
	// views are the nodes whose output is their input under another shape.
	views []bool
}

// kindsFor works them out. Delayed edges deliver what the state remembers,
// which must not depend on how the inputs come: bits from a layer that makes
// spikes of dense numbers, dense numbers from all others.
func (g *Graph) kindsFor(inputs []tensor.Kind, training bool) kinds {
	n := len(g.nodes)
	k := kinds{inputs: inputs, reads: make([]tensor.Kind, n), writes: make([]tensor.Kind, n), views: make([]bool, n)}
	for _, gr := range g.groups {
		for _, i := range gr.nodes {
			n := &g.nodes[i]
			source := g.joinedKind(n, k)
			if k.views[i] = n.isView(training); k.views[i] {
				k.reads[i], k.writes[i] = source, source
			} else {
				k.reads[i], k.writes[i] = kindsOf(n.plan, source)
			}
			if k.writes[i] == tensor.KindEvents && (n.cyclic || n.history > 0) {
				// Events of several blocks do not lie side by side.
				k.reads[i], k.writes[i] = kindsOf(n.plan, tensor.KindDense)
			}
		}
	}
	return k
}

// isView reports whether there is nothing to run: the output is the input under
// another shape. Some layers do something in training only.
func (n *node) isView(training bool) bool {
	return n.plan.Reshape && (n.plan.Prepare == nil || !training)
}

// joinedKind is the kind of a node's joined input: several parts are joined as
// dense numbers.
func (g *Graph) joinedKind(n *node, k kinds) tensor.Kind {
	if len(n.parts) > 1 {
		return tensor.KindDense
	}
	return g.partKind(n.parts[0], k)
}

// partKind is the kind in which an edge delivers.
func (g *Graph) partKind(p part, k kinds) tensor.Kind {
	switch {
	case p.node < 0:
		return k.inputs[p.input]
	case p.delay > 0:
		return g.remembers(p.node)
	}
	return k.writes[p.node]
}

// remembers is the kind in which a state holds the past of a node.
func (g *Graph) remembers(i int) tensor.Kind {
	n := &g.nodes[i]
	if n.plan.Reshape {
		return tensor.KindDense
	}
	if _, writes := kindsOf(n.plan, tensor.KindDense); writes == tensor.KindSpikes {
		return writes
	}
	return tensor.KindDense
}

func kindsOf(p *snn.Plan, source tensor.Kind) (reads, writes tensor.Kind) {
	if p.Kinds == nil {
		return tensor.KindDense, tensor.KindDense
	}
	return p.Kinds(source)
}

// checkKinds reports layers that break the rules of [snn.Plan.Kinds].
func (g *Graph) checkKinds() error {
	for i, n := range g.nodes {
		if n.plan.Reshape {
			continue
		}
		for _, source := range []tensor.Kind{tensor.KindDense, tensor.KindSpikes, tensor.KindEvents} {
			reads, writes := kindsOf(n.plan, source)
			if reads != source && reads != tensor.KindDense {
				return g.errorAt(i, fmt.Errorf("%w: of %v a layer must not want %v", ErrGraph, source, reads))
			}
			if source == tensor.KindDense && writes == tensor.KindEvents {
				return g.errorAt(i, fmt.Errorf("%w: of dense numbers a layer must not make events", ErrGraph))
			}
		}
	}
	return nil
}
