package equation

import (
	"math"
	"strconv"
)

// How strongly operators bind, the weakest first.
const (
	bindsOr = iota
	bindsAnd
	bindsNot
	bindsComparison
	bindsSum
	bindsProduct
	bindsSign
	bindsAll
)

// form is how a value is written, apart from how its arguments are: before or
// between them stands text, and a function has them in parentheses.
type form struct {
	text  string
	args  []*node
	binds int
}

func atom(text string) form { return form{text, nil, bindsAll} }

func calling(name string, args ...*node) form { return form{name, bares(args), bindsAll} }

// bare is the truth value that is written in place of n where a number is
// wanted, or n.
func bare(n *node) *node {
	if isBare(n) {
		return n.args[0]
	}
	return n
}

func bares(args []*node) []*node {
	var written []*node
	for _, a := range args {
		written = append(written, bare(a))
	}
	return written
}

// operators by their operation.
var operators = map[Op]form{
	OpAdd: {text: " + ", binds: bindsSum},
	OpSub: {text: " - ", binds: bindsSum},
	OpMul: {text: "*", binds: bindsProduct},
	OpDiv: {text: "/", binds: bindsProduct},
	OpGE:  {text: " >= ", binds: bindsComparison},
	OpGT:  {text: " > ", binds: bindsComparison},
	OpEQ:  {text: " == ", binds: bindsComparison},
	OpAnd: {text: " && ", binds: bindsAnd},
	OpOr:  {text: " || ", binds: bindsOr},
}

// called are the operations that are written as functions.
var called = map[Op]string{OpAbs: "abs", OpSqrt: "sqrt", OpFloor: "floor", OpExp: "exp", OpLog: "log", OpDetach: "detach", OpShl23: "shl23"}

// formOf is how n is written.
func formOf(n *node) form {
	a, m := n.args, n.marks
	switch {
	case n.op == OpConst:
		return constant(n.value)
	case n.op <= OpState:
		return atom(n.name)
	case n.op == OpGE && m.value != nil:
		return calling("fires", a...)
	case n.op == OpGT && m.value != nil:
		return calling("fires_above", a...)
	case m.value != nil:
		counted := *n
		counted.marks, counted.label = marks{}, ""
		return calling("staircase", &counted, m.value, m.level)
	case n.op == OpGE && m.fired:
		return calling("fired", a...)
	case n.op == OpGT && m.fired:
		return calling("remembered", a[0])
	case n.op == OpSelect:
		return choice(n)
	case n.op == OpNot && a[0].op == OpEQ && !isLabelled(a[0]):
		return form{" != ", bares(a[0].args), bindsComparison}
	case n.op == OpNot:
		return form{"!", a, bindsNot}
	}
	if f, ok := operators[n.op]; ok {
		f.args = a
		if n.op != OpMul {
			f.args = bares(a)
		}
		return f
	}
	name, ok := called[n.op]
	if !ok {
		name = "operation" + strconv.Itoa(int(n.op))
	}
	if n.op == OpDetach { // a number stays one
		return form{name, a, bindsAll}
	}
	return calling(name, a...)
}

// choice is how m ? a : b is written.
func choice(n *node) form {
	m, a, b := n.args[0], n.args[1], n.args[2]
	switch test := m.args; {
	case n.marks.reset:
		return calling("reset", m, a, b)
	case n.marks.jump:
		return calling("jump", m, a)
	case isHeld(n):
		return calling("select", n.args...)
	case isPlain(m) && same(test[0], a) && same(test[1], b):
		return calling("max", a, b)
	case isPlain(m) && same(test[0], b) && same(test[1], a):
		return calling("min", a, b)
	case isConst(b, 0):
		return form{"*", []*node{m, bare(a)}, bindsProduct}
	}
	return calling("select", n.args...)
}

// isPlain reports whether m is a > b and nothing else.
func isPlain(m *node) bool { return m.op == OpGT && !isLabelled(m) && m.marks == marks{} }

// same reports whether a and b are one value, or the same constant.
func same(a, b *node) bool { return a == b || a.op == OpConst && isConst(b, a.value) }

// constant is the shortest decimal number that is the same float32.
func constant(v float32) form {
	f := atom(strconv.FormatFloat(float64(v), 'g', -1, 32))
	if math.Signbit(float64(v)) {
		f.binds = bindsSign
	}
	return f
}

// shown is how n is written, with a sign where a name is subtracted from 0.
func (w *writer) shown(n *node) form {
	f := w.form(n)
	if n.op == OpSub && isConst(f.args[0], 0) {
		if a := f.args[1]; w.names[a] != "" || a.op != OpConst && a.op <= OpState {
			return form{"-", f.args[1:], bindsSign}
		}
	}
	return f
}

// put writes a value.
func (w *writer) put(f form) {
	switch {
	case len(f.args) == 0:
		w.WriteString(f.text)
	case f.binds == bindsAll:
		w.WriteString(f.text + "(")
		for i, a := range f.args {
			if i > 0 {
				w.WriteString(", ")
			}
			w.write(a, bindsOr)
		}
		w.WriteString(")")
	case len(f.args) == 1 && f.binds == bindsNot:
		w.WriteString(f.text)
		w.write(f.args[0], bindsSum)
	case len(f.args) == 1:
		w.WriteString(f.text)
		w.write(f.args[0], f.binds)
	default:
		left := f.binds
		if left == bindsComparison {
			left++
		}
		w.write(f.args[0], left)
		w.WriteString(f.text)
		w.write(f.args[1], f.binds+1)
	}
}
