package encode_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

// A picture in MNIST's format becomes a current, the input of a network.
func Example() {
	file := []byte{
		0, 0, 8, 3, // bytes, in three dimensions:
		0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, // one picture of 2 x 2
		0, 51, 102, 255,
	}
	pictures, err := encode.ReadIDXImages(bytes.NewReader(file)) // in a program, of a file
	if err != nil {
		log.Fatal(err)
	}
	x := encode.ConstantCurrent(pictures, []int{0}, 3) // picture 0, for 3 steps
	fmt.Println(x.Shape, x.Data[:4])
	// Output:
	// [3 1 4] [0 0.2 0.4 1]
}

// The greater a number, the earlier its spike.
func ExampleLatency() {
	x := tensor.Of([]float32{0, 0.25, 0.5, 1}, 1, 4) // one sample
	s, err := encode.Latency(x, 5, 0.01)
	if err != nil {
		log.Fatal(err)
	}
	for t := range s.T {
		fmt.Println(t, s.Dense().Data[4*t:4*t+4])
	}
	// Output:
	// 0 [0 0 0 1]
	// 1 [0 0 0 0]
	// 2 [0 0 1 0]
	// 3 [0 1 0 0]
	// 4 [0 0 0 0]
}

// A number is how probable a spike is in a step. One seed draws the same
// spikes everywhere, at once or in chunks.
func ExampleRate() {
	x := tensor.Of([]float32{0, 0.1, 0.9, 1}, 1, 4)
	s, err := encode.Rate(x, 1000, 0, 42, nil)
	if err != nil {
		log.Fatal(err)
	}
	counts := make([]int, 4)
	for t := range s.T {
		for i := range counts {
			if s.At(t, 0, i) {
				counts[i]++
			}
		}
	}
	fmt.Println(counts)

	chunk, err := encode.Rate(x, 10, 500, 42, nil) // steps 500 to 509 alone
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(chunk.At(3, 0, 1) == s.At(503, 0, 1), chunk.At(3, 0, 2) == s.At(503, 0, 2))
	// Output:
	// [0 106 882 1000]
	// true true
}
