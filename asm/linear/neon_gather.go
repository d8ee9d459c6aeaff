package linear

import (
	"github.com/spikelane/spikelane/asm/neon"
)

// NEON is simd/linear_arm64.s.
func NEON() []byte {
	f := &arm64{neon.NewFile()}
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

// arm64 writes the kernels with two registers of four lanes to a vector.
type arm64 struct{ *neon.File }

func (f *arm64) begin(fn Function) { f.Function(fn.Name, fn.signature()) }

// bytes loads an int that counts floats, as a number of bytes.
func (f *arm64) bytes(name string) neon.R {
	n := f.Number(name)
	f.I("LSL", neon.Imm(2), n, n)
	return n
}

// registers takes those of n vectors.
func (f *arm64) registers(n int) []neon.V {
	v := make([]neon.V, 2*n)
	for i := range v {
		v[i] = f.V()
	}
	return v
}

// load and store move vectors from and to memory, a pair of registers at once.
func (f *arm64) load(from neon.R, disp int, v []neon.V) {
	for i := 0; i < len(v); i += 2 {
		f.I("FLDPQ", neon.Mem(from, disp+16*i), neon.Two(v[i], v[i+1]))
	}
}

func (f *arm64) store(v []neon.V, to neon.R) {
	for i := 0; i < len(v); i += 2 {
		f.I("FSTPQ", neon.Two(v[i], v[i+1]), neon.Mem(to, 16*i))
	}
}

// storeSum stores accumulators, -0 turned into +0.
func (f *arm64) storeSum(acc []neon.V, dst neon.R) {
	zero := f.V()
	f.Zero(zero)
	for _, a := range acc {
		f.Three(neon.FADD, a, a, zero)
	}
	f.FreeV(zero)
	f.store(acc, dst)
}

// fma is acc = acc + x*w, rounded once.
func (f *arm64) fma(acc, x, w neon.V) { f.I("VFMLA", x.S4(), w.S4(), acc.S4()) }

// broadcast loads one float into all lanes.
func (f *arm64) broadcast(from neon.R, v neon.V) {
	f.I("VLD1R", neon.Mem(from, 0), v.List())
}

// panelRows turns a number of panel rows into a number of bytes.
func (f *arm64) panelRows(n neon.R, vectors int) {
	if vectors == 3 {
		f.I("ADD", neon.Shifted(n, 1), n, n)
	}
	f.I("LSL", neon.Imm(map[int]int{1: 5, 2: 6, 3: 5, 4: 7}[vectors]), n, n)
}

// gather keeps a row's accumulators in registers and adds one panel row for
// each active input, or those of two panels. The inputs are taken four at a
// time to spare the loop.
func (f *arm64) gather(fn Function, vectors int, pair, values bool) {
	f.begin(fn)
	dst, init := f.Pointer("dst"), f.Pointer("init")
	panels := []neon.R{f.Pointer("w")}
	var panel, pairs, columns neon.R
	if pair {
		panel, pairs, columns = f.bytes("panel"), f.Number("pairs"), f.R()
		panels = append(panels, f.R())
		f.I("MOVD", neon.Imm(0), columns)
		f.Label("pair")
		f.I("ADD", panel, panels[0], panels[1])
	}
	index, rows, left := f.Pointer("index"), f.Pointer("rows"), f.Length("rows")
	dstStride, initStride := f.bytes("dstStride"), f.bytes("initStride")
	var value neon.R
	if values {
		value = f.Pointer("value")
	}
	next, last, at, valueAt, row, from := f.R(), f.R(), f.R(), f.R(), f.R(), f.R()
	acc := f.registers(vectors * len(panels))
	weights := f.registers(vectors)
	x := f.V()
	one := func(k int) {
		f.I("MOVW", neon.Mem(at, 4*k), row)
		f.panelRows(row, vectors)
		if values {
			f.broadcast(valueAt, x)
			f.I("ADD", neon.Imm(4), valueAt, valueAt)
		}
		for k, panel := range panels {
			f.I("ADD", panel, row, from)
			f.load(from, 0, weights)
			for i, a := range acc[k*len(weights) : (k+1)*len(weights)] {
				if values {
					f.fma(a, x, weights[i])
				} else {
					f.Three(neon.FADD, a, a, weights[i])
				}
			}
		}
	}

	f.I("SUB", neon.Imm(1), left, left) // rows holds one offset more than there are rows
	f.Label("row")
	f.I("SUBS", neon.Imm(1), left, left)
	f.Jump("BLT", "end")
	f.load(init, 0, acc)
	f.I("MOVD", neon.Mem(rows, 0), next)
	f.I("MOVD", neon.Mem(rows, 8), last)
	f.I("ADD", neon.Shifted(next, 2), index, at)
	if values {
		f.I("ADD", neon.Shifted(next, 2), value, valueAt)
	}
	f.I("SUB", next, last, last) // how many are left
	for _, some := range []int{4, 1} {
		loop := []string{1: "one", 4: "four"}[some]
		f.Label(loop)
		f.I("CMP", neon.Imm(some), last)
		f.Jump("BLT", loop+"Done")
		for k := range some {
			one(k)
		}
		f.I("ADD", neon.Imm(4*some), at, at)
		f.I("SUB", neon.Imm(some), last, last)
		f.Jump("B", loop)
		f.Label(loop + "Done")
	}
	f.storeSum(acc, dst)
	f.I("ADD", dstStride, dst, dst)
	f.I("ADD", initStride, init, init)
	f.I("ADD", neon.Imm(8), rows, rows)
	f.Jump("B", "row")
	f.Label("end")
	if pair {
		f.I("ADD", panel, panels[1], panels[0])
		f.I("ADD", neon.Imm(2*32*maxVectors), columns, columns)
		for _, to := range []struct {
			name string
			r    neon.R
		}{{"dst", dst}, {"init", init}} {
			f.PointerTo(to.name, to.r)
			f.I("ADD", columns, to.r, to.r)
		}
		f.I("SUBS", neon.Imm(1), pairs, pairs)
		f.Jump("BNE", "pair")
	}
	f.End()
}
