package forward_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
)

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// After a burst of many runs at once their memory goes back.
func TestBurst(t *testing.T) {
	const runs, steps = 80, 250
	var inside atomic.Int64
	var before, during int64
	gate := make(chan struct{})
	m := watched(t, func() { // nobody goes on before all are in
		if inside.Add(1) == runs {
			during = heap() - before
			close(gate)
		}
		<-gate
	})
	x := bernoulli(steps, 1, 700, 0.05)
	states := make([]*forward.State, runs)
	for i := range states {
		states[i] = m.NewState(1)
	}
	before = heap()
	var all sync.WaitGroup
	for _, s := range states {
		all.Go(func() {
			if _, err := m.Run(t.Context(), s, x); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	kept := heap() - before
	t.Logf("%d KiB during %d runs, %d KiB afterwards", during>>10, runs, kept>>10)
	require.Greater(t, during, int64(50<<20), "the burst was none")
	require.Less(t, kept, during/runs*int64(3*runtime.GOMAXPROCS(0)))
	runtime.KeepAlive(m)
}
