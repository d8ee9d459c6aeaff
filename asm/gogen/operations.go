package gogen

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/equation"
)

// microOperations is simd/operations.go: the operations of programs, and each
// of them as a loop.
func microOperations(list []*equation.Kernel) []byte {
	return file("asm/kernel", "", func(b *strings.Builder) {
		b.WriteString("\n// The operations of a [Program].\nconst (\n")
		for i, k := range list {
			typed := ""
			if i == 0 {
				typed = " Op = iota"
			}
			fmt.Fprintf(b, "Op%s%s // dst = %s\n", title(k.Name), typed, k.Doc)
		}
		b.WriteString("operationCount\n)\n\n// operationGeneric does one operation in pure Go.\nfunc operationGeneric(op Op, dst, a, b, c, d []float32, bits []uint64) {\n")
		b.WriteString("a, b, c, d = a[:len(dst)], b[:len(dst)], c[:len(dst)], d[:len(dst)]\nswitch op {\n")
		for _, k := range list {
			fmt.Fprintf(b, "case Op%s:\n", title(k.Name))
			_, lines := statements(k.Program(), elementOf, func(b *body, e equation.Effect) {
				if e.Arg.Kind != equation.ArgBitsOut {
					storeElement(b, e)
					return
				}
				b.line("bits[i>>6] &^= 1 << (i & 63)")
				b.line("if %s {", b.text[e.Value])
				b.line("\tbits[i>>6] |= 1 << (i & 63)")
				b.line("}")
			})
			fmt.Fprintf(b, "for i := range dst {\n%s\n}\n", strings.Join(lines, "\n"))
		}
		b.WriteString("}\n}\n")
	})
}
