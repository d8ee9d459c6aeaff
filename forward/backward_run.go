package forward

import (
	"context"
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// OutputGradients is given the outputs of the layers that it sees, [T, samples, features]
// each, and returns their gradients in the same shape; nil stands for zero. The
// outputs are valid until it returns; the gradients are read until the Run does.
type OutputGradients func(outputs []*tensor.Tensor) ([][]float32, error)

// Samples are some samples of a batch.
type Samples struct {
	Inputs []tensor.Signal // of the whole batch
	First  int
	Count  int
	// Start is the state of the whole batch before the first step; nil is a new
	// one.
	Start *State
	// BatchNumber is the number of the batch, for dropout.
	BatchNumber uint32
}

// Run sends samples through the network, and gradients back. When ctx ends,
// it stops, with sums of gradients that are of no use, and an error that wraps
// the context's.
//
// A panic in a layer or in the loss is an error, too, and wraps [ErrPanic].
func (t *Tape) Run(ctx context.Context, s Samples, loss OutputGradients) (err error) {
	defer panics.Catch(&err)
	err = t.run(ctx, s, loss)
	if err == errStopped {
		return fmt.Errorf("forward: stopped in the backward pass: %w", ctx.Err())
	}
	return err
}

func (t *Tape) run(ctx context.Context, s Samples, loss OutputGradients) error {
	steps, err := t.check(s)
	if err != nil {
		return err
	}
	t.stop = ctx.Done()
	if err := t.begin(s, steps); err != nil {
		return err
	}
	if t.options.BurnIn > 0 {
		if err := t.forward(s, segment{steps: t.options.BurnIn}, false); err != nil {
			return err
		}
	}
	segments, err := t.segments(steps)
	if err != nil {
		return err
	}
	for k, seg := range segments {
		t.starts[k].copy(t.state)
		if err := t.forward(s, seg, k == len(segments)-1); err != nil {
			return err
		}
		t.keepOutputs(seg)
	}
	losses, err := loss(t.outputs)
	if err != nil {
		return err
	}
	if err := t.checkLosses(losses); err != nil {
		return err
	}
	for k, seg := range slices.Backward(segments) {
		if k < len(segments)-1 {
			t.state.copy(t.starts[k])
			if err := t.forward(s, seg, true); err != nil {
				return err
			}
			if t.options.Truncate {
				t.back.forget()
			}
		}
		if t.options.States != nil {
			if err := t.options.States(seg.at+seg.steps-1, t.addStateGradient); err != nil {
				return err
			}
		}
		if err := t.back.segment(t.rec, t.lossesOf(losses, seg), t.stop); err != nil {
			return err
		}
	}
	t.back.addSamples(t.rec.traced)
	if s.Start == nil {
		t.back.addInitials(t.rec.traced)
	}
	return nil
}

// check reports samples that are not there, and returns their steps. The
// contents of a batch are looked at once, however many of its samples run.
func (t *Tape) check(s Samples) (steps int, err error) {
	batch := 0
	if len(s.Inputs) > 0 && s.Inputs[0] != nil {
		steps, batch, _ = s.Inputs[0].Dims()
	}
	if !slices.Equal(s.Inputs, t.checked) || len(s.Inputs) == 0 {
		t.checked = nil
		if _, err := t.m.CheckInputs(batch, s.Inputs); err != nil {
			return 0, err
		}
		t.checked = slices.Clone(s.Inputs)
	}
	if s.First < 0 || s.Count < 1 || s.Count > batch-s.First || steps <= t.options.BurnIn {
		return 0, fmt.Errorf("forward: %w: %d samples from %d on, of %d, and %d steps after %d",
			tensor.ErrShape, s.Count, s.First, batch, steps-t.options.BurnIn, t.options.BurnIn)
	}
	if s.Start == nil {
		return steps, nil
	}
	if err := t.m.checkState(s.Start); err != nil {
		return 0, err
	}
	if s.Start.batch != batch {
		return 0, fmt.Errorf("forward: %w: it has %d samples, the inputs %d", ErrState, s.Start.batch, batch)
	}
	return steps, nil
}

// checkLosses reports gradients that are not of the outputs' sizes.
func (t *Tape) checkLosses(losses [][]float32) error {
	if len(losses) > len(t.outputs) {
		return fmt.Errorf("forward: %w: the loss has gradients of %d outputs, and sees %d", tensor.ErrShape, len(losses), len(t.outputs))
	}
	for k, l := range losses {
		if l != nil && len(l) != len(t.outputs[k].Data) {
			return fmt.Errorf("forward: %w: the loss has a gradient of %d numbers for an output of %v", tensor.ErrShape, len(l), t.outputs[k].Shape)
		}
	}
	return nil
}

// segment is some steps that go back at once.
type segment struct{ at, steps int }

// segments cuts the steps after the burn-in, and makes room for their states.
func (t *Tape) segments(steps int) ([]segment, error) {
	var list []segment
	for at := t.options.BurnIn; at < steps; {
		n := steps - at
		if t.options.Segment > 0 {
			n = min(n, t.options.Segment)
		}
		list = append(list, segment{at, n})
		at += n
	}
	for len(t.starts) < len(list) {
		start, err := t.m.StateFor(t.samples)
		if err != nil {
			return nil, err
		}
		t.starts = append(t.starts, start)
	}
	return list, nil
}

// begin makes room for some samples.
func (t *Tape) begin(s Samples, steps int) error {
	g := t.m.graph
	if t.samples != s.Count {
		state, err := t.m.StateFor(s.Count)
		if err != nil {
			return err
		}
		t.samples, t.state, t.starts = s.Count, state, nil
	}
	t.work.prepare(g, s.Inputs, true)
	if s.Start == nil {
		t.state.Reset()
	} else {
		t.state.pick(s.Start, s.First)
	}
	longest := steps - t.options.BurnIn
	for k, i := range t.back.outputs {
		y, out := t.outputs[k], g.nodes[i].plan.Out
		y.Shape = append(append(y.Shape[:0], longest, s.Count), out...)
		y.Data = growNumbers(y.Data, longest*s.Count*out.Size())
	}
	if t.options.Segment > 0 {
		longest = min(longest, t.options.Segment)
	}
	t.rec.draw = s.BatchNumber
	t.rec.resize(longest, s.Count)
	t.back.begin(t.rec.traced, longest, s.Count)
	if t.options.Inputs {
		t.back.inputs = growAll(t.back.inputs, len(g.inputs), 0)
		for i, in := range g.inputs {
			t.back.inputs[i] = zeroed(t.back.inputs[i], steps*s.Count*in.Shape.Size())
		}
	}
	return nil
}

// growAll returns n arrays of a size, in old memory if it is enough.
func growAll(old [][]float32, n, size int) [][]float32 {
	for len(old) < n {
		old = append(old, nil)
	}
	for i := range old {
		old[i] = growNumbers(old[i], size)
	}
	return old
}

func zeroed(old []float32, n int) []float32 {
	old = growNumbers(old, n)
	clear(old)
	return old
}

// forward runs the samples by some steps, and records them or not.
func (t *Tape) forward(s Samples, seg segment, keeping bool) error {
	t.rec.segment = span{at: seg.at, steps: seg.steps, first: s.First, samples: s.Count}
	t.rec.start, t.rec.keeping = t.state.step, keeping
	t.work.load(s.Inputs, t.rec.segment)
	tile := span{at: seg.at, steps: seg.steps, samples: s.Count}
	e := executor{workspace: t.work, model: t.m, state: t.state, observer: t.rec, tile: tile, stop: t.stop}
	if err := e.run(); err != nil {
		return err
	}
	if !t.options.Unchecked && !t.m.options.unchecked {
		if bad := e.check(); bad != nil {
			return fmt.Errorf("%w (of those from sample %d on)", bad.err, s.First)
		}
	}
	t.state.step += int64(seg.steps)
	if keeping {
		t.countSpikes()
	}
	return nil
}

// countSpikes counts those of the segment that was recorded.
func (t *Tape) countSpikes() {
	t.steps += int64(t.rec.segment.rows())
	for i := range t.sent {
		y, n := t.work.nodes[i].out.signal(), &t.m.graph.nodes[i]
		if !t.work.kinds.views[i] && spiking(t.m.ops[i], y) {
			t.sent[i].Layer, t.sent[i].Neurons = n.name, n.plan.Out.Size()
			t.sent[i].addSent(y)
		}
	}
}

// keepOutputs keeps what the loss will see of a segment.
func (t *Tape) keepOutputs(seg segment) {
	at := seg.at - t.options.BurnIn
	for k, i := range t.back.outputs {
		row := len(t.outputs[k].Data) / t.outputs[k].Shape[0]
		snn.CopyDense(t.outputs[k].Data[at*row:(at+seg.steps)*row], t.work.nodes[i].out.signal())
	}
}

// lossesOf is what of the gradients of the outputs belongs to a segment.
func (t *Tape) lossesOf(losses [][]float32, seg segment) [][]float32 {
	at := seg.at - t.options.BurnIn
	own := make([][]float32, len(t.outputs))
	for k := range own {
		if k < len(losses) && losses[k] != nil {
			row := len(t.outputs[k].Data) / t.outputs[k].Shape[0]
			own[k] = losses[k][at*row : (at+seg.steps)*row]
		}
	}
	return own
}
