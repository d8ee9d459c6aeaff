package neon

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"

	"github.com/spikelane/spikelane/asm/expr"
)

// body writes a kernel's program for one block: of eight lanes, of four, or of
// one.
type body struct {
	*File
	p     *expr.Program
	width int
	// base is where an array is, and disp where in it the block starts.
	base func(a expr.Arg) R
	disp int
	// pinned are values that stay in registers, and states those of the state.
	pinned map[int]value
	states map[string]value
	fixed  bool // what is fixed has been computed
	reload bool // as the plan says
	bits   bits

	values map[int]value // those that are alive
	uses   []int         // of each that are left
}

// value is where the lanes of a value are: 0 to 3, and 4 to 7. Both halves are
// the same register where all lanes are equal.
type value [2]V

// halves is how many registers a block has.
func (b *body) halves() int { return max(1, b.width/4) }

// run computes the block and stores its effects; new states replace the old
// ones in their registers.
func (b *body) run() {
	b.values = map[int]value{}
	b.uses = make([]int, len(b.p.Values))
	for i, v := range b.p.Values {
		b.uses[i] = v.Uses
	}
	for i, v := range b.p.Values {
		if _, ok := b.pinned[i]; ok || b.fixed && v.Fixed || b.p.IsLeaf(i) && v.Op != expr.OpBit {
			continue // leaves are loaded where they are used
		}
		b.compute(i)
		for _, e := range b.p.StoredAtOnce(i) {
			b.store(e.Arg, b.at(i))
			b.done(i)
		}
	}
	for _, e := range b.p.StoredAtEnd() {
		switch e.Arg.Kind {
		case expr.ArgBitsOut:
			b.storeBits(e.Arg, b.at(e.Value))
		case expr.ArgState:
			b.move(b.states[e.Arg.Name], b.at(e.Value))
		default:
			b.store(e.Arg, b.at(e.Value))
		}
		b.done(e.Value)
	}
}

// at is where value i is, loaded if it is a leaf.
func (b *body) at(i int) value {
	if v, ok := b.pinned[i]; ok {
		return v
	}
	if v, ok := b.values[i]; ok {
		return v
	}
	v := b.p.Values[i]
	if v.Op == expr.OpConst {
		b.values[i] = b.constant(v.Const)
	} else {
		b.values[i] = b.fresh()
		b.load(argument(b.p, v), b.values[i])
	}
	return b.values[i]
}

// done ends a use of value i. A constant that is not pinned is made anew at its
// next use, and so is a leaf if registers are rare.
func (b *body) done(i int) {
	b.uses[i]--
	again := b.p.Values[i].Op == expr.OpConst || b.reload && b.p.IsLeaf(i) && b.p.Values[i].Op != expr.OpBit
	if v, ok := b.values[i]; ok && (b.uses[i] == 0 || again) {
		delete(b.values, i)
		b.free(v)
	}
}

func (b *body) fresh() value {
	v := value{b.V(), -1}
	if b.halves() == 2 {
		v[1] = b.V()
	}
	return v
}

func (b *body) free(v value) {
	b.FreeV(v[0])
	if b.halves() == 2 && v[1] != v[0] {
		b.FreeV(v[1])
	}
}

func (b *body) constant(c float32) value {
	v := b.V()
	b.Bits(math.Float32bits(c), v)
	return value{v, v}
}

// compute writes the instructions of an operation.
func (b *body) compute(i int) {
	v := b.p.Values[i]
	if v.Op == expr.OpBit {
		b.values[i] = b.fresh()
		b.loadBits(argument(b.p, v), b.values[i])
		return
	}
	// What is not read has no register, like the zero of a choice.
	args := [3]value{}
	read := v.Args
	if v.Op == expr.OpSelect && b.p.IsZero(v.Args[2]) {
		read = v.Args[:2]
	} else if v.Op == expr.OpSelect && b.p.IsZero(v.Args[1]) {
		read = []int{v.Args[0], v.Args[2]}
	}
	for _, a := range read {
		for j := range v.Args {
			if v.Args[j] == a {
				args[j] = b.at(a)
			}
		}
	}
	dst, reused := b.destination(v.Args)
	for h := range b.halves() {
		b.instruction(v, dst[h], args[0][h], args[1][h], args[2][h])
	}
	for _, a := range v.Args {
		if a == reused {
			b.uses[a]--
			delete(b.values, a)
		} else {
			b.done(a)
		}
	}
	b.values[i] = dst
}

// destination is an operand that is not needed any more, or fresh registers.
func (b *body) destination(args []int) (dst value, reused int) {
	for _, a := range args {
		v, ok := b.values[a]
		if ok && b.uses[a] == 1 && (b.halves() == 1 || v[0] != v[1]) {
			return v, a
		}
	}
	return b.fresh(), -1
}

// instruction writes one half of an operation: d = op of the arguments x, y, z.
func (b *body) instruction(v expr.Value, d, x, y, z V) {
	switch v.Op {
	case expr.OpAdd:
		b.Three(FADD, d, x, y)
	case expr.OpSub:
		b.Three(FSUB, d, x, y)
	case expr.OpMul:
		b.Three(FMUL, d, x, y)
	case expr.OpDiv:
		b.Three(FDIV, d, x, y)
	case expr.OpAbs:
		b.Two(FABS, d, x)
	case expr.OpSqrt:
		b.Two(FSQRT, d, x)
	case expr.OpFloor:
		b.Two(FRINTM, d, x)
	case expr.OpShl23:
		b.I("VSHL", Imm(23), x.S4(), d.S4())
	case expr.OpEQ:
		b.Three(FCMEQ, d, x, y)
	case expr.OpGE:
		b.Three(FCMGE, d, x, y)
	case expr.OpGT:
		b.Three(FCMGT, d, x, y)
	case expr.OpAnd:
		b.I("VAND", y.B16(), x.B16(), d.B16())
	case expr.OpOr:
		b.I("VORR", y.B16(), x.B16(), d.B16())
	case expr.OpNot:
		b.Two(MVN, d, x)
	case expr.OpSelect:
		b.choose(v, d, x, y, z)
	default:
		panic(fmt.Sprintf("neon: operation %d has no instruction", v.Op))
	}
}

// choose writes d = m ? x : y. The instructions overwrite one of the three.
func (b *body) choose(v expr.Value, d, m, x, y V) {
	switch {
	case b.p.IsZero(v.Args[2]):
		b.I("VAND", m.B16(), x.B16(), d.B16())
	case b.p.IsZero(v.Args[1]):
		b.Three(BIC, d, y, m)
	case d == x:
		b.I("VBIF", m.B16(), y.B16(), d.B16())
	case d == y:
		b.I("VBIT", m.B16(), x.B16(), d.B16())
	default:
		if d != m {
			b.I("VMOV", m.B16(), d.B16())
		}
		b.I("VBSL", y.B16(), x.B16(), d.B16())
	}
}

func (b *body) move(dst, src value) {
	for h := range b.halves() {
		b.I("VMOV", src[h].B16(), dst[h].B16())
	}
}

func (b *body) load(a expr.Arg, v value) {
	m := Mem(b.base(a), 4*b.disp)
	switch b.width {
	case 8:
		b.I("FLDPQ", m, Two(v[0], v[1]))
	case 4:
		b.I("FMOVQ", m, v[0].F())
	default:
		b.I("FMOVS", m, v[0].F())
	}
}

func (b *body) store(a expr.Arg, v value) {
	m := Mem(b.base(a), 4*b.disp)
	switch b.width {
	case 8:
		if v[0] == v[1] {
			b.I("FMOVQ", v[0].F(), m)
			b.I("FMOVQ", v[0].F(), Mem(b.base(a), 4*b.disp+16))
			return
		}
		b.I("FSTPQ", Two(v[0], v[1]), m)
	case 4:
		b.I("FMOVQ", v[0].F(), m)
	default:
		b.I("FMOVS", v[0].F(), m)
	}
}

// argument is the argument behind a leaf.
func argument(p *expr.Program, v expr.Value) expr.Arg {
	for _, a := range p.Kernel.Args() {
		if a.Name == v.Name {
			return a
		}
	}
	panic("neon: no argument " + v.Name)
}

// bits is what packing and unpacking keep in registers.
type bits struct {
	byHalf [2]V // 1, 2, 4, 8 and 16, 32, 64, 128, to unpack
	packed V    // 1 to 128 in 16 bits each, to pack
	place  R    // of a single lane within its byte
}

// prepareBits loads the registers that the kernel's bits need.
func (b *body) prepareBits() {
	for _, a := range b.p.Kernel.Args() {
		switch a.Kind {
		case expr.ArgBitsIn:
			if b.bits.byHalf[0] != b.bits.byHalf[1] {
				continue
			}
			b.bits.byHalf = value{b.V(), b.V()}
			t := b.Table("bits32", operand.U32(1), operand.U32(2), operand.U32(4), operand.U32(8),
				operand.U32(16), operand.U32(32), operand.U32(64), operand.U32(128))
			b.I("FLDPQ", Mem(t, 0), Two(b.bits.byHalf[0], b.bits.byHalf[1]))
			b.FreeR(t)
		case expr.ArgBitsOut:
			b.bits.packed = b.V()
			t := b.Table("bits16", operand.U16(1), operand.U16(2), operand.U16(4), operand.U16(8),
				operand.U16(16), operand.U16(32), operand.U16(64), operand.U16(128))
			b.I("FMOVQ", Mem(t, 0), b.bits.packed.F())
			b.FreeR(t)
		}
	}
	b.bits.place = b.R()
}

// storeBits stores the lanes of a mask as a byte, or as a part of one: the
// bits of what is past the last lane stay clear.
func (b *body) storeBits(a expr.Arg, m value) {
	r, address := b.R(), Mem(b.base(a), b.disp/8)
	defer b.FreeR(r)
	if b.width == 1 {
		old := b.R()
		b.I("VMOV", m[0].S0(), r)
		b.I("AND", Imm(1), r, r)
		b.I("LSL", b.bits.place, r, r)
		b.I("MOVBU", address, old)
		b.I("ORR", old, r, r)
		b.I("MOVB", r, address)
		b.FreeR(old)
		return
	}
	v := b.V()
	b.I("VUZP1", m[b.halves()-1].H8(), m[0].H8(), v.H8())
	b.I("VAND", b.bits.packed.B16(), v.B16(), v.B16())
	b.I("VADDV", v.H8(), v)
	b.I("VMOV", v.H0(), r)
	b.FreeV(v)
	if b.width == 4 { // both halves of v were these lanes
		b.I("AND", Imm(15), r, r)
	}
	b.I("MOVB", r, address)
}

// loadBits makes a mask of a byte.
func (b *body) loadBits(a expr.Arg, v value) {
	r := b.R()
	b.I("MOVBU", Mem(b.base(a), b.disp/8), r)
	if b.width == 1 {
		b.I("LSR", b.bits.place, r, r)
	}
	all := b.V()
	b.I("VDUP", r, all.S4())
	for h := range b.halves() {
		b.I("VCMTST", b.bits.byHalf[h].S4(), all.S4(), v[h].S4())
	}
	b.FreeV(all)
	b.FreeR(r)
}
