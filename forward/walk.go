package forward

import (
	"slices"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// walk is the way back through a graph: who needs a gradient, and where it is.
type walk struct {
	learns []bool // has parameters that learn
	active []bool // a gradient comes to its output, and is of use there
	wants  []bool // the gradient of its input is of use
	// readers are the edges that leave each node, in the order of the layers.
	readers [][]edge

	samples int
	// Gradients of every node's output and input, over a segment: our own
	// memory, and what is in use, which may be that of a reader, of the loss, or
	// of who asked for the gradient of an input.
	own, ownIn [][]float32
	out, in    [][]float32
	borrowed   []bool // out is the in of its only reader
	sole       []int  // of each input, its only reader, or -1
}

// edge is a node that reads another, or an input, as the parts[part] of its
// own, first numbers into its joined input.
type edge struct {
	node, part, delay, first int
	// future is what the steps after the segment gave, [delay, B, features].
	future *[]float32
}

// walk finds out which nodes a gradient must come to.
func (g *Graph) walk(learn Learning, watch []int) walk {
	n := len(g.nodes)
	w := walk{
		learns: make([]bool, n), active: make([]bool, n), wants: make([]bool, n), readers: make([][]edge, n),
		own: make([][]float32, n), ownIn: make([][]float32, n), out: make([][]float32, n), in: make([][]float32, n), borrowed: make([]bool, n),
	}
	useful := make([]bool, n)
	for i, node := range g.nodes {
		for _, p := range node.plan.Params {
			w.learns[i] = w.learns[i] || learn.selects(node.name+"."+p.Name)
		}
		useful[i] = w.learns[i]
	}
	reached := make([]bool, n)
	for _, i := range watch {
		reached[i] = true
	}
	// A gradient is of use where something learns, there or further back, and
	// comes from what the loss sees, there or further on.
	for range g.nodes {
		for i, node := range g.nodes {
			for _, p := range node.parts {
				if p.node < 0 {
					w.wants[i] = w.wants[i] || learn.Inputs
				} else {
					w.wants[i] = w.wants[i] || useful[p.node]
					reached[p.node] = reached[p.node] || reached[i]
				}
			}
			useful[i] = useful[i] || w.wants[i]
		}
	}
	for i := range g.nodes {
		w.active[i] = useful[i] && reached[i]
	}
	for i, node := range g.nodes {
		first := 0
		for k, p := range node.parts {
			if p.node >= 0 && w.active[i] && w.active[p.node] {
				w.readers[p.node] = append(w.readers[p.node], edge{i, k, p.delay, first, new([]float32)})
			}
			if node.join == Concat {
				first += g.partShape(p).Size()
			}
		}
	}
	w.sole = make([]int, len(g.inputs))
	for i := range w.sole {
		w.sole[i] = w.soleReader(g, i)
	}
	return w
}

// soleReader is the node that alone reads an input, and reads nothing else, or
// -1.
func (w *walk) soleReader(g *Graph, input int) int {
	sole, readers := -1, 0
	for i, n := range g.nodes {
		for _, p := range n.parts {
			if p.node < 0 && p.input == input && w.active[i] {
				sole = i
				readers++
			}
		}
	}
	if readers != 1 || len(g.nodes[sole].parts) != 1 || g.nodes[sole].plan.Reshape {
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

// begin makes room for segments of some steps.
func (w *walk) begin(g *Graph, steps, samples int) {
	w.samples = samples
	rows := steps * samples
	for _, gr := range slices.Backward(g.groups) {
		for _, i := range slices.Backward(gr.nodes) {
			if !w.active[i] {
				continue
			}
			n := &g.nodes[i]
			w.borrowed[i] = !n.cyclic && len(w.readers[i]) == 1 && w.readers[i][0].delay == 0 && len(g.nodes[w.readers[i][0].node].parts) == 1
			if w.borrowed[i] {
				w.out[i] = w.in[w.readers[i][0].node]
			} else {
				w.own[i] = growNumbers(w.own[i], rows*n.plan.Out.Size())
				w.out[i] = w.own[i]
			}
			switch {
			case n.plan.Reshape:
				w.in[i] = w.out[i]
			case w.wants[i] && !slices.Contains(w.sole, i):
				w.ownIn[i] = growNumbers(w.ownIn[i], rows*n.in.Size())
				w.in[i] = w.ownIn[i]
			}
			for _, e := range w.readers[i] {
				*e.future = cleared(*e.future, e.delay*samples*n.plan.Out.Size())
			}
		}
	}
}

// forget drops what the steps after a segment gave.
func (w *walk) forget() {
	for _, readers := range w.readers {
		for _, e := range readers {
			clear(*e.future)
		}
	}
}

// back walks back over a segment that began in a state.
func (t *Tape) back(start *State, in []tensor.Signal, s segment) {
	w := &tile{t.work, t.m, start, s.steps, 0, t.samples, t.first, t}
	g := t.m.graph
	t.lend(s)
	for _, gr := range slices.Backward(g.groups) {
		if gr.steps == 0 {
			t.backNode(w, s, gr.nodes[0], 0, s.steps)
		} else {
			for at := (s.steps - 1) / gr.steps * gr.steps; at >= 0; at -= gr.steps {
				for _, i := range slices.Backward(gr.nodes) {
					t.backNode(w, s, i, at, min(gr.steps, s.steps-at))
				}
			}
		}
		for _, i := range gr.nodes {
			t.addNode(w, s, i)
		}
	}
	t.inputGradients(s)
	for i, readers := range t.walk.readers {
		for _, e := range readers {
			if e.delay > 0 {
				t.walk.keepFuture(g, e, i, s.steps)
			}
		}
	}
}

// lend gives nodes the memory of others over a segment: of the loss to a node
// whose gradient comes from there alone, and to the only reader of an input
// that of its gradient.
func (t *Tape) lend(s segment) {
	k, g := &t.walk, t.m.graph
	for watched, i := range t.watch {
		row := t.samples * g.nodes[i].plan.Out.Size()
		first := (s.at - t.learn.Burn) * row
		if k.fromLoss(t, i, watched) {
			k.out[i] = t.losses[watched][first : first+s.steps*row]
		} else if !k.borrowed[i] {
			k.out[i] = k.own[i]
		}
	}
	for input, i := range k.sole {
		if i < 0 || !k.wants[i] {
			continue
		}
		row := t.samples * g.inputs[input].Shape.Size()
		k.in[i] = t.inputs[input][s.at*row : (s.at+s.steps)*row]
	}
}

// fromLoss reports whether the gradient of a node's output is that of the loss.
func (w *walk) fromLoss(t *Tape, i, watched int) bool {
	n := &t.m.graph.nodes[i]
	return len(w.readers[i]) == 0 && !n.cyclic && !n.plan.Reshape && watched < len(t.losses) && t.losses[watched] != nil
}

// backNode walks back over some steps of one layer.
func (t *Tape) backNode(w *tile, s segment, i, at, steps int) {
	k, n := &t.walk, &t.m.graph.nodes[i]
	if !k.active[i] {
		return
	}
	gy := t.gradient(s, i, at, steps)
	if n.plan.Reshape {
		return // in is out
	}
	w.scratch.Reset()
	w.read(i, at, steps)
	p := t.pass(i, at, steps, w.input(i, steps), &w.scratch, nil, nil)
	p.Step = w.s.step + int64(at)
	p.GY, p.Carried = gy, t.carried[i]
	if k.wants[i] {
		row := t.samples * n.in.Size()
		p.GX = k.in[i][at*row : (at+steps)*row]
	}
	p.Sums, p.Fixed = t.own[i], t.sums[i] == nil
	t.ops[i].Backward(p)
}

// addNode adds up the gradients of the parameters of one layer.
func (t *Tape) addNode(w *tile, s segment, i int) {
	if t.ops[i] == nil || t.sums[i] == nil || t.ops[i].PerSample() {
		return
	}
	w.scratch.Reset()
	w.read(i, 0, s.steps)
	p := t.pass(i, 0, s.steps, w.input(i, s.steps), &w.scratch, nil, nil)
	p.GY, p.Sums = t.walk.out[i][:s.steps*t.samples*t.m.graph.nodes[i].plan.Out.Size()], t.sums[i][:t.ops[i].Sums()]
	t.ops[i].Add(p)
}

// gradient is the gradient of a node's output over some steps: that of the
// loss, and then, in the order of the layers, what its readers gave.
func (t *Tape) gradient(s segment, i, at, steps int) []float32 {
	k, size := &t.walk, t.m.graph.nodes[i].plan.Out.Size()
	row := t.samples * size
	gy := k.out[i][at*row : (at+steps)*row]
	watched := slices.Index(t.watch, i)
	if watched >= 0 && (watched >= len(t.losses) || t.losses[watched] == nil) {
		watched = -1
	}
	if k.borrowed[i] && watched < 0 || watched >= 0 && k.fromLoss(t, i, watched) {
		return gy
	}
	if watched >= 0 {
		first := (s.at - t.learn.Burn + at) * row
		loss := t.losses[watched][first : first+len(gy)]
		if k.borrowed[i] {
			simd.Add(gy, loss, gy)
		} else {
			copy(gy, loss)
		}
	} else if !k.borrowed[i] {
		clear(gy)
	}
	if k.borrowed[i] {
		return gy
	}
	for _, e := range k.readers[i] {
		t.fromReader(gy, s, e, i, at, steps)
	}
	return gy
}

// fromReader adds what one reader gave.
func (t *Tape) fromReader(gy []float32, s segment, e edge, i, at, steps int) {
	g := t.m.graph
	size, wide := g.nodes[i].plan.Out.Size(), g.nodes[e.node].in.Size()
	for step := range steps {
		q := at + step + e.delay
		to := gy[step*t.samples*size : (step+1)*t.samples*size]
		if q >= s.steps {
			q -= s.steps
			simd.Add(to, to, (*e.future)[q*len(to):(q+1)*len(to)])
			continue
		}
		from := t.walk.in[e.node][q*t.samples*wide:]
		if wide == size {
			simd.Add(to, to, from[:len(to)])
			continue
		}
		for b := range t.samples {
			simd.Add(to[b*size:(b+1)*size], to[b*size:(b+1)*size], from[b*wide+e.first:][:size])
		}
	}
}

// keepFuture keeps what a reader gave to the steps before the segment.
func (w *walk) keepFuture(g *Graph, e edge, i, steps int) {
	size, wide := g.nodes[i].plan.Out.Size(), g.nodes[e.node].in.Size()
	row := w.samples * size
	future := *e.future
	// What did not fit into this segment waits for the one before it.
	for q := e.delay - 1; q >= 0; q-- {
		to := future[q*row : (q+1)*row]
		if q >= steps {
			copy(to, future[(q-steps)*row:(q-steps+1)*row])
			continue
		}
		for b := range w.samples {
			copy(to[b*size:(b+1)*size], w.in[e.node][(q*w.samples+b)*wide+e.first:])
		}
	}
}

// initials is how many numbers of gradient there are for what the delayed edges
// of a node deliver before time begins, if that is a parameter.
func (n *node) initials() int {
	if n.initial == "" {
		return 0
	}
	return n.plan.Out.Size()
}

// addInitials adds that gradient to that of the parameter.
func (n *node) addInitials(param, initials []float32) {
	each := len(initials) / len(param)
	for i, v := range initials {
		param[i/each] += v
	}
}

// addInitials adds what the first steps gave to what came before them: the
// readers in their order, of each the samples ascending, the steps descending.
func (w *walk) addInitials(t *Tape) {
	for i, readers := range w.readers {
		n := &t.m.graph.nodes[i]
		if n.initials() == 0 || t.sums[i] == nil {
			continue
		}
		sums := t.sums[i][t.ops[i].Sums():]
		for _, e := range readers {
			for b := range w.samples {
				for q := e.delay - 1; q >= 0; q-- {
					simd.Add(sums, sums, (*e.future)[(q*w.samples+b)*len(sums):][:len(sums)])
				}
			}
		}
	}
}

// inputGradients adds up what the readers of the inputs gave over a segment.
func (t *Tape) inputGradients(s segment) {
	g := t.m.graph
	for i, grad := range t.inputs {
		if t.walk.sole[i] >= 0 {
			continue // it wrote there
		}
		size := g.inputs[i].Shape.Size()
		for j, n := range g.nodes {
			first := 0
			for _, p := range n.parts {
				if p.node < 0 && p.input == i && t.walk.active[j] {
					wide := n.in.Size()
					for r := range s.steps * t.samples {
						to := grad[(s.at*t.samples+r)*size:][:size]
						simd.Add(to, to, t.walk.in[j][r*wide+first:][:size])
					}
				}
				if n.join == Concat {
					first += g.partShape(p).Size()
				}
			}
		}
	}
}
