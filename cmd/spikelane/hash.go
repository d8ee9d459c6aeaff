package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

type hashing struct {
	Model          string  `arg:"" help:"A model file, or a NIR file."`
	Steps          int     `default:"100" help:"How many steps."`
	Batch          int     `default:"4" help:"How many samples."`
	Rate           float64 `default:"0.1" help:"How often an input spikes: the share of the steps."`
	Seed           uint64  `default:"1" help:"Of the inputs."`
	Workers        int     `default:"1" help:"How many goroutines. It changes no bit."`
	JSON           bool    `name:"json" help:"Print one JSON object."`
	discretization `embed:"" group:"Of a NIR file:"`
}

// Help is shown by --help.
func (hashing) Help() string {
	return `    spikelane hash out/model.safetensors

The same model, steps, batch, rate and seed give the same hash on every machine:
run it on a board and on the desk.`
}

// hashResult is what hash prints.
type hashResult struct {
	Model  string             `json:"model"`
	Hash   string             `json:"spike_hash"`
	Rates  map[string]float64 `json:"rates"` // spikes a neuron and step
	Kernel string             `json:"kernels"`
}

// Run runs a model on inputs made from a seed.
func (c hashing) Run(ctx context.Context) error {
	if c.Steps < 1 || c.Batch < 1 || c.Workers < 1 || !(c.Rate >= 0 && c.Rate <= 1) {
		return fmt.Errorf("--steps, --batch and --workers are at least 1, --rate is from 0 to 1")
	}
	m, err := c.model(c.Model)
	if err != nil {
		return err
	}
	var counters forward.Counters
	m = m.With(forward.Workers(c.Workers), forward.Count(&counters), forward.Record(m.Graph().Layers()...))
	state, err := m.StateFor(c.Batch)
	if err != nil {
		return err
	}
	var inputs []tensor.Signal
	for i, in := range m.Graph().Inputs() {
		x, err := c.input(i, in.Shape)
		if err != nil {
			return err
		}
		inputs = append(inputs, x)
	}
	out, err := m.Run(ctx, state, inputs...)
	if err != nil {
		return err
	}
	var layers []tensor.Signal
	for _, name := range m.Graph().Layers() {
		if out.Spiking(name) {
			layers = append(layers, out.Layer(name))
		}
	}
	h := forward.NewHasher()
	h.Add(layers...)
	sum := h.Sum()
	res := hashResult{Model: c.Model, Hash: hex.EncodeToString(sum[:]), Rates: map[string]float64{}, Kernel: simd.Tier()}
	for _, l := range counters.Layers() {
		if out.Spiking(l.Layer) {
			res.Rates[l.Layer] = l.Rate
		}
	}
	if c.JSON {
		return json.NewEncoder(stdout).Encode(res)
	}
	for _, name := range m.Graph().Layers() {
		if rate, ok := res.Rates[name]; ok {
			printf("%-12s %.2f %% of neurons spike at a step\n", name, 100*rate)
		}
	}
	printf("spike hash   %s\n", res.Hash)
	printf("kernels      %s\n", res.Kernel)
	return nil
}

// input are spikes at random for an input of the network. Each input is a stream
// of its own, as each sample is.
func (c hashing) input(number int, shape tensor.Shape) (tensor.Signal, error) {
	p := tensor.New(append(tensor.Shape{c.Batch}, shape...)...)
	for i := range p.Data {
		p.Data[i] = float32(c.Rate)
	}
	streams := make([]uint32, c.Batch)
	for i := range streams {
		streams[i] = uint32(number*c.Batch + i)
	}
	return encode.Rate(p, c.Steps, 0, c.Seed, streams)
}
