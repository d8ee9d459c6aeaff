package neon

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/equation"
)

// Operations is simd/operations_arm64.s: one loop that runs the instructions of
// a program one after another, each over all lanes of a block, step by step. An
// instruction is six 16-bit numbers: the operation, and where in a table of
// addresses its operands are. There is at least one address that moves.
func Operations(list []*equation.Kernel) []byte {
	f := NewFile()
	c := f.Frame("operations")
	steps, code, table, count, size := f.field(c, frame.Steps), f.R(), f.R(), f.R(), f.R()
	op, left := f.R(), f.R()
	operands := map[string]R{}
	for _, name := range frame.Operands {
		operands[name] = f.R()
	}
	f.Label("step")
	f.I("MOVD", Mem(c, frame.Code.Offset()), code)
	f.I("MOVD", Mem(c, frame.Table.Offset()), table)
	f.I("MOVD", Mem(c, frame.Instructions), count)
	f.I("MOVD", Mem(c, frame.Groups), size)
	f.Label("next")
	f.I("MOVHU", Mem(code, 0), op)
	for i, name := range frame.Operands {
		r := operands[name]
		f.I("MOVHU", Mem(code, 2*(i+1)), r)
		f.I("ADD", Shifted(r, 3), table, r)
		f.I("MOVD", Mem(r, 0), r)
	}
	f.I("ADD", Imm(frame.InstructionSize), code, code)
	f.I("MOVD", size, left)
	f.dispatch(op, 0, len(list))
	generals, vectors := f.generals, f.vectors
	for i, k := range list {
		f.generals, f.vectors = generals.clone(), vectors.clone()
		f.Label(fmt.Sprintf("operation%d", i))
		f.operation(k, fmt.Sprintf("loop%d", i), operands, left)
		f.Jump("B", "done")
	}
	f.generals, f.vectors = generals, vectors
	f.Label("done")
	f.I("SUB", Imm(1), count, count)
	f.Jump("CBNZ", "next", count)
	f.move(c, table)
	f.I("SUB", Imm(1), steps, steps)
	f.Jump("CBNZ", "step", steps)
	f.End()
	return f.Print("asm from asm/kernel, operations")
}

// move moves addresses to the next step.
func (f *File) move(c, table R) {
	moves, n, first, by, address := f.field(c, frame.Moves.Offset()), f.field(c, frame.Moving), f.field(c, frame.FirstMoving), f.R(), f.R()
	f.I("ADD", Shifted(first, 3), table, table)
	f.Label("move")
	f.I("MOVD", Mem(moves, 0), by)
	f.I("MOVD", Mem(table, 0), address)
	f.I("ADD", by, address, address)
	f.I("MOVD", address, Mem(table, 0))
	f.I("ADD", Imm(8), moves, moves)
	f.I("ADD", Imm(8), table, table)
	f.I("SUB", Imm(1), n, n)
	f.Jump("CBNZ", "move", n)
}

// operation is the loop of one operation.
func (f *File) operation(k *equation.Kernel, loop string, operands map[string]R, left R) {
	layout, first := frame.Of(k), 0
	b := &body{File: f, p: k.Expanded(), plan: plan{width: 8}, pinned: map[int]value{}, bits: f.prepareBits(k)}
	b.at = func(a equation.Arg) text {
		return Mem(operands[a.Name], layout.Bytes(layout.Index(layout.Place(a.Name).Pointer), first))
	}
	f.Label(loop)
	for first = 0; first < frame.Lanes; first += lanes {
		b.run("", 0, nil)
	}
	for i := range layout.Pointers {
		r := operands[layout.Args[i][0].Name]
		f.I("ADD", Imm(layout.Bytes(i, frame.Lanes)), r, r)
	}
	f.I("SUB", Imm(1), left, left)
	f.Jump("CBNZ", loop, left)
}

// dispatch jumps to the loop of an operation from first to last-1.
func (f *File) dispatch(op R, first, last int) {
	if last-first == 1 {
		f.Jump("B", fmt.Sprintf("operation%d", first))
		return
	}
	middle := (first + last) / 2
	upper := fmt.Sprintf("from%d", middle)
	f.I("CMP", Imm(middle), op)
	f.Jump("BGE", upper)
	f.dispatch(op, first, middle)
	f.Label(upper)
	f.dispatch(op, middle, last)
}
