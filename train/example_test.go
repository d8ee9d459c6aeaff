package train_test

import (
	"context"
	"fmt"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// A network learns which of two inputs spikes more often.
func Example() {
	g, err := forward.Sequential(tensor.Shape{2},
		snn.Linear{Out: 16}, snn.LIF{Decay: 0.8, Threshold: 0.5, Surrogate: surrogate.ATan(2)},
		snn.Linear{Out: 2}, snn.LI{Decay: 0.9})
	if err != nil {
		panic(err)
	}
	m, err := g.Init(1)
	if err != nil {
		panic(err)
	}
	t, err := train.New(m, train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 0.02})
	if err != nil {
		panic(err)
	}
	if err := t.Fit(context.Background(), more{}, train.Plan{Batch: 16, Epochs: 10}); err != nil {
		panic(err)
	}
	accuracy, _, err := train.Evaluate(context.Background(), t.Model(), train.CrossEntropy{Reduction: train.ReductionMean}, more{}, 32)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.0f %% right\n", 100*accuracy)
	// Output: 100 % right
}

// more is a source of 64 samples of ten steps: input i%2 spikes at every step,
// the other at every third.
type more struct{}

func (more) Len() int { return 64 }

func (more) Batch(places []int, _ int) (train.Batch, error) {
	x := tensor.NewSpikes(10, len(places), 2)
	b := train.Batch{Inputs: []tensor.Signal{x}}
	for k, p := range places {
		for step := range 10 {
			x.Set(step, k, p%2)
			if (step+p)%3 == 0 {
				x.Set(step, k, 1-p%2)
			}
		}
		b.Targets = append(b.Targets, train.Target{Class: p % 2})
	}
	return b, nil
}

// Only the readout of a network that was trained elsewhere goes on learning.
func ExampleConfig_fineTuning() {
	g, _ := forward.Sequential(tensor.Shape{2}, snn.Linear{Out: 4}, snn.LIF{}, snn.Linear{Out: 2}, snn.LI{})
	m, _ := g.Init(1) // or a model from a file
	t, err := train.New(m, train.Config{
		Loss:      train.CrossEntropy{},
		Optimizer: train.SGD{Momentum: 0.9},
		Trainable: func(name string) bool { return name == "linear2.weight" || name == "linear2.bias" },
	})
	fmt.Println(t.Trainable(), err)
	// Output: [linear2.bias linear2.weight] <nil>
}

// The lines of the package's documentation.
func ExampleNew() {
	g, _ := forward.Sequential(tensor.Shape{2}, snn.Linear{Out: 4}, snn.LIF{}, snn.Linear{Out: 2}, snn.LI{})
	model, _ := g.Init(1)
	b, _ := more{}.Batch([]int{0, 1, 2, 3}, 0)
	ctx, x, targets := context.Background(), b.Inputs[0], b.Targets

	t, err := train.New(model, train.Config{Loss: train.CrossEntropy{}, Optimizer: train.Adam{}, LearningRate: 1e-3})
	if err != nil {
		panic(err)
	}
	stats, err := t.Step(ctx, train.Batch{Inputs: []tensor.Signal{x}, Targets: targets})
	if err != nil {
		panic(err)
	}
	model = t.Model()
	fmt.Println(stats.Samples, model.Graph().Layers())
	// Output: 4 [linear1 lif1 linear2 li1]
}
