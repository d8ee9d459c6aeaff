// Package avx2 writes kernels for AVX2 through avo. A block is eight lanes, one
// YMM register a value; which register is avo's business.
package avx2

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/equation"
)

const lanes = 8

// Kernels is simd/<family>_amd64.s.
func Kernels(f kernel.Family) []byte {
	file := NewFile()
	for _, k := range f.Kernels {
		write := elements
		if k.OverTime() {
			write = overTime
		}
		write(file, k, planFor(k, write))
	}
	return file.Print("asm from asm/kernel, family " + f.Name)
}

// beyond matches the registers that AVX2 does not have.
var beyond = regexp.MustCompile(`\b[XY](1[6-9]|2\d|3[01])\b`)

// worthPairs reports whether two steps at once are faster than one after the
// other: where a step is so short that loading parameters takes most of it, not
// where it is operations that wait for each other. (Measured, of all neurons.)
func worthPairs(p *equation.Program) bool {
	for _, v := range p.Values {
		if v.Op == equation.OpDiv || v.Op == equation.OpSqrt {
			return false
		}
	}
	return operations(p) <= 11
}

// planFor is the first plan with which a kernel has registers enough.
func planFor(k *equation.Kernel, write func(*File, *equation.Kernel, plan)) plan {
	var err error
	tried := plans
	if k.OverTime() && !k.Back && worthPairs(k.Expanded()) {
		tried = append([]plan{{pairs: true}}, plans...)
	}
	for _, p := range tried {
		var text []byte
		trial := NewFile()
		write(trial, k, p)
		if text, err = trial.print(k.Name); err == nil && !beyond.Match(text) {
			return p
		}
	}
	panic(fmt.Sprintf("avx2: %s needs too many registers: %v", k.Name, err))
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

// Frame starts the function of a kernel, and loads the address of its frame.
func (f *File) Frame(name string) reg.GPVirtual {
	f.Function(name+"SIMD", "c *uint8") // a frame
	c := f.GP64()
	f.Load(f.Param("c"), c)
	return c
}

// field loads a field of the frame.
func (f *File) field(c reg.GPVirtual, offset int) reg.GPVirtual {
	r := f.GP64()
	f.MOVQ(operand.Mem{Base: c, Disp: offset}, r)
	return r
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
	src, err := f.print(source)
	if err != nil {
		panic(fmt.Sprintf("avx2: %s: %v", source, err))
	}
	return src
}

func (f *File) print(source string) ([]byte, error) {
	file, err := f.Result()
	if err == nil {
		err = pass.Compile.Execute(file)
		dropSelfMoves(file)
	}
	var src []byte
	if err == nil {
		src, err = printer.NewGoAsm(printer.Config{Name: source, Pkg: "simd"}).Print(file)
	}
	return src, err
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
