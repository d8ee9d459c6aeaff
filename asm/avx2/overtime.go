package avx2

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/equation"
)

// overTime writes a kernel with state: for every step, all groups one after
// another. Groups are independent, so the processor works on several at once.
// A short forward pass without optional effects goes two steps at once, where
// there are registers enough: parameters and states are then loaded half as
// often. (In a long one, it is the operations that wait for each other.)
func overTime(f *File, k *equation.Kernel, p plan) {
	t := &timeLoop{File: f, k: k, plan: p, p: k.Expanded(), layout: frame.Of(k)}
	t.c = f.Frame(k.Name)
	t.steps, t.optional, t.groups = f.field(t.c, frame.Steps), f.field(t.c, frame.Optional), f.GP64()
	for _, q := range t.layout.Pointers {
		r := f.GP64()
		if q.OfStream() {
			f.MOVQ(operand.Mem{Base: t.c, Disp: q.Offset()}, r)
		}
		t.pointers = append(t.pointers, r)
	}
	if p.pairs {
		t.pairs()
	}
	f.Label("step")
	t.row("group", func() {
		for first := 0; first < frame.Lanes; first += lanes {
			t.block(first, nil).run(fmt.Sprintf("required%d", first), t.optional, func() {
				if first+lanes == frame.Lanes {
					t.advance(true)
				}
			})
		}
	})
	for i, q := range t.layout.Pointers {
		if q.OfStream() {
			f.ADDQ(operand.Mem{Base: t.c, Disp: q.SkipOffset()}, t.pointers[i])
		}
	}
	f.DECQ(t.steps)
	f.JNZ(operand.LabelRef("step"))
	f.Label("end")
	f.Return()
}

type timeLoop struct {
	*File
	plan
	k                       *equation.Kernel
	p                       *equation.Program
	layout                  frame.Layout
	c                       reg.GPVirtual // the frame
	steps, optional, groups reg.GPVirtual
	pointers                []reg.GPVirtual // as in the layout
}

// pairs writes the loop over two steps at once, up to the last step or two.
func (t *timeLoop) pairs() {
	t.TESTQ(t.optional, t.optional)
	t.JNZ(operand.LabelRef("step"))
	t.CMPQ(t.steps, operand.Imm(2))
	t.JB(operand.LabelRef("step"))
	strides := make([]reg.GPVirtual, len(t.pointers))
	for i, q := range t.layout.Pointers {
		if q.OfStream() && !t.layout.Optional(t.k, i) {
			strides[i] = t.field(t.c, frame.Groups)
			t.IMUL3Q(operand.U32(t.layout.Bytes(i, frame.Lanes)), strides[i], strides[i])
			t.ADDQ(operand.Mem{Base: t.c, Disp: q.SkipOffset()}, strides[i])
		}
	}
	t.Label("pair")
	t.row("groupOfPair", func() {
		var blocks []*body
		for first := 0; first < frame.Lanes; first += lanes {
			b := t.block(first, nil)
			b.keep, b.values = true, map[int]reg.VecVirtual{}
			b.step(func(int) {})
			blocks = append(blocks, b)
		}
		for i, one := range blocks {
			two := t.block(i*lanes, strides)
			two.values = one.carried()
			two.step(func(int) {})
			two.storeStates()
		}
	})
	for i, q := range t.layout.Pointers {
		if strides[i] != nil {
			t.ADDQ(operand.Mem{Base: t.c, Disp: q.SkipOffset()}, t.pointers[i])
			t.ADDQ(strides[i], t.pointers[i])
		}
	}
	t.SUBQ(operand.Imm(2), t.steps)
	t.JZ(operand.LabelRef("end"))
	t.CMPQ(t.steps, operand.Imm(2))
	t.JAE(operand.LabelRef("pair"))
}

// row writes the loop over the groups of a step.
func (t *timeLoop) row(label string, group func()) {
	t.MOVQ(operand.Mem{Base: t.c, Disp: frame.Groups}, t.groups)
	for i, q := range t.layout.Pointers {
		if !q.OfStream() {
			t.MOVQ(operand.Mem{Base: t.c, Disp: q.Offset()}, t.pointers[i])
		}
	}
	t.Label(label)
	group()
	t.advance(false)
	t.DECQ(t.groups)
	t.JNZ(operand.LabelRef(label))
}

// block is a block of a group, whose streams are further on by some strides.
func (t *timeLoop) block(first int, strides []reg.GPVirtual) *body {
	b := &body{File: t.File, p: t.p, plan: t.plan}
	b.at = func(a equation.Arg) operand.Mem {
		place := t.layout.Place(a.Name)
		i := t.layout.Index(place.Pointer)
		m := operand.Mem{Base: t.pointers[i], Disp: 4 * (place.Array*frame.Lanes + first)}
		if a.Kind.Bits() {
			m.Disp = first / 8
		}
		if strides != nil && strides[i] != nil {
			m.Index, m.Scale = strides[i], 1
		}
		return m
	}
	return b
}

// advance moves pointers to the next group: those of optional effects, which
// stay where they are if these are not asked for, or the others.
func (t *timeLoop) advance(optional bool) {
	for i := range t.layout.Pointers {
		if t.layout.Optional(t.k, i) == optional {
			t.ADDQ(operand.U32(t.layout.Bytes(i, frame.Lanes)), t.pointers[i])
		}
	}
}
