package forward_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// A skip and a loop: the readout sees both layers, and the second layer hears
// itself two steps later.
func ExampleSpec() {
	g, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{8}}},
		Layers: []forward.Node{
			{Name: "a", Layer: snn.LIF{Decay: 0.9}},
			{Name: "b", Layer: snn.LIF{Decay: 0.5}, Join: forward.JoinSum,
				Sources: []forward.Source{forward.From("a"), forward.After(2, "b")}},
			{Name: "readout", Layer: snn.Linear{Out: 3}, Sources: []forward.Source{forward.From("a"), forward.From("b")}},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.Layers(), g.Shape("readout"))
	// Output:
	// [a b readout] [3]
}

// A graph is checked once, and says which layer is wrong.
func ExampleGraph() {
	g, err := forward.Sequential(tensor.Shape{2, 8, 8}, snn.Conv2d{Out: 4, Kernel: snn.Size{3, 3}}, snn.LIF{}, snn.Flatten{}, snn.Linear{Out: 10})
	if err != nil {
		log.Fatal(err)
	}
	for _, layer := range g.Layers() {
		fmt.Println(layer, g.Shape(layer), g.Variables(layer))
	}
	_, err = forward.Sequential(tensor.Shape{8}, snn.LIF{Decay: 1.5})
	fmt.Println(err)
	// Output:
	// conv2d1 [4 6 6] []
	// lif1 [4 6 6] [v]
	// flatten1 [144] []
	// linear1 [10] []
	// forward: layer 0 (LIF "lif1"): option out of range: decay[0] is 1.5, not from 0 to 1
}

// A live stream, a step at a time: no step allocates.
func ExampleModel_Step() {
	m := small()
	s := m.NewState(1)
	for t := range 3 {
		y, err := m.Step(s, tensor.Of([]float32{0.6}, 1, 1, 1))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(t, y.Dense().Data)
	}
	// Output:
	// 0 [0]
	// 1 [1]
	// 2 [0]
}

// Many streams of different age make a step together.
func ExampleModel_StepMany() {
	m := small()
	older, newer := m.NewState(1), m.NewState(1)
	if _, err := m.Step(older, tensor.Of([]float32{0.6}, 1, 1, 1)); err != nil {
		log.Fatal(err)
	}
	workspace := m.NewState(2)
	y, err := m.StepMany(workspace, []*forward.State{older, newer}, tensor.Of([]float32{0.6, 0.6}, 1, 2, 1))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Dense().Data, older.Steps(), newer.Steps())
	// Output:
	// [1 0] 2 1
}

// A state is saved, and goes on elsewhere with the same bits.
func ExampleState() {
	m := small()
	s := m.NewState(1)
	if _, err := m.Run(context.Background(), s, tensor.Of([]float32{0.6, 0.6}, 2, 1, 1)); err != nil {
		log.Fatal(err)
	}
	data, err := s.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	later, err := m.LoadState(data)
	if err != nil {
		log.Fatal(err)
	}
	v, err := later.Variable("lif1", "v")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d steps, v is %.3f\n", later.Steps(), v.Data)
	// Output:
	// 2 steps, v is [0.140]
}

// The gradient of a loss by the input, through a spike.
func ExampleTape() {
	m := small()
	tape, err := m.NewTape(forward.BackwardOptions{Inputs: true})
	if err != nil {
		log.Fatal(err)
	}
	x := []tensor.Signal{tensor.Of([]float32{0.6, 0.6}, 2, 1, 1)}
	err = tape.Run(context.Background(), forward.Samples{Inputs: x, Count: 1}, func(outputs []*tensor.Tensor) ([][]float32, error) {
		return [][]float32{{0, 1}}, nil // of the loss: the spike of the last step
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f\n", tape.InputGradients()[0])
	// Output:
	// [0.3000 0.4167]
}

// small is one neuron.
func small() *forward.Model {
	g, err := forward.Sequential(tensor.Shape{1}, snn.LIF{Decay: 0.9, Surrogate: surrogate.SuperSpike(10)})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	return m
}
