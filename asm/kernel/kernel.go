// Package kernel describes the elementwise kernels: surrogates, neurons and
// the small change between them. What is described here is all there is: the
// back ends write the rest.
package kernel

import "github.com/spikelane/spikelane/asm/expr"

// Family is a set of kernels that share the generated files simd/<Name>*.
type Family struct {
	Name    string
	Kernels []*expr.Kernel
}

// Families are all the families.
func Families() []Family {
	families := []Family{
		{"elementwise", elementwise()},
		{"surrogate", surrogates()},
		{"neuron", neurons()},
		{"counting", counting()},
		{"adaptive", adaptive()},
		{"oscillating", oscillating()},
		{"trace", traces()},
		{"optimiser", optimisers()},
	}
	for _, f := range families {
		if t := f.training(); len(t.Kernels) > 0 {
			families = append(families, t)
		}
	}
	return families
}

// training are what training makes of the neurons of a family: the pass that
// leaves a trace, and the ways back, for parameters that learn or do not.
func (f Family) training() Family {
	t := Family{Name: f.Name + "_training"}
	for _, k := range f.Kernels {
		if k.OverTime() {
			t.Kernels = append(t.Kernels, k.Traced(), k.Backward(), k.BackwardFixed())
		}
	}
	return t
}

var (
	zero = expr.Const(0)
	one  = expr.Const(1)
)
