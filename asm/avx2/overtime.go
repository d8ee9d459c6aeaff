package avx2

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/expr"
	"github.com/spikelane/spikelane/asm/gogen"
)

// overTime writes a kernel with state. A group of blocks keeps its state in
// registers over all steps; then comes the next group. A single chain of
// dependent operations would leave the processor idle: as many blocks as fit
// go side by side.
func overTime(f *File, k *expr.Kernel) {
	t := &timeLoop{File: f, p: k.Program(), pointers: map[string]reg.GPVirtual{}}
	f.Function(k.Name+"SIMD", gogen.Parameters(k))
	for _, a := range k.Args() {
		if !t.isFar(a) {
			t.pointers[a.Name] = f.Pointer(a.Name)
		}
	}
	t.n = f.GP64()
	f.Load(f.Param(gogen.Length(k).Name).Len(), t.n)
	if len(t.pointers) < len(k.Args()) {
		t.done = f.GP64()
		f.XORQ(t.done, t.done)
	}

	sizes := []int{t.blocks(), 2, 1}
	if sizes[0] <= 4 {
		sizes = slices.Compact([]int{sizes[0], 1})
	}
	for _, blocks := range sizes {
		loop, done := fmt.Sprintf("blocks%d", blocks), fmt.Sprintf("done%d", blocks)
		f.Label(loop)
		f.CMPQ(t.n, operand.U32(blocks*lanes))
		f.JB(operand.LabelRef(done))
		t.group(loop, blocks, true)
		for _, a := range k.Args() {
			if t.isFar(a) {
				continue
			}
			if a.Kind.Bits() {
				f.ADDQ(operand.U32(blocks), t.pointers[a.Name])
			} else {
				f.ADDQ(operand.U32(4*blocks*lanes), t.pointers[a.Name])
			}
		}
		if t.done != nil {
			f.ADDQ(operand.U32(blocks*lanes), t.done)
		}
		f.SUBQ(operand.U32(blocks*lanes), t.n)
		f.JMP(operand.LabelRef(loop))
		f.Label(done)
	}
	f.TESTQ(t.n, t.n)
	f.JZ(operand.LabelRef("end"))
	t.group("partial", 1, false)
	f.Label("end")
	f.Return()
}

type timeLoop struct {
	*File
	p        *expr.Program
	pointers map[string]reg.GPVirtual
	n        reg.GPVirtual
	done     reg.GPVirtual // elements, if there are far arguments
	// at and bitsAt are where a step begins in the far arguments that move from
	// step to step: elements, and bytes of bits.
	at, bitsAt reg.GPVirtual
}

// maxPointers is how many arguments a kernel may have whose addresses stay in
// registers.
const maxPointers = 9

// isFar reports whether an argument's address is loaded at every use: that of
// all arguments in training, else those of the parameters, if there are too
// many.
func (t *timeLoop) isFar(a expr.Arg) bool {
	k := t.p.Kernel
	return k.Training || a.Kind == expr.ArgParam && len(k.Args()) > maxPointers
}

func (t *timeLoop) states() []expr.Arg {
	var states []expr.Arg
	for _, a := range t.p.Kernel.Args() {
		if a.Kind == expr.ArgState {
			states = append(states, a)
		}
	}
	return states
}

// blocks is how many blocks fit: 8, 4, 2 or 1. A step is a chain of some twenty
// cycles, in which the processor could do forty operations.
func (t *timeLoop) blocks() int {
	blocks := 8
	if t.p.Kernel.Training {
		blocks = 4 // there are many of these kernels
	}
	for blocks > 1 && blocks*len(t.states())+t.p.Pressure() > registers {
		blocks /= 2
	}
	return blocks
}

// far is a block of an argument whose address is not in a register.
func (t *timeLoop) far(a expr.Arg, offset int) operand.Mem {
	m := operand.Mem{Base: t.Pointer(a.Name), Index: t.done, Scale: 4, Disp: 4 * offset}
	switch {
	case a.Kind.Bits():
		m.Index, m.Scale, m.Disp = t.bitsAt, 1, offset/8
	case a.Kind.Streamed():
		m.Index = t.at
	}
	return m
}

// start goes to the first step of a kernel for training, or, where it walks
// back, to the last.
func (t *timeLoop) start() {
	t.at = t.GP64()
	t.MOVQ(t.done, t.at)
	if t.p.Kernel.Back {
		last := t.Number("steps")
		t.DECQ(last)
		t.IMULQ(t.Number("stride"), last)
		t.ADDQ(last, t.at)
	}
	if t.hasBits() {
		t.bitsAt = t.GP64()
		t.MOVQ(t.done, t.bitsAt)
		t.SHRQ(operand.Imm(3), t.bitsAt)
	}
}

// move goes to the next step of a kernel for training.
func (t *timeLoop) move() {
	k := t.p.Kernel
	switch {
	case !k.Training:
	case k.Back:
		t.SUBQ(t.Number("stride"), t.at)
	default:
		t.ADDQ(t.Number("stride"), t.at)
	}
	if k.Training && t.hasBits() {
		words := t.Number("bitsStride")
		t.LEAQ(operand.Mem{Base: t.bitsAt, Index: words, Scale: 8}, t.bitsAt)
	}
}

func (t *timeLoop) hasBits() bool {
	for _, a := range t.p.Kernel.Args() {
		if a.Kind.Bits() {
			return true
		}
	}
	return false
}

// group advances some blocks over all steps.
func (t *timeLoop) group(name string, blocks int, whole bool) {
	offset := 0 // in elements, of the block from the pointers
	streams := map[string]reg.GPVirtual{}
	element := func(a expr.Arg) operand.Mem {
		if t.isFar(a) {
			return t.far(a, offset)
		}
		base := t.pointers[a.Name]
		if s, ok := streams[a.Name]; ok {
			base = s
		}
		if a.Kind.Bits() {
			return operand.Mem{Base: base, Disp: offset / 8}
		}
		return operand.Mem{Base: base, Disp: 4 * offset}
	}
	bodies := make([]*body, blocks)
	for u := range bodies {
		b := &body{File: t.File, p: t.p, element: element, memory: true, state: map[string]reg.VecVirtual{}}
		b.reload = len(t.states())+t.p.Pressure() > registers
		if !whole {
			b.partial(t.n)
		}
		offset = u * lanes
		for _, a := range t.states() {
			if !b.reload {
				b.state[a.Name] = t.YMM()
				b.load(a, b.state[a.Name])
			}
		}
		bodies[u] = b
	}
	if t.p.Kernel.Training {
		t.start()
	}
	for _, a := range t.p.Kernel.Args() {
		if a.Kind.Streamed() && !t.isFar(a) {
			s := t.GP64()
			t.MOVQ(t.pointers[a.Name], s)
			streams[a.Name] = s
		}
	}
	steps := t.Number("steps")
	t.Label(name + "Step")
	for u, b := range bodies {
		offset = u * lanes
		b.run()
	}
	t.move()
	for _, a := range t.p.Kernel.Args() {
		if !a.Kind.Streamed() || t.isFar(a) {
			continue
		}
		scale := uint8(4)
		if a.Kind.Bits() {
			scale = 8
		}
		stride := t.Number(gogen.Stride(t.p.Kernel, a))
		t.LEAQ(operand.Mem{Base: streams[a.Name], Index: stride, Scale: scale}, streams[a.Name])
	}
	t.DECQ(steps)
	t.JNZ(operand.LabelRef(name + "Step"))
	for u, b := range bodies {
		offset = u * lanes
		for _, a := range t.states() {
			if !b.reload {
				b.store(a, b.state[a.Name])
			}
		}
	}
}
