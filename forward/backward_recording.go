package forward

import (
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// recording is a segment that has been run forward: what the backward pass through
// it needs. As the observer of an executor it collects that; its signals are
// those of the executor's workspace, valid until that runs again.
type recording struct {
	// segment is its steps of the inputs, and its samples of the batch.
	segment span
	start   int64 // the state's step before the first
	// traced are the layers that a gradient comes to; others leave nothing
	// behind, nor does any while nothing is kept.
	traced  []snn.Differentiable
	keeping bool
	inputs  []tensor.Signal // of every node
	joined  []slot          // of nodes that run piece by piece
	pieces  []slot          // views of these
	traces  [][][]float32

	model   *Model
	options *BackwardOptions
	draw    uint32
	pass    snn.Pass
}

func newRecording(m *Model, o *BackwardOptions) *recording {
	n := len(m.graph.nodes)
	return &recording{
		model: m, options: o, traced: make([]snn.Differentiable, n), inputs: make([]tensor.Signal, n),
		joined: make([]slot, n), pieces: make([]slot, n), traces: make([][][]float32, n),
	}
}

// resize makes the traces large enough for segments of some steps.
func (r *recording) resize(steps, samples int) {
	for i, op := range r.traced {
		if op != nil {
			rows := op.SavedSizes()
			r.traces[i] = growAll(r.traces[i], len(rows), 0)
			for k, row := range rows {
				r.traces[i][k] = growNumbers(r.traces[i][k], steps*samples*row)
			}
		}
	}
}

// layer runs a layer, and keeps what it reads and its traces. One that has no
// traces runs the same way when nothing is kept.
func (r *recording) layer(c layerCall) {
	op, ok := r.model.ops[c.node].(snn.Differentiable)
	kept := r.keeping && r.traced[c.node] != nil
	if !ok || !kept && len(op.SavedSizes()) > 0 {
		r.model.ops[c.node].Forward(c.x, c.y, c.state, c.scratch)
		return
	}
	if kept {
		r.keep(c)
	}
	p := r.newPass(c.node, c.span)
	p.X, p.Y, p.State, p.Scratch = c.x, c.y, c.state, c.scratch
	op.ForwardSaving(p)
}

// keep remembers the input of a node: pieces of it are put together.
func (r *recording) keep(c layerCall) {
	if c.steps == r.segment.steps {
		r.inputs[c.node] = c.x
		return
	}
	all := &r.joined[c.node]
	if c.at == 0 {
		_, _, features := c.x.Dims()
		all.format(c.x.Kind(), features)
		r.pieces[c.node].format(c.x.Kind(), features)
		all.resize(r.segment.steps, r.segment.samples)
		r.inputs[c.node] = all.signal()
	}
	all.put(c.at, c.x)
}

// input is what a node read in a piece of the segment.
func (r *recording) input(i int, piece span) tensor.Signal {
	if piece.steps == r.segment.steps {
		return r.inputs[i]
	}
	r.pieces[i].window(r.inputs[i], piece.at, piece.steps)
	return r.pieces[i].signal()
}

// newPass describes a piece of the segment to a layer. It is valid until the
// next.
func (r *recording) newPass(i int, piece span) *snn.Pass {
	n := &r.model.graph.nodes[i]
	r.pass = snn.Pass{
		Saved: r.pass.Saved[:0], Training: r.options.Dropout, Seed: r.options.Seed, Layer: n.name,
		BatchNumber: r.draw, Sample: r.segment.first, Step: r.start + int64(piece.at),
	}
	if r.keeping && r.traced[i] != nil {
		for k, numbers := range r.traced[i].SavedSizes() {
			row := piece.samples * numbers
			r.pass.Saved = append(r.pass.Saved, r.traces[i][k][piece.at*row:(piece.at+piece.steps)*row])
		}
	}
	return &r.pass
}
