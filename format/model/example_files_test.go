package model_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/spikelane/spikelane/format/model"
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

	m, err := model.Parse(tiny) // or a trainer's Model
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
	fmt.Println(read.Graph().Fingerprint() == m.Graph().Fingerprint())
	// Output:
	// [linear1 lif1] [4]
	// true
}
