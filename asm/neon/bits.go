package neon

import (
	"github.com/mmcloughlin/avo/operand"

	"github.com/spikelane/spikelane/equation"
)

// bits is what packing and unpacking keep in registers.
type bits struct {
	byHalf value // 1, 2, 4, 8 and 16, 32, 64, 128, to unpack
	packed V     // 1 to 128 in 16 bits each, to pack
}

// prepareBits loads the registers that a kernel's bits need.
func (f *File) prepareBits(k *equation.Kernel) (b bits) {
	for _, a := range k.Args() {
		switch a.Kind {
		case equation.ArgBitsIn:
			b.byHalf = value{f.V(), f.V()}
			t := f.Table("bits32", operand.U32(1), operand.U32(2), operand.U32(4), operand.U32(8),
				operand.U32(16), operand.U32(32), operand.U32(64), operand.U32(128))
			f.I("FLDPQ", Mem(t, 0), Two(b.byHalf[0], b.byHalf[1]))
			f.FreeR(t)
		case equation.ArgBitsOut:
			b.packed = f.V()
			t := f.Table("bits16", operand.U16(1), operand.U16(2), operand.U16(4), operand.U16(8),
				operand.U16(16), operand.U16(32), operand.U16(64), operand.U16(128))
			f.I("FMOVQ", Mem(t, 0), b.packed.F())
			f.FreeR(t)
		}
	}
	return b
}

// storeBits stores eight lanes of a mask as a byte.
func (b *body) storeBits(a equation.Arg, m value) {
	if b.width != 8 {
		panic(outOfRegisters{"bits of half a block"})
	}
	r, v := b.R(), b.V()
	b.I("VUZP1", m[1].H8(), m[0].H8(), v.H8())
	b.I("VAND", b.bits.packed.B16(), v.B16(), v.B16())
	b.I("VADDV", v.H8(), v)
	b.I("VMOV", v.H0(), r)
	b.I("MOVB", r, b.at(a))
	b.FreeV(v)
	b.FreeR(r)
}

// loadBits makes a mask of a byte.
func (b *body) loadBits(a equation.Arg, v value) {
	r, all := b.R(), b.V()
	b.I("MOVBU", b.at(a), r)
	b.I("VDUP", r, all.S4())
	for h := range b.halves() {
		b.I("VCMTST", b.bits.byHalf[h].S4(), all.S4(), v[h].S4())
	}
	b.FreeV(all)
	b.FreeR(r)
}
