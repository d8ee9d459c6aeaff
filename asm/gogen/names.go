package gogen

import (
	"strings"

	"github.com/spikelane/spikelane/equation"
)

// initialisms keep their capitals in exported names.
var initialisms = []string{"ALIF", "LIF", "LI", "EIF", "QIF", "ATan", "SGD", "RMS"}

// Exported is a name as others see it.
func Exported(name string) string {
	for _, initial := range initialisms {
		if lower := strings.ToLower(initial); strings.HasPrefix(name, lower) {
			return initial + name[len(lower):]
		}
	}
	return title(name)
}

func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// ident is a name of the language as one of Go: vTrace, gV, slope.
func ident(name string) string {
	switch {
	case name == equation.OutputGradient, name == equation.SpikeGrad:
		return name[1:]
	case strings.HasPrefix(name, equation.TraceOf("")):
		return strings.TrimPrefix(name, equation.TraceOf("")) + "Trace"
	case strings.HasPrefix(name, equation.GradientOf("")):
		return "g" + title(strings.TrimPrefix(name, equation.GradientOf("")))
	}
	return strings.TrimPrefix(name, ".")
}

// neuron is the constant that stands for the kernel of a neuron.
func neuron(name string) string { return "Neuron" + Exported(name) }
