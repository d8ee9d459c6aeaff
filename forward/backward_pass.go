package forward

import (
	"slices"

	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
)

// backwardPass goes back through a graph, segment by segment from the last, and
// adds up gradients.
type backwardPass struct {
	backwardPlan
	graph   *Graph
	outputs []int // that the loss sees
	samples int
	scratch *snn.Scratch

	// Gradients of every node's output and input over a segment: memory of their
	// own, and what is in use, which may be another's: see alias.
	ownOut, ownIn [][]float32
	out, in       [][]float32
	aliased       []bool // out is the in of its only reader

	carried   [][]float32 // the gradients of the states
	inputs    [][]float32 // those of the inputs, over all steps, if they are asked for
	sums      [][]float32 // those of the parameters of every node
	perSample [][]float32 // those of every node and sample

	rec    *recording  // the segment at work
	losses [][]float32 // the gradients of its outputs; nil for zero
	at     int         // the node at work
}

func newBackwardPass(g *Graph, o BackwardOptions, outputs []int, scratch *snn.Scratch) *backwardPass {
	n := len(g.nodes)
	return &backwardPass{
		backwardPlan: g.planBackward(o, outputs), graph: g, outputs: outputs, scratch: scratch,
		ownOut: make([][]float32, n), ownIn: make([][]float32, n), out: make([][]float32, n), in: make([][]float32, n), aliased: make([]bool, n),
		carried: make([][]float32, n), sums: make([][]float32, n), perSample: make([][]float32, n),
	}
}

// begin makes room for segments of some steps, and forgets all gradients but
// the sums.
func (p *backwardPass) begin(ops []snn.Differentiable, steps, samples int) {
	p.samples = samples
	g, rows := p.graph, steps*samples
	for _, gr := range slices.Backward(g.groups) {
		for _, i := range slices.Backward(gr.nodes) {
			if !p.active[i] {
				continue
			}
			n := &g.nodes[i]
			p.aliased[i] = !n.cyclic && len(p.readers[i]) == 1 && p.readers[i][0].delay == 0 && len(g.nodes[p.readers[i][0].node].parts) == 1
			if p.aliased[i] {
				p.out[i] = p.in[p.readers[i][0].node]
			} else {
				p.ownOut[i] = growNumbers(p.ownOut[i], rows*n.plan.Out.Size())
				p.out[i] = p.ownOut[i]
			}
			switch {
			case p.views[i]:
				p.in[i] = p.out[i]
			case p.needsIn[i] && !slices.Contains(p.soleReaders, i):
				p.ownIn[i] = growNumbers(p.ownIn[i], rows*n.in.Size())
				p.in[i] = p.ownIn[i]
			}
			for _, e := range p.readers[i] {
				*e.pending = zeroed(*e.pending, e.delay*samples*n.plan.Out.Size())
			}
			if op := ops[i]; op != nil {
				p.carried[i] = zeroed(p.carried[i], samples*op.StateGradSize())
				if op.AccumulatesPerSample() {
					p.perSample[i] = zeroed(p.perSample[i], samples*op.ParamGradSize())
				}
			}
		}
	}
}

// forget drops what the steps after a segment gave.
func (p *backwardPass) forget() {
	for _, readers := range p.readers {
		for _, e := range readers {
			clear(*e.pending)
		}
	}
	for _, c := range p.carried {
		clear(c)
	}
}

// segment goes back over a recorded segment, from the gradients of the outputs
// in it that the loss gave. It returns errStopped if it was stopped, and a panic
// of a layer as an error that names it.
func (p *backwardPass) segment(rec *recording, losses [][]float32, stop <-chan struct{}) (err error) {
	defer p.catch(&err)
	p.rec, p.losses = rec, losses
	p.alias()
	for _, gr := range slices.Backward(p.graph.groups) {
		steps := rec.segment.steps
		once := gr.steps
		if once == 0 {
			once = steps
		}
		for at := (steps - 1) / once * once; at >= 0; at -= once {
			for _, i := range slices.Backward(gr.nodes) {
				if stopped(stop) {
					return errStopped
				}
				p.node(i, rec.segment.piece(at, min(once, steps-at)))
			}
		}
		for _, i := range gr.nodes {
			if stopped(stop) {
				return errStopped
			}
			p.addParams(i)
		}
	}
	if stopped(stop) {
		return errStopped // the last layer may have stopped half-way
	}
	p.addInputs()
	for i, readers := range p.readers {
		for _, e := range readers {
			if e.delay > 0 {
				p.keepPending(e, i)
			}
		}
	}
	return nil
}

// catch, deferred, makes an error of a panic.
func (p *backwardPass) catch(err *error) {
	if v := recover(); v != nil {
		*err = p.graph.errorAt(p.at, panics.Of(v))
	}
}

// alias gives nodes the memory of others over a segment: of the loss to a node
// whose gradient comes from there alone, and to the only reader of an input
// that of its gradient.
func (p *backwardPass) alias() {
	for k, i := range p.outputs {
		if p.fromLoss(i, k) {
			p.out[i] = p.losses[k]
		} else if !p.aliased[i] {
			p.out[i] = p.ownOut[i]
		}
	}
	s := p.rec.segment
	for input, i := range p.soleReaders {
		if i >= 0 && p.needsIn[i] {
			row := s.samples * p.graph.inputs[input].Shape.Size()
			p.in[i] = p.inputs[input][s.at*row : (s.at+s.steps)*row]
		}
	}
}

// fromLoss reports whether the gradient of a node's output, the k-th that the
// loss sees, is that of the loss.
func (p *backwardPass) fromLoss(i, k int) bool {
	return len(p.readers[i]) == 0 && !p.graph.nodes[i].cyclic && !p.views[i] && p.losses[k] != nil
}

// node goes back over a piece of the segment in one layer.
func (p *backwardPass) node(i int, piece span) {
	if !p.active[i] {
		return
	}
	p.at = i
	gy := p.gradient(i, piece)
	if p.views[i] {
		return // in is out
	}
	p.scratch.Reset()
	pass := p.rec.newPass(i, piece)
	pass.X, pass.GradY, pass.StateGrad, pass.Scratch = p.rec.input(i, piece), gy, p.carried[i], p.scratch
	if p.needsIn[i] {
		row := piece.samples * p.graph.nodes[i].in.Size()
		pass.GradX = p.in[i][piece.at*row : (piece.at+piece.steps)*row]
	}
	pass.ParamGrad, pass.ParamsFrozen = p.perSample[i], p.sums[i] == nil
	p.rec.traced[i].Backward(pass)
}

// addParams adds up the gradients of the parameters of one layer.
func (p *backwardPass) addParams(i int) {
	op := p.rec.traced[i]
	if op == nil || p.sums[i] == nil || op.AccumulatesPerSample() {
		return
	}
	p.at = i
	p.scratch.Reset()
	all := p.rec.segment.piece(0, p.rec.segment.steps)
	pass := p.rec.newPass(i, all)
	pass.X, pass.Scratch = p.rec.input(i, all), p.scratch
	pass.GradY, pass.ParamGrad = p.out[i][:all.rows()*p.graph.nodes[i].plan.Out.Size()], p.sums[i][:op.ParamGradSize()]
	op.AccumulateParamGrad(pass)
}

// gradient is the gradient of a node's output over a piece of the segment: that
// of the loss, and then, in the order of the layers, what its readers gave.
func (p *backwardPass) gradient(i int, piece span) []float32 {
	row := piece.samples * p.graph.nodes[i].plan.Out.Size()
	lo, hi := piece.at*row, (piece.at+piece.steps)*row
	gy := p.out[i][lo:hi]
	var loss []float32
	if k := slices.Index(p.outputs, i); k >= 0 && p.losses[k] != nil {
		if p.fromLoss(i, k) {
			return gy
		}
		loss = p.losses[k][lo:hi]
	}
	switch {
	case p.aliased[i] && loss != nil:
		simd.Add(gy, loss, gy)
		return gy
	case p.aliased[i]:
		return gy
	case loss != nil:
		copy(gy, loss)
	default:
		clear(gy)
	}
	for _, e := range p.readers[i] {
		p.addReader(gy, e, i, piece)
	}
	return gy
}

// addReader adds what one reader gave.
func (p *backwardPass) addReader(gy []float32, e edge, i int, piece span) {
	size, wide := p.graph.nodes[i].plan.Out.Size(), p.graph.nodes[e.node].in.Size()
	row := piece.samples * size
	for step := range piece.steps {
		q := piece.at + step + e.delay
		to := gy[step*row : (step+1)*row]
		if q >= p.rec.segment.steps {
			q -= p.rec.segment.steps
			simd.Add(to, to, (*e.pending)[q*row:(q+1)*row])
			continue
		}
		from := p.in[e.node][q*piece.samples*wide:]
		if wide == size {
			simd.Add(to, to, from[:row])
			continue
		}
		for b := range piece.samples {
			simd.Add(to[b*size:(b+1)*size], to[b*size:(b+1)*size], from[b*wide+e.first:][:size])
		}
	}
}

// keepPending keeps what a reader gave to the steps before the segment.
func (p *backwardPass) keepPending(e edge, i int) {
	size, wide := p.graph.nodes[i].plan.Out.Size(), p.graph.nodes[e.node].in.Size()
	row, steps := p.samples*size, p.rec.segment.steps
	pending := *e.pending
	// What did not fit into this segment waits for the one before it.
	for q := e.delay - 1; q >= 0; q-- {
		to := pending[q*row : (q+1)*row]
		if q >= steps {
			copy(to, pending[(q-steps)*row:(q-steps+1)*row])
			continue
		}
		for b := range p.samples {
			copy(to[b*size:(b+1)*size], p.in[e.node][(q*p.samples+b)*wide+e.first:])
		}
	}
}

// addInputs adds up what the readers of the inputs gave over a segment.
func (p *backwardPass) addInputs() {
	g, s := p.graph, p.rec.segment
	for i, grad := range p.inputs {
		if p.soleReaders[i] >= 0 {
			continue // it wrote there
		}
		size := g.inputs[i].Shape.Size()
		for j, n := range g.nodes {
			first := 0
			for _, part := range n.parts {
				if part.node < 0 && part.input == i && p.active[j] {
					wide := n.in.Size()
					for r := range s.rows() {
						to := grad[(s.at*s.samples+r)*size:][:size]
						simd.Add(to, to, p.in[j][r*wide+first:][:size])
					}
				}
				if n.join == JoinConcat {
					first += g.partShape(part).Size()
				}
			}
		}
	}
}
