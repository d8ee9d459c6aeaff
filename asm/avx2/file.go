// Package avx2 writes kernels for AVX2 through avo. A block is eight lanes, one
// YMM register a value; which register is avo's business.
package avx2

import (
	"fmt"
	"math"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/kernel"
)

const (
	lanes     = 8
	registers = 16
)

// Kernels is simd/<family>_amd64.s.
func Kernels(f kernel.Family) []byte {
	file := NewFile()
	for _, k := range f.Kernels {
		if k.OverTime() {
			overTime(file, k)
		} else {
			elements(file, k)
		}
	}
	return file.Print("asm from asm/kernel, family " + f.Name)
}

// File is avo's context for one file, with a pool of constants.
type File struct {
	*build.Context
	pool map[string]operand.Mem
}

// NewFile starts a file.
func NewFile() *File {
	f := &File{build.NewContext(), map[string]operand.Mem{}}
	f.ConstraintExpr("!purego")
	return f
}

// Function starts a function, declared elsewhere with these parameters.
func (f *File) Function(name, parameters string) {
	f.Context.Function(name)
	f.Attributes(attr.NOSPLIT)
	f.SignatureExpr("func(" + parameters + ")")
}

// Pointer loads the address of the first element of a slice.
func (f *File) Pointer(slice string) reg.GPVirtual {
	p := f.GP64()
	f.Load(f.Param(slice).Base(), p)
	return p
}

// Number loads an int.
func (f *File) Number(name string) reg.GPVirtual {
	n := f.GP64()
	f.Load(f.Param(name), n)
	return n
}

// Words is a read-only table of 32-bit words, written once a file.
func (f *File) Words(name string, words ...uint32) operand.Mem {
	if m, ok := f.pool[name]; ok {
		return m
	}
	m := f.StaticGlobal(name)
	f.DataAttributes(attr.RODATA | attr.NOPTR)
	for i, w := range words {
		f.AddDatum(4*i, operand.U32(w))
	}
	f.pool[name] = m
	return m
}

// Constant is eight copies of a float.
func (f *File) Constant(v float32) operand.Mem {
	bits := math.Float32bits(v)
	return f.Repeat(fmt.Sprintf("float_%08x", bits), bits)
}

// Repeat is eight copies of a word.
func (f *File) Repeat(name string, w uint32) operand.Mem {
	return f.Words(name, w, w, w, w, w, w, w, w)
}

// Return ends a function. Without VZEROUPPER the SSE code of the caller would
// crawl.
func (f *File) Return() {
	f.VZEROUPPER()
	f.RET()
}

// Print compiles and prints the file.
func (f *File) Print(source string) []byte {
	file, err := f.Result()
	if err == nil {
		err = pass.Compile.Execute(file)
		dropSelfMoves(file)
	}
	var src []byte
	if err == nil {
		src, err = printer.NewGoAsm(printer.Config{Name: source, Pkg: "simd"}).Print(file)
	}
	if err != nil {
		panic(fmt.Sprintf("avx2: %s: %v", source, err))
	}
	return src
}

// dropSelfMoves removes moves of vectors whose two registers have become one:
// avo does so for general registers only.
func dropSelfMoves(file *ir.File) {
	for _, fn := range file.Functions() {
		fn.Nodes = slices.DeleteFunc(fn.Nodes, func(n ir.Node) bool {
			i, ok := n.(*ir.Instruction)
			return ok && i.Opcode == "VMOVAPS" && i.Operands[0] == i.Operands[1]
		})
	}
}
