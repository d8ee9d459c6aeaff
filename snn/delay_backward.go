package snn

import "github.com/spikelane/spikelane/tensor"

func (d *delay) SavedSizes() []int                              { return nil }
func (d *delay) StateGradSize() int                             { return d.most * len(d.steps) }
func (d *delay) ParamGradSize() int                             { return 0 }
func (d *delay) AccumulatesPerSample() bool                     { return false }
func (d *delay) AccumulateParamGrad(*Pass)                      {}
func (d *delay) ParamGrads([]float32) map[string]*tensor.Tensor { return nil }
func (d *delay) ForwardSaving(p *Pass)                          { d.Forward(p.X, p.Y, p.State, p.Scratch) }

// Backward takes what arrives steps later, or, past the last step, what the
// steps after it carried: the gradient of the past that they began with. Of
// that past, what came before these steps is carried on.
func (d *delay) Backward(p *Pass) {
	steps, batch, _ := p.X.Dims()
	n := len(d.steps)
	after := p.Scratch.Floats(d.most * n)
	for b := range batch {
		carried := p.StateGrad[b*d.most*n : (b+1)*d.most*n]
		copy(after, carried)
		clear(carried)
		// Time -most up to steps-1: what came then, arrives its delay later.
		for t := -d.most; t < steps; t++ {
			for i, delay := range d.steps {
				g := float32(0)
				if at := t + delay; at < 0 {
					continue // arrived before these steps
				} else if at < steps {
					g = p.GradY[(at*batch+b)*n+i]
				} else {
					g = after[(t-steps+d.most)*n+i]
				}
				if t < 0 {
					carried[(d.most+t)*n+i] = g
				} else if p.GradX != nil {
					p.GradX[(t*batch+b)*n+i] = g
				}
			}
		}
	}
}
