package neon

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/operand"
)

// R is a general register, V a vector register of four floats.
type (
	R int
	V int
)

// text is an operand as the assembler writes it.
type text string

// Asm is the operand.
func (t text) Asm() string { return string(t) }

// Asm is the register as a whole.
func (r R) Asm() string { return fmt.Sprintf("R%d", int(r)) }

// Asm is the register as a whole.
func (v V) Asm() string { return fmt.Sprintf("V%d", int(v)) }

// S4, H8, D2 and B16 are the register as lanes of 32, 16, 64 and 8 bits, H4 and
// B8 its lower half.
func (v V) S4() operand.Op  { return text(v.Asm() + ".S4") }
func (v V) H8() operand.Op  { return text(v.Asm() + ".H8") }
func (v V) D2() operand.Op  { return text(v.Asm() + ".D2") }
func (v V) B16() operand.Op { return text(v.Asm() + ".B16") }
func (v V) H4() operand.Op  { return text(v.Asm() + ".H4") }
func (v V) B8() operand.Op  { return text(v.Asm() + ".B8") }

// S0 and H0 are the first lane.
func (v V) S0() operand.Op { return text(v.Asm() + ".S[0]") }
func (v V) H0() operand.Op { return text(v.Asm() + ".H[0]") }

// F is the register as the operand of a scalar instruction, Two those of a
// load or store of a pair, and List that of VLD1R.
func (v V) F() operand.Op           { return text(fmt.Sprintf("F%d", int(v))) }
func Two(a, b V) operand.Op         { return text(fmt.Sprintf("(F%d, F%d)", int(a), int(b))) }
func (v V) List() operand.Op        { return text("[" + v.Asm() + ".S4]") }
func Mem(base R, disp int) text     { return text(fmt.Sprintf("%d(R%d)", disp, int(base))) }
func Imm(v int) operand.Op          { return text(fmt.Sprintf("$%d", v)) }
func Shifted(r R, n int) operand.Op { return text(fmt.Sprintf("R%d<<%d", int(r), n)) }

// pool hands out registers, the lowest free one first.
type pool struct{ free []int }

func (p pool) clone() pool { return pool{slices.Clone(p.free)} }

// outOfRegisters is the panic of an empty pool.
type outOfRegisters struct{ what string }

func (p *pool) take(what string) int {
	if len(p.free) == 0 {
		panic(outOfRegisters{what})
	}
	r := p.free[0]
	p.free = p.free[1:]
	return r
}

func (p *pool) put(r int) {
	if slices.Contains(p.free, r) {
		panic(fmt.Sprintf("neon: register %d freed twice", r))
	}
	p.free = append(p.free, r)
	slices.Sort(p.free)
}

// generals leaves out R18, which belongs to the platform, R26 and R27, which
// belong to closures and the assembler, and those of Go's runtime.
func generals() pool {
	var p pool
	for r := range 26 {
		if r != 18 {
			p.free = append(p.free, r)
		}
	}
	return p
}

func vectors() pool {
	var p pool
	for v := range 32 {
		p.free = append(p.free, v)
	}
	return p
}
