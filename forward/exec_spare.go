package forward

import (
	"runtime"
	"sync"
)

// spare keeps workspaces between runs. (A sync.Pool would drop them now and
// then, and steps would allocate.)
type spare struct {
	mutex sync.Mutex
	list  []*workspace
	bytes int
	most  int // workspaces kept
}

// newSpare keeps twice as many workspaces as goroutines can run at a time:
// some stop in the middle of a step.
func newSpare() *spare { return &spare{most: 2 * runtime.GOMAXPROCS(0)} }

// spareBytes is how much memory is kept beyond what the workers of a run need:
// after a burst of many runs at once the rest goes back.
const spareBytes = 64 << 20

func (s *spare) take() *workspace {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.list) == 0 {
		return nil
	}
	last := len(s.list) - 1
	w := s.list[last]
	s.list[last] = nil
	s.list = s.list[:last]
	s.bytes -= w.bytes
	return w
}

// give keeps a workspace, if it is one of those that a run's workers need, or
// if not too much is kept.
func (s *spare) give(w *workspace, workers int) {
	w.measure()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.list) < workers || len(s.list) < s.most && s.bytes+w.bytes <= spareBytes {
		s.list = append(s.list, w)
		s.bytes += w.bytes
	}
}

// measure finds out how much memory the workspace has, when that may have
// changed.
func (w *workspace) measure() {
	size := [2]int{w.steps, w.samples}
	if w.measured == size {
		return
	}
	w.measured = size
	w.bytes = w.scratch.Bytes() + 4*cap(w.floats)
	for i := range w.inputs {
		w.bytes += w.picked[i].bytes() // inputs are views
	}
	for i := range w.nodes {
		b := &w.nodes[i]
		w.bytes += b.out.bytes() + b.joined.bytes() + b.read.bytes()
		for k := range b.parts {
			w.bytes += b.parts[k].bytes()
		}
	}
}

// bytes is how much memory the slot has, or that it is a view of.
func (s *slot) bytes() int {
	return 4*cap(s.dense.Data) + 8*cap(s.spikes.Bits) + 8*cap(s.events.Rows) + 4*cap(s.events.Index) + 4*cap(s.events.Value)
}
