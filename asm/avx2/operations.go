package avx2

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/equation"
)

// Operations is simd/operations_amd64.s: one loop that runs the instructions of
// a program one after another, each over all lanes of a block, step by step. An
// instruction is six 16-bit numbers: the operation, and where in a table of
// addresses its operands are. There is at least one address that moves.
func Operations(list []*equation.Kernel) []byte {
	f := NewFile()
	c := f.Frame("operations")
	f.Label("step")
	code, table := f.field(c, frame.Code.Offset()), f.field(c, frame.Table.Offset())
	count, size := f.field(c, frame.Instructions), f.field(c, frame.Groups)
	f.SHLQ(operand.Imm(6), size) // bytes
	f.Label("next")
	op, at := f.GP64(), f.GP64()
	operands := map[string]reg.GPVirtual{}
	f.MOVWQZX(operand.Mem{Base: code}, op)
	for i, name := range frame.Operands {
		r := f.GP64()
		f.MOVWQZX(operand.Mem{Base: code, Disp: 2 * (i + 1)}, r)
		f.MOVQ(operand.Mem{Base: table, Index: r, Scale: 8}, r)
		operands[name] = r
	}
	f.ADDQ(operand.Imm(frame.InstructionSize), code)
	f.XORQ(at, at)
	f.dispatch(op, 0, len(list))
	for i, k := range list {
		f.Label(fmt.Sprintf("operation%d", i))
		f.operation(k, fmt.Sprintf("loop%d", i), operands, at, size)
		if i < len(list)-1 {
			f.JMP(operand.LabelRef("done"))
		}
	}
	f.Label("done")
	f.DECQ(count)
	f.JNZ(operand.LabelRef("next"))
	f.move(c)
	f.DECQ(operand.Mem{Base: c, Disp: frame.Steps})
	f.JNZ(operand.LabelRef("step"))
	f.Return()
	return f.Print("asm from asm/kernel, operations")
}

// operation is the loop of one operation.
func (f *File) operation(k *equation.Kernel, loop string, operands map[string]reg.GPVirtual, at, size reg.GPVirtual) {
	f.Label(loop)
	var bits []reg.GPVirtual
	for first := 0; first < frame.Lanes; first += lanes {
		b := &body{File: f, p: k.Expanded()}
		b.at = func(a equation.Arg) operand.Mem {
			if !a.Kind.Bits() {
				return operand.Mem{Base: operands[a.Name], Index: at, Scale: 1, Disp: 4 * first}
			}
			bits = []reg.GPVirtual{operands[a.Name]}
			return operand.Mem{Base: operands[a.Name], Disp: first / 8}
		}
		b.run("", nil, nil)
	}
	for _, r := range bits {
		f.ADDQ(operand.Imm(frame.Lanes/8), r)
	}
	f.ADDQ(operand.Imm(4*frame.Lanes), at)
	f.CMPQ(at, size)
	f.JB(operand.LabelRef(loop))
}

// move moves addresses to the next step.
func (f *File) move(c reg.GPVirtual) {
	table, moves := f.field(c, frame.Table.Offset()), f.field(c, frame.Moves.Offset())
	n, first, by := f.field(c, frame.Moving), f.field(c, frame.FirstMoving), f.GP64()
	f.LEAQ(operand.Mem{Base: table, Index: first, Scale: 8}, table)
	f.Label("move")
	f.MOVQ(operand.Mem{Base: moves}, by)
	f.ADDQ(by, operand.Mem{Base: table})
	f.ADDQ(operand.Imm(8), moves)
	f.ADDQ(operand.Imm(8), table)
	f.DECQ(n)
	f.JNZ(operand.LabelRef("move"))
}

// dispatch jumps to the loop of an operation from first to last-1.
func (f *File) dispatch(op reg.GPVirtual, first, last int) {
	if last-first == 1 {
		f.JMP(operand.LabelRef(fmt.Sprintf("operation%d", first)))
		return
	}
	middle := (first + last) / 2
	upper := fmt.Sprintf("from%d", middle)
	f.CMPQ(op, operand.U32(middle))
	if last-middle == 1 {
		f.JAE(operand.LabelRef(fmt.Sprintf("operation%d", middle)))
	} else {
		f.JAE(operand.LabelRef(upper))
	}
	f.dispatch(op, first, middle)
	if last-middle > 1 {
		f.Label(upper)
		f.dispatch(op, middle, last)
	}
}
