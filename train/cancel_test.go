package train_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/slowtest"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// A training step that is cancelled ends soon, and has changed nothing.
func TestCancelledSoon(t *testing.T) {
	slowtest.Clock(t)
	g, err := forward.Sequential(tensor.Shape{700},
		snn.Linear{Out: 1024}, snn.LIF{Decay: 0.9, Threshold: 0.3},
		snn.Linear{Out: 1024}, snn.LIF{Decay: 0.9, Threshold: 0.3},
		snn.Linear{Out: 20}, snn.LI{Decay: 0.9})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	const steps, batch = 500, 64
	x := tensor.NewSpikes(steps, batch, 700)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range x.Bits {
		if x.Bits[i] = r.Uint64() & r.Uint64() & r.Uint64() & r.Uint64(); i%11 == 10 {
			x.Bits[i] &= 1<<60 - 1
		}
	}
	b := train.Batch{Inputs: []tensor.Signal{x}, Targets: make([]train.Target, batch)}
	for _, workers := range []int{1, 2} {
		c := config
		c.Workers = workers
		tr, err := train.New(m, c)
		require.NoError(t, err)
		var took []time.Duration
		for i := range 20 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(20+9*i)*time.Millisecond)
			_, err := tr.Step(ctx, b)
			end, _ := ctx.Deadline()
			took = append(took, time.Since(end))
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
		}
		slices.Sort(took)
		t.Logf("%d workers: %v to %v after the deadline, the median %v", workers, took[0], took[19], took[10])
		require.Less(t, took[10], 50*time.Millisecond)
		require.Zero(t, tr.Steps())
		require.Equal(t, hash(t, m), hash(t, tr.Model()))
	}
}
