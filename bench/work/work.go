package work

import (
	"context"
	"fmt"
	"math/bits"
	"sync"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// Work is something to be timed, made ready.
type Work struct {
	Run func() error
	Per int // what the time is divided by: steps of a stream
	// Synapses is how many synaptic operations a run takes, where that says
	// something, and Neurons how many neurons it advances by a step.
	Synapses, Neurons float64
	Spikes            int // that a run fires, where neurons are alone
}

// Sizes are those of the multi-layer network, its inputs first.
var Sizes = []int{700, 256, 256, 20}

// Steps is the length of most sequences.
const Steps = 100

// network is the multi-layer network, calibrated on eight samples of its input.
func network(density float64, sizes []int) (*forward.Model, error) {
	in := tensor.Shape{sizes[0]}
	return Calibrated(in, MLP(sizes[1:]...), input(Steps, 8, in, density))
}

// input is spikes, or at density 1 numbers, none of which is zero.
func input(steps, batch int, features tensor.Shape, density float64) tensor.Signal {
	if density < 1 {
		return Spikes(steps, batch, features, density, 3)
	}
	return Normal(1, 3, append(tensor.Shape{steps, batch}, features...)...)
}

// Infer runs a batch through the multi-layer network and counts the spikes of
// the outputs.
func Infer(sizes []int, steps, batch int, density float64, workers int) (*Work, error) {
	m, err := network(density, sizes)
	if err != nil {
		return nil, err
	}
	return inference(m, input(steps, batch, tensor.Shape{sizes[0]}, density), workers)
}

// inference runs whole sequences.
func inference(m *forward.Model, x tensor.Signal, workers int) (*Work, error) {
	_, batch, _ := x.Dims()
	m = m.With(forward.Workers(workers))
	run := func(m *forward.Model) error {
		out, err := m.Run(context.Background(), m.NewState(batch), x)
		if err != nil {
			return err
		}
		counts(out.Signal)
		return nil
	}
	var c forward.Counters
	if err := run(m.With(forward.Count(&c))); err != nil {
		return nil, err
	}
	w := &Work{Run: func() error { return run(m) }, Per: 1}
	for _, l := range c.Layers() {
		w.Synapses += float64(l.Operations)
	}
	w.Neurons = neurons(m, x)
	return w, nil
}

// neurons is how many neurons a run advances by a step.
func neurons(m *forward.Model, x tensor.Signal) float64 {
	steps, batch, _ := x.Dims()
	n, params := 0.0, m.Params()
	for _, name := range m.Graph().Layers() {
		if params[name+".decay"] != nil {
			n += float64(steps * batch * m.Graph().Shape(name).Size())
		}
	}
	return n
}

// counts adds up the spikes of every output over time.
func counts(y tensor.Signal) []int {
	s := y.(*tensor.Spikes)
	n := s.Features.Size()
	total := make([]int, s.B*n)
	for t := range s.T {
		for b := range s.B {
			for k, w := range s.Row(t, b) {
				for ; w != 0; w &= w - 1 {
					total[b*n+k<<6+bits.TrailingZeros64(w)]++
				}
			}
		}
	}
	return total
}

// Stream steps one sample through the multi-layer network, 1000 times a run.
func Stream() (*Work, error) {
	const steps = 1000
	m, err := network(Rate, Sizes)
	if err != nil {
		return nil, err
	}
	x := Spikes(steps, 1, tensor.Shape{Sizes[0]}, Rate, 4)
	s, words := m.NewState(1), tensor.Words(Sizes[0])
	one := &tensor.Spikes{T: 1, B: 1, Features: x.Features}
	run := func() error {
		for t := range steps {
			one.Bits = x.Bits[t*words : (t+1)*words]
			if _, err := m.Step(s, one); err != nil {
				return err
			}
		}
		return nil
	}
	return &Work{Run: run, Per: steps}, run()
}

// Train computes the loss and the gradients of all weights: the cross-entropy
// of the spikes of the outputs, summed over time.
func Train(batch, workers int) (*Work, error) {
	m, err := network(Rate, Sizes)
	if err != nil {
		return nil, err
	}
	return Training(m, Spikes(Steps, batch, tensor.Shape{Sizes[0]}, Rate, 3), workers)
}

// Training computes the same of any network.
func Training(m *forward.Model, x tensor.Signal, workers int) (*Work, error) {
	_, batch, _ := x.Dims()
	t, err := train.New(m, train.Config{
		Loss: train.CrossEntropy{}, Workers: workers,
		Trainable: func(name string) bool { return len(m.Params()[name].Shape) > 1 },
	})
	if err != nil {
		return nil, err
	}
	classes := m.Graph().Shape(m.Graph().Outputs()[0]).Size()
	b := train.Batch{Inputs: []tensor.Signal{x}, Targets: make([]train.Target, batch)}
	for i := range b.Targets {
		b.Targets[i].Class = i % classes
	}
	run := func() error {
		_, _, err := t.Gradients(context.Background(), b)
		return err
	}
	return &Work{Run: run, Per: 1, Neurons: neurons(m, x)}, run()
}

// walkBack runs the samples forward and back, shared among tapes: to the
// gradients of the weights, or of the inputs. The gradient of the outputs is
// given, or all ones.
func walkBack(m *forward.Model, x tensor.Signal, gradient *tensor.Tensor, workers int, inputs bool) (*Work, error) {
	steps, batch, features := x.Dims()
	learn := forward.BackwardOptions{
		Inputs:    inputs,
		Trainable: func(name string) bool { return !inputs && len(m.Params()[name].Shape) > 1 },
	}
	var tapes []*forward.Tape
	for range workers {
		t, err := m.NewTape(learn)
		if err != nil {
			return nil, err
		}
		tapes = append(tapes, t)
	}
	size := m.Graph().Shape(m.Graph().Outputs()[0]).Size()
	some := max(1, min(tapes[0].PreferredBatch(steps), batch/workers))
	var result []float32
	if inputs {
		result = make([]float32, steps*batch*features.Size())
	}
	one := func(w, from, to int) error {
		g := make([]float32, steps*some*size)
		for i := range g {
			g[i] = 1
		}
		for first := from; first < to; first += some {
			n := min(some, to-first)
			err := tapes[w].Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{x}, First: first, Count: n}, func([]*tensor.Tensor) ([][]float32, error) {
				if gradient != nil {
					for t := range steps {
						copy(g[t*n*size:(t+1)*n*size], gradient.Data[(t*batch+first)*size:])
					}
				}
				return [][]float32{g[:steps*n*size]}, nil
			})
			if err != nil {
				return err
			}
			if inputs {
				row := n * features.Size()
				for t := range steps {
					copy(result[(t*batch+first)*features.Size():], tapes[w].InputGradients()[0][t*row:(t+1)*row])
				}
			}
		}
		return nil
	}
	run := func() error {
		errs := make([]error, workers)
		var group sync.WaitGroup
		for w := range workers {
			tapes[w].Reset()
			group.Go(func() { errs[w] = one(w, w*batch/workers, (w+1)*batch/workers) })
		}
		group.Wait()
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		if inputs {
			return nil
		}
		sums := tapes[0].Accumulators()
		for _, t := range tapes[1:] {
			for i, s := range t.Accumulators() {
				simd.Add(sums[i], sums[i], s)
			}
		}
		if len(tapes[0].Gradients(sums)) == 0 {
			return fmt.Errorf("work: no gradients")
		}
		return nil
	}
	return &Work{Run: run, Per: 1, Neurons: neurons(m, x)}, run()
}

// WideSteps and WideBatch are those of open-neuromorphic.org's shape: one
// Linear of n neurons to n.
const (
	WideSteps = 500
	WideBatch = 16
)

func wide(n int) (*forward.Model, *tensor.Spikes, error) {
	in := tensor.Shape{n}
	x := Spikes(WideSteps, WideBatch, in, Rate, 4)
	m, err := Calibrated(in, MLP(n), Spikes(Steps, 2, in, Rate, 3))
	return m, x, err
}

// Wide runs it.
func Wide(n, workers int) (*Work, error) {
	m, x, err := wide(n)
	if err != nil {
		return nil, err
	}
	return inference(m, x, workers)
}

// WideBack runs it and computes the gradients of its weights.
func WideBack(n, workers int) (*Work, error) {
	m, x, err := wide(n)
	if err != nil {
		return nil, err
	}
	return walkBack(m, x, nil, workers, false)
}

// Frames runs the convolutional network on event frames.
func Frames(workers int) (*Work, error) {
	const batch = 16
	x := Spikes(Steps, batch, ConvolutionalInput, 0.02, 17)
	m, err := Calibrated(ConvolutionalInput, Convolutional(), x)
	if err != nil {
		return nil, err
	}
	return inference(m, x, workers)
}
