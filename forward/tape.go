package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Learning says how a network is walked back.
type Learning struct {
	// Learns selects the parameters, by the names <layer>.<parameter>, whose
	// gradients are added up; nil selects all.
	Learns func(name string) bool
	// Watch names the layers whose outputs the loss sees; none stands for the
	// outputs of the graph.
	Watch []string
	// Segment is how many steps are walked back at once. Longer sequences run
	// twice: first to the end, keeping the state at the start of every segment,
	// then segment by segment from the last. 0 walks back all steps at once.
	Segment int
	// Truncate stops the gradient between segments: truncated backpropagation
	// through time.
	Truncate bool
	// Burn is how many steps run first, without gradient and without loss.
	Burn int
	// States, if not nil, is called before a segment is walked back, with its
	// last step, and may add to the gradients of the states after it, the memory
	// of [Tape.StateGradient]: for losses that see membranes.
	States func(step int, gradient func(layer string) []float32)
	// Inputs asks for the gradients of the inputs, too.
	Inputs bool
	// Seed draws the masks of dropout layers; without Drop there are none.
	Drop bool
	Seed uint64
}

// Tape is the memory of one worker that runs samples through a network and
// walks back. It is not safe for concurrent use; any number of tapes may share
// a model.
type Tape struct {
	m     *Model
	learn Learning
	watch []int
	work  *workspace
	ops   []snn.Differentiable
	walk  walk
	draw  uint32
	first int // sample of the batch

	spikes []int64 // of every node
	steps  int64   // of how many steps and samples

	// Of the samples at work:
	samples int
	state   *State
	starts  []*State // of every segment
	traces  [][][]float32
	tracing bool
	watched []*tensor.Tensor // what the loss sees
	losses  [][]float32      // the gradients of the outputs that it gave
	inputs  [][]float32      // the gradients of the inputs
	sums    [][]float32      // of every node
	own     [][]float32      // of every node and sample
	carried [][]float32
}

// NewTape prepares to walk back. An error names a layer that has no way back
// and would need one.
func (m *Model) NewTape(learn Learning) (*Tape, error) {
	m, err := m.dropping(learn)
	if err != nil {
		return nil, err
	}
	t := &Tape{m: m, learn: learn, work: &workspace{}}
	for _, name := range learn.Watch {
		i := m.graph.find(name)
		if i < 0 {
			return nil, fmt.Errorf("forward: %w: there is no layer %q to watch", ErrGraph, name)
		}
		t.watch = append(t.watch, i)
	}
	if len(t.watch) == 0 {
		t.watch = m.graph.outputs
	}
	if learn.Segment < 0 || learn.Burn < 0 {
		return nil, fmt.Errorf("forward: %w: a segment of %d steps after %d", snn.ErrOption, learn.Segment, learn.Burn)
	}
	t.walk = m.graph.walk(learn, t.watch)
	n := len(m.graph.nodes)
	t.ops, t.sums, t.own = make([]snn.Differentiable, n), make([][]float32, n), make([][]float32, n)
	t.traces, t.carried, t.spikes = make([][][]float32, n), make([][]float32, n), make([]int64, n)
	if err := t.use(m); err != nil {
		return nil, err
	}
	for i, op := range t.ops {
		if op != nil && t.walk.learns[i] {
			t.sums[i] = make([]float32, op.Sums()+m.graph.nodes[i].initials())
		}
	}
	return t, nil
}

// Use goes on with another model of the same graph: with other weights.
func (t *Tape) Use(m *Model) error {
	if m.graph.fingerprint != t.m.graph.fingerprint {
		return fmt.Errorf("forward: %w: the tape belongs to another graph", ErrGraph)
	}
	m, err := m.dropping(t.learn)
	if err != nil {
		return err
	}
	return t.use(m)
}

// use takes over the layers of a model.
func (t *Tape) use(m *Model) error {
	for i := range m.graph.nodes {
		if !t.walk.active[i] || m.graph.nodes[i].plan.Reshape {
			continue
		}
		op, ok := m.ops[i].(snn.Differentiable)
		if !ok {
			return m.graph.errorAt(i, fmt.Errorf("%w: it has no way back", snn.ErrBackward))
		}
		t.ops[i] = op
	}
	t.m = m
	return nil
}

// tapeFloats is how many numbers the traces of the samples of one Run should
// have at the most: they then stay in a third-level cache.
const tapeFloats = 1 << 20

// Samples is how many samples of so many steps a Run had best take at once:
// from 1 to 8. It changes no bit: sums go over samples ascending.
func (t *Tape) Samples(steps int) int {
	if t.learn.Segment > 0 && t.learn.Segment < steps-t.learn.Burn {
		return 1 // sums go over all steps of a sample before the next
	}
	floats := 0
	for i, n := range t.m.graph.nodes {
		if t.ops[i] != nil {
			floats += (2+t.ops[i].Traces())*n.plan.Out.Size() + n.in.Size()
		}
	}
	return min(max(tapeFloats/max(1, floats*steps), 1), 8)
}

// Exchange gives the tape other memory for its sums, or new if sums is nil, and
// returns its own.
func (t *Tape) Exchange(sums [][]float32) [][]float32 {
	own := t.sums
	if sums == nil {
		for _, s := range own {
			if s != nil {
				s = make([]float32, len(s))
			}
			sums = append(sums, s)
		}
	}
	t.sums = sums
	return own
}

// Spikes counts, for every layer that sends spikes, those since the last call,
// and of how many neurons and steps.
func (t *Tape) Spikes(count func(layer string, spikes, of int64)) {
	for i, n := range t.m.graph.nodes {
		if t.work.nodes != nil && t.work.kinds.writes[i] == tensor.KindSpikes && !n.plan.Reshape {
			count(n.name, t.spikes[i], t.steps*int64(n.plan.Out.Size()))
		}
		t.spikes[i] = 0
	}
	t.steps = 0
}

// Reset forgets the sums of gradients.
func (t *Tape) Reset() {
	for _, s := range t.sums {
		clear(s)
	}
}

// Sums are the sums of gradients so far, of every layer, in its own layout: a
// trainer adds those of several tapes. They are the tape's memory.
func (t *Tape) Sums() [][]float32 { return t.sums }

// Gradients are sums of gradients by the names <layer>.<parameter>, in the
// shapes of the parameters: of those that learn.
func (t *Tape) Gradients(sums [][]float32) map[string]*tensor.Tensor {
	grads := map[string]*tensor.Tensor{}
	for i, n := range t.m.graph.nodes {
		if t.ops[i] == nil || sums[i] == nil {
			continue
		}
		for param, g := range t.ops[i].Gradients(sums[i]) {
			name := n.name + "." + param
			if w, ok := t.m.params[name]; ok && t.learn.selects(name) {
				grads[name] = tensor.Of(g.Data, w.Shape...)
				if param == n.initial {
					n.addInitials(g.Data, sums[i][t.ops[i].Sums():])
				}
			}
		}
	}
	return grads
}

func (l Learning) selects(name string) bool { return l.Learns == nil || l.Learns(name) }

// InputGradients are the gradients of the inputs of the samples of the last
// Run, [T, samples, features] each, if Learning asks for them. They are valid
// until the next Run.
func (t *Tape) InputGradients() [][]float32 { return t.inputs }

// StateGradient is the gradient of a layer's state before the first step of the
// last Run, sample after sample: for neurons, of the variables that a gradient
// reaches, in the order of [simd.Neuron.Gradients].
func (t *Tape) StateGradient(layer string) []float32 {
	if i := t.m.graph.find(layer); i >= 0 {
		return t.carried[i]
	}
	return nil
}
