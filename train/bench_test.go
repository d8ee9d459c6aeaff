package train_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// BenchmarkStep is a training step of the network 700-256-256-20 over 100 steps
// of 256 samples with 5 % input, at a rate that leaves it as it is; memory is what the heap holds after it.
func BenchmarkStep(b *testing.B) {
	lif := snn.LIF{Decay: 0.9, Threshold: 0.5, Surrogate: surrogate.FastSigmoid(25), Detach: snn.DetachSpikeInReset}
	g, err := forward.Sequential(tensor.Shape{700}, snn.Linear{Out: 256}, lif, snn.Linear{Out: 256}, lif, snn.Linear{Out: 20}, snn.LI{Decay: 0.9})
	require.NoError(b, err)
	m, err := g.Init(1)
	require.NoError(b, err)
	const steps, samples = 100, 256
	x := tensor.NewSpikes(steps, samples, 700)
	r := rand.New(rand.NewPCG(1, 2))
	for t := range steps {
		for s := range samples {
			for range 35 {
				x.Set(t, s, r.IntN(700))
			}
		}
	}
	batch := train.Batch{Inputs: []tensor.Signal{x}, Targets: make([]train.Target, samples)}
	for i := range batch.Targets {
		batch.Targets[i].Class = i % 20
	}
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			t, err := train.New(m, train.Config{Loss: train.CrossEntropy{}, Workers: workers, LearningRate: 1e-9})
			require.NoError(b, err)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var stats train.Stats
			for b.Loop() {
				stats, err = t.Step(b.Context(), batch)
				require.NoError(b, err)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
			b.ReportMetric(100*stats.Rates["lif1"], "%lif1")
			b.ReportMetric(100*stats.Rates["lif2"], "%lif2")
			runtime.KeepAlive(t)
		})
	}
}
