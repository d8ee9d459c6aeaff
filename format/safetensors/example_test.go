package safetensors_test

import (
	"fmt"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/tensor"
)

func Example() {
	data, err := safetensors.Encode([]safetensors.Named{
		{Name: "fc1.weight", Tensor: tensor.Of([]float32{0.5, -1, 2, 0}, 2, 2)},
		{Name: "labels", Ints: &safetensors.Ints{Shape: tensor.Shape{3}, Data: []int64{7, 0, 7}}},
	}, map[string]string{"format": "spikelane"})
	if err != nil {
		fmt.Println(err)
		return
	}

	f, err := safetensors.Read(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	w, err := f.Tensor("fc1.weight")
	if err != nil {
		fmt.Println(err)
		return
	}
	labels, _, err := f.Int64s("labels")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Metadata["format"], f.Names())
	fmt.Println(w.Shape, w.Data, labels)

	_, err = safetensors.Read(data[:len(data)-1])
	fmt.Println(err)
	// Output:
	// spikelane [fc1.weight labels]
	// [2 2] [0.5 -1 2 0] [7 0 7]
	// not a valid safetensors file: tensor "labels": data_offsets [16 40], the file has 39 bytes of data (byte 112 of the file)
}

// A checksum over the file may be kept within the file: Encode with a value of
// zeros, hash, and fill the hash in.
func ExampleFile_MetadataSpan() {
	data, err := safetensors.Encode(nil, map[string]string{"sum": "00000000"})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := safetensors.Read(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	begin, end, _ := f.MetadataSpan("sum")
	copy(data[begin:end], "c0ffee00")
	fmt.Printf("%s\n", data[8:])
	// Output:
	// {"__metadata__":{"sum":"c0ffee00"}}
}
