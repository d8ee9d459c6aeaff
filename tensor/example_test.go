package tensor_test

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// One signal, of two steps of one sample with three features, as each of the
// three kinds. A layer makes the same of all of them.
func Example() {
	dense := tensor.Of([]float32{0, 1, 0, 1, 0, 1}, 2, 1, 3)
	spikes := tensor.SpikesOf(dense)
	events := &tensor.Events{T: 2, B: 1, Features: tensor.Shape{3},
		Rows:  []int{0, 1, 3},     // step 0 has one event, step 1 has two
		Index: []int32{1, 0, 2},   // their features
		Value: []float32{1, 1, 1}} // and what they are worth
	for _, x := range []tensor.Signal{dense, spikes, events} {
		steps, batch, features := x.Dims()
		fmt.Println(steps, batch, features, x.Dense().Data, x.Check())
	}
	// Output:
	// 2 1 [3] [0 1 0 1 0 1] <nil>
	// 2 1 [3] [0 1 0 1 0 1] <nil>
	// 2 1 [3] [0 1 0 1 0 1] <nil>
}
