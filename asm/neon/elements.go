package neon

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/expr"
	"github.com/spikelane/spikelane/asm/gogen"
)

// elements writes a kernel without state: blocks of 4*8 elements if they are short, then of 8,
// then 4, then one by one.
func elements(f *File, k *expr.Kernel, p plan) {
	pointers := map[string]R{}
	for _, a := range k.Args() {
		if a.Kind != expr.ArgParam {
			pointers[a.Name] = f.Pointer(a.Name)
		}
	}
	n := f.Length(gogen.Length(k).Name)
	b := &body{File: f, p: k.Program(), width: lanes, pinned: map[int]value{}}
	b.base = func(a expr.Arg) R { return pointers[a.Name] }
	b.prepareBits()
	b.pinConstants(p.constants)
	b.pinFixed()

	for _, blocks := range b.p.Unrolls() {
		loop, done := fmt.Sprintf("blocks%d", blocks), fmt.Sprintf("done%d", blocks)
		f.Label(loop)
		f.I("CMP", Imm(blocks*lanes), n)
		f.Jump("BLT", done)
		for u := range blocks {
			b.disp = u * lanes
			b.run()
		}
		advance(f, k, pointers, blocks*lanes)
		f.I("SUB", Imm(blocks*lanes), n, n)
		f.Jump("B", loop)
		f.Label(done)
	}
	b.disp = 0
	b.rest(n, "", func() {
		b.run()
		advance(f, k, pointers, b.width)
	})
}

// rest writes what comes after the last whole block: four lanes if there are
// as many, then single lanes. Bits stay in the same byte.
func (b *body) rest(n R, name string, run func()) {
	b.I("MOVD", Imm(0), b.bits.place)
	b.Jump("TBZ", name+"single", Imm(2), n)
	b.width = 4
	run()
	b.I("SUB", Imm(4), n, n)
	b.I("MOVD", Imm(4), b.bits.place)
	b.Label(name + "single")
	b.Jump("CBZ", name+"end", n)
	b.width = 1
	run()
	b.I("SUB", Imm(1), n, n)
	b.I("ADD", Imm(1), b.bits.place, b.bits.place)
	b.Jump("B", name+"single")
	b.Label(name + "end")
}

// advance moves the pointers past some elements, those to bits past whole
// bytes.
func advance(f *File, k *expr.Kernel, pointers map[string]R, elements int) {
	for _, a := range k.Args() {
		p, ok := pointers[a.Name]
		switch {
		case !ok:
		case !a.Kind.Bits():
			f.I("ADD", Imm(4*elements), p, p)
		case elements >= 8:
			f.I("ADD", Imm(elements/8), p, p)
		}
	}
}

// pinConstants loads the constants that are read.
func (b *body) pinConstants(wanted bool) {
	for i, v := range b.p.Values {
		if wanted && v.Op == expr.OpConst && b.isRead(i) {
			b.pinned[i] = b.constant(v.Const)
		}
	}
}

// isRead reports whether value i is anything but the zero of a choice.
func (b *body) isRead(i int) bool {
	if !b.p.IsZero(i) {
		return true
	}
	for _, v := range b.p.Values {
		for j, a := range v.Args {
			if a == i && !(v.Op == expr.OpSelect && j > 0) {
				return true
			}
		}
	}
	for _, e := range b.p.Effects {
		if e.Value == i {
			return true
		}
	}
	return false
}

// pinFixed computes, before the loops, what all elements share: in one
// register for all lanes. What only leads there is given back.
func (b *body) pinFixed() {
	b.values = map[int]value{}
	b.uses = make([]int, len(b.p.Values))
	for i, v := range b.p.Values {
		b.uses[i] = v.Uses
	}
	b.width = 4
	for i, v := range b.p.Values {
		switch {
		case !v.Fixed || v.Op == expr.OpConst:
		case v.Op == expr.OpParam:
			r := b.Broadcast(v.Name)
			b.values[i] = value{r, r}
		default:
			b.compute(i)
		}
	}
	for i, v := range b.values {
		b.pinned[i] = value{v[0], v[0]}
	}
	b.width, b.fixed = lanes, true
}
