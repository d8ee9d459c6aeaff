package neon

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/equation"
)

// overTime writes a kernel with state: for every step, all groups one after
// another.
func overTime(f *File, k *equation.Kernel, p plan) {
	layout := frame.Of(k)
	c := f.Frame(k.Name)
	steps, optional, groups := f.field(c, frame.Steps), f.field(c, frame.Optional), f.R()
	pointers, skips := make([]R, len(layout.Pointers)), make([]R, len(layout.Pointers))
	for i, q := range layout.Pointers {
		if pointers[i] = f.R(); q.OfStream() {
			f.I("MOVD", Mem(c, q.Offset()), pointers[i])
			skips[i] = f.field(c, q.SkipOffset())
		}
	}
	b := &body{File: f, p: k.Expanded(), plan: p, pinned: map[int]value{}, bits: f.prepareBits(k)}
	b.pinConstants()
	first := 0
	b.at = func(a equation.Arg) text {
		place := layout.Place(a.Name)
		r := pointers[layout.Index(place.Pointer)]
		if a.Kind.Bits() {
			return Mem(r, first/8)
		}
		return Mem(r, 4*(place.Array*frame.Lanes+first))
	}
	f.Label("step")
	f.I("MOVD", Mem(c, frame.Groups), groups)
	for i, q := range layout.Pointers {
		if !q.OfStream() {
			f.I("MOVD", Mem(c, q.Offset()), pointers[i])
		}
	}
	f.Label("group")
	for first = 0; first < frame.Lanes; first += p.width {
		b.run(fmt.Sprintf("required%d", first), optional, func() {
			if first+p.width == frame.Lanes {
				f.advance(k, layout, pointers, true)
			}
		})
	}
	f.advance(k, layout, pointers, false)
	f.I("SUB", Imm(1), groups, groups)
	f.Jump("CBNZ", "group", groups)
	for i, q := range layout.Pointers {
		if q.OfStream() {
			f.I("ADD", skips[i], pointers[i], pointers[i])
		}
	}
	f.I("SUB", Imm(1), steps, steps)
	f.Jump("CBNZ", "step", steps)
}

// advance moves pointers to the next group: those of optional effects, which
// stay where they are if these are not asked for, or the others.
func (f *File) advance(k *equation.Kernel, layout frame.Layout, pointers []R, optional bool) {
	for i := range layout.Pointers {
		if layout.Optional(k, i) == optional {
			f.I("ADD", Imm(layout.Bytes(i, frame.Lanes)), pointers[i], pointers[i])
		}
	}
}
