package gogen

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/equation"
)

// table is simd/table_test.go: every kernel without state under one signature,
// so that none can be added without its tests.
func table(families []kernel.Family) []byte {
	return file("asm/kernel", "", func(b *strings.Builder) {
		b.WriteString("\nvar elementwiseKernels = []tested{\n")
		for _, f := range families {
			for _, k := range f.Kernels {
				if !k.OverTime() {
					tableEntry(b, k)
				}
			}
		}
		b.WriteString("}\n")
	})
}

func tableEntry(b *strings.Builder, k *equation.Kernel) {
	fmt.Fprintf(b, "{%q, []argKind{", k.Name)
	lists, numbers := arrays(k)
	var args []string
	floats, bits := 0, 0
	for _, a := range lists {
		b.WriteString(map[equation.ArgKind]string{
			equation.ArgOutput: "output", equation.ArgBitsOut: "bitsOut", equation.ArgInput: "input", equation.ArgBitsIn: "bitsIn",
		}[a.Kind] + ", ")
		if a.Kind.Bits() {
			args = append(args, fmt.Sprintf("b[%d]", bits))
			bits++
		} else {
			args = append(args, fmt.Sprintf("f[%d]", floats))
			floats++
		}
	}
	var values []string
	for i := range numbers {
		b.WriteString("param, ")
		values = append(values, fmt.Sprintf("p[%d]", i))
	}
	if len(values) > 0 {
		args = append(args, grouping(k, values))
	}
	fmt.Fprintf(b, "}, func(f [][]float32, b [][]uint64, p []float32) { %s(%s) }},\n", Exported(k.Name), strings.Join(args, ", "))
}
