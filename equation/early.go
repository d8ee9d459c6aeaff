package equation

import "math"

// numbering gives values that are the same the same number.
type numbering struct {
	numbers map[identity]int
	now     map[*node]int
	// before are the numbers of what values were one step before: what states now
	// hold stands for what they were set to.
	before map[*node]int
	left   map[string]*node // in each state
}

// identity tells a value from all others. Unused arguments are 0, and numbers
// begin at 1.
type identity struct {
	op    Op
	args  [3]int
	name  string
	value uint32
}

// unknown is the number of what was an input one step before.
const unknown = -1

func newNumbering(k *Kernel) *numbering {
	n := &numbering{map[identity]int{}, map[*node]int{}, map[*node]int{}, map[string]*node{}}
	for _, e := range k.effects {
		if e.arg.Kind == ArgState {
			n.left[e.arg.Name] = e.value
		}
	}
	return n
}

func (n *numbering) of(v *node) int { return n.number(v, n.now, n.of) }

// past is the number of what v is made of, one step before.
func (n *numbering) past(v *node) int {
	switch v.op {
	case OpInput, OpBit:
		return unknown
	case OpState:
		return n.of(n.left[v.name])
	}
	return n.number(v, n.before, n.past)
}

func (n *numbering) number(v *node, known map[*node]int, of func(*node) int) int {
	if i, ok := known[v]; ok {
		return i
	}
	if v.op == OpDetach {
		return of(v.args[0])
	}
	id := identity{op: v.op, name: v.name, value: math.Float32bits(v.value)}
	for k, a := range v.args {
		if id.args[k] = of(a); id.args[k] == unknown {
			known[v] = unknown
			return unknown
		}
	}
	i, ok := n.numbers[id]
	if !ok {
		i = len(n.numbers) + 1
		n.numbers[id] = i
	}
	known[v] = i
	return i
}

// checkEarly sees to it that what stands for the spikes of the step before is
// them: their gradient goes there.
func (p *parser) checkEarly() {
	if len(p.early) == 0 {
		return
	}
	same := newNumbering(p.k)
	for _, r := range p.early {
		if r.n.op == OpGT {
			p.checkRemembered(r, same.left)
			continue
		}
		switch {
		case p.tested == nil || p.testedBy.text != "fires":
			r.name.fail("fired stands for the spikes of the step before, and the text has no fires: use >= for a comparison without a gradient")
		case same.past(r.n.args[0]) != same.of(p.tested.marks.value):
			r.name.fail("fired stands for the spikes of the step before: its first argument must be a state that is set to what fires tests in line %d", p.testedBy.line)
		case same.past(r.n.args[1]) != same.of(p.tested.marks.level):
			r.name.fail("fired stands for the spikes of the step before: its level must be what that of fires in line %d was then", p.testedBy.line)
		}
	}
}

func (p *parser) checkRemembered(r recalled, left map[string]*node) {
	state := r.n.args[0].name
	if !isHeld(left[state]) {
		r.name.fail("remembered wants a state that holds a truth value: %s is set to a number in line %d", quote(state), p.named[state].at.line)
	}
}

// isHeld reports whether a value is a truth value as 1 and 0.
func isHeld(n *node) bool {
	return n.op == OpSelect && isConst(n.args[1], 1) && isConst(n.args[2], 0)
}

// isConst reports whether a value is a constant, and to the bit v.
func isConst(n *node, v float32) bool {
	return n.op == OpConst && math.Float32bits(n.value) == math.Float32bits(v)
}
