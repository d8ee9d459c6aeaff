package main

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/modelfile"
	"github.com/spikelane/spikelane/snn"
)

type convert struct {
	From  string `arg:"" help:"A test vector of the kind nmnist: nmnist_cnn.safetensors."`
	To    string `arg:"" help:"The model file to write."`
	Reset string `default:"zero" enum:"zero,subtract" help:"What a spike does to the membrane: ${enum}."`
}

// Run writes the model file.
func (c convert) Run() error {
	v, err := golden.ReadFile(c.From)
	if err != nil {
		return err
	}
	var reset snn.Reset
	if err := reset.UnmarshalText([]byte(c.Reset)); err != nil {
		return err
	}
	m, err := v.NMNIST(reset)
	if err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	return modelfile.WriteFile(c.To, m)
}
