package equation

import (
	"fmt"
	"math"
)

// Value is one value of a [Program].
type Value struct {
	Op    Op
	Args  []int   // the values it is made of, all earlier in the program
	Name  string  // of a leaf
	Const float32 // of a constant
	Label string  // what the generated Go calls it, or ""
	Uses  int     // by later values and effects
	// Fixed says that it depends on constants and parameters only.
	Fixed bool

	// Tested is the value and the level behind a spike, or nil. Fired marks the
	// spikes of the step before, Reset what a spike resets, and Jump what it
	// adds.
	Tested *[2]int
	Fired  bool
	Reset  bool
	Jump   bool
}

// Effect is what a program stores.
type Effect struct {
	Arg   Arg
	Value int
}

// Program is a kernel as straight-line code for one element: every value once,
// in an order that can be executed, common subexpressions shared.
type Program struct {
	Kernel  *Kernel
	Values  []Value
	Effects []Effect
	// Optional is the first of the values that only optional effects need.
	Optional int
	nodes    []*node // that the values were first
}

// Program orders the description. What only traces, distances and sums need,
// which are not always asked for, comes last, from Optional on.
func (k *Kernel) Program() *Program { return k.program(false, false) }

// Expanded is the program whose exponentials and logarithms are polynomials.
func (k *Kernel) Expanded() *Program { return k.program(true, false) }

func (k *Kernel) program(expand, detach bool) *Program {
	p := &Program{Kernel: k}
	numbered := map[string]int{}
	visited := map[*node]int{}
	var visit func(n *node) int
	visit = func(n *node) int {
		if i, ok := visited[n]; ok {
			return i
		}
		switch {
		case n.op == OpDetach && !detach:
			visited[n] = visit(n.args[0])
			return visited[n]
		case expand && (n.op == OpExp || n.op == OpLog):
			visited[n] = visit(n.expanded())
			return visited[n]
		}
		v := Value{Op: n.op, Name: n.name, Const: n.value, Label: n.label, Fixed: true}
		for _, a := range n.args {
			v.Args = append(v.Args, visit(a))
		}
		switch n.op {
		case OpInput, OpBit, OpMask, OpSum, OpState:
			v.Fixed = false
		}
		for _, a := range v.Args {
			v.Fixed = v.Fixed && p.Values[a].Fixed
		}
		if m := n.marks; m.value != nil {
			v.Tested = &[2]int{visit(m.value), visit(m.level)}
		}
		v.Fired, v.Reset, v.Jump = n.marks.fired, n.marks.reset, n.marks.jump
		key := fmt.Sprint(v.Op, v.Args, v.Name, math.Float32bits(v.Const), v.Tested, v.Fired, v.Reset, v.Jump)
		i, ok := numbered[key]
		if !ok {
			i = len(p.Values)
			numbered[key] = i
			p.Values = append(p.Values, v)
			p.nodes = append(p.nodes, n)
		}
		visited[n] = i
		return i
	}
	for _, optional := range []bool{false, true} {
		if optional {
			p.Optional = len(p.Values)
		}
		for _, e := range k.effects {
			if e.arg.Kind.Optional() == optional {
				p.Effects = append(p.Effects, Effect{e.arg, visit(e.value)})
			}
		}
	}
	for _, v := range p.Values {
		for _, a := range v.Args {
			p.Values[a].Uses++
		}
	}
	for _, e := range p.Effects {
		p.Values[e.Value].Uses++
	}
	return p
}

// IsLeaf reports whether value i is a leaf: a constant, a parameter, an input
// or a state.
func (p *Program) IsLeaf(i int) bool { return p.Values[i].Op <= OpState }

// IsZero reports whether value i is the constant +0.
func (p *Program) IsZero(i int) bool {
	v := p.Values[i]
	return v.Op == OpConst && math.Float32bits(v.Const) == 0
}
