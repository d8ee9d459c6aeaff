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
	check(err) // log.Fatal, if there is one
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
		fmt.Printf("step %d: loss %.9f\n", t.Steps(), stats.Loss)
	}
	// Output:
	// loss 1.078
	// loss 0.864
	// loss 0.772
	// step 4: loss 0.722059261
	// step 4: loss 0.722059261
}

// The loss of a readout of three classes over two steps, and its gradient. With
// ReductionMax it goes to the step in which an output is greatest.
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
	// loss 0.464 of the scores [2 1 0.5], whose best is class 0
	// [ 0.000  0.231  0.140]
	// [-0.371  0.000  0.000]
}
