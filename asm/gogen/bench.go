package gogen

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/expr"
	"github.com/spikelane/spikelane/asm/kernel"
)

// Bench is bench/kernels/table.go: every kernel under one signature, with the
// operations that an element takes.
func Bench(families []kernel.Family) []byte {
	var b strings.Builder
	b.WriteString(Header("asm/kernel"))
	b.WriteString("package kernels\n\nimport \"github.com/spikelane/spikelane/simd\"\n\n")
	b.WriteString("// Generated are the kernels that are described once for all targets.\nvar Generated = []Kernel{\n")
	for _, f := range families {
		for _, k := range f.Kernels {
			fmt.Fprintf(&b, "{\nName: %q, Family: %q,\nOverTime: %t, Training: %t, %s\nArgs: []ArgKind{", k.Name, f.Name, k.OverTime(), k.Training, operations(k))
			for _, a := range k.Args() {
				fmt.Fprintf(&b, "%s, ", [...]string{
					expr.ArgOutput: "Output", expr.ArgBitsOut: "BitsOut", expr.ArgState: "State", expr.ArgSum: "State",
					expr.ArgInput: "Input", expr.ArgBitsIn: "BitsIn", expr.ArgParam: "Param",
				}[a.Kind])
			}
			fmt.Fprintf(&b, "},\nCall: func(f [][]float32, b [][]uint64, p []float32, steps int, strides []int) {\nsimd.%s(%s)\n},\n},\n",
				Exported(k.Name), strings.Join(tableArguments(k), ", "))
		}
	}
	b.WriteString("}\n")
	return Format(b.String())
}

// operations counts those of an element: all, and of them those that have
// units of their own. A choice between a number and zero is a plain one.
func operations(k *expr.Kernel) string {
	p := k.Program()
	all, special := 0, map[expr.Op]int{}
	for i, v := range p.Values {
		if p.IsLeaf(i) || v.Fixed {
			continue
		}
		all++
		switch v.Op {
		case expr.OpGT, expr.OpEQ:
			special[expr.OpGE]++
		case expr.OpSelect:
			if !p.IsZero(v.Args[1]) && !p.IsZero(v.Args[2]) {
				special[v.Op]++
			}
		default:
			special[v.Op]++
		}
	}
	return fmt.Sprintf("Operations: %d, Divisions: %d, Roots: %d, Floors: %d, Comparisons: %d, Choices: %d,", all,
		special[expr.OpDiv], special[expr.OpSqrt], special[expr.OpFloor], special[expr.OpGE], special[expr.OpSelect])
}
