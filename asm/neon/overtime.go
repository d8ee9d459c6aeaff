package neon

import (
	"fmt"

	"github.com/spikelane/spikelane/asm/expr"
	"github.com/spikelane/spikelane/asm/gogen"
)

// overTime writes a kernel with state. A group of blocks keeps its state, and
// its parameters where they fit, in registers over all steps; then comes the
// next group.
func overTime(f *File, k *expr.Kernel, p plan) {
	t := &timeLoop{File: f, k: k, plan: p, pointers: map[string]R{}, strides: map[string]R{}, streams: map[string]R{}}
	if k.Training {
		t.far = newFar(f, k)
	}
	for _, a := range k.Args() {
		if k.Training {
			break
		}
		t.pointers[a.Name] = f.Pointer(a.Name)
		if a.Kind.Streamed() {
			t.streams[a.Name] = f.R()
			t.strides[a.Name] = f.Number(gogen.Stride(k, a))
			size := 2
			if a.Kind.Bits() {
				size = 3
			}
			f.I("LSL", Imm(size), t.strides[a.Name], t.strides[a.Name])
		}
	}
	t.n = f.Length(gogen.Length(k).Name)
	t.steps = f.R()
	t.shared = &body{File: f, p: k.Program(), pinned: map[int]value{}}
	t.shared.prepareBits()
	t.shared.pinConstants(p.constants)

	sizes := []int{p.blocks, 1}
	if p.blocks == 1 {
		sizes = sizes[1:]
	}
	for _, blocks := range sizes {
		loop, done := fmt.Sprintf("blocks%d", blocks), fmt.Sprintf("done%d", blocks)
		f.Label(loop)
		f.I("CMP", Imm(blocks*p.width()), t.n)
		f.Jump("BLT", done)
		t.group(loop, blocks, p.width())
		f.I("SUB", Imm(blocks*p.width()), t.n, t.n)
		f.Jump("B", loop)
		f.Label(done)
	}
	t.shared.rest(t.n, "", func() {
		t.group(fmt.Sprintf("lanes%d", t.shared.width), 1, t.shared.width)
	})
}

type timeLoop struct {
	*File
	k        *expr.Kernel
	plan     plan
	shared   *body // what all blocks share: constants, and how bits are packed
	pointers map[string]R
	streams  map[string]R // pointers that move from step to step
	strides  map[string]R // how far, in bytes
	far      *far         // of a kernel for training
	n, steps R
}

// far is how a kernel for training finds its many arguments: it loads an
// address at every use, and adds, in bytes, how many elements are done, or
// where in what moves from step to step the step begins.
type far struct {
	address, done, at, bitsAt R
	stride, bitsStride        R
}

func newFar(f *File, k *expr.Kernel) *far {
	r := &far{address: f.R(), done: f.R(), at: f.R(), bitsAt: f.R()}
	f.I("MOVD", Imm(0), r.done)
	for _, s := range gogen.Strides(k) {
		if s == "stride" {
			r.stride = f.Number(s)
			f.I("LSL", Imm(2), r.stride, r.stride)
		} else {
			r.bitsStride = f.Number(s)
			f.I("LSL", Imm(3), r.bitsStride, r.bitsStride)
		}
	}
	return r
}

// start goes to the first step, or to the last of a kernel that walks back.
func (t *timeLoop) start() {
	r := t.far
	t.I("MOVD", r.done, r.at)
	if t.k.Back {
		t.I("SUB", Imm(1), t.steps, r.address)
		t.I("MUL", r.stride, r.address, r.address)
		t.I("ADD", r.address, r.at, r.at)
	}
	t.I("LSR", Imm(5), r.done, r.bitsAt)
}

// move goes to the next step.
func (t *timeLoop) move() {
	r, op := t.far, "ADD"
	if t.k.Back {
		op = "SUB"
	}
	t.I(op, r.stride, r.at, r.at)
	if r.bitsStride != 0 {
		t.I("ADD", r.bitsStride, r.bitsAt, r.bitsAt)
	}
}

// base is the address of the step of an argument.
func (r *far) base(f *File, a expr.Arg) R {
	offset := r.done
	switch {
	case a.Kind.Bits():
		offset = r.bitsAt
	case a.Kind.Streamed():
		offset = r.at
	}
	f.PointerTo(a.Name, r.address)
	f.I("ADD", offset, r.address, r.address)
	return r.address
}

// group advances some blocks of a width over all steps.
func (t *timeLoop) group(name string, blocks, width int) {
	bodies := make([]*body, blocks)
	for u := range bodies {
		bodies[u] = t.block(u*width, width)
	}
	t.NumberTo("steps", t.steps)
	if t.far != nil {
		t.start()
	}
	for _, a := range t.k.Args() {
		if s, ok := t.streams[a.Name]; ok {
			t.I("MOVD", t.pointers[a.Name], s)
		}
	}
	t.Label(name + "Step")
	for _, b := range bodies {
		b.run()
	}
	if t.far != nil {
		t.move()
	}
	for _, a := range t.k.Args() {
		if s, ok := t.streams[a.Name]; ok {
			t.I("ADD", t.strides[a.Name], s, s)
		}
	}
	t.I("SUB", Imm(1), t.steps, t.steps)
	t.Jump("CBNZ", name+"Step", t.steps)
	for _, b := range bodies {
		b.finish(t.shared)
	}
	advance(t.File, t.k, t.pointers, blocks*width)
	if t.far != nil {
		t.I("ADD", Imm(4*blocks*width), t.far.done, t.far.done)
	}
}

// block starts a block: its state and parameters are loaded.
func (t *timeLoop) block(first, width int) *body {
	b := &body{File: t.File, p: t.shared.p, width: width, disp: first, pinned: map[int]value{}, states: map[string]value{}, bits: t.shared.bits, reload: t.plan.rare}
	b.base = func(a expr.Arg) R {
		if t.far != nil {
			return t.far.base(t.File, a)
		}
		if s, ok := t.streams[a.Name]; ok {
			return s
		}
		return t.pointers[a.Name]
	}
	for _, a := range t.k.Args() {
		if a.Kind == expr.ArgState {
			b.states[a.Name] = b.fresh()
			b.load(a, b.states[a.Name])
		}
	}
	for i, v := range b.p.Values {
		if shared, ok := t.shared.pinned[i]; ok {
			b.pinned[i] = shared
		} else if v.Op == expr.OpState {
			b.pinned[i] = b.states[v.Name]
		} else if v.Op == expr.OpParam && t.plan.parameters {
			b.pinned[i] = b.fresh()
			b.load(argument(b.p, v), b.pinned[i])
		}
	}
	return b
}

// finish stores the state of a block and frees its registers.
func (b *body) finish(shared *body) {
	for _, a := range b.p.Kernel.Args() {
		if where, ok := b.states[a.Name]; ok {
			b.store(a, where)
			b.free(where)
		}
	}
	for i, v := range b.p.Values {
		where, ok := b.pinned[i]
		if _, isShared := shared.pinned[i]; ok && !isShared && v.Op == expr.OpParam {
			b.free(where)
		}
	}
}
