package forward

import "runtime"

// Option changes how a model runs, never what it computes.
type Option func(*options)

type options struct {
	workers    int
	record     []string
	recordings *recordings
	block      int
	counters   *Counters
	limits     Limits
	// unchecked says that nobody looks for numbers that are not finite.
	unchecked bool
}

// Workers lets a run use n goroutines, which share the samples, or the outputs
// of large layers if there are too few samples. The default is 1: a server that
// runs many streams at once needs no more. More than four for each processor
// are as good as these: they would only take memory.
func Workers(n int) Option {
	return func(o *options) { o.workers = min(max(1, n), 4*runtime.GOMAXPROCS(0)) }
}

// Record makes runs return the outputs of these layers too, and variables of
// neurons, by their names <layer>.<variable>: what they remember, like lif1.v, or
// any other name of their equations, like lif1.v1, after every step.
func Record(names ...string) Option {
	return func(o *options) { o.record, o.recordings = append([]string(nil), names...), &recordings{} }
}

// BlockSteps sets how many steps a sample goes through a layer at once, for
// measurements; 0, the default, is as many as the second-level cache holds.
func BlockSteps(n int) Option { return func(o *options) { o.block = max(0, n) } }

// With returns the same model with other options; the weights are shared.
func (m *Model) With(opts ...Option) *Model {
	other := *m
	for _, o := range opts {
		o(&other.options)
	}
	other.padded = other.paddedRows()
	return &other
}
