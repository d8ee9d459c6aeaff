// Package linear writes the kernels of sums of products, scheduled by hand: the
// gather of weight rows, the dense product, the scatter of a convolution, and
// what stands around them. Vector lanes run over outputs, never over the
// summed index, so that every output is one chain of fma in ascending order.
//
// Weights are packed in panels of up to 32 outputs, 8 floats a vector; a kernel
// is written once for every width, as a Go loop over its vectors.
package linear

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/gogen"
)

// lanes is how many outputs a vector holds, and widths how many vectors a
// panel may have.
const (
	lanes      = 8
	maxVectors = 4
)

// Function is the declaration of a kernel.
type Function struct{ Name, Parameters, Doc string }

// A patch is simd.Patch.
const patch = "struct { weight, out, rows, cols int32; value float32 }"

func gatherFunction(vectors int, values bool) Function {
	if values {
		return Function{
			fmt.Sprintf("gatherValues%dSIMD", vectors*lanes),
			"dst, init, w []float32, index []int32, value []float32, rows []int, dstStride, initStride int",
			"multiplies the rows of one panel by the values of the active inputs.",
		}
	}
	return Function{
		fmt.Sprintf("gather%dSIMD", vectors*lanes),
		"dst, init, w []float32, index []int32, rows []int, dstStride, initStride int",
		"adds the rows of one panel at the active inputs.",
	}
}

// pairsFunction gathers from two whole panels at a time, which begin panel
// numbers apart, for some pairs of them: each index is decoded once, and each
// end of a row is mispredicted once, for twice as much.
func pairsFunction(values bool) Function {
	if values {
		return Function{
			"gatherValuesPairsSIMD",
			"dst, init, w []float32, index []int32, value []float32, rows []int, dstStride, initStride, panel, pairs int",
			"multiplies the rows of pairs of panels by the values of the active inputs.",
		}
	}
	return Function{
		"gatherPairsSIMD",
		"dst, init, w []float32, index []int32, rows []int, dstStride, initStride, panel, pairs int",
		"adds the rows of pairs of panels at the active inputs.",
	}
}

func denseFunction(vectors int) Function {
	return Function{
		fmt.Sprintf("dense%dSIMD", vectors*lanes),
		"dst, init, w, x []float32, rows, depth, dstStride, initStride, xStride int",
		"multiplies rows of depth numbers by one panel.",
	}
}

func scatterFunction(vectors int) Function {
	return Function{
		fmt.Sprintf("scatter%dSIMD", vectors*lanes),
		"acc, w []float32, patches []Patch, weightRow, weightCol, outRow, outCol int",
		"adds patches of a kernel, times a value, to the outputs they reach.",
	}
}

var transposeFunction = Function{
	"transposeSIMD",
	"dst, src []float32, rows, dstStride, srcStride int",
	"stores 8 columns of src, a multiple of 8 rows, as 8 rows of dst, plus 0.",
}

var listFunction = Function{
	"listRowsSIMD",
	"index []int32, rows []int, bits []uint64, words int, table []uint64, counts []uint8",
	"lists the bits that are set in each row of words.",
}

var largestFunction = Function{
	"largestSIMD",
	"most []uint32, index []int32",
	"puts into each of 8 lanes the largest number, without signs, of its own and of index, which is a multiple of 8 long.",
}

func poolFunction(stride int) Function {
	return Function{
		fmt.Sprintf("sumPool%dSIMD", stride),
		"dst, x []float32, height, width, xStride int",
		fmt.Sprintf("sums windows %d apart; len(dst) is a multiple of 8.", stride),
	}
}

// Functions are all the kernels.
func Functions() []Function {
	var fs []Function
	for v := 1; v <= maxVectors; v++ {
		fs = append(fs, gatherFunction(v, false), gatherFunction(v, true), denseFunction(v), scatterFunction(v))
	}
	return append(fs, pairsFunction(false), pairsFunction(true), listFunction, largestFunction, transposeFunction, poolFunction(1), poolFunction(2))
}

// signature is the parameter list as the assembler's tools read it.
func (f Function) signature() string { return strings.ReplaceAll(f.Parameters, "Patch", patch) }

// Declarations are simd/linear_simd.go and simd/linear_nosimd.go.
func Declarations() map[string][]byte {
	var stubs, missing strings.Builder
	stubs.WriteString(gogen.Header("asm/linear") + "//go:build (amd64 || arm64) && !purego\n\npackage simd\n")
	missing.WriteString(gogen.Header("asm/linear") + "//go:build purego || !(amd64 || arm64)\n\npackage simd\n\n")
	for _, f := range Functions() {
		fmt.Fprintf(&stubs, "\n// %s %s\n//\n//go:noescape\nfunc %s(%s)\n", f.Name, f.Doc, f.Name, f.Parameters)
		fmt.Fprintf(&missing, "func %s(%s) { panic(noSIMD) }\n", f.Name, f.Parameters)
	}
	return map[string][]byte{
		"linear_simd.go":   gogen.Format(stubs.String()),
		"linear_nosimd.go": gogen.Format(missing.String()),
	}
}
