package linear

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// spread keeps a weight row in registers and adds it to the sums of all rows
// that have its input.
func (f *amd64) spread(vectors int, values bool) {
	f.begin(spreadFunction(vectors, values))
	acc, w, index, inputs := f.Pointer("acc"), f.Pointer("w"), f.Pointer("index"), f.Pointer("inputs")
	var value reg.GPVirtual
	if values {
		value = f.Pointer("value")
	}
	left := f.GP64()
	f.Load(f.Param("inputs").Len(), left)
	next, last := f.GP64(), f.GP64()
	f.MOVQ(operand.Mem{Base: inputs}, next)

	f.Label("input")
	f.DECQ(left) // inputs holds one offset more than there are inputs
	f.JLE(operand.LabelRef("end"))
	f.ADDQ(operand.U8(8), inputs)
	f.MOVQ(operand.Mem{Base: inputs}, last)
	f.CMPQ(next, last)
	f.JGE(operand.LabelRef("done"))
	weights := f.vectors(vectors)
	for v := range weights {
		f.VMOVUPS(at(w, v), weights[v])
	}
	f.Label("one")
	row := f.GP64()
	f.MOVLQSX(operand.Mem{Base: index, Index: next, Scale: 4}, row)
	f.panelRows(row, vectors)
	f.ADDQ(acc, row)
	if values {
		x := f.YMM()
		f.VBROADCASTSS(operand.Mem{Base: value, Index: next, Scale: 4}, x)
		for v := range weights {
			sum := f.YMM()
			f.VMOVUPS(at(row, v), sum)
			f.VFMADD231PS(weights[v], x, sum)
			f.VMOVUPS(sum, at(row, v))
		}
	} else {
		for v := range weights {
			sum := f.YMM()
			f.VADDPS(at(row, v), weights[v], sum)
			f.VMOVUPS(sum, at(row, v))
		}
	}
	f.INCQ(next)
	f.CMPQ(next, last)
	f.JL(operand.LabelRef("one"))
	f.Label("done")
	f.ADDQ(operand.U32(32*vectors), w)
	f.JMP(operand.LabelRef("input"))
	f.Label("end")
	f.Return()
}
