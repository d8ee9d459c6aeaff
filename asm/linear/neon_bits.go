package linear

import "github.com/spikelane/spikelane/asm/neon"

// list goes through every row byte by byte. The places of the bits of a byte
// come from a table, eight at once, and as many as there are count: no branch
// depends on the bits but that for an empty word.
func (f *arm64) list() {
	f.begin(listFunction)
	index, rows, bits := f.Pointer("index"), f.Pointer("rows"), f.Pointer("bits")
	table, counts := f.Pointer("table"), f.Pointer("counts")
	words, left := f.Number("words"), f.Length("rows")
	k, some, w, b, at := f.R(), f.R(), f.R(), f.R(), f.R()
	eight, sixtyFour, base, low, high := f.V(), f.V(), f.V(), f.V(), f.V()
	f.Bits(8, eight)
	f.Bits(64, sixtyFour)
	f.I("MOVD", neon.Mem(rows, 0), k)

	f.Label("row")
	f.I("SUBS", neon.Imm(1), left, left) // rows holds one offset more than there are rows
	f.Jump("BLE", "end")
	f.Zero(base)
	f.I("MOVD", words, some)
	f.Label("word")
	f.I("SUBS", neon.Imm(1), some, some)
	f.Jump("BLT", "rowDone")
	f.I("MOVD", neon.Mem(bits, 0), w)
	f.I("ADD", neon.Imm(8), bits, bits)
	f.Jump("CBZ", "empty", w)
	for range 8 {
		f.I("AND", neon.Imm(255), w, b)
		f.I("LSR", neon.Imm(8), w, w)
		f.I("ADD", neon.Shifted(b, 3), table, at)
		f.I("FMOVD", neon.Mem(at, 0), low.F())
		f.I("VUXTL", low.B8(), low.H8())
		f.I("VUXTL2", low.H8(), high.S4())
		f.I("VUXTL", low.H4(), low.S4())
		f.I("VADD", base.S4(), low.S4(), low.S4())
		f.I("VADD", base.S4(), high.S4(), high.S4())
		f.I("VADD", eight.S4(), base.S4(), base.S4())
		f.I("ADD", neon.Shifted(k, 2), index, at)
		f.I("FSTPQ", neon.Two(low, high), neon.Mem(at, 0))
		f.I("ADD", b, counts, at)
		f.I("MOVBU", neon.Mem(at, 0), b)
		f.I("ADD", b, k, k)
	}
	f.Jump("B", "word")
	f.Label("empty")
	f.I("VADD", sixtyFour.S4(), base.S4(), base.S4())
	f.Jump("B", "word")
	f.Label("rowDone")
	f.I("ADD", neon.Imm(8), rows, rows)
	f.I("MOVD", k, neon.Mem(rows, 0))
	f.Jump("B", "row")
	f.Label("end")
	f.End()
}

// largest goes through the numbers eight at a time.
func (f *arm64) largest() {
	f.begin(largestFunction)
	most, index, left := f.Pointer("most"), f.Pointer("index"), f.Length("index")
	lanes, next := f.registers(1), f.registers(1)
	f.load(most, 0, lanes)
	f.Label("eight")
	f.I("SUBS", neon.Imm(8), left, left)
	f.Jump("BLT", "done")
	f.load(index, 0, next)
	f.I("ADD", neon.Imm(32), index, index)
	for i, v := range lanes {
		f.I("VUMAX", next[i].S4(), v.S4(), v.S4())
	}
	f.Jump("B", "eight")
	f.Label("done")
	f.store(lanes, most)
	f.End()
}
