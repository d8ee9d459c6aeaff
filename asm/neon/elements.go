package neon

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/equation"
)

// elements writes a kernel without state: blocks of 4*8 elements if it is
// short, then of 8. What is left is the caller's.
func elements(f *File, k *equation.Kernel, p plan) {
	layout := frame.Of(k)
	c := f.Frame(k.Name)
	pointers := make([]R, len(layout.Pointers))
	for i, q := range layout.Pointers {
		pointers[i] = f.field(c, q.Offset())
	}
	n := f.field(c, frame.Groups)
	b := &body{File: f, p: k.Expanded(), plan: p, pinned: map[int]value{}, bits: f.prepareBits(k)}
	b.pinConstants()
	b.pinFixed(c, layout)
	offset := 0 // in elements, of the block from the pointers
	b.at = func(a equation.Arg) text {
		i := int(layout.Place(a.Name).Pointer - frame.Streams)
		return Mem(pointers[i], layout.Bytes(i, offset))
	}
	for _, blocks := range unrolls(b.p) {
		loop, done := fmt.Sprintf("blocks%d", blocks), fmt.Sprintf("done%d", blocks)
		f.Label(loop)
		f.I("CMP", Imm(blocks), n)
		f.Jump("BLT", done)
		for offset = 0; offset < blocks*lanes; offset += p.width {
			b.run("", 0, nil)
		}
		for i := range layout.Pointers {
			f.I("ADD", Imm(layout.Bytes(i, blocks*lanes)), pointers[i], pointers[i])
		}
		f.I("SUB", Imm(blocks), n, n)
		f.Jump("B", loop)
		f.Label(done)
	}
}

// unrolls are how many blocks the loops over elements do at once, the fastest
// loop first. Blocks are independent, and the processor runs short ones side by
// side; of long ones it sees the next in time anyway.
func unrolls(p *equation.Program) []int {
	operations := 0
	for i, v := range p.Values {
		if !p.IsLeaf(i) && !v.Fixed {
			operations++
		}
	}
	if operations > 16 {
		return []int{1}
	}
	return []int{4, 1}
}

// pinConstants loads the constants that are read.
func (b *body) pinConstants() {
	if !b.constants {
		return
	}
	uses := b.usesOf(b.p.Effects, nil)
	for i, v := range b.p.Values {
		if v.Op == equation.OpConst && uses[i] > 0 {
			b.pinned[i] = b.constant(v.Const)
		}
	}
}

// pinFixed computes, before the loops, what all elements share: in one
// register for all lanes. What only leads there is given back.
func (b *body) pinFixed(c R, layout frame.Layout) {
	width := b.width
	b.values, b.width = map[int]value{}, 4
	b.uses = b.usesOf(b.p.Effects, nil)
	for i, v := range b.p.Values {
		switch {
		case !v.Fixed || v.Op == equation.OpConst || b.uses[i] == 0:
		case v.Op == equation.OpParam:
			r := b.V()
			b.I("FMOVS", Mem(c, frame.Numbers+4*layout.Place(v.Name).Array), r.F())
			b.I("VDUP", r.S0(), r.S4())
			b.values[i] = value{r, r}
		default:
			b.compute(i)
		}
	}
	for i, v := range b.values {
		b.pinned[i] = value{v[0], v[0]}
	}
	b.width = width
}
