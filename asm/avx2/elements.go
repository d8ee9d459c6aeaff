package avx2

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/expr"
	"github.com/spikelane/spikelane/asm/gogen"
)

// elements writes a kernel without state: blocks of 4*8 elements if it is
// short, then of 8, then what is left under a mask.
func elements(f *File, k *expr.Kernel) {
	p := k.Program()
	f.Function(k.Name+"SIMD", gogen.Parameters(k))
	pointers := map[string]reg.GPVirtual{}
	for _, a := range k.Args() {
		if a.Kind != expr.ArgParam {
			pointers[a.Name] = f.Pointer(a.Name)
		}
	}
	n := f.GP64()
	f.Load(f.Param(gogen.Length(k).Name).Len(), n)

	b := &body{File: f, p: p, fixed: map[int]reg.VecVirtual{}, memory: true}
	b.computeFixed()

	offset := 0 // in elements, of the block from the pointers
	b.element = func(a expr.Arg) operand.Mem {
		if a.Kind.Bits() {
			return operand.Mem{Base: pointers[a.Name], Disp: offset / 8}
		}
		return operand.Mem{Base: pointers[a.Name], Disp: 4 * offset}
	}
	for _, blocks := range p.Unrolls() {
		loop, done := fmt.Sprintf("blocks%d", blocks), fmt.Sprintf("done%d", blocks)
		f.Label(loop)
		f.CMPQ(n, operand.U32(blocks*lanes))
		f.JB(operand.LabelRef(done))
		for u := range blocks {
			offset = u * lanes
			b.run()
		}
		for _, a := range k.Args() {
			if a.Kind.Bits() {
				f.ADDQ(operand.U32(blocks), pointers[a.Name])
			} else if a.Kind != expr.ArgParam {
				f.ADDQ(operand.U32(4*blocks*lanes), pointers[a.Name])
			}
		}
		f.SUBQ(operand.U32(blocks*lanes), n)
		f.JMP(operand.LabelRef(loop))
		f.Label(done)
	}
	f.TESTQ(n, n)
	f.JZ(operand.LabelRef("end"))
	offset = 0
	b.partial(n)
	b.run()
	f.Label("end")
	f.Return()
}

// computeFixed computes, before the loops, what all elements share.
func (b *body) computeFixed() {
	b.values = map[int]reg.VecVirtual{}
	for i, v := range b.p.Values {
		switch {
		case !v.Fixed || v.Op == expr.OpConst || unneeded(b.p, i):
		case v.Op == expr.OpParam:
			r := b.YMM()
			address, err := b.Param(v.Name).Resolve()
			if err != nil {
				panic(err)
			}
			b.VBROADCASTSS(address.Addr, r)
			b.fixed[i] = r
		default:
			b.fixed[i] = b.compute(v)
		}
	}
}

// partial prepares a block of which only the first n lanes are there, n < 8.
func (b *body) partial(n reg.GPVirtual) {
	const all = 1<<32 - 1
	table := b.Words("lanes", all, all, all, all, all, all, all, all, 0, 0, 0, 0, 0, 0, 0, 0)
	start := b.GP64()
	b.LEAQ(table, start)
	at := b.GP64()
	b.MOVQ(n, at)
	b.NEGQ(at)
	b.LEAQ(operand.Mem{Base: start, Index: at, Scale: 4, Disp: 4 * lanes}, start)
	b.maskAt = operand.Mem{Base: start}
	b.mask = b.YMM()
	b.VMOVUPS(b.maskAt, b.mask)
	b.bits = b.GP64()
	b.VMOVMSKPS(b.mask, b.bits.As32())
	b.memory = false
}
