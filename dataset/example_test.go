package dataset_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/tensor"
)

// Samples and their classes in an archive become a set, of which a part is held
// out.
func Example() {
	dir, err := os.MkdirTemp("", "dataset")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "data.npz")
	x := npy.FromTensor(tensor.Of([]float32{0, 1, 2, 3, 4, 5, 6, 7}, 4, 2))
	y := npy.Array{Shape: tensor.Shape{4}, Data: []int64{0, 1, 0, 1}}
	if err := npy.WriteArchiveFile(path, npy.Named{Name: "x", Array: x}, npy.Named{Name: "y", Array: y}); err != nil {
		fmt.Println(err)
		return
	}
	set, err := dataset.Open(path, dataset.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	rest, held, err := set.HoldOut(0.5, 1)
	fmt.Println(rest.Len(), held.Len(), held.Counts(), set.Input(), err)
	// Output: 2 2 [1 1] numbers, 10 steps of [2], current <nil>
}
