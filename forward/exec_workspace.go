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
	steps   int // that the nodes' outputs are large enough for, of so many samples
	samples int
	inputs  []slot // views of the model's inputs
	picked  []slot // copies of them, where only some samples are needed
	nodes   []nodeBuffers
	scratch snn.Scratch
	floats  []float32
	pieces  [][]float32 // of variables that are recorded

	bytes    int    // of memory, about
	measured [2]int // steps and samples when that was found out
}

// nodeBuffers is a node's part of a workspace.
type nodeBuffers struct {
	out     slot   // what it writes, over the whole block
	piece   slot   // the steps of out that it is writing
	parts   []slot // what each edge delivers for these steps
	windows []slot // of what is delivered, where that is converted
	xs      []tensor.Signal
	one     [1]tensor.Signal // its input, for the counters
	joined  slot
	read    slot
	// direct is what the node reads, if that is nothing but the output of one
	// other, or an input, as it is: then there is nothing to collect.
	direct tensor.Signal
	// variables are those that are recorded, over the whole block.
	variables [][]float32
}

// workspace returns memory for inputs of given kinds.
func (m *Model) workspace(in []tensor.Signal) *workspace {
	w := m.spare.take()
	if w == nil {
		w = &workspace{}
	}
	w.prepare(m.graph, in, false)
	return w
}

// prepare gives every slot its kind and shape, if that is not what they have.
func (w *workspace) prepare(g *Graph, in []tensor.Signal, training bool) {
	same := w.nodes != nil && len(w.kinds.inputs) == len(in)
	for i, x := range in {
		same = same && w.kinds.inputs[i] == x.Kind()
	}
	if same {
		return
	}
	w.kinds = g.kindsFor(kindsIn(in), training)
	w.inputs, w.picked = make([]slot, len(g.inputs)), make([]slot, len(g.inputs))
	for i, in := range g.inputs {
		w.inputs[i].format(w.kinds.inputs[i], in.Shape)
		w.picked[i].format(w.kinds.inputs[i], in.Shape)
	}
	w.nodes = make([]nodeBuffers, len(g.nodes))
	for i, n := range g.nodes {
		b := &w.nodes[i]
		b.out.format(w.kinds.writes[i], n.plan.Out)
		b.piece.format(w.kinds.writes[i], n.plan.Out)
		b.joined.format(tensor.KindDense, n.in)
		b.read.format(w.kinds.reads[i], n.in)
		b.parts, b.windows = make([]slot, len(n.parts)), make([]slot, len(n.parts))
		b.xs = make([]tensor.Signal, len(n.parts))
		for k, p := range n.parts {
			if p.node >= 0 {
				b.windows[k].format(w.kinds.writes[p.node], g.partShape(p))
			}
			b.parts[k].format(g.partKind(p, w.kinds), g.partShape(p))
		}
		b.direct = w.direct(g, i)
	}
	w.steps = 0
}

// direct is what a node reads without any of its own, or nil. It is in its place
// before that is filled.
func (w *workspace) direct(g *Graph, i int) tensor.Signal {
	n := &g.nodes[i]
	if len(n.parts) > 1 || n.parts[0].delay > 0 || w.kinds.views[i] || n.cyclic {
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

// load shows the nodes some steps of some samples of the inputs.
func (w *workspace) load(in []tensor.Signal, sp span) {
	for i, x := range in {
		if _, batch, _ := x.Dims(); sp.samples == batch {
			w.inputs[i].window(x, sp.at, sp.steps)
		} else {
			w.picked[i].pick(x, sp)
			w.inputs[i].window(w.picked[i].signal(), 0, sp.steps)
		}
	}
}

// resize makes the outputs of the nodes large enough for some steps of some
// samples. What they were before is still there, but for events, which are
// added one by one.
func (w *workspace) resize(g *Graph, steps, samples int) {
	same := w.steps == steps && w.samples == samples
	w.steps, w.samples = steps, samples
	for i := range g.nodes {
		out := &w.nodes[i].out
		if (!same || out.kind == tensor.KindEvents) && (!w.kinds.views[i] || g.nodes[i].cyclic) {
			out.resize(steps, samples)
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
