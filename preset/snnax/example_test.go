package snnax_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/snnax"
	"github.com/spikelane/spikelane/tensor"
)

// SNNAX' SimpleLIF: the gain of the input is 1-decay.
func Example() {
	g, err := forward.Sequential(tensor.Shape{1}, snnax.SimpleLIF{Decay: 0.5})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.New(8, 1, 1)
	for t := range x.Data {
		x.Data[t] = 1.5
	}
	out, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Dense().Data)
	// Output:
	// [0 1 0 1 0 1 0 1]
}
