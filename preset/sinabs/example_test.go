package sinabs_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/sinabs"
	"github.com/spikelane/spikelane/tensor"
)

// sinabs' IAF sends as many spikes as its membrane has thresholds.
func Example() {
	g, err := forward.Sequential(tensor.Shape{1}, sinabs.IAF{})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.New(8, 1, 1)
	for t := range x.Data {
		x.Data[t] = 1.25
	}
	out, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Dense().Data)
	// Output:
	// [1 1 1 2 1 1 1 2]
}
