package train_test

import (
	"context"
	"fmt"
	"log"
	"math"
	"strings"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// adaptive is a neuron that tires. Every spike raises its threshold by two
// amounts: one fades within a few steps, the other stays for many.
var adaptive = snn.Equations{
	Text: `
		v1 = decay*v + x
		level = 1 + fast + slow
		spike = fires(v1, level)
		v = v1 - spike*level
		fast = fast_decay*fast + fast_rise*spike
		slow = slow_decay*slow + slow_rise*spike`,
	Params: map[string]snn.Parameter{
		"decay":      {Default: 0.9, Min: snn.Zero, Max: 1},
		"fast_decay": {Default: 0.7, Min: snn.Zero, Max: 1},
		"slow_decay": {Default: 0.98, Min: snn.Zero, Max: 1, Per: snn.PerNeuron},
		"fast_rise":  {Default: 0.3, Min: snn.Zero},
		"slow_rise":  {Default: 0.05, Min: snn.Zero},
	},
	Surrogate: surrogate.Sigmoid(4),
}

// A neuron of one's own is trained, saved and loaded like any other, and its
// gradient is that of its equations.
func Example_equations() {
	batch := earlyOrLate(16)
	t := trainer(adaptive)
	first, err := t.Step(context.Background(), batch)
	check(err)
	last := first
	for range 20 {
		last, err = t.Step(context.Background(), batch)
		check(err)
	}
	fmt.Printf("loss %.2f, after 20 more %.2f\n", first.Loss, last.Loss)
	fmt.Printf("%d of %d right, %.0f %% of the neurons spike in a step\n", last.Correct, last.Samples, 100*last.Rates["equations1"])

	data, err := model.Encode(t.Model()) // or WriteFile and ReadFile
	check(err)
	loaded, err := model.Parse(data)
	check(err)
	fmt.Println("loaded, the same bits:", same(t.Model(), loaded, batch.Inputs[0]))

	// A spike has no derivative to compare with. In its place, let the neuron send
	// the sigmoid whose derivative its surrogate is: everything has one now.
	smooth := adaptive
	smooth.Text = strings.Replace(smooth.Text, "fires(v1, level)", "1/(1 + exp(-4*(v1 - level)))", 1)
	smooth.Surrogate = surrogate.Func{}
	fmt.Println("the gradient is that of finite differences:", differences(trainer(smooth), batch) < 1e-3)
	// Output:
	// loss 0.70, after 20 more 0.14
	// 16 of 16 right, 21 % of the neurons spike in a step
	// loaded, the same bits: true
	// the gradient is that of finite differences: true
}

// trainer starts with a network of 8 of the neurons.
func trainer(neuron snn.Layer) *train.Trainer {
	g, err := forward.Sequential(tensor.Shape{2}, snn.Linear{Out: 8}, neuron, snn.Linear{Out: 2}, snn.LI{Decay: 0.9})
	check(err)
	m, err := g.Init(1)
	check(err)
	return training(m)
}

func training(m *forward.Model) *train.Trainer {
	t, err := train.New(m, train.Config{Loss: train.CrossEntropy{Reduction: train.ReductionMean}, LearningRate: 5e-3})
	check(err)
	return t
}

// earlyOrLate is samples of 20 steps, in which the first input spikes early or
// late, and the second now and then.
func earlyOrLate(samples int) train.Batch {
	x := tensor.NewSpikes(20, samples, 2)
	b := train.Batch{Inputs: []tensor.Signal{x}}
	for i := range samples {
		for step := range 10 {
			x.Set(10*(i%2)+step, i, 0)
			if (step+i)%3 == 0 {
				x.Set(2*step, i, 1)
			}
		}
		b.Targets = append(b.Targets, train.Target{Class: i % 2})
	}
	return b
}

// same reports whether two networks make the same of an input.
func same(a, b *forward.Model, x tensor.Signal) bool {
	_, samples, _ := x.Dims()
	y, err := a.Run(context.Background(), a.NewState(samples), x)
	check(err)
	z, err := b.Run(context.Background(), b.NewState(samples), x)
	check(err)
	for i, v := range y.Dense().Data {
		if z.Dense().Data[i] != v {
			return false
		}
	}
	return true
}

// differences is how far a gradient is from differences of the loss, at the
// most, as a share of the greatest.
func differences(t *train.Trainer, batch train.Batch) float64 {
	const h = 1.0 / 256
	grads, _, err := t.Gradients(context.Background(), batch)
	check(err)
	loss := func(name string, i int, d float32) float64 {
		params := t.Model().Params()
		params[name].Data[i] += d
		m, err := t.Model().Graph().Load(params)
		check(err)
		_, stats, err := training(m).Gradients(context.Background(), batch)
		check(err)
		return stats.Loss
	}
	worst, greatest := 0.0, 0.0
	for name, g := range grads {
		for i, d := range g.Data {
			slope := (loss(name, i, h) - loss(name, i, -h)) / (2 * h)
			worst, greatest = max(worst, math.Abs(slope-float64(d))), max(greatest, math.Abs(slope))
		}
	}
	return worst / greatest
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
