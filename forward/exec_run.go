package forward

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/tensor"
)

// ErrPanic is wrapped by the error that comes of a panic in a layer, a loss or a
// source of a user's own. The error's text has the stack.
var ErrPanic = panics.Err

// Run advances every sample of the state by the steps of the inputs, [T, B,
// features] each, and returns the outputs of these steps.
//
// A burn-in is a Run whose outputs nobody looks at: the state is all that it
// leaves.
//
// When ctx ends, Run stops, some milliseconds later at the most. It returns
// the outputs of the steps that all samples have done, which the state has
// moved on by, and an error that wraps the context's: going on with the rest of
// the inputs gives the bits of a Run that was never stopped. The steps are done
// in blocks, of which there is one where all of it fits the cache; a block in
// which not all samples are through is undone.
//
// A panic in a layer is an error, too, and wraps [ErrPanic].
func (m *Model) Run(ctx context.Context, s *State, in ...tensor.Signal) (*Output, error) {
	steps, err := m.check(s, in)
	if err != nil {
		return nil, err
	}
	w := m.workspace(in)
	out, err := m.output(w.kinds, steps, s.batch)
	m.spare.give(w, m.options.workers)
	if err != nil {
		return nil, err
	}
	block, samples := m.blockSize(steps, s.batch)
	c := call{model: m, state: s, out: out, check: !m.options.unchecked}
	var undo *State
	if m.graph.cost > quick/int64(block)/int64(s.batch) && ctx.Done() != nil {
		c.stop, undo = ctx.Done(), s.Clone()
	}
	for at := 0; at < steps; at += block {
		if err := ctx.Err(); err != nil {
			out.resize(at, s.batch)
			return out, stoppedAt(at, steps, err)
		}
		n := min(block, steps-at)
		if undo != nil && at > 0 {
			undo.copy(s)
		}
		found, err := c.run(in, span{at: at, steps: n, samples: samples})
		if err != nil {
			out.resize(at, s.batch)
			if undo != nil {
				s.copy(undo)
			} else {
				s.broken = true
			}
			if err == errStopped {
				err = stoppedAt(at, steps, ctx.Err())
			}
			return out, err
		}
		s.step += int64(n)
		if found != nil {
			out.resize(at+n, s.batch)
			return out, found.err
		}
	}
	return out, nil
}

// quick is how many operations a block may take that is not looked into: it is
// over before anybody waits. (It takes a processor of 1 GFLOP/s 16 ms.)
const quick = 1 << 24

// errStopped says that the call's context has ended.
var errStopped = errors.New("stopped")

func stoppedAt(at, steps int, err error) error {
	return fmt.Errorf("forward: stopped after %d of %d steps: %w", at, steps, err)
}

// Step advances every sample by one step and returns its outputs, which are
// valid until the next Step of the same state. It allocates nothing once the
// state has made its first step.
//
// A panic in a layer is an error that wraps [ErrPanic]. What the state holds then
// is of no use until its [State.Reset].
func (m *Model) Step(s *State, in ...tensor.Signal) (*Output, error) {
	steps, err := m.check(s, in)
	if err != nil {
		return nil, err
	}
	if steps != 1 {
		return nil, fmt.Errorf("forward: %w: Step takes one step, not %d", tensor.ErrShape, steps)
	}
	w := m.workspace(in)
	if s.out == nil || s.outOf != m || !slices.Equal(s.outKinds, w.kinds.inputs) {
		out, err := m.output(w.kinds, 1, max(s.batch, s.most))
		if err != nil {
			m.spare.give(w, m.options.workers)
			return nil, err
		}
		s.out, s.outOf, s.outKinds = out, m, w.kinds.inputs
	}
	s.out.resize(1, s.batch)
	_, samples := m.blockSize(1, s.batch)
	c := call{model: m, state: s, out: s.out}
	c.check = !m.options.unchecked && s.step%checkEvery == checkEvery-1
	found, err := c.tiles(w, in, span{steps: 1, samples: samples})
	if err != nil {
		s.broken = true
		return nil, err
	}
	s.step++
	if found != nil {
		return s.out, found.err
	}
	return s.out, nil
}

// call is a Run or a Step. (Its inputs go beside it, for what is in one struct
// with them escapes, and a Step would allocate.)
type call struct {
	model *Model
	state *State
	out   *Output
	check bool            // for numbers that are not finite
	stop  <-chan struct{} // nil if nobody can stop it
}

// run advances all samples by a block of steps, in tiles as large as the first,
// and returns what is not finite in the first sample that has such.
func (c call) run(in []tensor.Signal, tile span) (*notFinite, error) {
	if workers := c.model.options.workers; workers > 1 && c.state.batch > tile.samples {
		return c.share(in, tile, workers)
	}
	return c.tiles(c.model.workspace(in), in, tile)
}

// tiles does so tile by tile, in a workspace that it gives back. If there is one
// tile, what its layers do may be shared among the workers.
func (c call) tiles(w *workspace, in []tensor.Signal, tile span) (found *notFinite, err error) {
	w.scratch.Workers = c.model.options.workers
	for ; tile.first < c.state.batch; tile.first += tile.samples {
		f, err := c.tile(w, in, tile)
		if err != nil {
			return nil, err // and leave the workspace as it is to the collector
		}
		found = found.earlier(f)
	}
	c.model.spare.give(w, c.model.options.workers)
	return found, nil
}

// share does so with several workers, each taking one tile after another. Tiles
// write to different samples, so nothing depends on who takes which.
func (c call) share(in []tensor.Signal, first span, workers int) (*notFinite, error) {
	var next atomic.Int64
	var group panics.Group
	tiles := (c.state.batch + first.samples - 1) / first.samples
	found := make([]*notFinite, min(workers, tiles))
	for worker := range found {
		group.Go(func() error {
			w := c.model.workspace(in)
			w.scratch.Workers = 1
			for tile := first; ; {
				tile.first = (int(next.Add(1)) - 1) * tile.samples
				if tile.first >= c.state.batch {
					break
				}
				f, err := c.tile(w, in, tile)
				if err != nil {
					next.Store(int64(tiles)) // nobody need go on
					return err
				}
				found[worker] = found[worker].earlier(f)
			}
			c.model.spare.give(w, c.model.options.workers)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, f := range found[1:] {
		found[0] = found[0].earlier(f)
	}
	return found[0], nil
}

// tile advances a tile, the last of which may have fewer samples than it says.
func (c call) tile(w *workspace, in []tensor.Signal, tile span) (*notFinite, error) {
	tile.samples = min(tile.samples, c.state.batch-tile.first)
	w.load(in, tile)
	e := executor{workspace: w, model: c.model, state: c.state, tile: tile, stop: c.stop}
	if err := e.run(); err != nil {
		return nil, err
	}
	c.out.put(w, tile)
	if c.check {
		return e.check(), nil
	}
	return nil, nil
}

// leastFloats and mostFloats bound how many numbers a signal of a tile may
// have. With the least, its currents stay in half of a second-level cache of
// 512 KiB.
const (
	leastFloats = 1 << 16
	mostFloats  = 1 << 21
)

// blockSize chooses the steps of a block and the samples of a tile: one sample
// over as many steps as the cache holds, or all steps of several samples. All
// weights are read once a tile at the least: where they are many, the tile
// grows until it moves as many numbers itself.
func (m *Model) blockSize(steps, batch int) (block, samples int) {
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
	if err := m.checkState(s); err != nil {
		return 0, err
	}
	return m.CheckInputs(s.batch, in)
}

// checkState reports a state that this model cannot go on with.
func (m *Model) checkState(s *State) error {
	switch {
	case s == nil || s.graph == nil:
		return fmt.Errorf("forward: %w: a nil state", ErrState)
	case s.graph != m.graph && s.graph.fingerprint != m.graph.fingerprint:
		return fmt.Errorf("forward: %w: the state belongs to another graph", ErrState)
	case s.broken:
		return errBroken
	}
	return nil
}

// CheckInputs reports inputs of a batch that do not fit the graph, and returns
// their number of steps.
func (m *Model) CheckInputs(batch int, in []tensor.Signal) (steps int, err error) {
	g := m.graph
	if len(in) != len(g.inputs) {
		return 0, fmt.Errorf("forward: %w: the network has %d inputs, not %d", tensor.ErrShape, len(g.inputs), len(in))
	}
	for i, x := range in {
		if x == nil {
			return 0, fmt.Errorf("forward: input %q: %w: it is nil", g.inputs[i].Name, tensor.ErrShape)
		}
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
