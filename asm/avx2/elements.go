package avx2

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/equation"
)

// elements writes a kernel without state: blocks of 4*8 elements if it is
// short, then of 8. What is left is the caller's.
func elements(f *File, k *equation.Kernel, p plan) {
	layout := frame.Of(k)
	c := f.Frame(k.Name)
	pointers := make([]reg.GPVirtual, len(layout.Pointers))
	for i, q := range layout.Pointers {
		pointers[i] = f.field(c, q.Offset())
	}
	n := f.field(c, frame.Groups)

	b := &body{File: f, p: k.Expanded(), plan: p}
	b.share(c, layout)
	offset := 0 // in elements, of the block from the pointers
	b.at = func(a equation.Arg) operand.Mem {
		i := int(layout.Place(a.Name).Pointer - frame.Streams)
		return operand.Mem{Base: pointers[i], Disp: layout.Bytes(i, offset)}
	}
	for _, blocks := range unrolls(b.p) {
		loop, done := fmt.Sprintf("blocks%d", blocks), fmt.Sprintf("done%d", blocks)
		f.Label(loop)
		f.CMPQ(n, operand.U32(blocks))
		f.JB(operand.LabelRef(done))
		for u := range blocks {
			offset = u * lanes
			b.run("", nil, nil)
		}
		for i := range layout.Pointers {
			f.ADDQ(operand.U32(layout.Bytes(i, blocks*lanes)), pointers[i])
		}
		f.SUBQ(operand.U32(blocks), n)
		f.JMP(operand.LabelRef(loop))
		f.Label(done)
	}
	f.Return()
}

// unrolls are how many blocks the loops over elements do at once, the fastest
// loop first. Blocks are independent, and the processor runs short ones side by
// side; of long ones it sees the next in time anyway.
func unrolls(p *equation.Program) []int {
	if operations(p) > 16 {
		return []int{1}
	}
	return []int{4, 1}
}

// operations counts those that every block does.
func operations(p *equation.Program) int {
	n := 0
	for i, v := range p.Values[:p.Optional] {
		if !p.IsLeaf(i) && !v.Fixed {
			n++
		}
	}
	return n
}

// share computes, before the loops, what all elements share.
func (b *body) share(c reg.GPVirtual, layout frame.Layout) {
	b.fixed, b.values = map[int]reg.VecVirtual{}, map[int]reg.VecVirtual{}
	for i, v := range b.p.Values {
		switch {
		case !v.Fixed || v.Op == equation.OpConst || unneeded(b.p, i):
		case v.Op == equation.OpParam:
			r := b.YMM()
			b.VBROADCASTSS(operand.Mem{Base: c, Disp: frame.Numbers + 4*layout.Place(v.Name).Array}, r)
			b.fixed[i] = r
		default:
			b.fixed[i] = b.compute(v)
		}
	}
}
