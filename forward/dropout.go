package forward

import (
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// dropping is the model with its dropout layers at work, which are nothing but
// a name outside of training.
func (m *Model) dropping(learn Learning) (*Model, error) {
	if !learn.Drop {
		return m, nil
	}
	g := *m.graph
	g.nodes = append([]node(nil), g.nodes...)
	other := *m
	other.graph, other.ops, other.spare = &g, append([]snn.Op(nil), m.ops...), &spare{}
	for i := range g.nodes {
		n := &g.nodes[i]
		if d, ok := n.layer.(snn.Dropout); ok {
			n.plan = &snn.Plan{Out: n.plan.Out}
			other.ops[i] = &dropout{Dropout: d, seed: learn.Seed, name: n.name}
		}
	}
	return &other, g.checkKinds()
}

// dropout multiplies by masks.
type dropout struct {
	snn.Dropout
	seed uint64
	name string
}

func (d *dropout) Forward(x, y tensor.Signal, _ []float32, _ *snn.Scratch) {
	copy(y.(*tensor.Tensor).Data, x.(*tensor.Tensor).Data)
}

func (d *dropout) Traces() int                                   { return 0 }
func (d *dropout) Carried() int                                  { return 0 }
func (d *dropout) Sums() int                                     { return 0 }
func (d *dropout) PerSample() bool                               { return false }
func (d *dropout) Add(*snn.Pass)                                 {}
func (d *dropout) Gradients([]float32) map[string]*tensor.Tensor { return nil }

func (d *dropout) Traced(p *snn.Pass) {
	d.multiply(p, p.Y.(*tensor.Tensor).Data, p.X.(*tensor.Tensor).Data)
}

func (d *dropout) Backward(p *snn.Pass) {
	if p.GX != nil {
		d.multiply(p, p.GX, p.GY)
	}
}

func (d *dropout) multiply(p *snn.Pass, dst, x []float32) {
	steps, batch, features := p.X.Dims()
	n := features.Size()
	mask := p.Scratch.Floats(n)
	for b := range batch {
		for t := range steps {
			if t == 0 || d.EveryStep {
				d.Mask(mask, d.seed, d.name, p.Draw, uint32(p.Sample+b), int(p.Step)+t)
			}
			at := (t*batch + b) * n
			for i, m := range mask {
				dst[at+i] = x[at+i] * m
			}
		}
	}
}
