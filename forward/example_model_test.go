package forward_test

import (
	"context"
	"fmt"
	"log"
	"sync"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// One model serves any number of goroutines; each has a state of its own.
func ExampleModel() {
	g, err := forward.Sequential(tensor.Shape{1}, snn.LIF{Decay: 0.9})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	spikes := make([]float32, 3)
	var streams sync.WaitGroup
	for i, current := range []float32{0.1, 0.3, 0.6} {
		streams.Go(func() {
			s := m.NewState(1)
			for range 20 {
				y, err := m.Step(s, tensor.Of([]float32{current}, 1, 1, 1))
				if err != nil {
					log.Fatal(err)
				}
				spikes[i] += y.Dense().Data[0]
			}
		})
	}
	streams.Wait()
	fmt.Println(spikes) // of each stream, in 20 steps
	// Output:
	// [0 5 10]
}

// A sequence may come in pieces of any length: the state goes on where the
// last run ended.
func ExampleModel_Run() {
	m := small() // one LIF neuron
	ctx := context.Background()
	whole, err := m.Run(ctx, m.NewState(1), tensor.Of([]float32{0.6, 0.6, 0.2, 0.9}, 4, 1, 1))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(whole.Dense().Data)

	s := m.NewState(1)
	for _, piece := range []*tensor.Tensor{
		tensor.Of([]float32{0.6}, 1, 1, 1),
		tensor.Of([]float32{0.6, 0.2, 0.9}, 3, 1, 1),
	} {
		y, err := m.Run(ctx, s, piece)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(y.Dense().Data, s.Steps())
	}
	// Output:
	// [0 1 0 1]
	// [0] 1
	// [1 0 1] 4
}
