package snn_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A neuron that is given a constant current, and leaks: it spikes when its
// membrane has reached the threshold, which the spike takes from it.
func ExampleLIF() {
	show(snn.LIF{Decay: 0.5, Threshold: 1}, "lif1.v", 0.75, 0.75, 0.75, 0.75)
	// Output:
	// x 0.75: spike 0, v 0.75
	// x 0.75: spike 1, v 0.125
	// x 0.75: spike 0, v 0.8125
	// x 0.75: spike 1, v 0.15625
}

// The same neuron as text, whose membrane is kept from below.
func ExampleEquations() {
	show(snn.Equations{
		Text: `v1 = max(decay*v + x, lowest)
		       spike = fires(v1, 1)
		       v = v1 - spike`,
		Params: map[string]snn.Parameter{"decay": {Default: 0.5, Min: snn.Zero, Max: 1}, "lowest": {Default: -1}},
	}, "equations1.v", 0.75, 0.75, -3, 0.5)
	// Output:
	// x 0.75: spike 0, v 0.75
	// x 0.75: spike 1, v 0.125
	// x -3: spike 0, v -1
	// x 0.5: spike 0, v 0
}

// show runs one neuron.
func show(l snn.Layer, variable string, current ...float32) {
	g, err := forward.Sequential(tensor.Shape{1}, l)
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	out, err := m.With(forward.Record(variable)).Run(context.Background(), m.NewState(1), tensor.Of(current, len(current), 1, 1))
	if err != nil {
		log.Fatal(err)
	}
	spikes, v := out.Dense().Data, out.Layer(variable).Dense().Data
	for t, x := range current {
		fmt.Printf("x %v: spike %v, v %v\n", x, spikes[t], v[t])
	}
}

// Weights are loaded by name, [out, in].
func ExampleLinear() {
	g, err := forward.Sequential(tensor.Shape{3}, snn.Linear{Out: 2})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Load(map[string]*tensor.Tensor{
		"linear1.weight": tensor.Of([]float32{1, 2, 3, 10, 20, 30}, 2, 3),
		"linear1.bias":   tensor.Of([]float32{0.5, 0}, 2),
	})
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.NewSpikes(1, 1, 3)
	x.Set(0, 0, 0)
	x.Set(0, 0, 2) // inputs 0 and 2 spike
	out, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Dense().Data)
	// Output:
	// [4.5 40]
}
