package npy_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/tensor"
)

func Example() {
	s := tensor.NewSpikes(2, 1, 3) // two steps, one sample, three neurons
	s.Set(1, 0, 2)
	data, err := npy.FromSpikes(s).Encode()
	if err != nil {
		log.Fatal(err)
	}
	a, err := npy.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	back, err := a.Spikes()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Shape, a.Data, back.At(1, 0, 2))
	// Output: [2 1 3] [false false false false false true] true
}

func ExampleArchive() {
	var b bytes.Buffer
	err := npy.WriteArchive(&b,
		npy.Named{Name: "labels", Array: npy.Array{Shape: tensor.Shape{3}, Data: []int64{7, 0, 7}}},
		npy.Named{Name: "scale", Array: npy.Array{Shape: tensor.Shape{}, Data: []float64{0.1}}})
	if err != nil {
		log.Fatal(err)
	}
	a, err := npy.NewArchive(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		log.Fatal(err)
	}
	labels, err := a.Read("labels")
	if err != nil {
		log.Fatal(err)
	}
	scale, err := a.Read("scale")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.Names(), labels.Data)
	_, err = scale.Tensor()
	fmt.Println(err)
	x, err := scale.Rounded()
	fmt.Println(x.Data, err)
	// Output:
	// [labels scale] [7 0 7]
	// npy: unsuitable value: element 0, 0.1, lies between two float32
	// [0.1] <nil>
}
