package forward

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// tile is some samples over a block of steps: what goes through all layers
// before the next tile starts.
type tile struct {
	*workspace
	m      *Model
	s      *State
	steps  int // of the block
	first  int // sample
	sample int // how many
	from   int // the first sample in the inputs
	tape   *Tape
}

// run advances the samples by the block, whose inputs begin at step from.
func (t *tile) run(in []tensor.Signal, from int) {
	for i, x := range in {
		if _, batch, _ := x.Dims(); t.sample == batch {
			t.inputs[i].window(x, from, t.steps)
		} else {
			t.picked[i].pick(x, from, t.steps, t.from, t.sample)
			t.inputs[i].window(t.picked[i].signal(), 0, t.steps)
		}
	}
	g := t.m.graph
	t.room(g, t.steps, t.sample)
	for _, gr := range g.groups {
		if gr.steps == 0 {
			t.node(gr.nodes[0], 0, t.steps)
			continue
		}
		for at := 0; at < t.steps; at += gr.steps {
			for _, i := range gr.nodes {
				t.node(i, at, min(gr.steps, t.steps-at))
			}
		}
	}
	for i := range t.s.past {
		p := &t.s.past[i]
		if p.depth == 0 {
			continue
		}
		out := &t.nodes[i].out
		var numbers []float32
		if p.kind == tensor.KindDense {
			numbers = t.numbers(out.signal())
		}
		p.store(out, numbers, t.s.step, t.steps, t.s.batch, t.first, t.sample)
	}
}

// node runs some steps of the block through one layer.
func (t *tile) node(i, at, steps int) {
	n, r := &t.m.graph.nodes[i], &t.nodes[i]
	t.scratch.Reset()
	state := t.s.layers[i][t.first*n.plan.State : (t.first+t.sample)*n.plan.State]
	if r.direct != nil && t.tape == nil {
		y := r.out.signal()
		t.m.ops[i].Forward(r.direct, y, state, &t.scratch)
		r.one[0] = r.direct
		t.count(i, r.one[:], y)
		return
	}
	t.read(i, at, steps)
	if n.plan.Reshape {
		x := t.input(i, steps)
		t.reshape(i, x, at, steps)
		t.count(i, nil, x)
		return
	}
	y := r.out.signal()
	if steps < t.steps {
		r.now.window(y, at, steps)
		y = r.now.signal()
	}
	if t.tape != nil {
		t.tape.traced(t, i, at, steps, y, state)
		return
	}
	if op, ok := t.m.ops[i].(snn.Joiner); ok && len(r.xs) > 1 && n.join == Concat {
		op.ForwardJoined(r.xs, y, state, &t.scratch)
		t.count(i, r.xs, y)
		return
	}
	x := t.input(i, steps)
	t.m.ops[i].Forward(x, y, state, &t.scratch)
	r.one[0] = x
	t.count(i, r.one[:], y)
}

// read collects what the edges of a node deliver.
func (t *tile) read(i, at, steps int) {
	r := &t.nodes[i]
	for k := range t.m.graph.nodes[i].parts {
		r.xs[k] = t.part(i, k, at, steps)
	}
}

// input is what has been collected as one signal, of the kind that the node
// reads.
func (t *tile) input(i, steps int) tensor.Signal {
	x, r := t.joined(i, steps), &t.nodes[i]
	if x.Kind() != r.read.kind {
		r.read.convert(x)
		x = r.read.signal()
	}
	return x
}

// count tells the counters, if there are any.
func (t *tile) count(i int, xs []tensor.Signal, y tensor.Signal) {
	if c := t.m.options.counters; c != nil {
		c.add(t.m.graph, i, t.m.ops[i], xs, y)
	}
}

// reshape shows the input of a node as its output; in a cycle, where it comes
// piece by piece, it is copied.
func (t *tile) reshape(i int, x tensor.Signal, at, steps int) {
	r := &t.nodes[i]
	if !t.m.graph.nodes[i].cyclic {
		r.out.window(x, 0, steps)
		return
	}
	r.now.window(x, 0, steps)
	r.out.rows(at, &r.now, 0, steps)
}

// part is what an edge delivers for some steps of the block.
func (t *tile) part(i, k, at, steps int) tensor.Signal {
	p, r := t.m.graph.nodes[i].parts[k], &t.nodes[i]
	view := &r.parts[k]
	if p.delay == 0 {
		x := t.inputs[p.input].signal()
		if p.node >= 0 {
			x = t.nodes[p.node].out.signal()
		}
		if steps == t.steps {
			return x
		}
		view.window(x, at, steps)
		return view.signal()
	}
	view.room(steps, t.sample)
	// What was made before this block is in the state, the rest in it.
	old := min(steps, max(0, p.delay-at))
	for step := range old {
		t.s.past[p.node].load(view, step, t.s.step+int64(at+step-p.delay), t.s.batch, t.first, t.sample)
	}
	if old == steps {
		return view.signal()
	}
	from := &t.nodes[p.node].out
	if from.kind == view.kind {
		view.rows(old, from, at+old-p.delay, steps-old)
	} else {
		source := &r.source[k]
		source.window(from.signal(), at+old-p.delay, steps-old)
		snn.CopyDense(view.dense.Data[old*t.sample*view.n:], source.signal())
	}
	return view.signal()
}

// joined is a node's parts as one signal.
func (t *tile) joined(i, steps int) tensor.Signal {
	r := &t.nodes[i]
	if len(r.xs) == 1 {
		return r.xs[0]
	}
	r.joined.room(steps, t.sample)
	if t.m.graph.nodes[i].join == Sum {
		t.sum(r)
	} else {
		t.concat(r)
	}
	return r.joined.signal()
}

// sum adds the parts, left to right.
func (t *tile) sum(r *room) {
	dst := r.joined.dense.Data
	snn.CopyDense(dst, r.xs[0])
	for _, x := range r.xs[1:] {
		simd.Add(dst, dst, t.numbers(x))
	}
}

// concat puts the parts one after another.
func (t *tile) concat(r *room) {
	dst, n, first := r.joined.dense.Data, r.joined.n, 0
	for _, x := range r.xs {
		_, _, features := x.Dims()
		size := features.Size()
		numbers := t.numbers(x)
		for row := range len(numbers) / size {
			copy(dst[row*n+first:][:size], numbers[row*size:])
		}
		first += size
	}
}
