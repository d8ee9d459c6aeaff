package simd_test

import (
	"fmt"

	"github.com/spikelane/spikelane/simd"
)

// A surrogate's derivative, and the spikes themselves, of distances from the
// threshold.
func Example() {
	x := []float32{-1, -0.1, 0, 0.1}
	d := make([]float32, len(x))
	simd.SuperSpikeDerivative(d, x, 10)
	spikes := make([]uint64, 1)
	simd.SpikeBits(spikes, x)
	fmt.Printf("%.3f %04b\n", d, spikes[0])
	// Output:
	// [0.091 0.500 1.000 0.500] 1100
}

// A product of spikes and weights: the rows of the inputs that spike, added in
// ascending order to a bias.
func ExamplePanels_Gather() {
	var p simd.Panels
	p.Resize(3, 2) // three inputs, two outputs
	p.SetRow(0, []float32{1, 2}, 1)
	p.SetRow(1, []float32{10, 20}, 1)
	p.SetRow(2, []float32{100, 200}, 1)
	y, bias := make([]float32, p.Stride()), make([]float32, p.Stride())
	p.Gather(y, p.Stride(), bias, 0, []int{0, 2}, []int32{0, 2}, nil, 0) // inputs 0 and 2 spike
	fmt.Println(y[:2])
	// Output:
	// [101 202]
}
