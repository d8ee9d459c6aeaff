package neon

import (
	"math"

	"github.com/spikelane/spikelane/equation"
)

// body writes a kernel's program for one block: of eight lanes, two registers a
// value, or of four.
type body struct {
	*File
	plan
	p *equation.Program
	// at is where the block's lanes of an argument are.
	at func(a equation.Arg) text
	// pinned are values that stay in registers over all blocks.
	pinned map[int]value
	bits   bits

	values map[int]value // those that are alive
	uses   []int         // of each that are left
	lent   map[int]bool  // values that another part of the program owns
}

// value is where the lanes of a value are: 0 to 3, and 4 to 7. Both halves are
// the same register where all lanes are equal.
type value [2]V

// halves is how many registers a block has.
func (b *body) halves() int { return b.width / 4 }

// run computes the block and stores its effects, those that are optional if the
// register is not zero. more is what else is to be done then.
func (b *body) run(label string, optional R, more func()) {
	required, extra := b.effects(false), b.effects(true)
	b.values, b.lent = map[int]value{}, map[int]bool{}
	b.uses = b.usesOf(required, nil)
	lent := map[int]bool{}
	if !b.again {
		for i, n := range b.usesOf(extra, nil) {
			if n > 0 && b.uses[i] > 0 && !b.isLeaf(i) {
				lent[i] = true
				b.uses[i]++
			}
		}
	}
	overTime := b.p.Kernel.OverTime()
	for i := range b.p.Values {
		if _, ok := b.pinned[i]; ok || b.uses[i] == 0 || b.isLeaf(i) {
			continue // leaves are loaded where they are used
		}
		b.value(i)
		for _, e := range required {
			if e.Value == i && overTime && e.Arg.Kind != equation.ArgState {
				b.store(e) // arrays do not overlap: what is done is stored
			}
		}
	}
	for _, e := range required {
		if e.Arg.Kind != equation.ArgState && (!overTime || b.isLeaf(e.Value)) {
			b.store(e)
		}
	}
	if len(extra) > 0 {
		b.Jump("CBZ", label, optional)
		b.extra(extra, lent)
		more()
		b.Label(label)
	}
	for i := range lent {
		b.done(i)
	}
	// Loaded before the first of them is stored: one may become another.
	for _, e := range required {
		if e.Arg.Kind == equation.ArgState {
			b.value(e.Value)
		}
	}
	for _, e := range required {
		if e.Arg.Kind == equation.ArgState {
			b.store(e)
		}
	}
}

// extra stores optional effects; lent values are there.
func (b *body) extra(effects []equation.Effect, lent map[int]bool) {
	values, uses := b.values, b.uses
	b.values, b.lent = map[int]value{}, lent
	for i := range lent {
		b.values[i] = values[i]
	}
	each := [][]equation.Effect{effects}
	if b.apart {
		each = nil
		for _, e := range effects {
			each = append(each, []equation.Effect{e})
		}
	}
	for _, some := range each {
		b.uses = b.usesOf(some, lent)
		for _, e := range some {
			b.store(e)
		}
	}
	b.values, b.uses, b.lent = values, uses, map[int]bool{}
}

// effects are those that are optional, or the others.
func (b *body) effects(optional bool) []equation.Effect {
	var list []equation.Effect
	for _, e := range b.p.Effects {
		if e.Arg.Kind.Optional() == optional {
			list = append(list, e)
		}
	}
	return list
}

// usesOf counts how often each value is used on the way to some effects, on
// which some are there already.
func (b *body) usesOf(effects []equation.Effect, there map[int]bool) []int {
	uses := make([]int, len(b.p.Values))
	for _, e := range effects {
		uses[e.Value]++
	}
	for i := len(uses) - 1; i >= 0; i-- {
		if uses[i] == 0 || there[i] {
			continue
		}
		if _, ok := b.pinned[i]; ok {
			continue
		}
		for _, a := range b.read(i) {
			uses[a]++
		}
	}
	return uses
}

// read are the arguments of value i that it reads: not the zero of a choice.
func (b *body) read(i int) []int {
	v := b.p.Values[i]
	switch {
	case v.Op == equation.OpSelect && b.p.IsZero(v.Args[2]):
		return v.Args[:2]
	case v.Op == equation.OpSelect && b.p.IsZero(v.Args[1]):
		return []int{v.Args[0], v.Args[2]}
	}
	return v.Args
}

func (b *body) isLeaf(i int) bool { return b.p.IsLeaf(i) && b.p.Values[i].Op != equation.OpBit }

// value is where value i is: loaded if it is a leaf, else computed.
func (b *body) value(i int) value {
	if v, ok := b.pinned[i]; ok {
		return v
	}
	if v, ok := b.values[i]; ok {
		return v
	}
	v := b.p.Values[i]
	switch {
	case !b.isLeaf(i):
		b.compute(i)
	case v.Op == equation.OpConst:
		b.values[i] = b.constant(v.Const)
	default:
		b.values[i] = b.fresh()
		b.load(b.argument(v), b.values[i])
	}
	return b.values[i]
}

// done ends a use of value i. A constant that is not pinned is made anew at its
// next use, and so is an argument if registers are rare.
func (b *body) done(i int) {
	if b.lent[i] {
		return
	}
	b.uses[i]--
	again := b.p.Values[i].Op == equation.OpConst || b.reload && b.isLeaf(i)
	if v, ok := b.values[i]; ok && (b.uses[i] <= 0 || again) {
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
	if v.Op == equation.OpBit {
		b.values[i] = b.fresh()
		b.loadBits(b.argument(v), b.values[i])
		return
	}
	// What is not read has no register, like the zero of a choice.
	args := [3]value{}
	read := b.read(i)
	for _, a := range read {
		if !b.isLeaf(a) {
			b.value(a) // before arguments, which give their registers back
		}
	}
	for _, a := range read {
		for j := range v.Args {
			if v.Args[j] == a {
				args[j] = b.value(a)
			}
		}
	}
	dst, reused := b.destination(read)
	for h := range b.halves() {
		b.instruction(v, dst[h], args[0][h], args[1][h], args[2][h])
	}
	for _, a := range read {
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
		if ok && b.uses[a] == 1 && !b.lent[a] && (b.halves() == 1 || v[0] != v[1]) {
			return v, a
		}
	}
	return b.fresh(), -1
}

// argument is the argument behind a leaf.
func (b *body) argument(v equation.Value) equation.Arg {
	for _, a := range b.p.Kernel.Args() {
		if a.Name == v.Name {
			return a
		}
	}
	panic("neon: no argument " + v.Name)
}

func (b *body) load(a equation.Arg, v value) {
	if b.width == 8 {
		b.I("FLDPQ", b.at(a), Two(v[0], v[1]))
	} else {
		b.I("FMOVQ", b.at(a), v[0].F())
	}
}

// store stores an effect, which is a use of its value.
func (b *body) store(e equation.Effect) {
	v := b.value(e.Value)
	switch {
	case e.Arg.Kind == equation.ArgBitsOut:
		b.storeBits(e.Arg, v)
	case b.width == 8:
		b.I("FSTPQ", Two(v[0], v[1]), b.at(e.Arg))
	default:
		b.I("FMOVQ", v[0].F(), b.at(e.Arg))
	}
	b.done(e.Value)
}
