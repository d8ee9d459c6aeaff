package linear

import "github.com/spikelane/spikelane/asm/neon"

// spread keeps a weight row in registers and adds it to the sums of all rows
// that have its input.
func (f *arm64) spread(vectors int, values bool) {
	f.begin(spreadFunction(vectors, values))
	acc, w, index, inputs := f.Pointer("acc"), f.Pointer("w"), f.Pointer("index"), f.Pointer("inputs")
	left := f.Length("inputs")
	var value neon.R
	if values {
		value = f.Pointer("value")
	}
	next, last, row, at := f.R(), f.R(), f.R(), f.R()
	weights, sums := f.registers(vectors), f.registers(vectors)
	x := f.V()
	f.I("MOVD", neon.Mem(inputs, 0), next)

	f.Label("input")
	f.I("SUBS", neon.Imm(1), left, left) // inputs holds one offset more than there are inputs
	f.Jump("BLE", "end")
	f.I("ADD", neon.Imm(8), inputs, inputs)
	f.I("MOVD", neon.Mem(inputs, 0), last)
	f.I("CMP", last, next)
	f.Jump("BGE", "done")
	f.load(w, 0, weights)
	f.Label("one")
	f.I("ADD", neon.Shifted(next, 2), index, at)
	f.I("MOVW", neon.Mem(at, 0), row)
	f.panelRows(row, vectors)
	f.I("ADD", acc, row, row)
	f.load(row, 0, sums)
	if values {
		f.I("ADD", neon.Shifted(next, 2), value, at)
		f.broadcast(at, x)
	}
	for i, sum := range sums {
		if values {
			f.fma(sum, x, weights[i])
		} else {
			f.Three(neon.FADD, sum, sum, weights[i])
		}
	}
	f.store(sums, row)
	f.I("ADD", neon.Imm(1), next, next)
	f.I("CMP", last, next)
	f.Jump("BLT", "one")
	f.Label("done")
	f.I("ADD", neon.Imm(32*vectors), w, w)
	f.Jump("B", "input")
	f.Label("end")
	f.End()
}
