package avx2

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/asm/expr"
)

// body writes a kernel's program for one block of eight lanes.
type body struct {
	*File
	p *expr.Program
	// element is where the lanes of an array are; memory says that they may be
	// read as a memory operand: that all eight are there.
	element func(a expr.Arg) operand.Mem
	memory  bool
	mask    reg.VecVirtual // of the lanes that are there, unless memory
	maskAt  operand.Mem    // the same in memory
	fixed   map[int]reg.VecVirtual
	state   map[string]reg.VecVirtual
	bits    reg.GPVirtual // the lanes that are there, as bits, unless memory
	reload  bool          // registers are rare: inputs, parameters and states stay in memory

	values map[int]reg.VecVirtual
}

// run computes the block and stores its effects; new states replace the old
// ones in their registers.
func (b *body) run() {
	b.values = map[int]reg.VecVirtual{}
	for i, v := range b.p.Values {
		if _, ok := b.fixed[i]; ok || b.p.IsLeaf(i) && v.Op != expr.OpBit || unneeded(b.p, i) {
			continue // leaves are loaded where they are used
		}
		b.values[i] = b.compute(v)
		for _, e := range b.p.StoredAtOnce(i) {
			b.store(e.Arg, b.register(i))
		}
	}
	for _, e := range b.p.StoredAtEnd() {
		switch e.Arg.Kind {
		case expr.ArgBitsOut:
			b.storeBits(e)
		case expr.ArgState:
			if !b.reload {
				b.VMOVAPS(b.register(e.Value), b.state[e.Arg.Name])
				break
			}
			fallthrough
		default:
			b.store(e.Arg, b.register(e.Value))
		}
	}
}

// compute writes the instructions of an operation.
func (b *body) compute(v expr.Value) reg.VecVirtual {
	dst := b.YMM()
	// The second operand of an AVX instruction, first in Go's order, may be in
	// memory: if only the other one is, swap what may be swapped.
	x, y := 0, 1
	switch v.Op {
	case expr.OpAdd, expr.OpMul, expr.OpEQ:
		if b.inMemory(v.Args[0]) && !b.inMemory(v.Args[1]) {
			x, y = 1, 0
		}
	}
	switch v.Op {
	case expr.OpAdd:
		b.VADDPS(b.operand(v.Args[y]), b.register(v.Args[x]), dst)
	case expr.OpSub:
		b.VSUBPS(b.operand(v.Args[1]), b.register(v.Args[0]), dst)
	case expr.OpMul:
		b.VMULPS(b.operand(v.Args[y]), b.register(v.Args[x]), dst)
	case expr.OpDiv:
		b.VDIVPS(b.operand(v.Args[1]), b.register(v.Args[0]), dst)
	case expr.OpAbs:
		b.VANDPS(b.Repeat("magnitude", 1<<31-1), b.register(v.Args[0]), dst)
	case expr.OpSqrt:
		b.VSQRTPS(b.operand(v.Args[0]), dst)
	case expr.OpFloor:
		b.VROUNDPS(operand.Imm(9), b.operand(v.Args[0]), dst)
	case expr.OpShl23:
		b.VPSLLD(operand.Imm(23), b.register(v.Args[0]), dst)
	case expr.OpEQ:
		b.VCMPPS(operand.Imm(0), b.operand(v.Args[y]), b.register(v.Args[x]), dst)
	case expr.OpGE:
		b.VCMPPS(operand.Imm(13), b.operand(v.Args[1]), b.register(v.Args[0]), dst)
	case expr.OpGT:
		b.VCMPPS(operand.Imm(14), b.operand(v.Args[1]), b.register(v.Args[0]), dst)
	case expr.OpAnd:
		b.VANDPS(b.register(v.Args[1]), b.register(v.Args[0]), dst)
	case expr.OpOr:
		b.VORPS(b.register(v.Args[1]), b.register(v.Args[0]), dst)
	case expr.OpNot:
		b.VXORPS(b.Repeat("ones", 1<<32-1), b.register(v.Args[0]), dst)
	case expr.OpSelect:
		if greatest, least := extreme(b.p, v); greatest {
			b.VMAXPS(b.operand(v.Args[2]), b.register(v.Args[1]), dst)
			break
		} else if least {
			b.VMINPS(b.operand(v.Args[2]), b.register(v.Args[1]), dst)
			break
		}
		m := b.register(v.Args[0])
		switch {
		case b.p.IsZero(v.Args[2]):
			b.VANDPS(b.operand(v.Args[1]), m, dst)
		case b.p.IsZero(v.Args[1]):
			b.VANDNPS(b.operand(v.Args[2]), m, dst)
		default:
			b.VBLENDVPS(m, b.operand(v.Args[1]), b.register(v.Args[2]), dst)
		}
	case expr.OpBit:
		b.loadBits(v, dst)
	default:
		panic(fmt.Sprintf("avx2: operation %d has no instruction", v.Op))
	}
	return dst
}

// extreme recognises a > b ? a : b and b > a ? a : b: exactly what VMAXPS and
// VMINPS do, which give their second source where a or b is NaN and where both
// are zero.
func extreme(p *expr.Program, v expr.Value) (greatest, least bool) {
	if v.Op != expr.OpSelect || p.IsZero(v.Args[1]) || p.IsZero(v.Args[2]) {
		return false, false
	}
	m, a, b := p.Values[v.Args[0]], v.Args[1], v.Args[2]
	if m.Op != expr.OpGT {
		return false, false
	}
	return m.Args[0] == a && m.Args[1] == b, m.Args[0] == b && m.Args[1] == a
}

// unneeded reports whether value i is a mask that only maxima and minima use.
func unneeded(p *expr.Program, i int) bool {
	uses := 0
	for _, v := range p.Values {
		if greatest, least := extreme(p, v); (greatest || least) && v.Args[0] == i {
			uses++
		}
	}
	return uses > 0 && uses == p.Values[i].Uses
}

// inMemory reports whether value i is read from memory where it is used.
func (b *body) inMemory(i int) bool {
	v := b.p.Values[i]
	if v.Op == expr.OpConst {
		return true
	}
	_, isFixed := b.fixed[i]
	return !isFixed && b.memory && (v.Uses == 1 || b.reload) && (v.Op == expr.OpInput || v.Op == expr.OpParam)
}

// operand is value i as a register or memory operand.
func (b *body) operand(i int) operand.Op {
	if !b.inMemory(i) {
		return b.register(i)
	}
	v := b.p.Values[i]
	if v.Op == expr.OpConst {
		return b.Constant(v.Const)
	}
	return b.element(argument(b.p, v))
}

// register is value i in a register, loaded if it is a leaf.
func (b *body) register(i int) reg.VecVirtual {
	v := b.p.Values[i]
	if r, ok := b.fixed[i]; ok {
		return r
	}
	if r, ok := b.values[i]; ok {
		return r
	}
	if v.Op == expr.OpState && !b.reload {
		return b.state[v.Name]
	}
	r := b.YMM()
	switch {
	case b.p.IsZero(i):
		b.VXORPS(r, r, r)
	case v.Op == expr.OpConst:
		b.VMOVUPS(b.Constant(v.Const), r)
	default:
		b.load(argument(b.p, v), r)
	}
	if !b.reload {
		b.values[i] = r
	}
	return r
}

func (b *body) load(a expr.Arg, dst reg.VecVirtual) {
	if b.memory {
		b.VMOVUPS(b.element(a), dst)
	} else {
		b.VMASKMOVPS(b.element(a), b.present(), dst)
	}
}

// present is the mask of the lanes that are there.
func (b *body) present() reg.VecVirtual {
	if b.reload {
		b.mask = b.YMM()
		b.VMOVUPS(b.maskAt, b.mask)
	}
	return b.mask
}

func (b *body) store(a expr.Arg, src reg.VecVirtual) {
	if b.memory {
		b.VMOVUPS(src, b.element(a))
	} else {
		b.VMASKMOVPS(src, b.present(), b.element(a))
	}
}

// storeBits stores eight lanes of a mask as a byte.
func (b *body) storeBits(e expr.Effect) {
	m := b.GP32()
	b.VMOVMSKPS(b.register(e.Value), m)
	if !b.memory {
		b.ANDL(b.bits.As32(), m)
	}
	b.MOVB(m.As8(), b.element(e.Arg))
}

// loadBits makes a mask of a byte.
func (b *body) loadBits(v expr.Value, dst reg.VecVirtual) {
	which := b.Words("bit", 1, 2, 4, 8, 16, 32, 64, 128)
	b.VPBROADCASTB(b.element(argument(b.p, v)), dst)
	b.VPAND(which, dst, dst)
	b.VPCMPEQD(which, dst, dst)
}

// argument is the argument behind a leaf.
func argument(p *expr.Program, v expr.Value) expr.Arg {
	for _, a := range p.Kernel.Args() {
		if a.Name == v.Name {
			return a
		}
	}
	panic("avx2: no argument " + v.Name)
}
