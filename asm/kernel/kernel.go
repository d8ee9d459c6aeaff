// Package kernel describes the elementwise kernels: surrogates, neurons and
// the small change between them. What is described here is all there is: the
// back ends write the rest.
package kernel

import "github.com/spikelane/spikelane/equation"

// Family is a set of kernels that share the generated files simd/<Name>*.
type Family struct {
	Name    string
	Kernels []*equation.Kernel
}

// Families are all the families.
func Families() []Family {
	families := []Family{
		{"elementwise", elementwise()},
		{"surrogate", surrogates()},
		{"optimizer", optimizers()},
	}
	for _, f := range Neurons() {
		compiled := Family{Name: f.Name}
		for _, k := range f.Kernels {
			compiled.Kernels = append(compiled.Kernels, k.Recording(), k.Backward())
		}
		families = append(families, compiled)
	}
	special := Family{Name: "unbiased"}
	for _, s := range Specials() {
		special.Kernels = append(special.Kernels, s.Kernel.Recording())
	}
	return append(families, special)
}

// Neurons are the families of neurons: of each its forward pass.
func Neurons() []Family {
	return []Family{
		{"lif", lif()},
		{"floored", floors()},
		{"refractory", []*equation.Kernel{refractory(subtract), refractory(toValue)}},
		{"adaptive", adaptive()},
		{"nonlinear", nonlinear()},
		{"filters", filters()},
	}
}

var (
	zero = equation.Const(0)
	one  = equation.Const(1)
)
