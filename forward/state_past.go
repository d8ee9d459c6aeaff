package forward

import (
	"github.com/spikelane/spikelane/tensor"
)

// past is what a state remembers of a node's output: as many steps as its
// longest delay, of every sample. Step q is in place q mod depth.
type past struct {
	kind  tensor.Kind
	depth int
	batch int
	size  int // of a row: floats, or words
	dense []float32
	bits  []uint64
}

func newPast(g *Graph, i, batch int) past {
	n := g.nodes[i]
	p := past{kind: g.remembers(i), depth: n.history, batch: batch, size: n.plan.Out.Size()}
	if p.kind == tensor.KindSpikes {
		p.size = tensor.Words(p.size)
		p.bits = make([]uint64, p.depth*batch*p.size)
	} else {
		p.dense = make([]float32, p.depth*batch*p.size)
	}
	return p
}

// fill makes every step before time begins equal to start, or zero.
func (p *past) fill(start []float32) {
	clear(p.dense)
	clear(p.bits)
	if start == nil {
		return
	}
	for r := 0; r < len(p.dense); r += p.size {
		copy(p.dense[r:r+p.size], start)
	}
	for r := 0; r < len(p.bits); r += p.size {
		for i, v := range start {
			if v != 0 {
				p.bits[r+i>>6] |= 1 << (i & 63)
			}
		}
	}
}

// at is where the row of a sample at a step begins. Steps before time begins
// are negative, down to -depth.
func (p *past) at(step int64, sample int) int {
	place := int(step % int64(p.depth))
	if place < 0 {
		place += p.depth
	}
	return (place*p.batch + sample) * p.size
}

// load copies a step of some samples into a row of steps of a slot.
func (p *past) load(dst *slot, row int, step int64, sp span) {
	from, n := p.at(step, sp.first), sp.samples*p.size
	if p.kind == tensor.KindSpikes {
		copy(dst.spikes.Bits[row*n:(row+1)*n], p.bits[from:])
	} else {
		copy(dst.dense.Data[row*n:(row+1)*n], p.dense[from:])
	}
}

// store keeps the last steps of a block of some samples that began at step: of
// bits those of x, of dense numbers these.
func (p *past) store(x *slot, numbers []float32, step int64, sp span) {
	for t := max(0, sp.steps-p.depth); t < sp.steps; t++ {
		to, n := p.at(step+int64(t), sp.first), sp.samples*p.size
		if p.kind == tensor.KindSpikes {
			copy(p.bits[to:to+n], x.spikes.Bits[t*n:])
		} else {
			copy(p.dense[to:to+n], numbers[t*n:])
		}
	}
}
