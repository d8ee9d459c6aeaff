package train_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// A training is stopped after three steps and goes on from its checkpoint, to
// the bits that it would have come to without a stop.
func ExampleTrainer() {
	g, err := forward.Sequential(tensor.Shape{2}, snn.Linear{Out: 16}, snn.LIF{Decay: 0.8}, snn.Linear{Out: 2}, snn.LI{Decay: 0.9})
	check(err) // calls log.Fatal if there is one
	m, err := g.Init(1)
	check(err)
	config := train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 0.01}
	t, err := train.New(m, config)
	check(err)
	ctx, batch := context.Background(), earlyOrLate(16)
	for range 3 {
		stats, err := t.Step(ctx, batch)
		check(err)
		fmt.Printf("loss %.3f\n", stats.Loss)
	}

	saved, err := t.Checkpoint() // the bytes of a file
	check(err)
	resumed, err := train.Resume(m, config, saved)
	check(err)
	for _, t := range []*train.Trainer{t, resumed} {
		stats, err := t.Step(ctx, batch)
		check(err)
		fmt.Printf("step %d: loss %v\n", t.Steps(), stats.Loss)
	}
	// Output:
	//
}

// The loss of a readout of three classes over two steps, and its gradient:
// with ReductionMax, only the steps in which an output is greatest have one.
func ExampleCrossEntropy() {
	y := []float32{
		0, 1, 0.5,
		2, 0, 0.25,
	}
	loss := train.CrossEntropy{Reduction: train.ReductionMax}
	gradient := make([]float32, len(y))
	l, err := loss.Sample(y, gradient, 2, train.Target{Class: 0}, 1)
	if err != nil {
		log.Fatal(err)
	}
	scores := loss.Scores(y, 2)
	fmt.Printf("loss %.3f of the scores %v, whose best is class %d\n", l, scores, train.Best(scores))
	fmt.Printf("%6.3f\n%6.3f\n", gradient[:3], gradient[3:])
	// Output:
	//
}
