package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/equation"
)

// Layers is snn/kernels.go: for every neuron, as a typed value, its equations,
// whether they are compiled, and what its panels hold.
func Layers(families []kernel.Family, specials []kernel.Special) []byte {
	var b strings.Builder
	b.WriteString(Header("asm/kernel"))
	b.WriteString("package snn\n\nimport \"github.com/spikelane/spikelane/simd\"\n")
	b.WriteString("\n// The parameters of kernels.\nconst (\n")
	for i, name := range parameterNames(families) {
		typed := ""
		if i == 0 {
			typed = " param = iota"
		}
		fmt.Fprintf(&b, "param%s%s\n", title(name), typed)
	}
	b.WriteString("paramCount\n)\n\n// paramNames are their names in equations.\nvar paramNames = [paramCount]string{\n")
	for _, name := range parameterNames(families) {
		fmt.Fprintf(&b, "%q, ", name)
	}
	b.WriteString("\n}\n\n// The kernels.\nvar (\n")
	for _, f := range families {
		for _, k := range f.Kernels {
			layer(&b, k, k)
		}
	}
	for _, s := range specials {
		layer(&b, s.Kernel, s.Of)
	}
	b.WriteString(")\n")
	return Format(b.String())
}

// LayersTable is snn/kernels_test.go: all of them, so that none can be added
// without its tests.
func LayersTable(families []kernel.Family, specials []kernel.Special) []byte {
	var b strings.Builder
	b.WriteString(Header("asm/kernel") + "package snn\n\nvar allKernels = []*kernel{\n")
	for _, f := range families {
		for _, k := range f.Kernels {
			fmt.Fprintf(&b, "&%s, ", k.Name)
		}
	}
	b.WriteString("\n}\n\nvar specialKernels = []*kernel{\n")
	for _, s := range specials {
		fmt.Fprintf(&b, "&%s, ", s.Kernel.Name)
	}
	b.WriteString("\n}\n")
	return Format(b.String())
}

// parameterNames are those of all passes, in the order of the alphabet.
func parameterNames(families []kernel.Family) []string {
	var names []string
	for _, f := range families {
		for _, k := range f.Kernels {
			names = append(append(names, panelOf(k, frame.Params)...), panelOf(k.Backward(), frame.Params)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// layer is the value of a kernel whose backward pass is that of another, or its
// own.
func layer(b *strings.Builder, k, of *equation.Kernel) {
	back := of.Backward()
	fmt.Fprintf(b, "\n// %s %s\n//\n", k.Name, strings.TrimSuffix(strings.ReplaceAll(k.Doc, "\n", " "), ":"))
	for _, line := range strings.Split(strings.TrimSpace(k.Text()), "\n") {
		fmt.Fprintf(b, "//\t%s\n", line)
	}
	fmt.Fprintf(b, "%s = kernel{\nname: %q,\ntext: `%s`,\n", k.Name, k.Name, strings.TrimSpace(k.Text()))
	fmt.Fprintf(b, "compiled: true, neuron: simd.%s,\n", neuron(k.Name))
	fires := slices.ContainsFunc(k.Recording().Args(), func(a equation.Arg) bool { return a.Kind == equation.ArgDistance })
	fmt.Fprintf(b, "fires: %t, spiking: %t,\n", fires, fires)
	fmt.Fprintf(b, "dense: %t,\nstates: %s,\nparams: %s,\ntraces: %s,\n", k.Outputs()[0] == "dst",
		texts(panelOf(k, frame.State)), params(panelOf(k, frame.Params)), texts(of.Traces()))
	var gradients, sums []string
	for _, g := range panelOf(back, frame.State) {
		gradients = append(gradients, strings.TrimPrefix(g, "g"))
	}
	for _, s := range panelOf(back, frame.Sums) {
		sums = append(sums, strings.TrimPrefix(s, "g"))
	}
	fmt.Fprintf(b, "gradients: %s,\nbackParams: %s,\nsums: %s,\n}\n", texts(gradients), params(panelOf(back, frame.Params)), params(sums))
}

// panelOf are the names of the arrays of a panel, without the dots of those that
// the language gives.
func panelOf(k *equation.Kernel, p frame.Pointer) []string {
	layout := frame.Of(k)
	var names []string
	if i := layout.Index(p); i >= 0 {
		for _, a := range layout.Args[i] {
			names = append(names, strings.TrimPrefix(a.Name, "."))
		}
	}
	return names
}

func texts(names []string) string { return fmt.Sprintf("%#v", append([]string{}, names...)) }

func params(names []string) string {
	var list []string
	for _, n := range names {
		list = append(list, "param"+title(n))
	}
	return "[]param{" + strings.Join(list, ", ") + "}"
}
