package snn_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A filter that finds where a row of spikes begins and where it ends.
func ExampleConv2d() {
	g, err := forward.Sequential(tensor.Shape{1, 2, 5}, // channels, height, width
		snn.Conv2d{Out: 1, Kernel: snn.Size{1, 2}, NoBias: true})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Load(map[string]*tensor.Tensor{"conv2d1.weight": tensor.Of([]float32{-1, 1}, 1, 1, 1, 2)})
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.SpikesOf(tensor.Of([]float32{
		0, 1, 1, 1, 0,
		0, 0, 0, 1, 1,
	}, 1, 1, 1, 2, 5)) // steps, samples, then the shape above
	y, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Dense().Shape)
	fmt.Println(y.Dense().Data[:4])
	fmt.Println(y.Dense().Data[4:])
	// Output:
	// [1 1 1 2 4]
	// [1 0 0 -1]
	// [0 0 1 0]
}
