package gogen

import (
	"fmt"
	"slices"
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
			if k.OverTime() && !k.Training {
				neuronEntry(&b, k)
			}
		}
	}
	b.WriteString("}\n")
	return Format(b.String())
}

func neuronEntry(b *strings.Builder, k *expr.Kernel) {
	back := k.Backward()
	n := neuron{states: named(k, expr.ArgState), params: named(k, expr.ArgParam), traces: k.Traces()}
	for _, g := range named(back, expr.ArgState) {
		n.gradients = append(n.gradients, strings.ToLower(g[1:2])+g[2:])
	}
	fmt.Fprintf(b, "%q: {\nstates: %s,\nparams: %s,\ntraces: %s,\ngradients: %s,\ndense: %t,\n", k.Name,
		list(n.states), list(n.params), list(n.traces), list(n.gradients), len(named(k, expr.ArgOutput)) > 0)
	n.function(b, "advance", "NeuronCall", k)
	n.function(b, "traced", "TrainingCall", k.Traced())
	n.function(b, "backward", "TrainingCall", back)
	n.function(b, "fixed", "TrainingCall", k.BackwardFixed())
	b.WriteString("},\n")
}

// neuron is what the entry of a neuron lists, in the order of its calls.
type neuron struct{ states, params, traces, gradients []string }

func (n neuron) function(b *strings.Builder, field, call string, k *expr.Kernel) {
	var args []string
	for _, a := range k.Args() {
		args = append(args, "c."+n.argument(a))
	}
	args = append(args, "c.Steps")
	for _, s := range Strides(k) {
		switch s {
		case "dstStride", "spikesStride":
			s = "outStride"
		}
		args = append(args, "c."+strings.ToUpper(s[:1])+s[1:])
	}
	fmt.Fprintf(b, "%s: func(c *%s) {\n%s(%s)\n},\n", field, call, Exported(k.Name), strings.Join(args, ", "))
}

// argument is the field that holds an argument of one of the neuron's kernels.
func (n neuron) argument(a expr.Arg) string {
	if field, ok := map[string]string{
		"x": "X", "dst": "Out", "spikes": "Spikes", "distance": "Distance",
		"gX": "GX", "g": "G", "slope": "Slope", "attach": "Attach", "straight": "Straight", "moved": "Moved",
	}[a.Name]; ok {
		return field
	}
	for field, names := range map[string][]string{
		"State": n.states, "Params": n.params, "Traces": suffixed(n.traces),
		"GState": gradients(n.gradients), "GParams": gradients(n.params),
	} {
		if i := slices.Index(names, a.Name); i >= 0 {
			return fmt.Sprintf("%s[%d]", field, i)
		}
	}
	panic("gogen: nothing holds the argument " + a.Name)
}

func suffixed(states []string) []string {
	var names []string
	for _, s := range states {
		names = append(names, expr.TraceOf(s))
	}
	return names
}

func gradients(of []string) []string {
	var names []string
	for _, s := range of {
		names = append(names, expr.GradientOf(s))
	}
	return names
}

// named are the names of the arguments of a kind.
func named(k *expr.Kernel, kind expr.ArgKind) []string {
	var names []string
	for _, a := range k.Args() {
		if a.Kind == kind {
			names = append(names, a.Name)
		}
	}
	return names
}

func list(names []string) string { return fmt.Sprintf("%#v", append([]string{}, names...)) }
