package microcode

import (
	"math"
	"slices"

	"github.com/spikelane/spikelane/equation"
	"github.com/spikelane/spikelane/simd"
)

// where is an operand: a value of the program, or, from stores on, the
// destination of an effect.
type where int

// step is an instruction whose operands have no place yet.
type step struct {
	op   simd.Op
	dst  where
	args []where
}

// code is a pass on its way from a program to instructions.
type code struct {
	p       *equation.Program
	a       *arrays
	effects []equation.Effect // that are wanted
	steps   []step
	fused   []bool        // values that are a part of the instruction that uses them
	place   map[where]int // array of a value: not of temporaries, which come last
	temp    map[where]int
	temps   int
}

// store is the destination of effect i.
func (c *code) store(i int) where { return where(len(c.p.Values) + i) }

// newCode lowers a program, with or without its optional effects.
func newCode(p *equation.Program, a *arrays, optional bool) *code {
	c := &code{p: p, a: a, fused: make([]bool, len(p.Values)), place: map[where]int{}, temp: map[where]int{}}
	for _, e := range p.Effects {
		if optional || !e.Arg.Kind.Optional() {
			c.effects = append(c.effects, e)
		}
	}
	c.copyLeaves(func(e equation.Effect) bool { return e.Arg.Kind != equation.ArgState })
	saved := c.saveStates()
	c.compute()
	for i, e := range c.effects {
		if w, ok := saved[i]; ok {
			c.steps = append(c.steps, step{simd.OpCopy, c.store(i), []where{w}})
		} else if e.Arg.Kind == equation.ArgBitsOut && !c.packAtOnce(i) {
			c.steps = append(c.steps, step{simd.OpPack, c.store(i), []where{where(e.Value)}})
		}
	}
	c.settle()
	c.allocate()
	return c
}

// packAtOnce packs effect i where its comparison is made, if that can be done.
func (c *code) packAtOnce(i int) bool {
	packing := map[simd.Op]simd.Op{simd.OpGe: simd.OpGePack, simd.OpGt: simd.OpGtPack}
	for k, s := range c.steps {
		if op, ok := packing[s.op]; ok && s.dst == where(c.effects[i].Value) {
			c.steps[k].op, c.steps[k].args = op, []where{s.args[0], s.args[1], c.store(i)}
			return true
		}
	}
	return false
}

// copyLeaves copies leaves that are stored as they are, before anything
// changes: traces above all.
func (c *code) copyLeaves(which func(e equation.Effect) bool) {
	for i, e := range c.effects {
		if c.p.IsLeaf(e.Value) && which(e) {
			c.steps = append(c.steps, step{simd.OpCopy, c.store(i), []where{where(e.Value)}})
		}
	}
}

// saveStates copies leaves that become states out of the way: they may be
// states, and change before they are stored.
func (c *code) saveStates() map[int]where {
	saved := map[int]where{}
	for i, e := range c.effects {
		if c.p.IsLeaf(e.Value) && e.Arg.Kind == equation.ArgState {
			w := where(len(c.p.Values) + len(c.effects) + i)
			saved[i] = w
			c.steps = append(c.steps, step{simd.OpCopy, w, []where{where(e.Value)}})
		}
	}
	return saved
}

// compute writes an instruction for every value that is needed, in the order of
// the program. Values that one other alone uses become a part of its
// instruction, where there is one for both.
func (c *code) compute() {
	needed := make([]int, len(c.p.Values))
	for _, e := range c.effects {
		needed[e.Value] += 2 // it is stored: it stays a value of its own
	}
	steps := make([]*step, len(c.p.Values))
	for i := len(c.p.Values) - 1; i >= 0; i-- {
		if needed[i] == 0 || c.p.IsLeaf(i) || c.fused[i] {
			continue
		}
		args := c.p.Values[i].Args
		if c.p.Values[i].Op == equation.OpSelect && c.extreme(i) != 0 {
			args = args[1:] // its mask is a part of it
		}
		for _, a := range args {
			needed[a]++
		}
	}
	for i := len(c.p.Values) - 1; i >= 0; i-- {
		if needed[i] == 0 || c.p.IsLeaf(i) || c.fused[i] {
			continue
		}
		s := c.instruction(i, func(j int) bool { return needed[j] == 1 && !c.p.IsLeaf(j) })
		steps[i] = &s
	}
	for _, s := range steps {
		if s != nil {
			c.steps = append(c.steps, *s)
		}
	}
}

// settle decides where the values that are stored are computed: at once in their
// destination, if nobody needs what is there any more; else they are copied at
// the end.
func (c *code) settle() {
	first := c.a.kernel.States + c.a.kernel.Params + c.a.kernel.Sums
	streams := first + len(c.a.constants) // temporaries come between
	for i, v := range c.p.Values {
		if !c.p.IsLeaf(i) {
			continue
		}
		if v.Op == equation.OpConst {
			c.place[where(i)] = first + c.a.constant[math.Float32bits(v.Const)]
		} else if at, ok := c.a.panel[v.Name]; ok {
			c.place[where(i)] = at
		} else {
			c.place[where(i)] = -1 - streams - c.a.stream[v.Name]
		}
	}
	var copies []step
	for i, e := range c.effects {
		if at, ok := c.a.panel[e.Arg.Name]; ok {
			c.place[c.store(i)] = at
		} else {
			c.place[c.store(i)] = -1 - streams - c.a.stream[e.Arg.Name]
		}
		if c.p.IsLeaf(e.Value) || e.Arg.Kind == equation.ArgBitsOut {
			continue
		}
		if _, settled := c.place[where(e.Value)]; !settled && c.free(e) {
			c.place[where(e.Value)] = c.place[c.store(i)]
			continue
		}
		copies = append(copies, step{simd.OpCopy, c.store(i), []where{where(e.Value)}})
	}
	// Outputs and sums are copied first: a state may be where they come from.
	slices.SortStableFunc(copies, func(a, b step) int { return c.stateLast(a) - c.stateLast(b) })
	c.steps = append(c.steps, copies...)
}

func (c *code) stateLast(s step) int {
	if c.effects[int(s.dst)-len(c.p.Values)].Arg.Kind == equation.ArgState {
		return 1
	}
	return 0
}

// free reports whether nobody reads what is in the destination of an effect once
// its value is computed.
func (c *code) free(e equation.Effect) bool {
	if e.Arg.Kind != equation.ArgState && e.Arg.Kind != equation.ArgSum {
		return true
	}
	done := slices.IndexFunc(c.steps, func(s step) bool { return s.dst == where(e.Value) })
	for _, s := range c.steps[done+1:] {
		for _, a := range s.args {
			if int(a) < len(c.p.Values) && c.p.IsLeaf(int(a)) && c.p.Values[a].Name == e.Arg.Name && c.p.Values[a].Op != equation.OpConst {
				return false
			}
		}
	}
	return true
}

// allocate gives every other value a temporary, for as long as it is needed.
func (c *code) allocate() {
	last := map[where]int{}
	for i, s := range c.steps {
		for _, a := range s.args {
			last[a] = i
		}
	}
	var free []int
	for i, s := range c.steps {
		for k, a := range s.args {
			if t, ok := c.temp[a]; ok && last[a] == i && !slices.Contains(s.args[:k], a) {
				free = append(free, t) // dst may be an operand
			}
		}
		if _, ok := c.place[s.dst]; ok {
			continue
		}
		if len(free) == 0 {
			free = append(free, c.temps)
			c.temps++
		}
		c.temp[s.dst], free = free[len(free)-1], free[:len(free)-1]
		if _, used := last[s.dst]; !used {
			free = append(free, c.temp[s.dst])
		}
	}
}

// instructions are the steps with their operands in place, for so many
// temporaries.
func (c *code) instructions(temps int) []simd.Instruction {
	first := c.a.kernel.States + c.a.kernel.Params + c.a.kernel.Sums + len(c.a.constants)
	at := func(w where) uint16 {
		if t, ok := c.temp[w]; ok {
			return uint16(first + t)
		}
		if place := c.place[w]; place >= 0 {
			return uint16(place)
		} else {
			return uint16(-1 - place + temps)
		}
	}
	list := make([]simd.Instruction, 0, len(c.steps))
	for _, s := range c.steps {
		in := simd.Instruction{Op: s.op, Dst: at(s.dst)}
		in.A = at(s.args[0]) // those that the operation does not read are a, too
		in.B, in.C, in.D = in.A, in.A, in.A
		for k, to := range []*uint16{&in.A, &in.B, &in.C, &in.D}[:len(s.args)] {
			*to = at(s.args[k])
		}
		list = append(list, in)
	}
	return list
}
