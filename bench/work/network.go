// Package work holds the work that benchmarks and comparisons share: networks
// whose hidden layers are calibrated to fire at 5 %, and their inputs.
package work

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// Rate is how often a neuron of a hidden layer fires, in spikes a step.
const Rate = 0.05

// Neuron is the neuron of all networks here: v = 0.9*v + x, a spike above 1,
// reset by subtraction without gradient, SNNAX's superspike surrogate.
var Neuron = snn.LIF{
	Decay: 0.9, Threshold: 1, Strict: true, Surrogate: surrogate.SuperSpike(10), Detach: snn.DetachSpikeInReset,
}

// MLP is Linear and Neuron, alternating.
func MLP(sizes ...int) []snn.Layer {
	var layers []snn.Layer
	for _, n := range sizes {
		layers = append(layers, snn.Linear{Out: n, NoBias: true}, Neuron)
	}
	return layers
}

// Convolutional is the network for event frames of [2, 34, 34].
func Convolutional() []snn.Layer {
	conv := func(out, kernel, stride int) snn.Conv2d {
		return snn.Conv2d{Out: out, Kernel: snn.Size{kernel, kernel}, Stride: snn.Size{stride, stride}, Padding: snn.Size{1, 1}, NoBias: true}
	}
	pool := snn.SumPool2d{Kernel: snn.Size{2, 2}}
	return append([]snn.Layer{
		conv(16, 5, 2), Neuron, conv(16, 3, 1), Neuron, pool, conv(8, 3, 1), Neuron, pool, snn.Flatten{},
	}, MLP(256, 10)...)
}

// ConvolutionalInput is the shape of what that network sees.
var ConvolutionalInput = tensor.Shape{2, 34, 34}

// Spikes are spikes at random.
func Spikes(steps, batch int, features tensor.Shape, density float64, seed uint64) *tensor.Spikes {
	r := rand.New(rand.NewPCG(seed, 1))
	x := tensor.NewSpikes(steps, batch, features...)
	n := features.Size()
	for t := range steps {
		for b := range batch {
			for i := range n {
				if r.Float64() < density {
					x.Set(t, b, i)
				}
			}
		}
	}
	return x
}

// Normal are numbers around zero, as wide as said.
func Normal(width float64, seed uint64, shape ...int) *tensor.Tensor {
	r := rand.New(rand.NewPCG(seed, 2))
	x := tensor.New(shape...)
	for i := range x.Data {
		x.Data[i] = float32(width * r.NormFloat64())
	}
	return x
}

// Calibrated builds a network with normal weights, whose width in every layer
// is such that the neurons after it fire at the Rate on the input.
func Calibrated(in tensor.Shape, layers []snn.Layer, x tensor.Signal) (*forward.Model, error) {
	g, err := forward.Sequential(in, layers...)
	if err != nil {
		return nil, err
	}
	m, err := g.Init(1)
	if err != nil {
		return nil, err
	}
	params := m.Params()
	names, weight := g.Layers(), ""
	for k, name := range names {
		if w, ok := params[name+".weight"]; ok {
			weight = name + ".weight"
			copy(w.Data, Normal(1/math.Sqrt(float64(len(w.Data)/w.Shape[0])), uint64(k), w.Shape...).Data)
			continue
		}
		if layers[k].Type() != Neuron.Type() {
			continue
		}
		if err := scale(g, params, weight, name, x); err != nil {
			return nil, err
		}
	}
	return g.Load(params)
}

// scale finds the width of a layer's weights, by bisection of its logarithm.
func scale(g *forward.Graph, params map[string]*tensor.Tensor, weight, neuron string, x tensor.Signal) error {
	steps, batch, _ := x.Dims()
	unscaled := append([]float32(nil), params[weight].Data...)
	low, high := math.Log(1e-3), math.Log(1e3)
	rate := 0.0
	for range 24 {
		middle := (low + high) / 2
		for i, v := range unscaled {
			params[weight].Data[i] = v * float32(math.Exp(middle))
		}
		m, err := g.Load(params)
		if err != nil {
			return err
		}
		out, err := m.With(forward.Record(neuron)).Run(context.Background(), m.NewState(batch), x)
		if err != nil {
			return err
		}
		s := out.Layer(neuron).(*tensor.Spikes)
		rate = float64(s.Count()) / float64(steps*batch*s.Features.Size())
		if rate < Rate {
			low = middle
		} else {
			high = middle
		}
	}
	if rate < Rate/2 || rate > 2*Rate {
		return fmt.Errorf("work: %s fires at %.3f, not at %.3f", neuron, rate, Rate)
	}
	return nil
}
