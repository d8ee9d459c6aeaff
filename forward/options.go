package forward

// Option changes how a model runs, never what it computes.
type Option func(*options)

type options struct {
	workers  int
	record   []string
	block    int
	counters *Counters
}

// Workers lets a run use n goroutines, which share the samples, or the outputs
// of large layers if there are too few samples. The default is 1: a server that
// runs many streams at once needs no more.
func Workers(n int) Option { return func(o *options) { o.workers = max(1, n) } }

// Record makes runs return the outputs of these layers too.
func Record(layers ...string) Option {
	return func(o *options) { o.record = append([]string(nil), layers...) }
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
	return &other
}
