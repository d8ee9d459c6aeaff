// Package bench measures everything: kernels, layers, networks, encoders and
// loading. Its neighbours print reports: shares (of what the machine can do),
// compare (with other frameworks) and sweeps (of sizes and densities).
package bench

import (
	"fmt"
	"testing"

	"github.com/spikelane/spikelane/bench/kernels"
	"github.com/spikelane/spikelane/simd"
)

// BenchmarkElementwise runs every elementwise kernel: surrogates, optimizers,
// and the plain ones.
func BenchmarkElementwise(b *testing.B) {
	for _, k := range kernels.Generated {
		if k.OverTime {
			continue
		}
		for _, n := range []int{16384, 4194304} {
			b.Run(fmt.Sprintf("%s/n=%d", k.Name, n), func(b *testing.B) { generated(b, k, n, 1) })
		}
	}
}

// BenchmarkNeuronKernels runs every neuron, forward, traced and back: 256 of
// them for 100 steps.
func BenchmarkNeuronKernels(b *testing.B) {
	for _, k := range kernels.Generated {
		if k.OverTime {
			b.Run(k.Name, func(b *testing.B) { generated(b, k, 256, 100) })
		}
	}
}

// generated runs a kernel on the fastest tier, and on that of pure Go.
func generated(b *testing.B, k kernels.Kernel, n, steps int) {
	before := simd.Tier()
	for _, tier := range simd.Tiers() {
		b.Run(tier, func(b *testing.B) {
			if err := simd.Use(tier); err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := simd.Use(before); err != nil {
					b.Fatal(err)
				}
			}()
			work := k.Work(n, steps, true)
			reads, writes := k.Streams(true)
			b.SetBytes(int64(4 * n * steps * (reads + writes)))
			b.ReportAllocs()
			for b.Loop() {
				work()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n*steps), "ns/element")
		})
	}
}

// BenchmarkProducts runs the kernels that are scheduled by hand.
func BenchmarkProducts(b *testing.B) {
	for _, k := range kernels.Scheduled() {
		b.Run(k.Name, func(b *testing.B) {
			b.SetBytes(int64(k.Bytes))
			b.ReportAllocs()
			for b.Loop() {
				k.Work()
			}
			ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
			if k.Operations > 0 {
				b.ReportMetric(2*k.Operations/ns, "GFLOP/s")
			}
			if k.Events > 0 {
				b.ReportMetric(ns/k.Events, "ns/event")
			}
		})
	}
}

// BenchmarkGatherDensity gathers into 256 outputs at densities from 0.1 % on.
func BenchmarkGatherDensity(b *testing.B) {
	for _, density := range []float64{0.001, 0.01, 0.05, 0.2, 0.5, 1} {
		k := kernels.Gather(500, 700, 256, density, false)
		b.Run(fmt.Sprintf("%g%%", 100*density), func(b *testing.B) {
			b.SetBytes(int64(k.Bytes))
			for b.Loop() {
				k.Work()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/k.Events, "ns/event")
		})
	}
}
