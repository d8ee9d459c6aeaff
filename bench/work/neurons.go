package work

import (
	"context"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// TextNeuron is a neuron that no framework has, written as text: two adaptation
// currents of different time constants, a threshold that moves with both, and a
// reset by as much. bench/peers/equations.py is the same in torch.
var TextNeuron = snn.Equations{
	Text: `adaptation = fast + slow
	       level = threshold + coupling*adaptation
	       v1 = decay*v + gain*(x - adaptation)
	       spike = fires(v1, level)
	       fast = fast_decay*fast + fast_gain*spike
	       slow = slow_decay*slow + slow_gain*spike
	       v = v1 - spike*level`,
	Params: map[string]snn.Parameter{
		"decay": {Default: 0.9}, "gain": {Default: 0.8}, "threshold": {Default: 0.6}, "coupling": {Default: 0.5},
		"fast_decay": {Default: 0.7}, "fast_gain": {Default: 0.25}, "slow_decay": {Default: 0.97}, "slow_gain": {Default: 0.05},
	},
	Surrogate: surrogate.SuperSpike(10),
}

const (
	neuronBatch = 256
	neuronCount = 1024
)

// Neurons advances the neurons alone, on the Currents.
func Neurons(workers int) (*Work, error) { return alone(Neuron, workers) }

// NeuronsBack advances them and walks back with a gradient for every spike, to
// the gradient of the currents.
func NeuronsBack(workers int) (*Work, error) { return aloneBack(Neuron, workers) }

// Text is Neurons of TextNeuron.
func Text(workers int) (*Work, error) { return alone(TextNeuron, workers) }

// TextBack is NeuronsBack of TextNeuron.
func TextBack(workers int) (*Work, error) { return aloneBack(TextNeuron, workers) }

// Currents are those of neurons alone, [100, 256, 1024].
func Currents() *tensor.Tensor { return Normal(0.5, 5, Steps, neuronBatch, neuronCount) }

func alone(neuron snn.Layer, workers int) (*Work, error) {
	m, err := layer(neuron, neuronCount)
	if err != nil {
		return nil, err
	}
	m = m.With(forward.Workers(workers))
	x := Currents()
	run := func() error {
		_, err := m.Run(context.Background(), m.NewState(neuronBatch), x)
		return err
	}
	w := &Work{Run: run, Per: 1, Neurons: neurons(m, x)}
	w.Spikes, err = fired(m, x)
	return w, err
}

func aloneBack(neuron snn.Layer, workers int) (*Work, error) {
	m, err := layer(neuron, neuronCount)
	if err != nil {
		return nil, err
	}
	x := Currents()
	w, err := walkBack(m, x, Normal(1, 6, Steps, neuronBatch, neuronCount), workers, true)
	if err != nil {
		return nil, err
	}
	w.Spikes, err = fired(m, x)
	return w, err
}

// layer is a network of one layer.
func layer(l snn.Layer, n int) (*forward.Model, error) {
	g, err := forward.Sequential(tensor.Shape{n}, l)
	if err != nil {
		return nil, err
	}
	return g.Init(1)
}

// fired is how many spikes a model sends.
func fired(m *forward.Model, x *tensor.Tensor) (int, error) {
	_, batch, _ := x.Dims()
	out, err := m.Run(context.Background(), m.NewState(batch), x)
	if err != nil {
		return 0, err
	}
	return out.Signal.(*tensor.Spikes).Count(), nil
}
