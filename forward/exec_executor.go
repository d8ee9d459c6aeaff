package forward

import (
	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// executor runs a tile, some samples over a block of steps, forward through all
// layers: the next tile starts when it is through.
type executor struct {
	*workspace
	model *Model
	state *State
	// tile is the block's steps, of the inputs, and the tile's samples, of the
	// state.
	tile span
	// observer, if not nil, runs the layers.
	observer observer
	// stop, if not nil, is closed when there is no need to go on.
	stop <-chan struct{}
	at   int // the node that runs
}

// observer runs the layers of an executor in its own way, to see what they
// see.
type observer interface {
	layer(c layerCall)
}

// layerCall is a layer that is about to run some steps of a tile. at is counted
// from the first step of the block.
type layerCall struct {
	span
	node    int
	x, y    tensor.Signal
	state   []float32
	scratch *snn.Scratch
}

// run advances the samples of the tile by the steps of the block, for which the
// workspace has the inputs. It returns errStopped if it was stopped, and a
// panic of a layer as an error that names it.
func (e *executor) run() (err error) {
	defer e.catch(&err)
	e.scratch.Stop = e.stop
	g := e.model.graph
	e.pad()
	e.resize(g, e.tile.steps, e.tile.samples)
	for _, gr := range g.groups {
		steps := gr.steps
		if steps == 0 {
			steps = e.stepsAtOnce(gr.nodes[0])
		}
		for at := 0; at < e.tile.steps; at += steps {
			for _, i := range gr.nodes {
				if stopped(e.stop) {
					return errStopped
				}
				e.at = i
				e.node(i, e.tile.piece(at, min(steps, e.tile.steps-at)))
			}
		}
	}
	if stopped(e.stop) {
		return errStopped // the last layer may have stopped half-way
	}
	e.remember()
	return nil
}

// catch, deferred, makes an error of a panic.
func (e *executor) catch(err *error) {
	if v := recover(); v != nil {
		*err = e.model.graph.errorAt(e.at, panics.Of(v))
	}
}

func stopped(stop <-chan struct{}) bool {
	if stop == nil {
		return false // a Step does not wait for the runtime to find that out
	}
	select {
	case <-stop:
		return true
	default:
		return false
	}
}

// callCost is how many operations a layer may take in one call of a run that can
// be stopped, 10 to 40 ms of them. manyWeights are so many that they do not stay
// in a cache: reading them once a piece would take longer than the rest, and a
// layer that has them looks at [snn.Scratch.Stop] by itself.
const (
	callCost    = 1 << 26
	manyWeights = 1 << 18
)

// stepsAtOnce is how many steps of the block a layer can take in one call: all
// of them, unless that can be stopped and would take too long.
func (e *executor) stepsAtOnce(i int) int {
	steps := e.tile.steps
	if e.stop == nil || e.observer != nil || steps == 1 {
		return steps
	}
	n, b := &e.model.graph.nodes[i], &e.nodes[i]
	cost := n.cost * int64(e.tile.rows())
	if cost <= callCost || n.weights >= manyWeights {
		return steps
	}
	if e.kinds.views[i] || b.out.kind == tensor.KindEvents {
		return steps
	}
	if s, ok := e.model.ops[i].(snn.Synapses); ok && b.direct != nil {
		cost = max(1, s.Operations(b.direct))
	}
	return min(max(1, int(callCost/max(1, cost/int64(steps)))), steps)
}

// remember stores in the state what delayed edges will deliver.
func (e *executor) remember() {
	for i := range e.state.past {
		p := &e.state.past[i]
		if p.depth == 0 {
			continue
		}
		out := &e.nodes[i].out
		var numbers []float32
		if p.kind == tensor.KindDense {
			numbers = e.numbers(out.signal())
		}
		p.store(out, numbers, e.state.step, e.tile)
	}
}

// node runs a piece of the block through one layer.
func (e *executor) node(i int, piece span) {
	n, b, op := &e.model.graph.nodes[i], &e.nodes[i], e.model.ops[i]
	e.scratch.Reset()
	e.scratch.In, e.scratch.Out = e.rowsOf(i)
	if e.kinds.views[i] {
		x := e.input(i, piece)
		e.show(i, x, piece)
		e.count(i, nil, x)
		return
	}
	state := e.state.layers[i][piece.first*n.plan.State : (piece.first+piece.samples)*n.plan.State]
	if r := e.model.recorded(i); r != nil && e.observer == nil {
		e.record(r, i, piece, state)
		return
	}
	y := e.output(i, piece)
	if e.observer != nil {
		e.observer.layer(layerCall{span: piece, node: i, x: e.input(i, piece), y: y, state: state, scratch: &e.scratch})
		return
	}
	if joiner, ok := op.(snn.Joiner); ok && len(b.xs) > 1 && n.join == JoinConcat {
		e.collect(i, piece)
		joiner.ForwardJoined(b.xs, y, state, &e.scratch)
		e.count(i, b.xs, y)
		return
	}
	b.one[0] = e.input(i, piece)
	op.Forward(b.one[0], y, state, &e.scratch)
	e.count(i, b.one[:], y)
}

// output is where a node writes a piece of the block.
func (e *executor) output(i int, piece span) tensor.Signal {
	b := &e.nodes[i]
	if piece.steps == e.tile.steps {
		return b.out.signal()
	}
	b.piece.window(b.out.signal(), piece.at, piece.steps)
	return b.piece.signal()
}

// input is what the edges of a node deliver for a piece of the block, as one
// signal of the kind that the node reads.
func (e *executor) input(i int, piece span) tensor.Signal {
	b := &e.nodes[i]
	if b.direct != nil && piece.steps == e.tile.steps {
		return b.direct
	}
	e.collect(i, piece)
	x := e.joined(i, piece)
	if x.Kind() != b.read.kind {
		b.read.convert(x)
		x = b.read.signal()
	}
	return x
}

// collect gathers what each edge of a node delivers.
func (e *executor) collect(i int, piece span) {
	b := &e.nodes[i]
	for k := range e.model.graph.nodes[i].parts {
		b.xs[k] = e.delivered(i, k, piece)
	}
}

// count tells the counters, if there are any.
func (e *executor) count(i int, xs []tensor.Signal, y tensor.Signal) {
	if c := e.model.options.counters; c != nil {
		c.add(e.model.graph, i, e.model.ops[i], xs, y)
	}
}

// show makes the input of a node its output, too; in a cycle, where it comes
// piece by piece, it is copied.
func (e *executor) show(i int, x tensor.Signal, piece span) {
	b := &e.nodes[i]
	if e.model.graph.nodes[i].cyclic {
		b.out.put(piece.at, x)
	} else {
		b.out.window(x, 0, piece.steps)
	}
}

// delivered is what edge k of node i delivers for a piece of the block.
func (e *executor) delivered(i, k int, piece span) tensor.Signal {
	p, b := e.model.graph.nodes[i].parts[k], &e.nodes[i]
	part := &b.parts[k]
	if p.delay == 0 {
		x := e.inputs[p.input].signal()
		if part.row = 0; p.node >= 0 {
			x, part.row = e.nodes[p.node].out.signal(), e.nodes[p.node].out.row
		}
		if piece.steps == e.tile.steps {
			return x
		}
		part.window(x, piece.at, piece.steps)
		return part.signal()
	}
	part.resize(piece.steps, piece.samples)
	// What was made before this block is in the state, the rest in it.
	old := min(piece.steps, max(0, p.delay-piece.at))
	for row := range old {
		e.state.past[p.node].load(part, row, e.state.step+int64(piece.at+row-p.delay), piece)
	}
	if old == piece.steps {
		return part.signal()
	}
	window := &b.windows[k]
	window.window(e.nodes[p.node].out.signal(), piece.at+old-p.delay, piece.steps-old)
	if window.kind == part.kind {
		part.put(old, window.signal())
	} else {
		snn.CopyDense(part.dense.Data[old*piece.samples*part.n:], window.signal())
	}
	return part.signal()
}

// joined is a node's parts as one signal.
func (e *executor) joined(i int, piece span) tensor.Signal {
	b := &e.nodes[i]
	if len(b.xs) == 1 {
		return b.xs[0]
	}
	b.joined.resize(piece.steps, piece.samples)
	if e.model.graph.nodes[i].join == JoinSum {
		e.sum(b)
	} else {
		e.concat(b)
	}
	return b.joined.signal()
}

// sum adds the parts, left to right.
func (e *executor) sum(b *nodeBuffers) {
	dst := b.joined.dense.Data
	snn.CopyDense(dst, b.xs[0])
	for _, x := range b.xs[1:] {
		simd.Add(dst, dst, e.numbers(x))
	}
}

// concat puts the parts one after another.
func (e *executor) concat(b *nodeBuffers) {
	dst, n, first := b.joined.dense.Data, b.joined.n, 0
	for _, x := range b.xs {
		_, _, features := x.Dims()
		size := features.Size()
		numbers := e.numbers(x)
		for row := range len(numbers) / size {
			copy(dst[row*n+first:][:size], numbers[row*size:])
		}
		first += size
	}
}
