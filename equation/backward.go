package equation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Recording is k, which also stores, where that is asked for, the states before
// each step that the backward pass reads, and the distance of what is tested
// from the level of a spike.
func (k *Kernel) Recording() *Kernel {
	r := New(k.Name, k.Doc)
	r.Note, r.leaves = k.Note, k.leaves
	r.args = append(r.args, k.args...)
	r.effects = append(r.effects, k.effects...)
	for _, name := range k.Traces() {
		r.write(Arg{TraceOf(name), ArgTrace}, r.leaves[name])
	}
	p := k.Program()
	for _, v := range p.Values {
		if v.Tested != nil {
			r.write(Arg{Distance, ArgDistance}, Sub(Float{p.nodes[v.Tested[0]]}, Float{p.nodes[v.Tested[1]]}).n)
		}
	}
	return r
}

// Traces are the states whose values before each step the backward pass reads.
func (k *Kernel) Traces() []string {
	var names []string
	for _, a := range k.Backward().Args() {
		if a.Kind == ArgTrace {
			names = append(names, strings.TrimPrefix(a.Name, TraceOf("")))
		}
	}
	return names
}

// The names of what a backward pass has beside what the description names; no
// name in a text begins with a dot.
const (
	OutputGradient     = ".g"                  // of the only output
	SurrogateGrad      = ".surrogateGrad"      // the derivative of the surrogate
	Distance           = ".distance"           // of what is tested from its level
	ResetGradScale     = ".resetGradScale"     // what the gradient of a spike inside of the neuron is multiplied by
	StraightThrough    = ".straightThrough"    // that of a membrane through its reset to a value
	ThresholdGradScale = ".thresholdGradScale" // that of a spike by a level that moves
	SpikeGrad          = ".gfired"             // the gradient of the spikes of the step before
)

// TraceOf is the name of the trace of a state.
func TraceOf(state string) string { return ".trace" + state }

// GradientOf is the name of the gradient of a state, a parameter or an input.
func GradientOf(name string) string { return ".g" + name }

// IsGradient reports whether a name is that of a gradient.
func IsGradient(name string) bool { return strings.HasPrefix(name, GradientOf("")) }

// GradientIn is the name of the gradient of an output: g where there is but one.
func GradientIn(outputs []string, name string) string {
	if len(outputs) == 1 {
		return OutputGradient
	}
	return GradientOf(name)
}

// Backward is k differentiated by reverse mode: from the gradients g of its
// outputs and gV of the states that it left, to those of its input, gX, of the
// states before the first step, and of its parameters, which are added up.
//
// surrogateGrad is the derivative of the surrogate at the distance that
// [Kernel.Recording] stored. What a spike does inside of the neuron carries its
// gradient multiplied by resetGradScale: 1, or 0 for a reset that is detached.
// The gradient of the spikes of the step before is a state, gFired. Where a
// spike sets the membrane to a value, the membrane's own gradient passes
// multiplied by straightThrough: 0, or 1 if the reset as a whole is detached. The
// gradient of a spike by a level that moves is multiplied by thresholdGradScale:
// 1, or 0 for sinabs. gX must overlap no other array.
func (k *Kernel) Backward() *Kernel {
	live := map[string]bool{}
	for _, name := range k.watched() {
		live[name] = true
	}
	for {
		r := reverse{p: k.program(false, true), live: live}
		r.run()
		if len(r.reached) == len(live) {
			r.b.dropUnread()
			return r.b
		}
		live = maps.Clone(r.reached)
	}
}

// dropUnread drops the inputs and parameters that are not read after all.
func (k *Kernel) dropUnread() {
	read := map[string]bool{}
	for _, v := range k.Program().Values {
		read[v.Name] = true
	}
	k.args = slices.DeleteFunc(k.args, func(a Arg) bool {
		return (a.Kind == ArgInput || a.Kind == ArgTrace || a.Kind == ArgParam) && !read[a.Name]
	})
}

// reverse is the backward pass over one program.
type reverse struct {
	p *Program
	b *Kernel // what is written
	// live are the states whose gradient can reach an output, as far as is
	// known; reached are those to which a gradient came.
	live, reached map[string]bool

	varies  []bool  // whether a value is anything but a constant
	forward []*node // the program's values, computed again
	// direct and internal are the gradients of each value so far: of a spike,
	// what comes from the output and what comes from inside of the neuron.
	direct, internal []*node
}

func (r *reverse) run() {
	k, n := r.p.Kernel, len(r.p.Values)
	r.b = New(k.Name+"Backward", "is the backward pass of "+k.Name+":")
	r.b.Back = true
	r.forward, r.direct, r.internal = make([]*node, n), make([]*node, n), make([]*node, n)
	r.reached, r.varies = map[string]bool{}, make([]bool, n)
	for i, v := range r.p.Values {
		r.varies[i] = r.p.IsLeaf(i) && v.Op != OpConst ||
			slices.ContainsFunc(v.Args, func(a int) bool { return r.varies[a] })
	}
	outputs := k.Outputs()
	for _, e := range r.p.Effects {
		if e.Arg.Kind != ArgState {
			g := r.b.Input(GradientIn(outputs, e.Arg.Name)).n
			r.direct[e.Value] = sum(r.direct[e.Value], g)
		}
	}
	for _, e := range r.p.Effects {
		if e.Arg.Kind == ArgState && r.live[e.Arg.Name] {
			r.add(e.Value, r.b.State(GradientOf(e.Arg.Name)).n)
		}
	}
	for i := n - 1; i >= 0; i-- {
		if g := r.gradient(i); g != nil {
			r.value(i, g)
		}
	}
	for _, e := range r.p.Effects {
		if name := e.Arg.Name; e.Arg.Kind == ArgState && r.live[name] && !r.reached[name] {
			r.reached[name] = true
			r.b.SetState(GradientOf(name), Const(0))
		}
	}
	for _, a := range k.args {
		if g := GradientOf(a.Name); a.Kind == ArgInput && !r.writes(g) {
			r.b.Output(g, Const(0))
		}
	}
}

func (r *reverse) writes(name string) bool {
	for _, e := range r.b.effects {
		if e.arg.Name == name {
			return true
		}
	}
	return false
}

// gradient is the gradient of value i, all of whose uses have been walked.
func (r *reverse) gradient(i int) *node {
	v := r.p.Values[i]
	inside := r.internal[i]
	if v.Tested != nil && r.p.firesEarly(i) {
		inside = sum(inside, r.b.State(SpikeGrad).n)
	}
	if inside != nil && r.p.spikes(i) && !v.Fired {
		inside = Mul(r.b.Param(ResetGradScale), Float{inside}).n
	}
	return sum(r.direct[i], inside)
}

// firesEarly reports whether value i is the spikes that another step calls its
// Fired.
func (p *Program) firesEarly(i int) bool {
	for _, v := range p.Values {
		if v.Fired && v.Op == OpGE {
			return true
		}
	}
	return false
}

// spikes reports whether value i is a spike, or a mask made of one.
func (p *Program) spikes(i int) bool {
	v := p.Values[i]
	if v.Tested != nil || v.Fired {
		return true
	}
	switch v.Op {
	case OpAnd, OpOr, OpNot:
		return slices.ContainsFunc(v.Args, p.spikes)
	}
	return false
}

// value hands the gradient g of value i on to what it is made of.
func (r *reverse) value(i int, g *node) {
	v := r.p.Values[i]
	arg := func(k int) Float { return Float{r.again(v.Args[k])} }
	grad := Float{g}
	switch {
	case v.Tested != nil:
		slope := Mul(grad, r.b.Input(SurrogateGrad))
		r.add(v.Tested[0], slope.n)
		if v.Op != OpGE && v.Op != OpGT { // a staircase follows value/level
			slope = Div(Mul(slope, Float{r.again(v.Tested[0])}), Float{r.again(v.Tested[1])})
		}
		if level := r.p.Values[v.Tested[1]]; level.Op != OpParam {
			slope = Mul(r.b.Param(ThresholdGradScale), slope) // it moves
		}
		r.sub(v.Tested[1], slope.n)
		return
	case v.Fired && v.Op == OpGT:
		r.add(v.Args[0], g)
		return
	case v.Fired:
		r.b.State(SpikeGrad)
		r.b.SetState(SpikeGrad, grad)
		return
	}
	switch v.Op {
	case OpConst, OpFloor, OpShl23, OpDetach:
	case OpParam:
		r.b.Sum(GradientOf(v.Name), grad)
	case OpInput:
		r.b.Output(GradientOf(v.Name), grad)
	case OpState:
		r.reached[v.Name] = true
		name := GradientOf(v.Name)
		r.b.State(name)
		r.b.SetState(name, grad)
	case OpAdd:
		r.add(v.Args[0], g)
		r.add(v.Args[1], g)
	case OpSub:
		r.add(v.Args[0], g)
		r.sub(v.Args[1], g)
	case OpMul:
		r.add(v.Args[0], r.times(g, v.Args[1]))
		r.add(v.Args[1], r.times(g, v.Args[0]))
	case OpDiv:
		q := Div(grad, arg(1))
		r.add(v.Args[0], q.n)
		if r.varies[v.Args[1]] {
			r.sub(v.Args[1], Mul(q, Float{r.again(i)}).n)
		}
	case OpAbs:
		r.add(v.Args[0], Select(GE(arg(0), Const(0)), grad, Sub(Const(0), grad)).n)
	case OpExp:
		r.add(v.Args[0], Mul(grad, Float{r.again(i)}).n)
	case OpLog:
		r.add(v.Args[0], Div(grad, arg(0)).n)
	case OpSqrt:
		r.add(v.Args[0], Div(Mul(Const(0.5), grad), Float{r.again(i)}).n)
	case OpSelect:
		r.choice(v, grad)
	case OpAnd, OpOr:
		for k, a := range v.Args {
			other := Mask{r.again(v.Args[1-k])}
			switch {
			case !r.p.spikes(a):
			case v.Op == OpAnd:
				r.direct[a] = sum(r.direct[a], Select(other, grad, Const(0)).n)
			default:
				r.direct[a] = sum(r.direct[a], Select(other, Const(0), grad).n)
			}
		}
	case OpNot:
		if a := v.Args[0]; r.p.spikes(a) {
			before := Const(0)
			if r.direct[a] != nil {
				before = Float{r.direct[a]}
			}
			r.direct[a] = Sub(before, grad).n
		}
	case OpGE, OpGT, OpEQ: // a truth value that is no spike
	default:
		panic(fmt.Sprintf("%s: no backward pass through operation %d", r.p.Kernel.Name, v.Op))
	}
}

// choice is the backward pass through m ? a : b. To a spike m it is s*a + (1-s)*b.
func (r *reverse) choice(v Value, g Float) {
	m := v.Args[0]
	yes, no := v.Args[1], v.Args[2]
	mask := Mask{r.again(m)}
	r.add(yes, Select(mask, g, Const(0)).n)
	past := Const(0)
	if v.Reset {
		past = Mul(r.b.Param(StraightThrough), g)
	}
	r.add(no, Select(mask, past, g).n)
	if !r.p.spikes(m) {
		return
	}
	switch {
	case v.Jump:
		r.direct[m] = sum(r.direct[m], r.times(g.n, yes))
	case r.p.IsZero(no):
		r.add(m, r.times(g.n, yes))
	case r.p.IsZero(yes):
		r.sub(m, r.times(g.n, no))
	default:
		r.add(m, Mul(g, Sub(Float{r.again(yes)}, Float{r.again(no)})).n)
	}
}

// times is g times value i.
func (r *reverse) times(g *node, i int) *node {
	if v := r.p.Values[i]; v.Op == OpConst && v.Const == 1 {
		return g
	}
	return Mul(Float{g}, Float{r.again(i)}).n
}

// add and sub give value i a part of its gradient, unless it is constant.
func (r *reverse) add(i int, g *node) {
	if r.varies[i] {
		r.internal[i] = sum(r.internal[i], g)
	}
}

func (r *reverse) sub(i int, g *node) {
	if !r.varies[i] {
		return
	}
	before := Const(0)
	if r.internal[i] != nil {
		before = Float{r.internal[i]}
	}
	r.internal[i] = Sub(before, Float{g}).n
}

func sum(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return Add(Float{a}, Float{b}).n
}

// again is value i in the kernel that is written: computed once more from the
// states before the step.
func (r *reverse) again(i int) *node {
	if r.forward[i] != nil {
		return r.forward[i]
	}
	v := r.p.Values[i]
	switch v.Op {
	case OpConst:
		r.forward[i] = &node{op: OpConst, value: v.Const}
	case OpParam:
		r.forward[i] = r.b.Param(v.Name).n
	case OpInput:
		r.forward[i] = r.b.Input(v.Name).n
	case OpState:
		r.forward[i] = r.b.Trace(v.Name).n
	default:
		n := &node{op: v.Op, label: v.Label}
		for _, a := range v.Args {
			n.args = append(n.args, r.again(a))
		}
		if v.Tested != nil {
			n.marks = marks{value: r.again(v.Tested[0]), level: r.again(v.Tested[1])}
		}
		n.marks.fired = v.Fired
		r.forward[i] = n
	}
	return r.forward[i]
}
