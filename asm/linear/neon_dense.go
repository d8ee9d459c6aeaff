package linear

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/neon"
)

// dense multiplies blocks of rows, then single rows: as on AVX2, of which a
// register is two here. Every weight vector is loaded once a block, every
// input once a panel.
func (f *arm64) dense(vectors int) {
	f.begin(denseFunction(vectors))
	m := denseOperands{
		dst: f.Pointer("dst"), init: f.Pointer("init"), x: f.Pointer("x"), w: f.R(), depth: f.R(),
		dstStride: f.bytes("dstStride"), initStride: f.bytes("initStride"), xStride: f.bytes("xStride"),
	}
	left := f.Number("rows")
	for _, rows := range []int{denseRows(vectors), 1} {
		loop, done := fmt.Sprintf("block%d", rows), fmt.Sprintf("done%d", rows)
		f.Label(loop)
		f.I("CMP", neon.Imm(rows), left)
		f.Jump("BLT", done)
		f.denseBlock(vectors, rows, m)
		f.I("SUB", neon.Imm(rows), left, left)
		f.Jump("B", loop)
		f.Label(done)
	}
	f.End()
}

type denseOperands struct {
	dst, init, x, w, depth         neon.R
	dstStride, initStride, xStride neon.R
}

// denseBlock multiplies some rows, and moves dst, init and x past them.
func (f *arm64) denseBlock(vectors, rows int, m denseOperands) {
	acc := make([][]neon.V, rows)
	inputs := make([]neon.R, rows)
	for r := range acc {
		acc[r] = f.registers(vectors)
		f.load(m.init, 0, acc[r])
		f.I("ADD", m.initStride, m.init, m.init)
		inputs[r] = f.R()
		f.I("MOVD", m.x, inputs[r])
		f.I("ADD", m.xStride, m.x, m.x)
	}
	f.PointerTo("w", m.w)
	f.NumberTo("depth", m.depth)
	name := fmt.Sprintf("depth%d", rows)
	f.Label(name)
	f.Jump("CBZ", name+"Done", m.depth)
	input := func(r int, x neon.V) {
		f.I("VLD1R.P", neon.Mem(inputs[r], 4), x.List())
	}
	if vectors == maxVectors { // no room for all weights: keep the inputs
		x := make([]neon.V, rows)
		for r := range x {
			x[r] = f.V()
			input(r, x[r])
		}
		for v := range vectors {
			weights := f.registers(1)
			f.load(m.w, 32*v, weights)
			for r := range rows {
				f.fma(acc[r][2*v], x[r], weights[0])
				f.fma(acc[r][2*v+1], x[r], weights[1])
			}
			f.FreeV(weights...)
		}
		f.FreeV(x...)
	} else {
		weights := f.registers(vectors)
		f.load(m.w, 0, weights)
		x := f.V()
		for r := range rows {
			input(r, x)
			for i, a := range acc[r] {
				f.fma(a, x, weights[i])
			}
		}
		f.FreeV(weights...)
		f.FreeV(x)
	}
	f.I("ADD", neon.Imm(32*vectors), m.w, m.w)
	f.I("SUB", neon.Imm(1), m.depth, m.depth)
	f.Jump("B", name)
	f.Label(name + "Done")
	for r := range acc {
		f.storeSum(acc[r], m.dst)
		f.I("ADD", m.dstStride, m.dst, m.dst)
	}
	for r := range acc {
		f.FreeV(acc[r]...)
		f.FreeR(inputs[r])
	}
}
