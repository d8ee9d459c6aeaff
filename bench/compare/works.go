package main

import (
	"fmt"

	"github.com/spikelane/spikelane/bench/kernels"
	"github.com/spikelane/spikelane/bench/work"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// comparison is work that we and others do.
type comparison struct {
	name     string
	workload string // in bench/peers
	only     string // of the cells, a regular expression on their work, mode and size
	skip     string
	threads  int
	goal     float64 // times the fastest alternative
	unit     string  // ms or us
	prepare  func() (*work.Work, error)
	input    func() *tensor.Tensor // that the others get, too: they must fire as often
}

// sameOthers reports whether the others do the same for both.
func (c comparison) sameOthers(d comparison) bool {
	return c.workload == d.workload && c.only == d.only && c.skip == d.skip && c.threads == d.threads
}

// slow are modes that have never been the fastest of their framework: they are
// left out unless all are asked for.
const slow = `unroll10|unroll8|loop-autograd|compile-autograd|-c100|remat|checkpointed|batch-first|W[35] (user-loop|hoisted|loop|python loop.*) \{`

// scripts are those that do some work; what is not here, all of --frameworks do.
var scripts = map[string][]string{"W1": {"torch_ideal", "jax_ideal", "numpy_bench"}, "W8": {"equations_bench"}}

// comparisons are all of them, for so many threads.
func comparisons(threads int) []comparison {
	var list []comparison
	infer := func(name string, batch int, density, goal float64, th int) {
		list = append(list, comparison{
			name:     fmt.Sprintf("inference, batch %d, %s", batch, name),
			workload: "W3", only: fmt.Sprintf(`"B": %d}`, batch), threads: th, goal: goal, unit: "ms",
			prepare: func() (*work.Work, error) {
				return work.Infer(work.Sizes, work.Steps, batch, density, th)
			},
		})
	}
	// The frameworks multiply zeros, too: their time is that of 5 %.
	infer("5 % of inputs", 256, work.Rate, 8, threads)
	infer("20 % of inputs", 256, 0.2, 3, threads)
	infer("dense numbers", 256, 1, 1.3, threads)
	infer("5 % of inputs", 256, work.Rate, 8, 1)
	infer("5 % of inputs", 32, work.Rate, 8, threads)
	infer("5 % of inputs", 1, work.Rate, 4, threads)
	list = append(list, comparison{
		name: "streaming step", workload: "W4", only: "step", skip: "async", threads: threads, goal: 40, unit: "us", prepare: work.Stream,
	})
	for _, batch := range []int{256, 32} {
		list = append(list, comparison{
			name:     fmt.Sprintf("training step, batch %d", batch),
			workload: "W5", only: fmt.Sprintf(`"B": %d}`, batch), threads: threads, goal: 4, unit: "ms",
			prepare: func() (*work.Work, error) { return work.Train(batch, threads) },
		})
	}
	list = append(list,
		comparison{
			name: "neurons alone, forward", workload: "W2", only: `fwd (?!\+)|W2 fwd[^+]`, skip: `fwd\+bwd`, threads: threads, goal: 3, unit: "ms",
			prepare: func() (*work.Work, error) { return work.Neurons(threads) },
		},
		comparison{
			name: "neurons alone, forward and backward", workload: "W2", only: `fwd\+bwd`, threads: threads, goal: 3, unit: "ms",
			prepare: func() (*work.Work, error) { return work.NeuronsBack(threads) },
		},
		comparison{
			name: "text neurons, forward", workload: "W8", only: "W8 fwd ", threads: threads, goal: 1.5, unit: "ms",
			prepare: func() (*work.Work, error) { return work.Text(threads) }, input: work.Currents,
		},
		comparison{
			name: "text neurons, forward and backward", workload: "W8", only: `W8 fwd\+bwd `, threads: threads, goal: 1.5, unit: "ms",
			prepare: func() (*work.Work, error) { return work.TextBack(threads) }, input: work.Currents,
		})
	for _, w := range []struct {
		n    int
		goal float64
	}{{512, 6}, {2048, 3.5}, {4096, 5}} {
		size := fmt.Sprintf(`"N": %d,`, w.n)
		list = append(list,
			comparison{
				name: fmt.Sprintf("Linear and LIF, N = %d, forward", w.n), workload: "W6", only: `W6 fwd .*` + size, skip: `fwd\+bwd`, threads: threads, goal: w.goal, unit: "ms",
				prepare: func() (*work.Work, error) { return work.Wide(w.n, threads) },
			},
			comparison{
				name: fmt.Sprintf("Linear and LIF, N = %d, forward and backward", w.n), workload: "W6", only: `W6 fwd\+bwd.*` + size, threads: threads, goal: 2, unit: "ms",
				prepare: func() (*work.Work, error) { return work.WideBack(w.n, threads) },
			})
	}
	list = append(list, comparison{
		name: "convolutional network on event frames", workload: "W7", threads: threads, goal: 5, unit: "ms",
		prepare: func() (*work.Work, error) { return work.Frames(threads) },
	})
	for _, n := range []int{16384, 4194304} {
		for _, f := range []struct {
			name string
			call func(dst, g, x []float32)
		}{
			{"superspike", func(dst, g, x []float32) { surrogate.SuperSpike(10).Backward(dst, g, x) }},
			{"sigmoid", func(dst, g, x []float32) { surrogate.Sigmoid(1).Backward(dst, g, x) }},
		} {
			list = append(list, comparison{
				name: fmt.Sprintf("%s backward, %d numbers", f.name, n), workload: "W1",
				only: fmt.Sprintf(`"n": %d, "kind": "%s"`, n, f.name), threads: 1, unit: "us",
				prepare: func() (*work.Work, error) {
					dst, g, x := make([]float32, n), kernels.Ordinary(n), kernels.Ordinary(n)
					return &work.Work{Per: 1, Run: func() error { f.call(dst, g, x); return nil }}, nil
				},
			})
		}
	}
	return list
}
