// Command neurons times the network 700-256-256-20 with every neuron of this
// library, a batch of 32 over 100 steps: inference, and the gradients of all
// weights; compiled, and written as text. It prints a markdown table:
//
//	go run ./bench/neurons
package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/spikelane/spikelane/bench/clock"
	"github.com/spikelane/spikelane/bench/machine"
	"github.com/spikelane/spikelane/bench/work"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/neurons"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

type options struct {
	Each time.Duration `default:"200ms" help:"How long to measure each figure."`
	Only string        `help:"Only neurons whose names contain this."`
}

const batch = 32

func main() {
	var o options
	k := kong.Parse(&o, kong.Description("The network 700-256-256-20 with every neuron."))
	k.FatalIfErrorf(o.run())
}

func (o options) run() error {
	fmt.Printf("%s; kernels %s.\n\n", machine.String(), simd.Tier())
	fmt.Printf("| neuron | inference, ms | training step, ms | inference as text, ms | training step as text, ms |\n|---|---|---|---|---|\n")
	for _, n := range neurons.All() {
		if !strings.Contains(n.Name, o.Only) {
			continue
		}
		own, err := measure(o.Each, func(tensor.Shape) ([]snn.Layer, error) { return []snn.Layer{n.Layer}, nil })
		if err != nil {
			return fmt.Errorf("%s: %w", n.Name, err)
		}
		text, err := measure(o.Each, func(in tensor.Shape) ([]snn.Layer, error) { return written(n.Layer, in) })
		if err != nil {
			return fmt.Errorf("%s as text: %w", n.Name, err)
		}
		fmt.Printf("| %s | %s | %s |\n", n.Name, own, text)
	}
	return nil
}

// written are the layers of a neuron as text.
func written(l snn.Layer, in tensor.Shape) ([]snn.Layer, error) {
	list, err := snn.Written(l, in)
	var layers []snn.Layer
	for _, e := range list {
		layers = append(layers, e)
	}
	return layers, err
}

// times are those of an inference and a training step.
type times struct{ infer, learn time.Duration }

func (t times) String() string {
	return fmt.Sprintf("%.3f | %.3f", t.infer.Seconds()*1e3, t.learn.Seconds()*1e3)
}

// measure times inference and training with neurons of a size.
func measure(each time.Duration, neuron func(tensor.Shape) ([]snn.Layer, error)) (t times, err error) {
	in := tensor.Shape{work.Sizes[0]}
	var layers []snn.Layer
	for _, size := range work.Sizes[1:] {
		list, err := neuron(tensor.Shape{size})
		if err != nil {
			return t, err
		}
		layers = append(append(layers, snn.Linear{Out: size, NoBias: true}), list...)
	}
	g, err := forward.Sequential(in, layers...)
	if err != nil {
		return t, err
	}
	m, err := g.Init(1)
	if err != nil {
		return t, err
	}
	x := work.Spikes(work.Steps, batch, in, work.Rate, 3)
	t.infer = clock.Median(func() {
		if _, e := m.Run(context.Background(), m.NewState(batch), x); e != nil {
			err = e
		}
	}, each)
	if err != nil {
		return t, err
	}
	training, err := work.Training(m, x, 1)
	if err != nil {
		return t, err
	}
	t.learn = clock.Median(func() {
		if e := training.Run(); e != nil {
			err = e
		}
	}, each)
	return t, err
}
