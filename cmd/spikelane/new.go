package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

type newNetwork struct {
	Network string `arg:"" help:"mlp:700,256,20 (input, hidden layers, output), recurrent:64,256,10, conv:16,32 or dvs:12,32 (channels)."`
	Input   []int  `placeholder:"C,H,W" help:"The shape of the input of conv and dvs."`
	Classes int    `default:"10" help:"How many outputs conv and dvs have."`
}

// Help is shown by --help.
func (newNetwork) Help() string {
	text := "The JSON is to be edited and trained:\n\n" +
		"    spikelane new mlp:64,100,10 > net.json\n" +
		"    spikelane train net.json --data digits.npz --hold-out 0.2\n\nThe networks:\n\n"
	for _, p := range networkPresets {
		text += fmt.Sprintf("    %-10s %s\n", p.name, p.what)
	}
	return text
}

// Run prints a description of a network.
func (c newNetwork) Run() error {
	var in tensor.Shape
	if len(c.Input) > 0 {
		in = tensor.Shape(c.Input)
		if err := in.Check(); err != nil {
			return fmt.Errorf("--input: %w", err)
		}
	}
	spec, known, err := presetNetwork(c.Network, in, c.Classes)
	if err != nil {
		return err
	}
	if !known {
		var names []string
		for _, p := range networkPresets {
			names = append(names, p.name)
		}
		slices.Sort(names)
		return fmt.Errorf("%s: no such network; there are %s", c.Network, strings.Join(names, ", "))
	}
	g, err := forward.New(spec)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Network, err)
	}
	text, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		return err
	}
	printline(string(text))
	return nil
}
