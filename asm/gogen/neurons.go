package gogen

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/expr"
	"github.com/spikelane/spikelane/asm/kernel"
)

// Neurons is simd/neurons.go: every kernel over time by its name, so that a
// layer need not know its signature.
func Neurons(families []kernel.Family) []byte {
	var b strings.Builder
	b.WriteString(Header("asm/kernel") + "package simd\n\nvar neurons = map[string]Neuron{\n")
	for _, f := range families {
		for _, k := range f.Kernels {
			if k.OverTime() {
				neuronEntry(&b, k)
			}
		}
	}
	b.WriteString("}\n")
	return Format(b.String())
}

func neuronEntry(b *strings.Builder, k *expr.Kernel) {
	var states, params []string
	var args []string
	dense := false
	for _, a := range k.Args() {
		switch a.Kind {
		case expr.ArgState:
			args = append(args, fmt.Sprintf("c.State[%d]", len(states)))
			states = append(states, fmt.Sprintf("%q", a.Name))
		case expr.ArgParam:
			args = append(args, fmt.Sprintf("c.Params[%d]", len(params)))
			params = append(params, fmt.Sprintf("%q", a.Name))
		case expr.ArgInput:
			args = append(args, "c.X")
		case expr.ArgOutput:
			args, dense = append(args, "c.Out"), true
		case expr.ArgBitsOut:
			args = append(args, "c.Spikes")
		}
	}
	args = append(args, "c.Steps", "c.OutStride", "c.XStride")
	fmt.Fprintf(b, "%q: {\nstates: []string{%s},\nparams: []string{%s},\ndense: %t,\nadvance: func(c *NeuronCall) {\n%s(%s)\n},\n},\n",
		k.Name, strings.Join(states, ", "), strings.Join(params, ", "), dense, Exported(k.Name), strings.Join(args, ", "))
}
