package forward_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A network of two layers of neurons, run over a sequence and step by step.
func Example() {
	g, err := forward.Sequential(tensor.Shape{700}, // shapes are inferred and checked here, once
		snn.Linear{Out: 256}, snn.LIF{Decay: 0.9},
		snn.Linear{Out: 20}, snn.LI{Decay: 0.9})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1) // an immutable model; g.Load takes weights of your own
	if err != nil {
		log.Fatal(err)
	}

	in := tensor.NewSpikes(100, 32, 700) // 100 steps of 32 samples
	in.Set(0, 7, 42)                     // sample 7, feature 42, at step 0
	out, err := m.Run(context.Background(), m.NewState(32), in)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Dense().Shape)

	stream := m.NewState(1) // what one live stream remembers
	y, err := m.Step(stream, tensor.NewSpikes(1, 1, 700))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Dense().Shape, stream.Steps())
	// Output:
	// [100 32 20]
	// [1 1 20] 1
}

// A recurrent layer: it reads the input and, through an edge that goes back
// and so has a delay of one step, its own neurons.
func ExampleNew() {
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{40}}},
		Layers: []forward.Node{
			{Name: "in", Layer: snn.Linear{Out: 64}, Sources: []forward.Source{forward.From("hidden")}, Inputs: []string{"x"}},
			{Name: "hidden", Layer: snn.LIF{Decay: 0.9}},
			{Name: "readout", Layer: snn.Linear{Out: 10}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.Layers(), g.Shape("readout"))
	// Output: [in hidden readout] [10]
}

// A cycle in which no edge has a delay has no first layer.
func ExampleNew_cycle() {
	_, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{4}}},
		Layers: []forward.Node{
			{Name: "a", Layer: snn.Linear{Out: 4}, Sources: []forward.Source{forward.After(0, "b")}, Inputs: []string{"x"}},
			{Name: "b", Layer: snn.LIF{}, Sources: []forward.Source{forward.From("a")}},
		},
	})
	fmt.Println(err)
	// Output: forward: bad graph: a cycle without delay: a -> b -> a
}
