package lava_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/lava"
	"github.com/spikelane/spikelane/tensor"
)

// Lava-DL's CUBA neuron: both decays are what is lost in a step.
func Example() {
	g, err := forward.Sequential(tensor.Shape{1}, lava.CUBA{CurrentDecay: 0.5, VoltageDecay: 0.25})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.New(8, 1, 1)
	for t := range x.Data {
		x.Data[t] = 0.4
	}
	out, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Dense().Data)
	// Output:
	// [0 0 1 0 1 0 1 0]
}
