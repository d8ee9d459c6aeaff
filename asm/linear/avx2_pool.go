package linear

import "github.com/mmcloughlin/avo/operand"

// sumPool sums, for 8 neighbouring outputs at once, over the rows and columns
// of the window. With stride 2 the even elements of 16 are brought together.
func (f *amd64) sumPool(stride int) {
	f.begin(poolFunction(stride))
	dst, x := f.Pointer("dst"), f.Pointer("x")
	left := f.GP64()
	f.Load(f.Param("dst").Len(), left)
	xStride := f.bytes("xStride")

	f.Label("block")
	f.SUBQ(operand.U8(lanes), left)
	f.JL(operand.LabelRef("end"))
	acc := f.YMM()
	f.VXORPS(acc, acc, acc)
	row, rows := f.GP64(), f.Number("height")
	f.MOVQ(x, row)
	f.Label("row")
	p, cols := f.GP64(), f.Number("width")
	f.MOVQ(row, p)
	f.Label("col")
	if stride == 1 {
		f.VADDPS(operand.Mem{Base: p}, acc, acc)
	} else {
		// The last element of the second load is not needed, and may not be
		// there: load one element early instead, and take the odd ones.
		even := f.YMM()
		odd := f.YMM()
		f.VMOVUPS(operand.Mem{Base: p}, even)
		f.VMOVUPS(operand.Mem{Base: p, Disp: 28}, odd)
		f.VSHUFPS(operand.U8(0xd8), odd, even, even) // 0 2 of even, 1 3 of odd, in each half
		f.VPERMPD(operand.U8(0xd8), even, even)
		f.VADDPS(even, acc, acc)
	}
	f.ADDQ(operand.U8(4), p)
	f.DECQ(cols)
	f.JNZ(operand.LabelRef("col"))
	f.ADDQ(xStride, row)
	f.DECQ(rows)
	f.JNZ(operand.LabelRef("row"))
	f.VMOVUPS(acc, operand.Mem{Base: dst})
	f.ADDQ(operand.U8(4*lanes), dst)
	f.ADDQ(operand.U32(4*lanes*stride), x)
	f.JMP(operand.LabelRef("block"))
	f.Label("end")
	f.Return()
}
