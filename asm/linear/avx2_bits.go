package linear

import "github.com/mmcloughlin/avo/operand"

// list goes through every row byte by byte. The places of the bits of a byte
// come from a table, eight at once, and as many as there are count: no branch
// depends on the bits but that for an empty word.
func (f *amd64) list() {
	f.begin(listFunction)
	index, rows, bits := f.Pointer("index"), f.Pointer("rows"), f.Pointer("bits")
	table, words, left := f.Pointer("table"), f.Number("words"), f.GP64()
	f.Load(f.Param("rows").Len(), left)
	eight := f.YMM()
	f.VMOVDQU(f.Repeat("eight", 8), eight)
	k := f.GP64()
	f.MOVQ(operand.Mem{Base: rows}, k)

	f.Label("row")
	f.DECQ(left) // rows holds one offset more than there are rows
	f.JLE(operand.LabelRef("end"))
	base, some := f.YMM(), f.GP64()
	f.VPXOR(base, base, base)
	f.MOVQ(words, some)
	f.Label("word")
	f.DECQ(some)
	f.JL(operand.LabelRef("rowDone"))
	w := f.GP64()
	f.MOVQ(operand.Mem{Base: bits}, w)
	f.ADDQ(operand.U8(8), bits)
	f.TESTQ(w, w)
	f.JZ(operand.LabelRef("empty"))
	for range 8 {
		b, n, places := f.GP64(), f.GP64(), f.YMM()
		f.MOVBLZX(w.As8L(), b.As32())
		f.SHRQ(operand.U8(8), w)
		f.VPMOVZXBD(operand.Mem{Base: table, Index: b, Scale: 8}, places)
		f.VPADDD(base, places, places)
		f.VPADDD(eight, base, base)
		f.VMOVDQU(places, operand.Mem{Base: index, Index: k, Scale: 4})
		f.POPCNTQ(b, n)
		f.ADDQ(n, k)
	}
	f.JMP(operand.LabelRef("word"))
	f.Label("empty")
	f.VPADDD(f.Repeat("sixtyFour", 64), base, base)
	f.JMP(operand.LabelRef("word"))
	f.Label("rowDone")
	f.ADDQ(operand.U8(8), rows)
	f.MOVQ(k, operand.Mem{Base: rows})
	f.JMP(operand.LabelRef("row"))
	f.Label("end")
	f.Return()
}

// largest goes through the numbers eight at a time.
func (f *amd64) largest() {
	f.begin(largestFunction)
	most, index, left := f.Pointer("most"), f.Pointer("index"), f.GP64()
	f.Load(f.Param("index").Len(), left)
	lanes := f.YMM()
	f.VMOVDQU(operand.Mem{Base: most}, lanes)
	f.Label("eight")
	f.SUBQ(operand.U8(8), left)
	f.JL(operand.LabelRef("done"))
	f.VPMAXUD(operand.Mem{Base: index}, lanes, lanes)
	f.ADDQ(operand.U8(32), index)
	f.JMP(operand.LabelRef("eight"))
	f.Label("done")
	f.VMOVDQU(lanes, operand.Mem{Base: most})
	f.Return()
}
