package forward

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Loss is given the outputs of the watched layers, [T, samples, features] each,
// and returns their gradients in the same shape; nil stands for zero. The
// outputs are valid until it returns; the gradients are read until the Run does.
type Loss func(outputs []*tensor.Tensor) ([][]float32, error)

// Run sends some samples of the inputs, from first on, through the network and
// walks back. start is the state of the whole batch before the first step; nil
// is a new one. draw is the number of the batch, for dropout.
func (t *Tape) Run(start *State, in []tensor.Signal, first, samples int, draw uint32, loss Loss) error {
	steps, batch, _ := in[0].Dims()
	if first < 0 || samples < 1 || first+samples > batch || steps <= t.learn.Burn {
		return fmt.Errorf("forward: %w: samples %d to %d of %d, %d steps after %d", tensor.ErrShape, first, first+samples, batch, steps-t.learn.Burn, t.learn.Burn)
	}
	t.begin(start, in, first, samples)
	t.draw, t.first = draw, first
	if t.learn.Burn > 0 {
		t.forward(in, 0, t.learn.Burn, false)
	}
	segments := t.segments(steps)
	for k, s := range segments {
		t.starts[k].copy(t.state)
		t.forward(in, s.at, s.steps, k == len(segments)-1)
		t.watchOutputs(s.at-t.learn.Burn, s.steps)
	}
	var err error
	if t.losses, err = loss(t.watched); err != nil {
		return err
	}
	for k, s := range slices.Backward(segments) {
		if k < len(segments)-1 {
			t.state.copy(t.starts[k])
			t.forward(in, s.at, s.steps, true)
			if t.learn.Truncate {
				t.walk.forget()
				for _, c := range t.carried {
					clear(c)
				}
			}
		}
		if t.learn.States != nil {
			t.learn.States(s.at+s.steps-1, t.StateGradient)
		}
		t.back(t.starts[k], in, s)
	}
	t.addOwn()
	if start == nil {
		t.walk.addInitials(t)
	}
	return nil
}

// segment is some steps that are walked back at once.
type segment struct{ at, steps int }

// segments cuts the steps after the burn-in, and makes room for their states.
func (t *Tape) segments(steps int) []segment {
	var list []segment
	for at := t.learn.Burn; at < steps; {
		n := steps - at
		if t.learn.Segment > 0 {
			n = min(n, t.learn.Segment)
		}
		list = append(list, segment{at, n})
		at += n
	}
	for len(t.starts) < len(list) {
		t.starts = append(t.starts, t.m.NewState(t.samples))
	}
	return list
}

// begin makes room for some samples.
func (t *Tape) begin(start *State, in []tensor.Signal, first, samples int) {
	g := t.m.graph
	if t.samples != samples {
		t.samples, t.state, t.starts = samples, t.m.NewState(samples), nil
	}
	kinds := kindsIn(in)
	if !slices.Equal(kinds, t.work.kinds.inputs) || t.work.nodes == nil {
		t.work.prepare(g, in)
	}
	if start == nil {
		t.state.Reset()
	} else {
		t.state.pick(start, first)
	}
	steps, _, _ := in[0].Dims()
	longest := steps - t.learn.Burn
	for len(t.watched) < len(t.watch) {
		t.watched = append(t.watched, &tensor.Tensor{})
	}
	for k, i := range t.watch {
		y, out := t.watched[k], g.nodes[i].plan.Out
		y.Shape = append(append(y.Shape[:0], longest, samples), out...)
		y.Data = growNumbers(y.Data, longest*samples*out.Size())
	}
	if t.learn.Segment > 0 {
		longest = min(longest, t.learn.Segment)
	}
	for i, op := range t.ops {
		if op == nil {
			continue
		}
		t.traces[i] = make2(t.traces[i], op.Traces(), longest*samples*g.nodes[i].plan.Out.Size())
		t.carried[i] = cleared(t.carried[i], samples*op.Carried())
		if op.PerSample() {
			t.own[i] = cleared(t.own[i], samples*op.Sums())
		}
	}
	if t.learn.Inputs {
		t.inputs = make2(t.inputs, len(g.inputs), 0)
		for i, in := range g.inputs {
			t.inputs[i] = cleared(t.inputs[i], steps*samples*in.Shape.Size())
		}
	}
	t.walk.begin(g, longest, samples)
}

// make2 returns n arrays of a size, in old memory if it is enough.
func make2(old [][]float32, n, size int) [][]float32 {
	for len(old) < n {
		old = append(old, nil)
	}
	for i := range old {
		old[i] = growNumbers(old[i], size)
	}
	return old
}

func cleared(old []float32, n int) []float32 {
	old = growNumbers(old, n)
	clear(old)
	return old
}

// forward runs the samples by some steps, leaving traces or not.
func (t *Tape) forward(in []tensor.Signal, at, steps int, tracing bool) {
	t.tracing = tracing
	w := tile{t.work, t.m, t.state, steps, 0, t.samples, t.first, t}
	w.run(in, at)
	t.state.step += int64(steps)
	if tracing {
		t.steps += int64(steps * t.samples)
		for i := range t.spikes {
			if s, ok := t.work.nodes[i].out.signal().(*tensor.Spikes); ok && !t.m.graph.nodes[i].plan.Reshape {
				t.spikes[i] += int64(s.Count())
			}
		}
	}
}

// traced runs one layer.
func (t *Tape) traced(w *tile, i, at, steps int, y tensor.Signal, state []float32) {
	x := w.input(i, steps)
	if !t.tracing || t.ops[i] == nil {
		if masks, ok := t.m.ops[i].(*dropout); ok {
			masks.Traced(t.pass(i, at, steps, x, &w.scratch, y, state))
			return
		}
		t.m.ops[i].Forward(x, y, state, &w.scratch)
		return
	}
	t.ops[i].Traced(t.pass(i, at, steps, x, &w.scratch, y, state))
}

// pass describes some steps of the segment to a layer.
func (t *Tape) pass(i, at, steps int, x tensor.Signal, scratch *snn.Scratch, y tensor.Signal, state []float32) *snn.Pass {
	p := &snn.Pass{X: x, Y: y, State: state, Scratch: scratch, Draw: t.draw, Sample: t.first, Step: t.state.step + int64(at)}
	row := t.samples * t.m.graph.nodes[i].plan.Out.Size()
	for _, trace := range t.traces[i] {
		p.Traces = append(p.Traces, trace[at*row:(at+steps)*row])
	}
	return p
}

// watchOutputs keeps what the loss will see.
func (t *Tape) watchOutputs(at, steps int) {
	for k, i := range t.watch {
		row := len(t.watched[k].Data) / t.watched[k].Shape[0]
		snn.CopyDense(t.watched[k].Data[at*row:(at+steps)*row], t.work.nodes[i].out.signal())
	}
}

// addOwn adds the gradients of parameters that were summed sample by sample.
func (t *Tape) addOwn() {
	for i, op := range t.ops {
		if op == nil || t.sums[i] == nil || !op.PerSample() {
			continue
		}
		for b := range t.samples {
			sums := t.sums[i][:op.Sums()]
			simd.Add(sums, sums, t.own[i][b*op.Sums():(b+1)*op.Sums()])
		}
	}
}
