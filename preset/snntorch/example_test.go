package snntorch_test

import (
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// snnTorch's neurons by their names, arguments and defaults: the reset comes a
// step after the spike, and a threshold that is just reached is not passed.
func Example() {
	g, err := forward.Sequential(tensor.Shape{1}, snntorch.Leaky{Beta: 0.5}, snn.Linear{Out: 2}, snntorch.Leaky{Reset: "none"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.Layers())
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	state := m.NewState(1)
	for _, x := range []float32{0.75, 0.75, 0.75} {
		if _, err := m.Step(state, tensor.Of([]float32{x}, 1, 1, 1)); err != nil {
			log.Fatal(err)
		}
		mem, err := state.Variable("snntorch.leaky1", "v")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(mem.Data)
	}
	// Output:
	// [snntorch.leaky1 linear1 snntorch.leaky2]
	// [0.75]
	// [1.125]
	// [0.3125]
}
