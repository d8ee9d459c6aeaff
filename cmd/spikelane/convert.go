package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/internal/conform"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/snn"
)

type convert struct {
	From           string `arg:"" help:"A NIR file, a model file, or a test vector of the kind nmnist: nmnist_cnn.safetensors."`
	To             string `arg:"" help:"The file to write: .nir for a NIR file, else a model file."`
	discretization `embed:""`
}

// Run writes the file.
func (c convert) Run() error {
	data, err := os.ReadFile(c.From)
	if err != nil {
		return err
	}
	if isHDF5(data) {
		return c.fromNIR(data)
	}
	f, err := safetensors.Read(data)
	if err != nil {
		return noNetwork(c.From, data, err)
	}
	if _, vector := f.Metadata["kind"]; vector && !isNIR(c.To) {
		return c.fromVector()
	}
	if !isNIR(c.To) {
		return fmt.Errorf("%s: it is a safetensors file already: %s would be a NIR file with a name that ends in .nir", c.From, c.To)
	}
	return c.toNIR(data)
}

// but are the flags of discretization without some.
func but(flags ...string) []string {
	return slices.DeleteFunc(slices.Clone(nirFlags), func(f string) bool { return slices.Contains(flags, f) })
}

// fromNIR writes a model file, or a NIR file again, repaired.
func (c convert) fromNIR(data []byte) error {
	if isNIR(c.To) {
		if err := c.unused("a NIR file is written as it is", but("lenient")...); err != nil {
			return err
		}
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
	return model.WriteFile(c.To, m)
}

func (c convert) toNIR(data []byte) error {
	if err := c.unused("a model file says all of a network but the length of a step", but("dt")...); err != nil {
		return err
	}
	m, err := parseModel(c.From, data)
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
	if err := c.unused("a test vector says all of a network but the reset", but("reset")...); err != nil {
		return err
	}
	v, err := vectors.ReadFile(c.From)
	if err != nil {
		return err
	}
	reset := snn.ResetToZero
	change(&reset, c.Reset)
	m, err := conform.NMNIST(v, reset)
	if err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	return model.WriteFile(c.To, m)
}
