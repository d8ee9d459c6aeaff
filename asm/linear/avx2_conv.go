package linear

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// scatter walks, for each patch, over the rows and columns of the kernel that
// reach an output, and adds value times the weights to that output.
func (f *amd64) scatter(vectors int) {
	f.begin(scatterFunction(vectors))
	acc, w, patches := f.Pointer("acc"), f.Pointer("w"), f.Pointer("patches")
	left := f.GP64()
	f.Load(f.Param("patches").Len(), left)
	weightCol, outCol := f.rows("weightCol", vectors), f.rows("outCol", vectors)

	f.Label("patch")
	f.DECQ(left)
	f.JL(operand.LabelRef("end"))
	weights, out := f.field(patches, 0), f.field(patches, 4)
	f.panelRows(weights, vectors)
	f.ADDQ(w, weights)
	f.panelRows(out, vectors)
	f.ADDQ(acc, out)
	rows := f.field(patches, 8)
	x := f.YMM()
	f.VBROADCASTSS(operand.Mem{Base: patches, Disp: 16}, x)

	f.Label("kernelRow")
	f.DECQ(rows)
	f.JL(operand.LabelRef("next"))
	cols, from, to := f.field(patches, 12), f.GP64(), f.GP64()
	f.MOVQ(weights, from)
	f.MOVQ(out, to)
	f.Label("kernelCol")
	for v := range vectors {
		a := f.YMM()
		f.VMOVUPS(at(to, v), a)
		f.VFMADD231PS(at(from, v), x, a)
		f.VMOVUPS(a, at(to, v))
	}
	f.ADDQ(weightCol, from)
	f.ADDQ(outCol, to)
	f.DECQ(cols)
	f.JNZ(operand.LabelRef("kernelCol"))
	f.ADDQ(f.rows("weightRow", vectors), weights)
	f.ADDQ(f.rows("outRow", vectors), out)
	f.JMP(operand.LabelRef("kernelRow"))

	f.Label("next")
	f.ADDQ(operand.U8(20), patches)
	f.JMP(operand.LabelRef("patch"))
	f.Label("end")
	f.Return()
}

// rows loads an int that counts panel rows, as a number of bytes.
func (f *amd64) rows(name string, vectors int) reg.GPVirtual {
	n := f.Number(name)
	f.panelRows(n, vectors)
	return n
}

// field loads an int32 of a patch.
func (f *amd64) field(patch reg.GPVirtual, offset int) reg.GPVirtual {
	v := f.GP64()
	f.MOVLQSX(operand.Mem{Base: patch, Disp: offset}, v)
	return v
}

// transpose turns blocks of 8 by 8: pairs of rows are interleaved, then pairs
// of pairs, then the halves of the registers are exchanged. It ends the sums of
// a convolution: -0 becomes +0.
func (f *amd64) transpose() {
	f.begin(transposeFunction)
	dst, src, left := f.Pointer("dst"), f.Pointer("src"), f.Number("rows")
	dstStride, srcStride := f.bytes("dstStride"), f.bytes("srcStride")
	f.Label("block")
	f.SUBQ(operand.U8(lanes), left)
	f.JL(operand.LabelRef("end"))
	r := f.vectors(lanes)
	for i := range r {
		f.VMOVUPS(operand.Mem{Base: src}, r[i])
		f.ADDQ(srcStride, src)
	}
	pairs := f.vectors(lanes)
	for i := 0; i < lanes; i += 2 {
		f.VUNPCKLPS(r[i+1], r[i], pairs[i])
		f.VUNPCKHPS(r[i+1], r[i], pairs[i+1])
	}
	for i := 0; i < lanes; i += 4 {
		f.VUNPCKLPD(pairs[i+2], pairs[i], r[i])
		f.VUNPCKHPD(pairs[i+2], pairs[i], r[i+1])
		f.VUNPCKLPD(pairs[i+3], pairs[i+1], r[i+2])
		f.VUNPCKHPD(pairs[i+3], pairs[i+1], r[i+3])
	}
	for i := range 4 {
		f.VPERM2F128(operand.U8(0x20), r[i+4], r[i], pairs[i])
		f.VPERM2F128(operand.U8(0x31), r[i+4], r[i], pairs[i+4])
	}
	row := f.GP64()
	f.MOVQ(dst, row)
	for _, v := range pairs {
		f.VADDPS(f.Constant(0), v, v)
		f.VMOVUPS(v, operand.Mem{Base: row})
		f.ADDQ(dstStride, row)
	}
	f.ADDQ(operand.U8(4*lanes), dst)
	f.JMP(operand.LabelRef("block"))
	f.Label("end")
	f.Return()
}
