package forward

import (
	"slices"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// workspace is the memory of one worker: the signals of a tile of samples over
// a block of steps.
type workspace struct {
	kinds   kinds
	steps   int // that there is room for, of so many samples
	samples int
	inputs  []slot // views of the model's inputs
	picked  []slot // copies of them, where only some samples are needed
	nodes   []room
	scratch snn.Scratch
	floats  []float32
}

// room is a node's part of a workspace.
type room struct {
	out    slot   // what it writes, over the whole block
	now    slot   // the steps of out that it is writing
	parts  []slot // what each edge delivers for these steps
	source []slot // a window of what is delivered, where that is converted
	xs     []tensor.Signal
	one    [1]tensor.Signal // its input, for the counters
	joined slot
	read   slot
	// direct is what the node reads, if that is nothing but the output of one
	// other, or an input, as it is: then there is nothing to collect.
	direct tensor.Signal
}

// workspace returns memory for inputs of given kinds.
func (m *Model) workspace(in []tensor.Signal) *workspace {
	w := m.spare.take()
	if w == nil {
		w = &workspace{}
	}
	same := len(w.kinds.inputs) == len(in)
	for i, x := range in {
		same = same && w.kinds.inputs[i] == x.Kind()
	}
	if !same {
		w.prepare(m.graph, in)
	}
	return w
}

// prepare gives every slot its kind and shape.
func (w *workspace) prepare(g *Graph, in []tensor.Signal) {
	w.kinds = g.kindsFor(kindsIn(in))
	w.inputs, w.picked = make([]slot, len(g.inputs)), make([]slot, len(g.inputs))
	for i, in := range g.inputs {
		w.inputs[i].shape(w.kinds.inputs[i], in.Shape)
		w.picked[i].shape(w.kinds.inputs[i], in.Shape)
	}
	w.nodes = make([]room, len(g.nodes))
	for i, n := range g.nodes {
		r := &w.nodes[i]
		r.out.shape(w.kinds.writes[i], n.plan.Out)
		r.now.shape(w.kinds.writes[i], n.plan.Out)
		r.joined.shape(tensor.KindDense, n.in)
		r.read.shape(w.kinds.reads[i], n.in)
		r.parts, r.source = make([]slot, len(n.parts)), make([]slot, len(n.parts))
		r.xs = make([]tensor.Signal, len(n.parts))
		for k, p := range n.parts {
			features := g.inputs[p.input].Shape
			if p.node >= 0 {
				features = g.nodes[p.node].plan.Out
				r.source[k].shape(w.kinds.writes[p.node], features)
			}
			r.parts[k].shape(g.partKind(p, w.kinds), features)
		}
		r.direct = w.direct(g, i)
	}
	w.steps = 0
}

// direct is what a node reads without any of its own, or nil. It is in its place
// before that is filled.
func (w *workspace) direct(g *Graph, i int) tensor.Signal {
	n := &g.nodes[i]
	if len(n.parts) > 1 || n.parts[0].delay > 0 || n.plan.Reshape || n.cyclic {
		return nil
	}
	from := &w.inputs[n.parts[0].input]
	if p := n.parts[0]; p.node >= 0 {
		from = &w.nodes[p.node].out
	}
	if from.kind != w.kinds.reads[i] {
		return nil
	}
	return from.signal()
}

// room makes room for what the nodes write in some steps of some samples. What
// it was before is still there, but for events, which are added one by one.
func (w *workspace) room(g *Graph, steps, samples int) {
	same := w.steps == steps && w.samples == samples
	w.steps, w.samples = steps, samples
	for i := range g.nodes {
		n, out := &g.nodes[i], &w.nodes[i].out
		if (!same || out.kind == tensor.KindEvents) && (!n.plan.Reshape || n.cyclic) {
			out.room(steps, samples)
		}
	}
}

func kindsIn(in []tensor.Signal) []tensor.Kind {
	kinds := make([]tensor.Kind, len(in))
	for i, x := range in {
		kinds[i] = x.Kind()
	}
	return kinds
}

// numbers is x as dense numbers.
func (w *workspace) numbers(x tensor.Signal) []float32 {
	if d, ok := x.(*tensor.Tensor); ok {
		return d.Data
	}
	steps, batch, features := x.Dims()
	w.floats = slices.Grow(w.floats[:0], steps*batch*features.Size())[:steps*batch*features.Size()]
	snn.CopyDense(w.floats, x)
	return w.floats
}
