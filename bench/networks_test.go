package bench

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/bench/work"
)

// measure runs work and reports what it does in a second.
func measure(b *testing.B, name string, prepare func() (*work.Work, error)) {
	b.Run(name, func(b *testing.B) {
		w, err := prepare()
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			if err := w.Run(); err != nil {
				b.Fatal(err)
			}
		}
		ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
		if w.Per > 1 {
			b.ReportMetric(ns/float64(w.Per), "ns/step")
		}
		if w.Neurons > 0 {
			b.ReportMetric(ns/w.Neurons, "ns/neuron-step")
		}
		if w.Synapses > 0 {
			b.ReportMetric(w.Synapses/ns, "Gsynops/s")
		}
	})
}

// counts are the numbers of workers that are measured.
func counts() []int {
	if runtime.NumCPU() < 2 {
		return []int{1}
	}
	return []int{1, 2}
}

// BenchmarkInference is the network 700-256-256-20 over 100 steps.
func BenchmarkInference(b *testing.B) {
	for _, workers := range counts() {
		for _, batch := range []int{1, 32, 256} {
			measure(b, fmt.Sprintf("batch=%d/density=5%%/workers=%d", batch, workers), func() (*work.Work, error) {
				return work.Infer(work.Sizes, work.Steps, batch, work.Rate, workers)
			})
		}
		for _, density := range []float64{0.001, 0.01, 0.2, 1} {
			measure(b, fmt.Sprintf("batch=256/density=%g%%/workers=%d", 100*density, workers), func() (*work.Work, error) {
				return work.Infer(work.Sizes, work.Steps, 256, density, workers)
			})
		}
	}
}

// BenchmarkStream is a step of one stream through the same network.
func BenchmarkStream(b *testing.B) { measure(b, "700-256-256-20", work.Stream) }

// BenchmarkTraining is loss and gradients of the same network.
func BenchmarkTraining(b *testing.B) {
	for _, workers := range counts() {
		for _, batch := range []int{32, 256} {
			measure(b, fmt.Sprintf("batch=%d/workers=%d", batch, workers), func() (*work.Work, error) { return work.Train(batch, workers) })
		}
	}
}

// BenchmarkNeurons is 256 x 1024 neurons over 100 steps, ours and one that is
// written as text.
func BenchmarkNeurons(b *testing.B) {
	for _, workers := range counts() {
		for _, c := range []struct {
			name    string
			prepare func(workers int) (*work.Work, error)
		}{{"forward", work.Neurons}, {"back", work.NeuronsBack}, {"text/forward", work.Text}, {"text/back", work.TextBack}} {
			measure(b, fmt.Sprintf("%s/workers=%d", c.name, workers), func() (*work.Work, error) { return c.prepare(workers) })
		}
	}
}

// BenchmarkWide is one Linear and its neurons, 16 samples over 500 steps.
func BenchmarkWide(b *testing.B) {
	for _, workers := range counts() {
		for _, n := range []int{512, 2048, 4096} {
			measure(b, fmt.Sprintf("n=%d/forward/workers=%d", n, workers), func() (*work.Work, error) { return work.Wide(n, workers) })
			measure(b, fmt.Sprintf("n=%d/back/workers=%d", n, workers), func() (*work.Work, error) { return work.WideBack(n, workers) })
		}
	}
}

// BenchmarkOneSample is one sample through a layer of 4096 x 4096, whose columns
// the workers share.
func BenchmarkOneSample(b *testing.B) {
	for _, workers := range counts() {
		measure(b, fmt.Sprintf("workers=%d", workers), func() (*work.Work, error) {
			return work.Infer([]int{4096, 4096}, work.Steps, 1, work.Rate, workers)
		})
	}
}

// BenchmarkFrames is the convolutional network on event frames.
func BenchmarkFrames(b *testing.B) {
	for _, workers := range counts() {
		measure(b, fmt.Sprintf("workers=%d", workers), func() (*work.Work, error) { return work.Frames(workers) })
	}
}
