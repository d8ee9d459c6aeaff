package rockpool_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/rockpool"
	"github.com/spikelane/spikelane/tensor"
)

// Rockpool's LIFTorch: its input goes through a synapse, and it may spike several times a step.
func Example() {
	g, err := forward.Sequential(tensor.Shape{1}, rockpool.LIFTorch{TauMem: 0.002, TauSyn: 0.001})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.New(8, 1, 1)
	for t := range x.Data {
		x.Data[t] = 1
	}
	out, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Dense().Data)
	// Output:
	// [0 0 0 1 0 0 1 0]
}
