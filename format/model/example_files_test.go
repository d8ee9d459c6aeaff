package model_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A model is written to a file, and read by a program that knows nothing else
// of it.
func Example() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "net.safetensors")

	g, err := forward.Sequential(tensor.Shape{4}, snn.Linear{Out: 2}, snn.LIF{Decay: 0.9})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1) // or a trainer's Model
	if err != nil {
		log.Fatal(err)
	}
	if err := model.WriteFile(path, m); err != nil {
		log.Fatal(err)
	}

	read, err := model.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(read.Graph().Layers(), read.Graph().Inputs()[0].Shape)
	fmt.Println(read.Graph().Fingerprint() == g.Fingerprint())
	// Output:
	// [linear1 lif1] [4]
	// true
}
