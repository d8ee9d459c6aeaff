package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// Output is what a run returns: the signal of the network's main output, and
// those of its other outputs and of recorded layers.
type Output struct {
	tensor.Signal
	names   []string
	signals []tensor.Signal
	nodes   []int
}

// Layer returns the output of a layer that is an output of the network or
// recorded, or nil. Layers that make events are returned as dense numbers.
func (o *Output) Layer(name string) tensor.Signal {
	for i, n := range o.names {
		if n == name {
			return o.signals[i]
		}
	}
	return nil
}

// Layers are the names of the layers returned, the main output first.
func (o *Output) Layers() []string { return append([]string(nil), o.names...) }

// output makes room for what a run of so many steps returns.
func (m *Model) output(k kinds, steps, batch int) (*Output, error) {
	o := &Output{}
	add := func(i int) {
		n := m.graph.nodes[i]
		o.names, o.nodes = append(o.names, n.name), append(o.nodes, i)
		if k.writes[i] == tensor.KindSpikes {
			o.signals = append(o.signals, tensor.NewSpikes(steps, batch, n.plan.Out...))
		} else {
			o.signals = append(o.signals, tensor.New(append(tensor.Shape{steps, batch}, n.plan.Out...)...))
		}
	}
	for _, i := range m.graph.outputs {
		add(i)
	}
	for _, name := range m.options.record {
		i := m.graph.find(name)
		if i < 0 {
			return nil, fmt.Errorf("forward: %w: there is no layer %q to record", ErrGraph, name)
		}
		if o.Layer(name) == nil {
			add(i)
		}
	}
	o.Signal = o.signals[0]
	return o, nil
}

// cut shortens the signals to what a cancelled run has done.
func (o *Output) cut(steps int) {
	for _, s := range o.signals {
		_, batch, features := s.Dims()
		switch s := s.(type) {
		case *tensor.Spikes:
			s.T, s.Bits = steps, s.Bits[:steps*batch*tensor.Words(features.Size())]
		case *tensor.Tensor:
			s.Shape[0], s.Data = steps, s.Data[:steps*batch*features.Size()]
		}
	}
}

// put stores a block of a tile: of samples from first on, at steps from at on.
func (o *Output) put(w *workspace, at, first int) {
	for k, i := range o.nodes {
		from := &w.nodes[i].out
		n := from.n
		steps, samples, _ := from.signal().Dims()
		switch dst := o.signals[k].(type) {
		case *tensor.Spikes:
			words := tensor.Words(n)
			for t := range steps {
				copy(dst.Bits[((at+t)*dst.B+first)*words:], from.spikes.Bits[t*samples*words:(t+1)*samples*words])
			}
		case *tensor.Tensor:
			data := from.dense.Data
			if from.kind != tensor.KindDense {
				data = w.numbers(from.signal())
			}
			for t := range steps {
				copy(dst.Data[((at+t)*dst.Shape[1]+first)*n:], data[t*samples*n:(t+1)*samples*n])
			}
		}
	}
}

func (g *Graph) find(name string) int {
	for i, n := range g.nodes {
		if n.name == name {
			return i
		}
	}
	return -1
}
