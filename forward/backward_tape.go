package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// BackwardOptions say how gradients go back through a network.
type BackwardOptions struct {
	// Trainable selects the parameters, by the names <layer>.<parameter>, whose
	// gradients are added up; nil selects all.
	Trainable func(name string) bool
	// Outputs names the layers whose outputs the loss sees; none stands for the
	// outputs of the graph.
	Outputs []string
	// Segment is how many steps go back at once. Longer sequences run twice:
	// first to the end, keeping the state at the start of every segment, then
	// segment by segment from the last. 0 goes back over all steps at once.
	Segment int
	// Truncate stops the gradient between segments: truncated backpropagation
	// through time.
	Truncate bool
	// BurnIn is how many steps run first, without gradient and without loss.
	BurnIn int
	// States, if not nil, is called before a segment goes back, with its last
	// step, and may add to the gradients of what is remembered after it, [samples,
	// features] of a variable: for losses that see membranes.
	States func(step int, add func(layer, variable string, gradient *tensor.Tensor) error) error
	// Inputs asks for the gradients of the inputs, too.
	Inputs bool
	// Dropout lets dropout layers work; Seed draws their masks.
	Dropout bool
	Seed    uint64
	// Unchecked leaves out to look for NaN and infinite numbers after the steps
	// forward; see [CheckFinite], which says the same of a model.
	Unchecked bool
}

func (o BackwardOptions) trains(name string) bool { return o.Trainable == nil || o.Trainable(name) }

// Tape is the memory of one worker that runs samples through a network and
// back. It is not safe for concurrent use; any number of tapes may share a
// model.
type Tape struct {
	m       *Model
	options BackwardOptions
	work    *workspace
	rec     *recording
	back    *backwardPass

	stop    <-chan struct{} // closed when the Run is to stop
	checked []tensor.Signal // the last batch
	samples int
	state   *State
	starts  []*State         // of every segment
	outputs []*tensor.Tensor // what the loss sees

	sent  []layerCounter // by every node
	steps int64          // of how many steps and samples
}

// NewTape prepares to go back. An error names a layer that has no gradient and
// would need one.
func (m *Model) NewTape(o BackwardOptions) (*Tape, error) {
	var outputs []int
	for _, name := range o.Outputs {
		i := m.graph.find(name)
		if i < 0 {
			return nil, fmt.Errorf("forward: %w: there is no layer %q for the loss to see", ErrGraph, name)
		}
		outputs = append(outputs, i)
	}
	if len(outputs) == 0 {
		outputs = m.graph.outputs
	}
	if o.Segment < 0 || o.BurnIn < 0 {
		return nil, fmt.Errorf("forward: %w: a segment of %d steps after %d", snn.ErrOption, o.Segment, o.BurnIn)
	}
	t := &Tape{m: m, options: o, work: &workspace{}, sent: make([]layerCounter, len(m.graph.nodes))}
	t.rec = newRecording(m, &t.options)
	t.back = newBackwardPass(m.graph, o, outputs, &t.work.scratch)
	for range outputs {
		t.outputs = append(t.outputs, &tensor.Tensor{})
	}
	if err := t.Use(m); err != nil {
		return nil, err
	}
	for i, op := range t.rec.traced {
		if op != nil && t.back.trainable[i] {
			t.back.sums[i] = make([]float32, op.ParamGradSize()+m.graph.nodes[i].initials())
		}
	}
	return t, nil
}

// Use goes on with another model of the same graph: with other weights.
func (t *Tape) Use(m *Model) error {
	if m.graph.fingerprint != t.m.graph.fingerprint {
		return fmt.Errorf("forward: %w: the tape belongs to another graph", ErrGraph)
	}
	for i := range m.graph.nodes {
		if !t.back.active[i] || t.back.views[i] {
			continue
		}
		op, ok := m.ops[i].(snn.Differentiable)
		if !ok {
			return m.graph.errorAt(i, fmt.Errorf("%w: it has no gradient, and one has to pass it", snn.ErrBackward))
		}
		t.rec.traced[i] = op
	}
	t.m, t.rec.model = m, m
	return nil
}

// tapeFloats is how many numbers the traces of the samples of one Run should
// have at the most: they then stay in a third-level cache.
const tapeFloats = 1 << 20

// PreferredBatch is how many samples of so many steps a Run had best take at
// once: from 1 to 8. It changes no bit: sums go over samples ascending.
func (t *Tape) PreferredBatch(steps int) int {
	if t.options.Segment > 0 && t.options.Segment < steps-t.options.BurnIn {
		return 1 // sums go over all steps of a sample before the next
	}
	floats := 0
	for i, n := range t.m.graph.nodes {
		if op := t.rec.traced[i]; op != nil {
			floats += 2*n.plan.Out.Size() + n.in.Size()
			for _, row := range op.SavedSizes() {
				floats += row
			}
		}
	}
	return min(max(tapeFloats/max(1, floats*steps), 1), 8)
}

// Spikes counts, for every layer of neurons that fire, the spikes since the last
// call, and of how many neurons and steps: several at once, or graded ones, as
// what they are worth.
func (t *Tape) Spikes(count func(layer string, spikes, of int64)) {
	for i := range t.sent {
		if l := &t.sent[i]; l.fired != nil {
			count(l.Layer, l.whole(), t.steps*int64(l.Neurons))
		}
		t.sent[i] = layerCounter{}
	}
	t.steps = 0
}

// InputGradients are the gradients of the inputs of the samples of the last
// Run, [T, samples, features] each, if the options ask for them. They are valid
// until the next Run.
func (t *Tape) InputGradients() [][]float32 { return t.back.inputs }
