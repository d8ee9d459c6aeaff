package linear

import (
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/avx2"
)

// AVX2 is simd/linear_amd64.s.
func AVX2() []byte {
	f := &amd64{avx2.NewFile()}
	for v := 1; v <= maxVectors; v++ {
		f.gather(gatherFunction(v, false), v, false, false)
		f.gather(gatherFunction(v, true), v, false, true)
		f.dense(v)
		f.scatter(v)
	}
	f.gather(pairsFunction(false), maxVectors, true, false)
	f.gather(pairsFunction(true), maxVectors, true, true)
	f.list()
	f.largest()
	f.transpose()
	f.sumPool(1)
	f.sumPool(2)
	return f.Print("asm from asm/linear")
}

type amd64 struct{ *avx2.File }

func (f *amd64) begin(fn Function) { f.Function(fn.Name, fn.signature()) }

// bytes loads an int that counts floats, as a number of bytes.
func (f *amd64) bytes(name string) reg.GPVirtual {
	n := f.Number(name)
	f.SHLQ(operand.U8(2), n)
	return n
}

func (f *amd64) vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = f.YMM()
	}
	return v
}

func at(base reg.Register, vector int) operand.Mem {
	return operand.Mem{Base: base, Disp: 32 * vector}
}

// panelRows turns a number of panel rows into a number of bytes.
func (f *amd64) panelRows(n reg.GPVirtual, vectors int) {
	if vectors == 3 {
		f.LEAQ(operand.Mem{Base: n, Index: n, Scale: 2}, n)
	}
	f.SHLQ(operand.U8(map[int]uint8{1: 5, 2: 6, 3: 5, 4: 7}[vectors]), n)
}

// storeSum stores accumulators, -0 turned into +0.
func (f *amd64) storeSum(acc []reg.VecVirtual, dst reg.GPVirtual) {
	zero := f.YMM()
	f.VXORPS(zero, zero, zero)
	for v, a := range acc {
		f.VADDPS(zero, a, a)
		f.VMOVUPS(a, at(dst, v))
	}
}

// gather keeps a row's accumulators in registers and adds one panel row for
// each active input, or those of two panels. The inputs are taken four at a
// time to spare the loop.
func (f *amd64) gather(fn Function, vectors int, pair, values bool) {
	f.begin(fn)
	if pair {
		f.Label("pair")
	}
	dst, init := f.Pointer("dst"), f.Pointer("init")
	panels := []reg.GPVirtual{f.Pointer("w")}
	if pair {
		next := f.bytes("panel")
		f.ADDQ(panels[0], next)
		panels = append(panels, next)
	}
	index, rows := f.Pointer("index"), f.Pointer("rows")
	var value reg.GPVirtual
	if values {
		value = f.Pointer("value")
	}
	left := f.GP64()
	f.Load(f.Param("rows").Len(), left)
	dstStride, initStride := f.bytes("dstStride"), f.bytes("initStride")

	one := func(k int, acc []reg.VecVirtual, next reg.GPVirtual) {
		row := f.GP64()
		f.MOVLQSX(operand.Mem{Base: index, Index: next, Scale: 4, Disp: 4 * k}, row)
		f.panelRows(row, vectors)
		var x reg.VecVirtual
		if values {
			x = f.YMM()
			f.VBROADCASTSS(operand.Mem{Base: value, Index: next, Scale: 4, Disp: 4 * k}, x)
		}
		for v, a := range acc {
			m := operand.Mem{Base: panels[v/vectors], Index: row, Scale: 1, Disp: 32 * (v % vectors)}
			if values {
				f.VFMADD231PS(m, x, a)
			} else {
				f.VADDPS(m, a, a)
			}
		}
	}

	f.Label("row")
	f.DECQ(left) // rows holds one offset more than there are rows
	f.JLE(operand.LabelRef("end"))
	acc := f.vectors(vectors * len(panels))
	for v, a := range acc {
		f.VMOVUPS(at(init, v), a)
	}
	next, last := f.GP64(), f.GP64()
	f.MOVQ(operand.Mem{Base: rows}, next)
	f.MOVQ(operand.Mem{Base: rows, Disp: 8}, last)
	f.SUBQ(operand.U8(4), last)
	f.Label("four")
	f.CMPQ(next, last)
	f.JG(operand.LabelRef("rest"))
	for k := range 4 {
		one(k, acc, next)
	}
	f.ADDQ(operand.U8(4), next)
	f.JMP(operand.LabelRef("four"))
	f.Label("rest")
	f.ADDQ(operand.U8(4), last)
	f.Label("one")
	f.CMPQ(next, last)
	f.JGE(operand.LabelRef("done"))
	one(0, acc, next)
	f.INCQ(next)
	f.JMP(operand.LabelRef("one"))
	f.Label("done")
	f.storeSum(acc, dst)
	f.ADDQ(dstStride, dst)
	f.ADDQ(initStride, init)
	f.ADDQ(operand.U8(8), rows)
	f.JMP(operand.LabelRef("row"))
	f.Label("end")
	if pair {
		f.nextPair()
	}
	f.Return()
}

// nextPair moves the arguments on by two panels.
func (f *amd64) nextPair() {
	panel := f.bytes("panel")
	f.SHLQ(operand.U8(1), panel)
	f.ADDQ(panel, f.argument(f.Param("w").Base()))
	for _, columns := range []string{"dst", "init"} {
		f.ADDQ(operand.U32(2*32*maxVectors), f.argument(f.Param(columns).Base()))
	}
	f.DECQ(f.argument(f.Param("pairs")))
	f.JNZ(operand.LabelRef("pair"))
}

// argument is where an argument lies.
func (f *amd64) argument(c gotypes.Component) operand.Mem {
	b, err := c.Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}
