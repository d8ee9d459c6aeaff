package linear

import "github.com/spikelane/spikelane/asm/neon"

// sumPool sums, for 8 neighbouring outputs at once, over the rows and columns
// of the window. With stride 2 the even elements of 16 are brought together.
func (f *arm64) sumPool(stride int) {
	f.begin(poolFunction(stride))
	dst, x, left, xStride := f.Pointer("dst"), f.Pointer("x"), f.Length("dst"), f.bytes("xStride")
	row, rows, p, cols := f.R(), f.R(), f.R(), f.R()
	acc, v, odd := f.registers(1), f.registers(1), f.registers(1)

	f.Label("block")
	f.I("SUBS", neon.Imm(lanes), left, left)
	f.Jump("BLT", "end")
	f.Zero(acc[0])
	f.Zero(acc[1])
	f.NumberTo("height", rows)
	f.I("MOVD", x, row)
	f.Label("row")
	f.NumberTo("width", cols)
	f.I("MOVD", row, p)
	f.Label("col")
	if stride == 1 {
		f.load(p, 0, v)
	} else {
		f.load(p, 0, v)
		f.I("VUZP1", v[1].S4(), v[0].S4(), v[0].S4())
		// The last of the 16 is not needed, and may not be there: load the
		// last four one element early instead, and take the odd ones.
		f.I("FMOVQ", neon.Mem(p, 32), v[1].F())
		f.I("FMOVQ", neon.Mem(p, 44), odd[0].F())
		f.I("VUZP1", v[1].S4(), v[1].S4(), v[1].S4())
		f.I("VUZP2", odd[0].S4(), odd[0].S4(), odd[0].S4())
		f.I("VZIP1", odd[0].D2(), v[1].D2(), v[1].D2())
	}
	for i := range acc {
		f.Three(neon.FADD, acc[i], acc[i], v[i])
	}
	f.I("ADD", neon.Imm(4), p, p)
	f.I("SUB", neon.Imm(1), cols, cols)
	f.Jump("CBNZ", "col", cols)
	f.I("ADD", xStride, row, row)
	f.I("SUB", neon.Imm(1), rows, rows)
	f.Jump("CBNZ", "row", rows)
	f.store(acc, dst)
	f.I("ADD", neon.Imm(4*lanes), dst, dst)
	f.I("ADD", neon.Imm(4*lanes*stride), x, x)
	f.Jump("B", "block")
	f.Label("end")
	f.End()
}
