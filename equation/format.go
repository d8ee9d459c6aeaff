package equation

import (
	"strconv"
	"strings"
)

// Text is the kernel as a text, from which [Parse] with the kernel's
// [Kernel.Declaration] makes the same kernel: the same values in the same order,
// and so the same bits and the same gradients. Values keep their labels, as far
// as every name is to be one thing; others that are used more than once are
// called t1, t2 and so on.
//
// Packed inputs, [Shl23], constants that are not finite and the kernels for
// training have no text form: what stands for them is for the reader.
func (k *Kernel) Text() string {
	l := newLayout(k)
	l.walk()
	l.christen()
	l.arrange()
	return l.write()
}

// layout is how a kernel becomes statements.
type layout struct {
	effects []effect
	forms   map[*node]form
	order   []*node       // what is written, arguments first
	uses    map[*node]int // in what is written
	names   map[*node]string
	taken   map[string]bool
	counter int // of values without a label

	// adopted are the values that the statement of an effect names: the effect's
	// place. ready is the number of effects that come before a value.
	adopted, ready map[*node]int
	// olds are the names of what states held before the step, where they are
	// read after they have been set.
	olds       map[string]string
	statements []statement
}

// statement gives a name to a value, or is that of an effect.
type statement struct {
	name  string
	value *node
	kind  statementKind
}

type statementKind uint8

const (
	definition  statementKind = iota
	stored                    // in a state
	transmitted               // to an output
)

func newLayout(k *Kernel) *layout {
	l := &layout{effects: k.effects, forms: map[*node]form{}, uses: map[*node]int{}, names: map[*node]string{}, taken: map[string]bool{}, adopted: map[*node]int{}, ready: map[*node]int{}, olds: map[string]string{}}
	for _, a := range k.args {
		l.taken[a.Name] = true
	}
	return l
}

// form is how a value is written, the same one at every call.
func (l *layout) form(n *node) form {
	f, ok := l.forms[n]
	if !ok {
		f = formOf(n)
		l.forms[n] = f
	}
	return f
}

// target is the value that the statement of an effect shows: a truth value
// becomes a number by itself when it is stored.
func target(e effect) *node {
	if e.arg.Kind == ArgState && isBare(e.value) {
		return e.value.args[0]
	}
	return e.value
}

// isBare reports whether a value is written as the truth value that it is made
// of, wherever a number is wanted.
func isBare(n *node) bool { return isHeld(n) && !isLabelled(n) && n.marks == marks{} }

// isLabelled reports whether n has a label that may be a name.
func isLabelled(n *node) bool { return wrongName(n.label) == "" }

// walk orders what is written, counts its uses, and finds what effects adopt.
func (l *layout) walk() {
	seen := map[*node]bool{}
	var visit func(n *node)
	visit = func(n *node) {
		l.uses[n]++
		if seen[n] {
			return
		}
		seen[n] = true
		for _, a := range l.form(n).args {
			visit(a)
		}
		l.order = append(l.order, n)
	}
	for i, e := range l.effects {
		n := target(e)
		if !seen[n] && n.op > OpState && (!isLabelled(n) || n.label == e.arg.Name) {
			l.adopted[n] = i
			l.names[n] = e.arg.Name
		}
		visit(n)
	}
}

// deepest is how deep a statement is at the most, in operations.
const deepest = 64

// christen names what has a label, what is used more than once, and what would
// make a statement too deep.
func (l *layout) christen() {
	depth := map[*node]int{}
	for _, n := range l.order {
		if n.op <= OpState {
			continue
		}
		d := 0
		for _, a := range l.form(n).args {
			d = max(d, depth[a]+1)
		}
		_, isAdopted := l.adopted[n]
		switch {
		case isAdopted:
		case isLabelled(n):
			l.names[n] = l.unlike(n.label)
		case l.uses[n] > 1 || d >= deepest:
			l.names[n] = l.another()
		default:
			depth[n] = d
		}
	}
}

// unlike is a label, with a number if it is taken.
func (l *layout) unlike(label string) string {
	name := label
	for i := 1; l.taken[name] || isFunction(name); i++ {
		end := "_" + strconv.Itoa(i)
		name = label[:min(len(label), longestName-len(end))] + end
	}
	l.taken[name] = true
	return name
}

func (l *layout) another() string {
	for {
		l.counter++
		if name := "t" + strconv.Itoa(l.counter); !l.taken[name] {
			l.taken[name] = true
			return name
		}
	}
}

// arrange orders the statements: a name as soon as what it is made of has been
// set, and the effects in their order.
func (l *layout) arrange() {
	after := make([][]*node, len(l.effects)+1)
	for _, n := range l.order {
		r := 0
		for _, a := range l.form(n).args {
			if i, ok := l.adopted[a]; ok {
				r = max(r, i+1)
			} else {
				r = max(r, l.ready[a])
			}
		}
		l.ready[n] = r
		if _, ok := l.adopted[n]; !ok && l.names[n] != "" {
			after[r] = append(after[r], n)
		}
	}
	for i, nodes := range after {
		for _, n := range nodes {
			l.statements = append(l.statements, statement{l.names[n], n, definition})
		}
		if i == len(l.effects) {
			return
		}
		e := l.effects[i]
		if strings.HasSuffix(e.arg.Name, SentOf("")) {
			continue // the statement of its state says it
		}
		kind := transmitted
		if e.arg.Kind == ArgState {
			kind = stored
		}
		l.statements = append(l.statements, statement{e.arg.Name, target(e), kind})
	}
}

// write is the text. What a state held before the step gets a name if it is
// read after the state has been set.
func (l *layout) write() string {
	needed := l.readLate()
	var lines []string
	for _, s := range l.statements {
		old := ""
		if s.kind == stored && needed[s.name] {
			old = l.another()
			lines = append(lines, old+" = "+s.name)
		}
		w := writer{layout: l}
		w.statement(s)
		lines = append(lines, w.String())
		l.olds[s.name] = old
	}
	return strings.Join(lines, "\n")
}

// readLate are the states that are read after they have been set.
func (l *layout) readLate() map[string]bool {
	late, set := map[string]bool{}, map[string]bool{}
	var read func(n *node)
	read = func(n *node) {
		if n.op == OpState && set[n.name] {
			late[n.name] = true
		}
		for _, a := range l.form(n).args {
			if l.names[a] == "" {
				read(a)
			}
		}
	}
	for _, s := range l.statements {
		if l.names[s.value] == "" || l.names[s.value] == s.name {
			read(s.value)
		}
		if s.kind == stored {
			set[s.name] = true
		}
	}
	return late
}

// writer writes a statement.
type writer struct {
	strings.Builder
	*layout
}

func (w *writer) statement(s statement) {
	w.WriteString(s.name + " = ")
	if w.names[s.value] == s.name {
		w.put(w.shown(s.value))
		return
	}
	w.write(s.value, bindsOr)
}

// write writes a value where an operator binds its operands with a strength.
func (w *writer) write(n *node, least int) {
	if name := w.names[n]; name != "" {
		w.WriteString(name)
		return
	}
	if old := w.olds[n.name]; n.op == OpState && old != "" {
		w.WriteString(old)
		return
	}
	f := w.shown(n)
	if f.binds < least {
		w.WriteString("(")
		w.put(f)
		w.WriteString(")")
		return
	}
	w.put(f)
}
