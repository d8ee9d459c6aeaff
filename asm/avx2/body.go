package avx2

import (
	"fmt"
	"maps"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/spikelane/spikelane/equation"
)

// body writes a kernel's program for one block of eight lanes.
type body struct {
	*File
	p *equation.Program
	plan
	// at is where the block's lanes of an argument are.
	at    func(a equation.Arg) operand.Mem
	fixed map[int]reg.VecVirtual // values that all blocks share
	keep  bool                   // parameters stay in their registers

	values map[int]reg.VecVirtual
}

// plan is how a body spends its registers.
type plan struct {
	// reload: arguments give their register back after each use.
	reload bool
	// early: an optional effect is done as soon as the values are there that it
	// shares with the others, not after all of them.
	early bool
	pairs bool // two steps at once
}

// plans are tried in their order.
var plans = []plan{{}, {early: true}, {reload: true}, {reload: true, early: true}}

// run computes the block and stores its effects, those that are optional if
// the register is not zero. more is what else is to be done then.
func (b *body) run(label string, optional reg.Register, more func()) {
	b.values = map[int]reg.VecVirtual{}
	ready := map[int][]equation.Effect{}
	if b.early {
		ready = b.ready()
	}
	b.step(func(i int) {
		for k, e := range ready[i] {
			skip := fmt.Sprintf("%sAfter%dEffect%d", label, i, k)
			b.TESTQ(optional, optional)
			b.JZ(operand.LabelRef(skip))
			before := maps.Clone(b.values)
			b.store(e)
			b.values = before
			b.Label(skip)
		}
	})
	if b.early {
		b.TESTQ(optional, optional)
		b.JZ(operand.LabelRef(label))
		more()
		b.Label(label)
	} else if b.hasOptional() {
		b.TESTQ(optional, optional)
		b.JZ(operand.LabelRef(label))
		before := maps.Clone(b.values)
		b.storeAll(func(e equation.Effect) bool { return e.Arg.Kind.Optional() })
		more()
		b.Label(label)
		b.values = before
	}
	b.storeStates()
}

// ready are the optional effects by the value after which all is there that they
// share with the others.
func (b *body) ready() map[int][]equation.Effect {
	list := map[int][]equation.Effect{}
	for _, e := range b.p.Effects {
		if !e.Arg.Kind.Optional() {
			continue
		}
		last := -1
		var visit func(i int)
		visit = func(i int) {
			if i < b.p.Optional {
				if !b.isLeaf(i) {
					last = max(last, i)
				}
				return
			}
			for _, a := range b.p.Values[i].Args {
				visit(a)
			}
		}
		visit(e.Value)
		if last < 0 {
			last = b.p.Optional - 1
		}
		list[last] = append(list[last], e)
	}
	return list
}

// step computes the block, and stores what it sends. done is told of every value.
func (b *body) step(done func(i int)) {
	overTime := b.p.Kernel.OverTime()
	sent := func(e equation.Effect) bool { return !e.Arg.Kind.Optional() && e.Arg.Kind != equation.ArgState }
	for i := range b.p.Optional {
		if b.isLeaf(i) || unneeded(b.p, i) {
			done(i)
			continue // leaves are loaded where they are used
		}
		if _, ok := b.fixed[i]; !ok {
			b.register(i)
		}
		if overTime { // arrays do not overlap: what is done is stored
			b.storeAll(func(e equation.Effect) bool { return e.Value == i && sent(e) })
		}
		done(i)
	}
	b.storeAll(func(e equation.Effect) bool { return sent(e) && (!overTime || b.isLeaf(e.Value)) })
}

// storeStates stores the states. All are loaded before the first of them is
// stored: one may become another.
func (b *body) storeStates() {
	isState := func(e equation.Effect) bool { return e.Arg.Kind == equation.ArgState }
	for _, e := range b.p.Effects {
		if isState(e) {
			b.register(e.Value)
		}
	}
	b.storeAll(isState)
}

// carried are the parameters, and the states as they are now: what the next step
// begins with.
func (b *body) carried() map[int]reg.VecVirtual {
	next := map[int]reg.VecVirtual{}
	left := map[string]reg.VecVirtual{}
	for _, e := range b.p.Effects {
		if e.Arg.Kind == equation.ArgState {
			left[e.Arg.Name] = b.register(e.Value)
		}
	}
	for i, v := range b.p.Values {
		switch r, ok := b.values[i]; {
		case v.Op == equation.OpState && left[v.Name] != nil:
			next[i] = left[v.Name]
		case v.Op == equation.OpState, v.Op == equation.OpParam:
			if ok {
				next[i] = r
			}
		}
	}
	return next
}

func (b *body) hasOptional() bool {
	for _, e := range b.p.Effects {
		if e.Arg.Kind.Optional() {
			return true
		}
	}
	return false
}

func (b *body) storeAll(which func(e equation.Effect) bool) {
	for _, e := range b.p.Effects {
		if which(e) {
			b.store(e)
		}
	}
}

func (b *body) store(e equation.Effect) {
	if e.Arg.Kind != equation.ArgBitsOut {
		b.VMOVUPS(b.register(e.Value), b.at(e.Arg))
		return
	}
	m := b.GP32()
	b.VMOVMSKPS(b.register(e.Value), m)
	b.MOVB(m.As8(), b.at(e.Arg))
}

func (b *body) isLeaf(i int) bool { return b.p.IsLeaf(i) && b.p.Values[i].Op != equation.OpBit }

// register is value i in a register: loaded if it is a leaf, else computed.
func (b *body) register(i int) reg.VecVirtual {
	if r, ok := b.fixed[i]; ok {
		return r
	}
	if r, ok := b.values[i]; ok {
		return r
	}
	v := b.p.Values[i]
	var r reg.VecVirtual
	switch {
	case !b.isLeaf(i):
		r = b.compute(v)
	case b.p.IsZero(i):
		r = b.YMM()
		b.VXORPS(r, r, r)
	case v.Op == equation.OpConst:
		r = b.YMM()
		b.VMOVUPS(b.Constant(v.Const), r)
	default:
		r = b.YMM()
		b.VMOVUPS(b.at(b.argument(v)), r)
	}
	if !b.reload || !b.isLeaf(i) {
		b.values[i] = r
	}
	return r
}

// operand is value i as a register or memory operand.
func (b *body) operand(i int) operand.Op {
	v := b.p.Values[i]
	switch {
	case !b.inMemory(i):
		return b.register(i)
	case v.Op == equation.OpConst:
		return b.Constant(v.Const)
	}
	return b.at(b.argument(v))
}

// inMemory reports whether value i is read from memory where it is used.
func (b *body) inMemory(i int) bool {
	if _, ok := b.fixed[i]; ok {
		return false
	}
	if _, ok := b.values[i]; ok {
		return false
	}
	v := b.p.Values[i]
	if b.keep && v.Op == equation.OpParam {
		return false
	}
	return b.isLeaf(i) && (v.Op == equation.OpConst || v.Uses == 1 || b.reload)
}

// argument is the argument behind a leaf.
func (b *body) argument(v equation.Value) equation.Arg {
	for _, a := range b.p.Kernel.Args() {
		if a.Name == v.Name {
			return a
		}
	}
	panic("avx2: no argument " + v.Name)
}

// compute writes the instructions of an operation.
func (b *body) compute(v equation.Value) reg.VecVirtual {
	// The second operand of an AVX instruction, first in Go's order, may be in
	// memory: if only the other one is, swap what may be swapped.
	x, y := 0, 1
	switch v.Op {
	case equation.OpAdd, equation.OpMul, equation.OpEQ:
		if b.inMemory(v.Args[0]) && !b.inMemory(v.Args[1]) {
			x, y = 1, 0
		}
	}
	in := func(k int) operand.Op { return b.operand(v.Args[k]) }
	first := func(k int) reg.VecVirtual { return b.register(v.Args[k]) }
	binary := func(instruction func(...operand.Op), x, y int) reg.VecVirtual {
		m1 := first(x)
		m2, dst := in(y), b.YMM()
		instruction(m2, m1, dst)
		return dst
	}
	unary := func(instruction func(m, dst operand.Op)) reg.VecVirtual {
		m, dst := in(0), b.YMM()
		instruction(m, dst)
		return dst
	}
	compared := func(predicate uint8, x, y int) reg.VecVirtual {
		return binary(func(ops ...operand.Op) { b.VCMPPS(operand.Imm(uint64(predicate)), ops[0], ops[1], ops[2]) }, x, y)
	}
	with := func(instruction func(...operand.Op), table operand.Mem) reg.VecVirtual {
		m, dst := first(0), b.YMM()
		instruction(table, m, dst)
		return dst
	}
	switch v.Op {
	case equation.OpAdd:
		return binary(b.VADDPS, x, y)
	case equation.OpSub:
		return binary(b.VSUBPS, 0, 1)
	case equation.OpMul:
		return binary(b.VMULPS, x, y)
	case equation.OpDiv:
		return binary(b.VDIVPS, 0, 1)
	case equation.OpAbs:
		return with(b.VANDPS, b.Repeat("magnitude", 1<<31-1))
	case equation.OpSqrt:
		return unary(func(m, dst operand.Op) { b.VSQRTPS(m, dst) })
	case equation.OpFloor:
		return unary(func(m, dst operand.Op) { b.VROUNDPS(operand.Imm(9), m, dst) })
	case equation.OpShl23:
		m, dst := first(0), b.YMM()
		b.VPSLLD(operand.Imm(23), m, dst)
		return dst
	case equation.OpEQ:
		return compared(0, x, y)
	case equation.OpGE:
		return compared(13, 0, 1)
	case equation.OpGT:
		return compared(14, 0, 1)
	case equation.OpAnd:
		return binary(b.VANDPS, 0, 1)
	case equation.OpOr:
		return binary(b.VORPS, 0, 1)
	case equation.OpNot:
		return with(b.VXORPS, b.Repeat("ones", 1<<32-1))
	case equation.OpSelect:
		return b.choose(v)
	case equation.OpBit:
		dst, which := b.YMM(), b.Words("bit", 1, 2, 4, 8, 16, 32, 64, 128)
		b.VPBROADCASTB(b.at(b.argument(v)), dst)
		b.VPAND(which, dst, dst)
		b.VPCMPEQD(which, dst, dst)
		return dst
	}
	panic(fmt.Sprintf("avx2: operation %d has no instruction", v.Op))
}

// choose writes m ? a : b.
func (b *body) choose(v equation.Value) reg.VecVirtual {
	dst := b.YMM()
	if greatest, least := extreme(b.p, v); greatest || least {
		m1 := b.register(v.Args[1])
		if greatest {
			b.VMAXPS(b.operand(v.Args[2]), m1, dst)
		} else {
			b.VMINPS(b.operand(v.Args[2]), m1, dst)
		}
		return dst
	}
	m := b.register(v.Args[0])
	switch {
	case b.p.IsZero(v.Args[2]):
		b.VANDPS(b.operand(v.Args[1]), m, dst)
	case b.p.IsZero(v.Args[1]):
		b.VANDNPS(b.operand(v.Args[2]), m, dst)
	default:
		no := b.register(v.Args[2])
		b.VBLENDVPS(m, b.operand(v.Args[1]), no, dst)
	}
	return dst
}

// extreme recognizes a > b ? a : b and b > a ? a : b: exactly what VMAXPS and
// VMINPS do, which give their second source where a or b is NaN and where both
// are zero.
func extreme(p *equation.Program, v equation.Value) (greatest, least bool) {
	if v.Op != equation.OpSelect || p.IsZero(v.Args[1]) || p.IsZero(v.Args[2]) {
		return false, false
	}
	m, a, b := p.Values[v.Args[0]], v.Args[1], v.Args[2]
	if m.Op != equation.OpGT {
		return false, false
	}
	return m.Args[0] == a && m.Args[1] == b, m.Args[0] == b && m.Args[1] == a
}

// unneeded reports whether value i is a mask that only maxima and minima use.
func unneeded(p *equation.Program, i int) bool {
	uses := 0
	for _, v := range p.Values {
		if greatest, least := extreme(p, v); (greatest || least) && v.Args[0] == i {
			uses++
		}
	}
	return uses > 0 && uses == p.Values[i].Uses
}
