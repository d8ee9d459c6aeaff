package forward

import (
	"math/bits"
	"sync"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Counters count what the layers do while models with [Count] run, so that a
// server can export it. The zero value is ready. They may be shared by many
// runs at once, of models of one graph.
type Counters struct {
	mutex  sync.Mutex
	layers []layerCounter
}

type layerCounter struct {
	LayerCount
	fired []uint64 // which neurons have
}

// LayerCount is what one layer has done.
type LayerCount struct {
	Layer   string
	Neurons int   // features of the output
	Steps   int64 // of all samples together
	// Spikes is how many the layer has sent. It is 0 for layers whose outputs
	// are not spikes, as are the next two.
	Spikes int64
	// Rate is the share of neurons and steps with a spike.
	Rate float64
	// Silent is how many neurons have never spiked, in any sample.
	Silent int
	// Operations is how many synaptic operations the layer has had to do, if it
	// has weights: one for each connection from an input that is not zero.
	Operations int64
}

// Count makes runs count in c.
func Count(c *Counters) Option { return func(o *options) { o.counters = c } }

// Layers returns the counts of every layer, in the order of the graph.
func (c *Counters) Layers() []LayerCount {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	var counts []LayerCount
	for _, l := range c.layers {
		n := l.LayerCount
		if l.fired != nil {
			n.Silent = l.Neurons
			for _, w := range l.fired {
				n.Silent -= bits.OnesCount64(w)
			}
			n.Rate = float64(n.Spikes) / float64(max(1, n.Steps*int64(n.Neurons)))
		}
		counts = append(counts, n)
	}
	return counts
}

// Reset begins again at zero.
func (c *Counters) Reset() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.layers = nil
}

// add counts what a node made of its inputs.
func (c *Counters) add(g *Graph, i int, op snn.Op, xs []tensor.Signal, y tensor.Signal) {
	operations := int64(0)
	if s, ok := op.(snn.Synapses); ok {
		for _, x := range xs {
			operations += s.Operations(x)
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.layers) == 0 {
		c.layers = make([]layerCounter, len(g.nodes))
		for k, n := range g.nodes {
			c.layers[k].Layer, c.layers[k].Neurons = n.name, n.plan.Out.Size()
		}
	}
	l := &c.layers[i]
	steps, batch, _ := y.Dims()
	l.Steps += int64(steps * batch)
	l.Operations += operations
	if s, ok := y.(*tensor.Spikes); ok {
		l.Spikes += int64(s.Count())
		words := tensor.Words(l.Neurons)
		if l.fired == nil {
			l.fired = make([]uint64, words)
		}
		for k, w := range s.Bits {
			l.fired[k%words] |= w
		}
	}
}
