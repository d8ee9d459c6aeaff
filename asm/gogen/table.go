package gogen

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/expr"
	"github.com/spikelane/spikelane/asm/kernel"
)

// Table is simd/<family>_table_test.go: every kernel of the family under one
// signature, so that no kernel can be added without its tests.
func Table(f kernel.Family) []byte {
	var b strings.Builder
	b.WriteString(Header("asm/kernel, family " + f.Name))
	b.WriteString("package simd\n\n")
	fmt.Fprintf(&b, "func init() {\n\tkernels = append(kernels, []tested{\n")
	for _, k := range f.Kernels {
		fmt.Fprintf(&b, "{\nname: %q, overTime: %t, training: %t,\nargs: []testedArg{", k.Name, k.OverTime(), k.Training)
		for _, a := range k.Args() {
			fmt.Fprintf(&b, "{%q, %s}, ", a.Name, [...]string{
				expr.ArgOutput: "output", expr.ArgBitsOut: "bitsOut", expr.ArgState: "state", expr.ArgSum: "state",
				expr.ArgInput: "input", expr.ArgBitsIn: "bitsIn", expr.ArgParam: "param",
			}[a.Kind])
		}
		b.WriteString("},\n")
		fmt.Fprintf(&b, "call: func(f [][]float32, b [][]uint64, p []float32, steps int, strides []int) {\n%s(%s)\n},\n},\n",
			Exported(k.Name), strings.Join(tableArguments(k), ", "))
	}
	b.WriteString("}...)\n}\n")
	return Format(b.String())
}

func tableArguments(k *expr.Kernel) []string {
	var args []string
	floats, bits, params, strides := 0, 0, 0, 0
	count := func(format string, n *int) string {
		s := fmt.Sprintf(format, *n)
		*n++
		return s
	}
	for _, a := range k.Args() {
		switch {
		case a.Kind.Bits():
			args = append(args, count("b[%d]", &bits))
		case a.Kind == expr.ArgParam && !k.OverTime():
			args = append(args, count("p[%d]", &params))
		default:
			args = append(args, count("f[%d]", &floats))
		}
	}
	if k.OverTime() {
		args = append(args, "steps")
		for range Strides(k) {
			args = append(args, count("strides[%d]", &strides))
		}
	}
	return args
}
