package jaxpike_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/jaxpike"
	"github.com/spikelane/spikelane/tensor"
)

// jaxpike's LIF learns the logarithm of its time constant.
func Example() {
	g, err := forward.Sequential(tensor.Shape{1}, jaxpike.LIF{LogTau: 0.7, Reset: "zero"})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.New(8, 1, 1)
	for t := range x.Data {
		x.Data[t] = 2
	}
	out, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Dense().Data)
	// Output:
	// [0 1 0 1 0 1 0 1]
}
