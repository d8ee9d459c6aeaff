package expr

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

	// Tested is the value and the level behind a spike, ExpOf the exponent of
	// what is e to it; nil where there is none. Fired marks the spikes of the
	// step before, Reset what a spike resets, and
	// Jump what it adds.
	Tested *[2]int
	ExpOf  *int
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
	nodes   []*node // that the values were first
}

// Program orders the description.
func (k *Kernel) Program() *Program {
	p := &Program{Kernel: k}
	numbered := map[string]int{}
	visited := map[*node]int{}
	var visit func(n *node) int
	visit = func(n *node) int {
		if i, ok := visited[n]; ok {
			return i
		}
		v := Value{Op: n.op, Name: n.name, Const: n.value, Label: n.label, Fixed: true}
		for _, a := range n.args {
			v.Args = append(v.Args, visit(a))
		}
		switch n.op {
		case OpInput, OpBit, OpState:
			v.Fixed = false
		}
		for _, a := range v.Args {
			v.Fixed = v.Fixed && p.Values[a].Fixed
		}
		if m := n.marks; m.value != nil {
			v.Tested = &[2]int{visit(m.value), visit(m.level)}
		} else if m.exponent != nil {
			e := visit(m.exponent)
			v.ExpOf = &e
		}
		v.Fired, v.Reset, v.Jump = n.marks.fired, n.marks.reset, n.marks.jump
		key := fmt.Sprint(v.Op, v.Args, v.Name, math.Float32bits(v.Const), v.Tested, v.Fired)
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
	for _, e := range k.effects {
		p.Effects = append(p.Effects, Effect{e.arg, visit(e.value)})
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

// StoredAtOnce are the effects of value i that need not wait for the end of the
// step: of a kernel that walks back, all but the states.
func (p *Program) StoredAtOnce(i int) []Effect {
	var effects []Effect
	for _, e := range p.Effects {
		if e.Value == i && p.atOnce(e) {
			effects = append(effects, e)
		}
	}
	return effects
}

func (p *Program) atOnce(e Effect) bool {
	return p.Kernel.Back && e.Arg.Kind != ArgState && !p.IsLeaf(e.Value)
}

// StoredAtEnd are the other effects, those of states last.
func (p *Program) StoredAtEnd() []Effect {
	var effects, states []Effect
	for _, e := range p.Effects {
		switch {
		case p.atOnce(e):
		case e.Arg.Kind == ArgState:
			states = append(states, e)
		default:
			effects = append(effects, e)
		}
	}
	return append(effects, states...)
}

// Pressure is the greatest number of values alive at once when the program is
// executed in order: what one block of lanes needs in registers beside its
// state, leaves loaded where they are first used.
func (p *Program) Pressure() int {
	last := make([]int, len(p.Values))
	for i, v := range p.Values {
		last[i] = i
		for _, a := range v.Args {
			last[a] = i
		}
	}
	for _, e := range p.Effects {
		if !p.atOnce(e) {
			last[e.Value] = len(p.Values)
		}
	}
	most := 0
	for i := range p.Values {
		alive := 1
		for j := range i {
			if last[j] >= i && p.Values[j].Op != OpState {
				alive++
			}
		}
		most = max(most, alive)
	}
	return most
}

// Unrolls are how many blocks the loops over elements do at once, the fastest
// loop first. Blocks are independent, and the processor runs short ones side by
// side; of long ones it sees the next in time anyway.
func (p *Program) Unrolls() []int {
	operations := 0
	for i, v := range p.Values {
		if !p.IsLeaf(i) && !v.Fixed {
			operations++
		}
	}
	if operations > 16 {
		return []int{1}
	}
	return []int{4, 1}
}
