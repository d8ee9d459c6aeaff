package main

import (
	"fmt"
	"os"

	"github.com/spikelane/spikelane/internal/golden"
	"github.com/spikelane/spikelane/modelfile"
	"github.com/spikelane/spikelane/nir"
	"github.com/spikelane/spikelane/snn"
)

type convert struct {
	From           string `arg:"" help:"A NIR file, a model file, or a test vector of the kind nmnist: nmnist_cnn.safetensors."`
	To             string `arg:"" help:"The file to write: .nir for a NIR file, else a model file."`
	discretisation `embed:""`
}

// Run writes the file.
func (c convert) Run() error {
	data, err := os.ReadFile(c.From)
	if err != nil {
		return err
	}
	switch {
	case isHDF5(data):
		return c.fromNIR(data)
	case isNIR(c.To):
		return c.toNIR()
	}
	return c.fromVector()
}

// fromNIR writes a model file, or a NIR file again, repaired.
func (c convert) fromNIR(data []byte) error {
	if isNIR(c.To) {
		g, err := c.graph(c.From, data)
		if err != nil {
			return err
		}
		return nir.WriteFile(c.To, g)
	}
	m, err := c.model(c.From)
	if err != nil {
		return err
	}
	return modelfile.WriteFile(c.To, m)
}

func (c convert) toNIR() error {
	m, err := modelfile.ReadFile(c.From)
	if err != nil {
		return err
	}
	g, report, err := nir.Export(m, c.DT)
	if err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	fmt.Fprint(os.Stderr, report)
	return nir.WriteFile(c.To, g)
}

// fromVector makes a model file of a network recorded as a test vector.
func (c convert) fromVector() error {
	v, err := golden.ReadFile(c.From)
	if err != nil {
		return err
	}
	reset := snn.ToZero
	change(&reset, c.Reset)
	m, err := v.NMNIST(reset)
	if err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	return modelfile.WriteFile(c.To, m)
}
