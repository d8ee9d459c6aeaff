package gogen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/equation"
)

// Bench is bench/kernels/table.go: every kernel, with the operations that an
// element takes.
func Bench(families []kernel.Family) []byte {
	var b strings.Builder
	b.WriteString(Header("asm/kernel"))
	b.WriteString("package kernels\n\nimport \"github.com/spikelane/spikelane/simd\"\n\n")
	b.WriteString("// Generated are the kernels that are described once for all targets.\nvar Generated = []Kernel{\n")
	for _, f := range families {
		for _, k := range f.Kernels {
			fmt.Fprintf(&b, "{\nName: %q, Family: %q, %s\n", k.Name, f.Name, operations(k))
			if k.OverTime() {
				fmt.Fprintf(&b, "Neuron: simd.%s, OverTime: true, Back: %t,\n},\n", neuron(strings.TrimSuffix(k.Name, "Backward")), k.Back)
				continue
			}
			b.WriteString("Args: []ArgKind{")
			lists, numbers := arrays(k)
			var args []string
			for i, a := range lists {
				fmt.Fprintf(&b, "%s, ", map[equation.ArgKind]string{
					equation.ArgOutput: "Output", equation.ArgBitsOut: "BitsOut", equation.ArgInput: "Input", equation.ArgBitsIn: "BitsIn",
				}[a.Kind])
				if a.Kind.Bits() {
					args = append(args, "b")
				} else {
					args = append(args, fmt.Sprintf("f[%d]", i))
				}
			}
			if len(numbers) > 0 {
				value := grouping(k, slices.Repeat([]string{"0.75"}, len(numbers)))
				if grouped(k) {
					value = "simd." + value
				}
				args = append(args, value)
			}
			fmt.Fprintf(&b, "},\nCall: func(f [][]float32, b []uint64) { simd.%s(%s) },\n},\n", Exported(k.Name), strings.Join(args, ", "))
		}
	}
	b.WriteString("}\n")
	return Format(b.String())
}

// operations counts those of an element: all, and of them those that have
// units of their own. A choice between a number and zero is a plain one.
func operations(k *equation.Kernel) string {
	p := k.Expanded()
	all, special := 0, map[equation.Op]int{}
	for i, v := range p.Values {
		if p.IsLeaf(i) || v.Fixed {
			continue
		}
		all++
		switch v.Op {
		case equation.OpGT, equation.OpEQ:
			special[equation.OpGE]++
		case equation.OpSelect:
			if !p.IsZero(v.Args[1]) && !p.IsZero(v.Args[2]) {
				special[v.Op]++
			}
		default:
			special[v.Op]++
		}
	}
	return fmt.Sprintf("Operations: %d, Divisions: %d, Roots: %d, Floors: %d, Comparisons: %d, Choices: %d,", all,
		special[equation.OpDiv], special[equation.OpSqrt], special[equation.OpFloor], special[equation.OpGE], special[equation.OpSelect])
}
