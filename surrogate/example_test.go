package surrogate_test

import (
	"fmt"

	"github.com/spikelane/spikelane/surrogate"
)

// A spike function: a step forward, and backward the derivative in its place.
func ExampleFunc() {
	f := surrogate.ATan(2)
	x := []float32{-0.5, 0, 0.5} // membrane less threshold
	d := make([]float32, len(x))
	f.Derivative(d, x)
	fmt.Printf("%v %.4f\n", f, d)
	// Output:
	// ATan(2) [0.2884 1.0000 0.2884]
}
