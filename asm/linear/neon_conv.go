package linear

import "github.com/spikelane/spikelane/asm/neon"

// scatter walks, for each patch, over the rows and columns of the kernel that
// reach an output, and adds value times the weights to that output.
func (f *arm64) scatter(vectors int) {
	f.begin(scatterFunction(vectors))
	acc, w, patches, left := f.Pointer("acc"), f.Pointer("w"), f.Pointer("patches"), f.Length("patches")
	weightRow, weightCol := f.rows("weightRow", vectors), f.rows("weightCol", vectors)
	outRow, outCol := f.rows("outRow", vectors), f.rows("outCol", vectors)
	weights, out, rows, cols, from, to := f.R(), f.R(), f.R(), f.R(), f.R(), f.R()
	a, b := f.registers(vectors), f.registers(vectors)
	x := f.V()

	f.Label("patch")
	f.Jump("CBZ", "end", left)
	f.I("MOVW", neon.Mem(patches, 0), weights)
	f.panelRows(weights, vectors)
	f.I("ADD", w, weights, weights)
	f.I("MOVW", neon.Mem(patches, 4), out)
	f.panelRows(out, vectors)
	f.I("ADD", acc, out, out)
	f.I("MOVW", neon.Mem(patches, 8), rows)
	f.I("ADD", neon.Imm(16), patches, from)
	f.broadcast(from, x)

	f.Label("kernelRow")
	f.I("SUBS", neon.Imm(1), rows, rows)
	f.Jump("BLT", "next")
	f.I("MOVW", neon.Mem(patches, 12), cols)
	f.I("MOVD", weights, from)
	f.I("MOVD", out, to)
	f.Label("kernelCol")
	f.load(to, 0, a)
	f.load(from, 0, b)
	for i := range a {
		f.fma(a[i], x, b[i])
	}
	f.store(a, to)
	f.I("ADD", weightCol, from, from)
	f.I("ADD", outCol, to, to)
	f.I("SUB", neon.Imm(1), cols, cols)
	f.Jump("CBNZ", "kernelCol", cols)
	f.I("ADD", weightRow, weights, weights)
	f.I("ADD", outRow, out, out)
	f.Jump("B", "kernelRow")

	f.Label("next")
	f.I("ADD", neon.Imm(20), patches, patches)
	f.I("SUB", neon.Imm(1), left, left)
	f.Jump("B", "patch")
	f.Label("end")
	f.End()
}

// rows loads an int that counts panel rows, as a number of bytes.
func (f *arm64) rows(name string, vectors int) neon.R {
	n := f.Number(name)
	f.panelRows(n, vectors)
	return n
}

// transpose turns blocks of 8 by 8, in quarters of 4 by 4: pairs of rows are
// interleaved, then pairs of pairs. It ends the sums of a convolution: -0
// becomes +0.
func (f *arm64) transpose() {
	f.begin(transposeFunction)
	dst, src, left := f.Pointer("dst"), f.Pointer("src"), f.Number("rows")
	dstStride, srcStride := f.bytes("dstStride"), f.bytes("srcStride")
	row := f.R()
	zero := f.V()
	f.Zero(zero)
	f.Label("block")
	f.I("SUBS", neon.Imm(lanes), left, left)
	f.Jump("BLT", "end")
	r := make([][]neon.V, lanes)
	for i := range r {
		r[i] = f.registers(1)
		f.load(src, 0, r[i])
		f.I("ADD", srcStride, src, src)
	}
	out := make([][]neon.V, lanes)
	for i := range out {
		out[i] = make([]neon.V, 2)
	}
	for half := range 2 { // of the rows of dst: the columns of src
		for part := range 2 { // of their columns
			f.transpose4([4]neon.V{r[4*part][half], r[4*part+1][half], r[4*part+2][half], r[4*part+3][half]}, zero)
			for i := range 4 {
				out[4*half+i][part] = r[4*part+i][half]
			}
		}
	}
	f.I("MOVD", dst, row)
	for i := range out {
		f.store(out[i], row)
		f.I("ADD", dstStride, row, row)
	}
	f.I("ADD", neon.Imm(4*lanes), dst, dst)
	f.Jump("B", "block")
	f.Label("end")
	f.End()
}

// transpose4 turns 4 by 4 and adds zero.
func (f *arm64) transpose4(r [4]neon.V, zero neon.V) {
	t := [4]neon.V{f.V(), f.V(), f.V(), f.V()}
	for i := 0; i < 4; i += 2 {
		f.I("VTRN1", r[i+1].S4(), r[i].S4(), t[i].S4())
		f.I("VTRN2", r[i+1].S4(), r[i].S4(), t[i+1].S4())
	}
	for i := range 2 {
		f.I("VTRN1", t[i+2].D2(), t[i].D2(), r[i].D2())
		f.I("VTRN2", t[i+2].D2(), t[i].D2(), r[i+2].D2())
	}
	for _, v := range r {
		f.Three(neon.FADD, v, v, zero)
	}
	f.FreeV(t[:]...)
}
