// Package neon writes kernels for NEON: avo holds and prints the file, the
// instructions and registers are ours. A block is eight lanes, two registers a
// value; what is left over is done four lanes, then one lane at a time.
package neon

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/buildtags"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"

	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/equation"
)

const lanes = 8

// Kernels is simd/<family>_arm64.s.
func Kernels(f kernel.Family) []byte {
	file := NewFile()
	for _, k := range f.Kernels {
		if k.OverTime() {
			file.kernel(k, overTime)
		} else {
			file.kernel(k, elements)
		}
	}
	return file.Print("asm from asm/kernel, family " + f.Name)
}

// File is a file, the function that is being written, and its free registers.
type File struct {
	file     *ir.File
	tables   map[string]bool
	function *ir.Function
	generals pool
	vectors  pool
}

// NewFile starts a file.
func NewFile() *File {
	f := &File{file: ir.NewFile(), tables: map[string]bool{}}
	c, err := buildtags.ParseConstraint("!purego")
	if err != nil {
		panic(err)
	}
	f.file.Constraints = append(f.file.Constraints, c)
	return f
}

// kernel writes a kernel in the first of the plans that has enough registers.
func (f *File) kernel(k *equation.Kernel, write func(f *File, k *equation.Kernel, p plan)) {
	for _, p := range plans {
		if f.fits(func() { write(f, k, p) }) {
			f.End()
			return
		}
	}
	panic("neon: " + k.Name + " needs too many registers")
}

// plan is how a body spends its registers.
type plan struct {
	width     int  // lanes of a block: 8 or 4
	constants bool // constants stay in registers
	// reload: arguments give their register back after each use.
	reload bool
	// again: what optional effects need is computed again, from arguments; apart:
	// for each of them.
	again, apart bool
}

// plans are tried in their order.
var plans = []plan{
	{width: 8, constants: true}, {width: 8, constants: true, again: true}, {width: 8}, {width: 8, again: true}, {width: 8, reload: true, again: true},
	{width: 4, again: true}, {width: 4, reload: true, again: true}, {width: 4, reload: true, again: true, apart: true},
}

func (f *File) fits(write func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok = r.(outOfRegisters); !ok {
				panic(r)
			}
			ok = false
		}
	}()
	write()
	return true
}

// Function starts a function, declared elsewhere with these parameters.
func (f *File) Function(name, parameters string) {
	signature, err := gotypes.ParseSignature("func(" + parameters + ")")
	if err != nil {
		panic(fmt.Sprintf("neon: %s: %v", name, err))
	}
	f.function = ir.NewFunction(name)
	f.function.SetSignature(signature)
	f.function.Attributes = attr.NOSPLIT
	f.generals, f.vectors = generals(), vectors()
}

// Frame starts the function of a kernel, and loads the address of its frame.
func (f *File) Frame(name string) R {
	f.Function(name+"SIMD", "c *uint8") // a frame
	return f.Number("c")
}

// field loads a field of the frame.
func (f *File) field(c R, offset int) R {
	r := f.R()
	f.I("MOVD", Mem(c, offset), r)
	return r
}

// End ends the function.
func (f *File) End() {
	f.function.AddInstruction(&ir.Instruction{Opcode: "RET", IsTerminal: true})
	f.file.AddSection(f.function)
}

// I writes an instruction.
func (f *File) I(opcode string, operands ...operand.Op) {
	f.function.AddInstruction(&ir.Instruction{Opcode: opcode, Operands: operands})
}

// Jump writes a branch to a label.
func (f *File) Jump(opcode, label string, operands ...operand.Op) {
	f.function.AddInstruction(&ir.Instruction{
		Opcode: opcode, Operands: append(operands, operand.LabelRef(label)),
		IsBranch: true, IsConditional: opcode != "B",
	})
}

// Label writes a label.
func (f *File) Label(name string) { f.function.AddLabel(ir.Label(name)) }

// R and V take registers, FreeR and FreeV give them back.
func (f *File) R() R         { return R(f.generals.take("general")) }
func (f *File) V() V         { return V(f.vectors.take("vector")) }
func (f *File) FreeR(r ...R) { giveBack(&f.generals, r) }
func (f *File) FreeV(v ...V) { giveBack(&f.vectors, v) }

func giveBack[T R | V](p *pool, rs []T) {
	for _, r := range rs {
		p.put(int(r))
	}
}

// Pointer loads the address of the first element of a slice.
func (f *File) Pointer(slice string) R { r := f.R(); f.PointerTo(slice, r); return r }

// PointerTo loads it into r.
func (f *File) PointerTo(slice string, r R) { f.I("MOVD", resolve(f.param(slice).Base()), r) }

// Length loads the length of a slice.
func (f *File) Length(slice string) R {
	r := f.R()
	f.I("MOVD", resolve(f.param(slice).Len()), r)
	return r
}

// Number loads an int.
func (f *File) Number(name string) R { r := f.R(); f.NumberTo(name, r); return r }

// NumberTo loads it into r.
func (f *File) NumberTo(name string, r R) { f.I("MOVD", resolve(f.param(name)), r) }

func (f *File) param(name string) gotypes.Component {
	return f.function.Signature.Params().Lookup(name)
}

func resolve(c gotypes.Component) operand.Op {
	b, err := c.Resolve()
	if err != nil {
		panic(fmt.Sprintf("neon: %v", err))
	}
	return b.Addr
}

// Zero clears a register.
func (f *File) Zero(v V) { f.I("VEOR", v.B16(), v.B16(), v.B16()) }

// Bits puts a word into all lanes.
func (f *File) Bits(w uint32, v V) {
	r := f.R()
	f.I("MOVD", text(fmt.Sprintf("$0x%08x", w)), r)
	f.I("VDUP", r, v.S4())
	f.FreeR(r)
}

// Table loads the address of a read-only table of numbers, written once a file.
func (f *File) Table(name string, numbers ...operand.Constant) R {
	if !f.tables[name] {
		f.tables[name] = true
		g := ir.NewStaticGlobal(name)
		g.Attributes = attr.RODATA | attr.NOPTR
		for _, n := range numbers {
			g.Append(n)
		}
		f.file.AddSection(g)
	}
	r := f.R()
	f.I("MOVD", text("$"+name+"<>(SB)"), r)
	return r
}

// Print is the text of the file.
func (f *File) Print(source string) []byte {
	err := pass.IncludeTextFlagHeader(f.file)
	var src []byte
	if err == nil {
		src, err = printer.NewGoAsm(printer.Config{Name: source, Pkg: "simd"}).Print(f.file)
	}
	if err != nil {
		panic(fmt.Sprintf("neon: %s: %v", source, err))
	}
	return src
}
