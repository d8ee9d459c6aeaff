package forward

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/tensor"
)

// Output is what a run returns: the signal of the network's main output, and
// those of its other outputs and of recorded layers.
type Output struct {
	tensor.Signal
	names     []string
	signals   []tensor.Signal
	nodes     []int
	variables []int  // of the node's that are recorded, or -1 for its output
	spiking   []bool // what the nodes send is spikes
}

// Layer returns the output of a layer that is an output of the network or
// recorded, or a variable that is recorded, by its name <layer>.<variable>: after
// every step, [T, B, features]. It returns nil for others. Layers that make
// events are returned as dense numbers.
func (o *Output) Layer(name string) tensor.Signal {
	for i, n := range o.names {
		if n == name {
			return o.signals[i]
		}
	}
	return nil
}

// Spiking reports whether what a layer has put out is spikes: as bits, or as
// numbers, where neurons send several a step or graded ones.
func (o *Output) Spiking(layer string) bool {
	i := slices.Index(o.names, layer)
	return i >= 0 && o.spiking[i]
}

// Layers are the names of the layers returned, the main output first.
func (o *Output) Layers() []string { return append([]string(nil), o.names...) }

// output makes room for what a run of so many steps returns.
func (m *Model) output(k kinds, steps, batch int) (*Output, error) {
	if err := m.recordVariables(); err != nil {
		return nil, err
	}
	o := &Output{}
	bytes := int64(0)
	add := func(i int) {
		n := m.graph.nodes[i]
		o.names, o.nodes, o.variables = append(o.names, n.name), append(o.nodes, i), append(o.variables, -1)
		bytes = plus(bytes, times(times(int64(steps), int64(batch)), rowBytes(k.writes[i], n.plan)))
	}
	addVariable := func(name string) {
		i, variable, _ := m.graph.recordable(name)
		o.names, o.nodes = append(o.names, name), append(o.nodes, i)
		o.variables = append(o.variables, slices.Index(m.recorded(i).names, variable))
		bytes = plus(bytes, times(times(int64(steps), int64(batch)), 4*int64(m.graph.nodes[i].plan.Variable().Size())))
	}
	for _, i := range m.graph.outputs {
		add(i)
	}
	for _, name := range m.options.record {
		switch i := m.graph.find(name); {
		case slices.Contains(o.names, name):
		case i >= 0:
			add(i)
		default:
			addVariable(name)
		}
	}
	if err := within(fmt.Sprintf("the outputs of %d steps", steps), bytes, m.options.limits.Outputs); err != nil {
		return nil, fmt.Errorf("forward: %w", err)
	}
	for at, i := range o.nodes {
		features := m.graph.nodes[i].plan.Out
		if o.variables[at] >= 0 {
			o.signals = append(o.signals, tensor.New(append(tensor.Shape{steps, batch}, m.graph.nodes[i].plan.Variable()...)...))
		} else if k.writes[i] == tensor.KindSpikes {
			o.signals = append(o.signals, tensor.NewSpikes(steps, batch, features...))
		} else {
			o.signals = append(o.signals, tensor.New(append(tensor.Shape{steps, batch}, features...)...))
		}
	}
	for k, i := range o.nodes {
		o.spiking = append(o.spiking, spiking(m.ops[i], o.signals[k]))
	}
	o.Signal = o.signals[0]
	return o, nil
}

// resize shortens the signals to some steps and samples of those that they were
// made for: to what a cancelled run has done, or to the streams of a step.
func (o *Output) resize(steps, batch int) {
	for _, s := range o.signals {
		switch s := s.(type) {
		case *tensor.Spikes:
			s.T, s.B = steps, batch
			s.Bits = s.Bits[:steps*batch*tensor.Words(s.Features.Size())]
		case *tensor.Tensor:
			s.Shape[0], s.Shape[1] = steps, batch
			s.Data = s.Data[:steps*batch*s.Shape[2:].Size()]
		}
	}
}

// put stores a tile.
func (o *Output) put(w *workspace, tile span) {
	for k, i := range o.nodes {
		from := &w.nodes[i].out
		samples, n := tile.samples, from.n
		if v := o.variables[k]; v >= 0 {
			putRows(o.signals[k].(*tensor.Tensor), w.nodes[i].variables[v], tile)
			continue
		}
		switch dst := o.signals[k].(type) {
		case *tensor.Spikes:
			words := tensor.Words(n)
			for t := range tile.steps {
				copy(dst.Bits[((tile.at+t)*dst.B+tile.first)*words:], from.spikes.Bits[t*samples*words:(t+1)*samples*words])
			}
		case *tensor.Tensor:
			data := from.dense.Data
			if from.kind != tensor.KindDense {
				data = w.numbers(from.signal())
			}
			putRows(dst, data, tile)
		}
	}
}

// putRows stores the numbers of a tile.
func putRows(dst *tensor.Tensor, data []float32, tile span) {
	row := dst.Shape[2:].Size()
	wide := tile.samples * row
	for t := range tile.steps {
		copy(dst.Data[((tile.at+t)*dst.Shape[1]+tile.first)*row:], data[t*wide:(t+1)*wide])
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
