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
}

// kindsFor works them out. Delayed edges deliver what the state remembers,
// which must not depend on how the inputs come: bits from a layer that makes
// spikes of dense numbers, dense numbers from all others.
func (g *Graph) kindsFor(inputs []tensor.Kind) kinds {
	k := kinds{inputs, make([]tensor.Kind, len(g.nodes)), make([]tensor.Kind, len(g.nodes))}
	for _, gr := range g.groups {
		for _, i := range gr.nodes {
			n := &g.nodes[i]
			source := g.joinedKind(n, k)
			if n.plan.Reshape {
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
		reads, writes := kindsOf(n.plan, tensor.KindDense)
		if reads != tensor.KindDense || writes == tensor.KindEvents {
			return g.errorAt(i, fmt.Errorf("%w: of dense numbers a layer must not make events", ErrGraph))
		}
	}
	return nil
}
