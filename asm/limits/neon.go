package limits

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/neon"
)

// NEON is bench/limits/limits_arm64.s: an operation on 8 numbers is two
// instructions.
func NEON() []byte {
	f := neon.NewFile()
	for _, op := range operations {
		f.Function(op.name+"SIMD", "rounds int")
		rounds := f.Number("rounds")
		one := f.V()
		f.Bits(0x3f800000, one)
		acc := make([]neon.V, 2*chains)
		for i := range acc {
			acc[i] = f.V()
			f.Bits(0x3f800000, acc[i])
		}
		f.Label("round")
		for i, a := range acc {
			switch {
			case op.name == "div":
				f.Three(neon.FDIV, a, a, one)
			case op.name == "sqrt":
				f.Two(neon.FSQRT, a, a)
			case op.name == "floor":
				f.Two(neon.FRINTM, a, a)
			case op.name == "compare":
				f.Three(neon.FCMGE, a, a, one)
			case op.name == "choose":
				f.I("VBIT", one.B16(), one.B16(), a.B16())
			case op.name == "fma" || op.name == "mixed" && i%2 == 0:
				f.I("VFMLA", one.S4(), one.S4(), a.S4())
			default:
				f.Three(neon.FADD, a, a, one)
			}
		}
		f.I("SUB", neon.Imm(1), rounds, rounds)
		f.Jump("CBNZ", "round", rounds)
		f.End()
	}
	for r := 1; r <= MaxReads; r++ {
		for w := 0; w <= MaxWrites; w++ {
			neonStream(f, r, w)
		}
	}
	return f.Print("asm from asm/limits")
}

func neonStream(f *neon.File, reads, writes int) {
	f.Function(streamName(reads, writes), streamParameters)
	var from, to []neon.R
	for i := range reads {
		from = append(from, f.Pointer(fmt.Sprintf("r%d", i)))
	}
	for i := range writes {
		to = append(to, f.Pointer(fmt.Sprintf("w%d", i)))
	}
	left := f.Length("r0")
	a, b := f.V(), f.V()
	f.Label("block")
	for u := range blocks {
		for _, p := range from {
			f.I("FLDPQ", neon.Mem(p, 32*u), neon.Two(a, b))
		}
		for _, p := range to {
			f.I("FSTPQ", neon.Two(a, b), neon.Mem(p, 32*u))
		}
	}
	for _, p := range append(from, to...) {
		f.I("ADD", neon.Imm(32*blocks), p, p)
	}
	f.I("SUBS", neon.Imm(lanes*blocks), left, left)
	f.Jump("BGT", "block")
	f.End()
}
