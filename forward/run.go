package forward

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/spikelane/spikelane/tensor"
)

// Run advances every sample of the state by the steps of the inputs, [T, B,
// features] each, and returns the outputs of these steps.
//
// A burn-in is a Run whose outputs nobody looks at: the state is all that it
// leaves.
//
// When ctx ends, Run stops between two blocks of steps: it returns the outputs
// of the steps that are done, which the state has moved on by, and an error
// that wraps the context's.
func (m *Model) Run(ctx context.Context, s *State, in ...tensor.Signal) (*Output, error) {
	steps, err := m.check(s, in)
	if err != nil {
		return nil, err
	}
	w := m.workspace(in)
	out, err := m.output(w.kinds, steps, s.batch)
	m.spare.give(w)
	if err != nil {
		return nil, err
	}
	block, samples := m.shape(steps, s.batch)
	for at := 0; at < steps; at += block {
		if err := ctx.Err(); err != nil {
			out.cut(at)
			return out, fmt.Errorf("forward: stopped after %d of %d steps: %w", at, steps, err)
		}
		n := min(block, steps-at)
		if m.options.workers > 1 && s.batch > samples {
			m.share(s, in, out, at, n, samples)
		} else {
			m.block(s, in, out, at, n, samples)
		}
		s.step += int64(n)
	}
	return out, nil
}

// Step advances every sample by one step and returns its outputs, which are
// valid until the next Step of the same state. It allocates nothing once the
// state has made its first step.
func (m *Model) Step(s *State, in ...tensor.Signal) (*Output, error) {
	steps, err := m.check(s, in)
	if err != nil {
		return nil, err
	}
	if steps != 1 {
		return nil, fmt.Errorf("forward: %w: Step takes one step, not %d", tensor.ErrShape, steps)
	}
	w := m.workspace(in)
	if s.out == nil || s.outOf != m || !sameKinds(s.outKinds, w.kinds.inputs) {
		out, err := m.output(w.kinds, 1, s.batch)
		if err != nil {
			m.spare.give(w)
			return nil, err
		}
		s.out, s.outOf, s.outKinds = out, m, w.kinds.inputs
	}
	m.spare.give(w)
	_, samples := m.shape(1, s.batch)
	m.block(s, in, s.out, 0, 1, samples)
	s.step++
	return s.out, nil
}

func sameKinds(a, b []tensor.Kind) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// block advances all samples by a block of steps, tile by tile. If there is one
// tile, what its layers do may be shared among the workers.
func (m *Model) block(s *State, in []tensor.Signal, out *Output, at, steps, samples int) {
	w := m.workspace(in)
	w.scratch.Workers = m.options.workers
	for first := 0; first < s.batch; first += samples {
		m.tile(w, s, in, out, at, steps, first, samples)
	}
	m.spare.give(w)
}

// share does the same with several workers, each taking one tile after
// another. Tiles write to different samples, so nothing depends on who takes
// which.
func (m *Model) share(s *State, in []tensor.Signal, out *Output, at, steps, samples int) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(m.options.workers, (s.batch+samples-1)/samples) {
		workers.Go(func() {
			w := m.workspace(in)
			w.scratch.Workers = 1
			for {
				first := int(next.Add(int64(samples))) - samples
				if first >= s.batch {
					break
				}
				m.tile(w, s, in, out, at, steps, first, samples)
			}
			m.spare.give(w)
		})
	}
	workers.Wait()
}

func (m *Model) tile(w *workspace, s *State, in []tensor.Signal, out *Output, at, steps, first, samples int) {
	t := tile{w, m, s, steps, first, min(samples, s.batch-first), first, nil}
	t.run(in, at)
	out.put(w, at, first)
}

// leastFloats and mostFloats bound how many numbers a signal of a tile may
// have. With the least, its currents stay in half of a second-level cache of
// 512 KiB.
const (
	leastFloats = 1 << 16
	mostFloats  = 1 << 21
)

// shape chooses the steps of a block and the samples of a tile: one sample
// over as many steps as the cache holds, or all steps of several samples. All
// weights are read once a tile at the least: where they are many, the tile
// grows until it moves as many numbers itself.
func (m *Model) shape(steps, batch int) (block, samples int) {
	widest := m.graph.widest
	floats := min(max(leastFloats, m.graph.heaviest/2), mostFloats)
	block = m.options.block
	if block == 0 {
		block = max(1, floats/widest)
	}
	block = max(1, min(block, steps))
	samples = max(1, min(floats/(block*widest), batch/m.options.workers))
	return block, samples
}

// check reports inputs that do not fit the graph or the state, and returns
// their number of steps.
func (m *Model) check(s *State, in []tensor.Signal) (steps int, err error) {
	if s.graph != m.graph && s.graph.fingerprint != m.graph.fingerprint {
		return 0, fmt.Errorf("forward: %w: the state belongs to another graph", ErrState)
	}
	return m.CheckInputs(s.batch, in)
}

// CheckInputs reports inputs of a batch that do not fit the graph, and returns
// their number of steps.
func (m *Model) CheckInputs(batch int, in []tensor.Signal) (steps int, err error) {
	g := m.graph
	if len(in) != len(g.inputs) {
		return 0, fmt.Errorf("forward: %w: the network has %d inputs, not %d", tensor.ErrShape, len(g.inputs), len(in))
	}
	for i, x := range in {
		t, b, features := x.Dims()
		want := g.inputs[i]
		if i == 0 {
			steps = t
		}
		if b != batch || t != steps || !features.Equal(want.Shape) {
			return 0, fmt.Errorf("forward: input %q: %w: it is [%d %d] of %v, not [%d %d] of %v",
				want.Name, tensor.ErrShape, t, b, features, steps, batch, want.Shape)
		}
		if err := x.Check(); err != nil {
			return 0, fmt.Errorf("forward: input %q: %w", want.Name, err)
		}
	}
	return steps, nil
}
