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
	return []Family{
		{"elementwise", elementwise()},
		{"surrogate", surrogates()},
		{"neuron", neurons()},
		{"counting", counting()},
		{"adaptive", adaptive()},
		{"oscillating", oscillating()},
		{"trace", traces()},
	}
}

var (
	zero = expr.Const(0)
	one  = expr.Const(1)
)
