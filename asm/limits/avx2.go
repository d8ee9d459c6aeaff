package limits

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/avx2"
)

// AVX2 is bench/limits/limits_amd64.s.
func AVX2() []byte {
	f := avx2.NewFile()
	for _, op := range operations {
		f.Function(op.name+"SIMD", "rounds int")
		rounds := f.Number("rounds")
		one := f.YMM()
		f.VMOVUPS(f.Constant(1), one)
		acc := make([]reg.VecVirtual, chains)
		for i := range acc {
			acc[i] = f.YMM()
			f.VMOVUPS(f.Constant(1), acc[i])
		}
		f.Label("round")
		for i, a := range acc {
			switch {
			case op.name == "div":
				f.VDIVPS(one, a, a)
			case op.name == "sqrt":
				f.VSQRTPS(a, a)
			case op.name == "floor":
				f.VROUNDPS(operand.Imm(9), a, a)
			case op.name == "compare":
				f.VCMPPS(operand.Imm(13), one, a, a)
			case op.name == "choose":
				f.VBLENDVPS(one, one, a, a)
			case op.name == "fma" || op.name == "mixed" && i%2 == 0:
				f.VFMADD231PS(one, one, a)
			default:
				f.VADDPS(one, a, a)
			}
		}
		f.DECQ(rounds)
		f.JNZ(operand.LabelRef("round"))
		f.Return()
	}
	for r := 1; r <= MaxReads; r++ {
		for w := 0; w <= MaxWrites; w++ {
			avx2Stream(f, r, w)
		}
	}
	return f.Print("asm from asm/limits")
}

func avx2Stream(f *avx2.File, reads, writes int) {
	f.Function(streamName(reads, writes), streamParameters)
	var from, to []reg.GPVirtual
	for i := range reads {
		from = append(from, f.Pointer(fmt.Sprintf("r%d", i)))
	}
	for i := range writes {
		to = append(to, f.Pointer(fmt.Sprintf("w%d", i)))
	}
	left := f.GP64()
	f.Load(f.Param("r0").Len(), left)
	f.Label("block")
	for u := range blocks {
		v := f.YMM()
		for _, p := range from {
			v = f.YMM()
			f.VMOVUPS(operand.Mem{Base: p, Disp: 32 * u}, v)
		}
		for _, p := range to {
			f.VMOVUPS(v, operand.Mem{Base: p, Disp: 32 * u})
		}
	}
	for _, p := range append(from, to...) {
		f.ADDQ(operand.U32(32*blocks), p)
	}
	f.SUBQ(operand.U32(lanes*blocks), left)
	f.JG(operand.LabelRef("block"))
	f.Return()
}
