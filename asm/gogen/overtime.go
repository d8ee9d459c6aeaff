package gogen

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/equation"
)

// twinsOverTime are the kernels of a family as loops over steps, groups and
// lanes.
func twinsOverTime(b *strings.Builder, f kernel.Family) {
	for _, k := range f.Kernels {
		fmt.Fprintf(b, "\nfunc %sGeneric(c *Call) {\n", k.Name)
		if k.Back {
			b.WriteString("for t := c.Steps - 1; t >= 0; t-- {\n")
		} else {
			b.WriteString("for t := range c.Steps {\n")
		}
		b.WriteString("for group := range Groups(c.N) {\n")
		layout := frame.Of(k)
		for i, p := range layout.Pointers {
			arrays := len(layout.Args[i])
			for j, a := range layout.Args[i] {
				name := ident(a.Name)
				switch {
				case a.Kind.Bits():
					fmt.Fprintf(b, "%s := uint64(0)\n", name)
				case layout.Optional(k, i):
					fmt.Fprintf(b, "var %s *lanes\nif c.Optional {\n%s = %s\n}\n", name, name, lanesOf(p, arrays, j))
				default:
					fmt.Fprintf(b, "%s := %s\n", name, lanesOf(p, arrays, j))
				}
			}
		}
		b.WriteString("for i := range Lanes {\n")
		_, lines := statements(k.Program(), laneOf, func(b *body, e equation.Effect) {
			if e.Arg.Kind == equation.ArgBitsOut {
				b.line("if %s {", b.text[e.Value])
				b.line("\t%s |= 1 << i", ident(e.Arg.Name))
				b.line("}")
				return
			}
			storeElement(b, e)
		})
		b.WriteString(strings.Join(lines, "\n") + "\n}\n")
		for i, p := range layout.Pointers {
			if a := layout.Args[i][0]; a.Kind.Bits() {
				fmt.Fprintf(b, "c.Streams[%d].pack(t, group, %s)\n", p-frame.Streams, ident(a.Name))
			}
		}
		b.WriteString("}\n}\n}\n")
	}
}

// laneOf is the text of an argument's lane i.
func laneOf(v equation.Value) string { return ident(v.Name) + "[i]" }

// lanesOf is the text of a group's lanes of an array.
func lanesOf(p frame.Pointer, arrays, array int) string {
	switch p {
	case frame.State:
		return fmt.Sprintf("panel(c.State, group, %d, %d)", arrays, array)
	case frame.Params:
		return fmt.Sprintf("panel(c.Params, group, %d, %d)", arrays, array)
	case frame.Sums:
		return fmt.Sprintf("panel(c.Sums, group, %d, %d)", arrays, array)
	}
	return fmt.Sprintf("c.Streams[%d].lanes(t, group, %d, %d)", p-frame.Streams, arrays, array)
}

// neurons is simd/neurons.go: the compiled neurons, and what is known of their
// kernels.
func neurons(families []kernel.Family, specials []kernel.Special) []byte {
	var forward, backward []*equation.Kernel
	for _, f := range families {
		for _, k := range f.Kernels {
			switch {
			case !k.OverTime():
			case k.Back:
				backward = append(backward, k)
			default:
				forward = append(forward, k)
			}
		}
	}
	return file("asm/kernel", "", func(b *strings.Builder) {
		b.WriteString("\n// The compiled neurons.\nconst (\n")
		for i, k := range forward {
			typed := ""
			if i == 0 {
				typed = " Neuron = iota"
			}
			fmt.Fprintf(b, "%s%s // %s\n", neuron(k.Name), typed, strings.TrimSuffix(strings.ReplaceAll(k.Doc, "\n", " "), ":"))
		}
		fmt.Fprintf(b, "neuronCount\n)\n\n// The first of those that have a forward pass of their own, and of whom.\nconst firstSpecial = %s\n\nvar specialOf = [...]Neuron{\n", neuron(specials[0].Kernel.Name))
		for _, s := range specials {
			fmt.Fprintf(b, "%s, ", neuron(s.Of.Name))
		}
		b.WriteString("\n}\n")
		kernels(b, "forward", forward)
		kernels(b, "backward", backward)
		choice(b, "advance", forward)
		choice(b, "back", backward)
	})
}

// kernels is a table of what a call of each kernel must have.
func kernels(b *strings.Builder, name string, list []*equation.Kernel) {
	fmt.Fprintf(b, "\nvar %s = [...]Kernel{\n", name)
	for _, k := range list {
		layout := frame.Of(k)
		fmt.Fprintf(b, "%s: {Name: %q, States: %d, Params: %d, Sums: %d, Lanes: Lanes, Elements: %d, Back: %t, Streams: []Kind{",
			neuron(strings.TrimSuffix(k.Name, "Backward")), k.Name, layout.Arrays(frame.State), layout.Arrays(frame.Params), layout.Arrays(frame.Sums), elements(k), k.Back)
		for i, p := range layout.Pointers {
			if p.OfStream() {
				b.WriteString(stream(k, layout, i) + ", ")
			}
		}
		b.WriteString("}},\n")
	}
	b.WriteString("}\n")
}

// stream says what a stream holds.
func stream(k *equation.Kernel, layout frame.Layout, i int) string {
	a := layout.Args[i][0]
	role := map[equation.ArgKind]string{equation.ArgOutput: "Output", equation.ArgBitsOut: "Spikes", equation.ArgInput: "Input", equation.ArgTrace: "Trace", equation.ArgDistance: "Distance"}[a.Kind]
	switch {
	case a.Name == equation.SurrogateGrad:
		role = "SurrogateGrad"
	case a.Name == equation.OutputGradient:
		role = "OutputGradient"
	case k.Back && a.Kind == equation.ArgOutput:
		role = "InputGradient"
	}
	return fmt.Sprintf("{Role%s, %d, 0}", role, len(layout.Args[i]))
}

// choice calls the kernel of a neuron.
func choice(b *strings.Builder, verb string, list []*equation.Kernel) {
	for _, form := range []struct{ suffix, arg string }{{"SIMD", "*frame"}, {"Generic", "*Call"}} {
		fmt.Fprintf(b, "\nfunc %s%s(n Neuron, c %s) {\nswitch n {\n", verb, form.suffix, form.arg)
		for _, k := range list {
			fmt.Fprintf(b, "case %s:\n%s%s(c)\n", neuron(strings.TrimSuffix(k.Name, "Backward")), k.Name, form.suffix)
		}
		b.WriteString("}\n}\n")
	}
}
