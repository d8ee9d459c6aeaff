package linear

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// denseRows is how many rows a block of the dense product has for a panel of
// so many vectors: twelve accumulators hide the latency of fma, and leave four
// registers for weights and inputs.
func denseRows(vectors int) int { return []int{1: 9, 2: 6, 3: 4, 4: 3}[vectors] }

// dense multiplies blocks of rows, then single rows. Every weight vector is
// loaded once a block, every input once a panel.
func (f *amd64) dense(vectors int) {
	f.begin(denseFunction(vectors))
	dst, init, x := f.Pointer("dst"), f.Pointer("init"), f.Pointer("x")
	dstStride, initStride, xStride := f.bytes("dstStride"), f.bytes("initStride"), f.bytes("xStride")
	left := f.Number("rows")
	for _, rows := range []int{denseRows(vectors), 1} {
		loop, done := fmt.Sprintf("block%d", rows), fmt.Sprintf("done%d", rows)
		f.Label(loop)
		f.CMPQ(left, operand.U8(rows))
		f.JL(operand.LabelRef(done))
		f.denseBlock(vectors, rows, dst, init, x, dstStride, initStride, xStride)
		f.SUBQ(operand.U8(rows), left)
		f.JMP(operand.LabelRef(loop))
		f.Label(done)
	}
	f.Return()
}

// denseBlock multiplies some rows, and moves dst, init and x past them.
func (f *amd64) denseBlock(vectors, rows int, dst, init, x, dstStride, initStride, xStride reg.GPVirtual) {
	acc := make([][]reg.VecVirtual, rows)
	for r := range acc {
		acc[r] = f.vectors(vectors)
		for v, a := range acc[r] {
			f.VMOVUPS(at(init, v), a)
		}
		f.ADDQ(initStride, init)
	}
	// A pointer to every third row reaches all: the others are one and two
	// strides on.
	var thirds []reg.GPVirtual
	for r := 0; r < rows; r += 3 {
		p := f.GP64()
		f.MOVQ(x, p)
		thirds = append(thirds, p)
		for range min(3, rows-r) {
			f.ADDQ(xStride, x)
		}
	}
	w, depth := f.Pointer("w"), f.Number("depth")
	name := fmt.Sprintf("depth%d", rows)
	f.TESTQ(depth, depth)
	f.JZ(operand.LabelRef(name + "done"))
	f.Label(name)
	input := func(r int) operand.Mem {
		m := operand.Mem{Base: thirds[r/3]}
		if r%3 > 0 {
			m.Index, m.Scale = xStride, uint8(r%3)
		}
		return m
	}
	if vectors == maxVectors { // no room for all weights: keep the inputs
		in := f.vectors(rows)
		for r := range in {
			f.VBROADCASTSS(input(r), in[r])
		}
		for v := range vectors {
			weight := f.YMM()
			f.VMOVUPS(at(w, v), weight)
			for r := range rows {
				f.VFMADD231PS(weight, in[r], acc[r][v])
			}
		}
	} else {
		weights := f.vectors(vectors)
		for v := range weights {
			f.VMOVUPS(at(w, v), weights[v])
		}
		for r := range rows {
			in := f.YMM()
			f.VBROADCASTSS(input(r), in)
			for v := range weights {
				f.VFMADD231PS(weights[v], in, acc[r][v])
			}
		}
	}
	for _, p := range thirds {
		f.ADDQ(operand.U8(4), p)
	}
	f.ADDQ(operand.U32(32*vectors), w)
	f.DECQ(depth)
	f.JNZ(operand.LabelRef(name))
	f.Label(name + "done")
	for r := range acc {
		f.storeSum(acc[r], dst)
		f.ADDQ(dstStride, dst)
	}
}
