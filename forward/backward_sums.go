package forward

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// addSamples adds the gradients of parameters that were summed sample by
// sample.
func (p *backwardPass) addSamples(ops []snn.Differentiable) {
	for i, op := range ops {
		if op == nil || p.sums[i] == nil || !op.AccumulatesPerSample() {
			continue
		}
		for b := range p.samples {
			sums := p.sums[i][:op.ParamGradSize()]
			simd.Add(sums, sums, p.perSample[i][b*op.ParamGradSize():(b+1)*op.ParamGradSize()])
		}
	}
}

// initials is how many numbers of gradient there are for what the delayed edges
// of a node deliver before time begins, if that is a parameter.
func (n *node) initials() int {
	if n.initial == "" {
		return 0
	}
	return n.plan.Out.Size()
}

// addInitials adds that gradient to that of the parameter.
func (n *node) addInitials(param, initials []float32) {
	each := len(initials) / len(param)
	for i, v := range initials {
		param[i/each] += v
	}
}

// addInitials adds what the first steps gave to what came before them: the
// readers in their order, of each the samples ascending, the steps descending.
func (p *backwardPass) addInitials(ops []snn.Differentiable) {
	for i, readers := range p.readers {
		n := &p.graph.nodes[i]
		if n.initials() == 0 || p.sums[i] == nil {
			continue
		}
		sums := p.sums[i][ops[i].ParamGradSize():]
		for _, e := range readers {
			for b := range p.samples {
				for q := e.delay - 1; q >= 0; q-- {
					simd.Add(sums, sums, (*e.pending)[(q*p.samples+b)*len(sums):][:len(sums)])
				}
			}
		}
	}
}

// Accumulators are the sums of gradients so far, of every layer, in its own layout: a
// trainer adds those of several tapes. They are the tape's memory.
func (t *Tape) Accumulators() [][]float32 { return t.back.sums }

// Reset forgets the sums of gradients.
func (t *Tape) Reset() {
	for _, s := range t.back.sums {
		clear(s)
	}
}

// SwapAccumulators gives the tape other memory for its sums, or new if sums is
// nil, and returns its own.
func (t *Tape) SwapAccumulators(sums [][]float32) [][]float32 {
	own := t.back.sums
	if sums == nil {
		for _, s := range own {
			if s != nil {
				s = make([]float32, len(s))
			}
			sums = append(sums, s)
		}
	}
	t.back.sums = sums
	return own
}

// Gradients are sums of gradients by the names <layer>.<parameter>, in the
// shapes of the parameters: of those that are trained.
func (t *Tape) Gradients(sums [][]float32) map[string]*tensor.Tensor {
	grads := map[string]*tensor.Tensor{}
	for i, n := range t.m.graph.nodes {
		op := t.rec.traced[i]
		if op == nil || sums[i] == nil {
			continue
		}
		for param, g := range op.ParamGrads(sums[i]) {
			name := n.name + "." + param
			if w, ok := t.m.params[name]; ok && t.options.trains(name) {
				grads[name] = tensor.Of(g.Data, w.Shape...)
				if param == n.initial {
					n.addInitials(g.Data, sums[i][op.ParamGradSize():])
				}
			}
		}
	}
	return grads
}
