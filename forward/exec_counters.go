package forward

import (
	"math"
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
	// Sent is the sum of the numbers that the layer has sent, and Spikes the
	// same in whole numbers: how many spikes. Of layers that send several spikes
	// at once, or graded ones, each counts as what it is worth. They are 0 for
	// layers whose outputs are not spikes, as are the next two.
	Spikes int64
	Sent   float64
	// Rate is Sent for each neuron and step: the share of those with a spike,
	// where there is one at the most.
	Rate float64
	// Silent is how many neurons have never sent anything, in any sample.
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
			n.Rate = n.Sent / float64(max(1, n.Steps*int64(n.Neurons)))
			n.Spikes = l.whole()
		}
		counts = append(counts, n)
	}
	return counts
}

// whole is what has been sent in whole numbers; what they cannot count is 0.
func (l *layerCounter) whole() int64 {
	if rounded := math.Round(l.Sent); math.Abs(rounded) < 1<<62 {
		return int64(rounded)
	}
	return 0
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
	if !spiking(op, y) {
		return
	}
	l.addSent(y)
}

// spiking reports whether what a layer has put out is spikes.
func spiking(op snn.Op, y tensor.Signal) bool {
	if y.Kind() == tensor.KindSpikes {
		return true
	}
	s, ok := op.(snn.Spiking)
	return ok && s.Spiking()
}

// addSent adds up numbers, of whatever kind, and notes who sent them.
func (l *layerCounter) addSent(y tensor.Signal) {
	if l.fired == nil {
		l.fired = make([]uint64, tensor.Words(l.Neurons))
	}
	fired := func(i int, v float32) {
		if v != 0 {
			l.Sent += float64(v)
			l.fired[i>>6] |= 1 << (i & 63)
		}
	}
	switch y := y.(type) {
	case *tensor.Spikes:
		l.Sent += float64(y.Count())
		for k, w := range y.Bits {
			l.fired[k%len(l.fired)] |= w
		}
	case *tensor.Events:
		for k := y.Rows[0]; k < y.Rows[y.T*y.B]; k++ {
			fired(int(y.Index[k]), y.Value[k])
		}
	case *tensor.Tensor:
		for k, v := range y.Data {
			fired(k%l.Neurons, v)
		}
	}
}
