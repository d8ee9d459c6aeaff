// Package limits writes the kernels that measure what a machine can do at the
// most: operations without memory, and memory without operations.
package limits

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/gogen"
)

const (
	lanes = 8
	// chains is how many independent operations a round has: enough to hide
	// their latency.
	chains = 12
	// MaxReads and MaxWrites are how many arrays a stream has at the most.
	MaxReads  = 4
	MaxWrites = 3
	// blocks is how many vectors of each array a round of a stream moves: enough
	// for the loop to take nothing.
	blocks = 16
)

// operations are measured by rounds of chains.
var operations = []struct{ name, doc string }{
	{"fma", "multiplications with addition"},
	{"add", "additions"},
	{"mixed", "additions and multiplications with addition, one after the other"},
	{"div", "divisions"},
	{"sqrt", "square roots"},
	{"floor", "roundings to an integer"},
	{"compare", "comparisons"},
	{"choose", "choices of one of two numbers"},
}

type function struct{ name, parameters, doc string }

func functions() []function {
	var list []function
	for _, op := range operations {
		list = append(list, function{op.name + "SIMD", "rounds int",
			fmt.Sprintf("does %d independent %s of 8 numbers a round.", chains, op.doc)})
	}
	for r := 1; r <= MaxReads; r++ {
		for w := 0; w <= MaxWrites; w++ {
			list = append(list, function{streamName(r, w), streamParameters,
				fmt.Sprintf("reads %d arrays and writes %d.", r, w)})
		}
	}
	return list
}

func streamName(reads, writes int) string { return fmt.Sprintf("stream%d%dSIMD", reads, writes) }

// streamParameters are the same for all streams, so that they fit one table.
const streamParameters = "r0, r1, r2, r3, w0, w1, w2 []float32"

// Declarations are the Go files of bench/limits.
func Declarations() map[string][]byte {
	var stubs, missing, table strings.Builder
	stubs.WriteString(gogen.Header("asm/limits") + "//go:build (amd64 || arm64) && !purego\n\npackage limits\n\nconst haveSIMD = true\n")
	missing.WriteString(gogen.Header("asm/limits") + "//go:build purego || !(amd64 || arm64)\n\npackage limits\n\nconst haveSIMD = false\n\n")
	for _, f := range functions() {
		fmt.Fprintf(&stubs, "\n// %s %s\n//\n//go:noescape\nfunc %s(%s)\n", f.name, f.doc, f.name, f.parameters)
		fmt.Fprintf(&missing, "func %s(%s) {}\n", f.name, f.parameters)
	}
	table.WriteString(gogen.Header("asm/limits") + "package limits\n\n")
	fmt.Fprintf(&table, "// chains is how many operations a round has, each of lanes numbers, and block\n// how many numbers of each array a round of a stream moves.\nconst (\nchains = %d\nlanes = %d\nblock = %d\n)\n\n", chains, lanes, blocks*lanes)
	fmt.Fprintf(&table, "// MaxReads and MaxWrites are how many arrays a stream has at the most.\nconst (\nMaxReads = %d\nMaxWrites = %d\n)\n\n", MaxReads, MaxWrites)
	table.WriteString("// streams are by the number of arrays that are read, from 1, and written.\n")
	fmt.Fprintf(&table, "var streams = [MaxReads][MaxWrites + 1]func(%s){\n", streamParameters)
	for r := 1; r <= MaxReads; r++ {
		table.WriteString("{")
		for w := 0; w <= MaxWrites; w++ {
			table.WriteString(streamName(r, w) + ", ")
		}
		table.WriteString("},\n")
	}
	table.WriteString("}\n")
	return map[string][]byte{
		"limits_simd.go":   gogen.Format(stubs.String()),
		"limits_nosimd.go": gogen.Format(missing.String()),
		"limits_table.go":  gogen.Format(table.String()),
	}
}
