package gogen

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/equation"
)

// Precedences of Go's operators, to place parentheses.
const (
	low     = iota // || and &&
	compare        // >= > ==
	sum            // + -
	product        // /
	primary
)

// body writes one element of a kernel as Go statements.
type body struct {
	p     *equation.Program
	lines []string
	text  []string // of each value, once it has been visited
	prec  []int
	named map[string]int // how often a label has been used
	used  []bool
	where func(v equation.Value) string // of a leaf
}

// statements are the lines that compute element i, and before them the lines
// that compute what all elements share.
func statements(p *equation.Program, where func(v equation.Value) string, store func(b *body, e equation.Effect)) (fixed, element []string) {
	b := &body{p: p, where: where, text: make([]string, len(p.Values)), prec: make([]int, len(p.Values)), named: map[string]int{}, used: used(p)}
	overTime := p.Kernel.OverTime()
	for i, v := range p.Values {
		if v.Fixed && !overTime {
			b.value(i)
		}
	}
	fixed, b.lines = b.lines, nil
	effects := func(which func(k equation.ArgKind) bool) {
		for _, e := range p.Effects {
			if which(e.Arg.Kind) {
				store(b, e)
			}
		}
	}
	for i, v := range p.Values {
		if i < p.Optional && (!v.Fixed || overTime) {
			b.value(i)
		}
	}
	effects(func(k equation.ArgKind) bool { return !k.Optional() && k != equation.ArgState })
	element, b.lines = b.lines, nil
	for i, v := range p.Values {
		if i >= p.Optional && (!v.Fixed || overTime) {
			b.value(i)
		}
	}
	effects(equation.ArgKind.Optional)
	optional := b.lines
	b.lines = nil
	effects(func(k equation.ArgKind) bool { return k == equation.ArgState })
	if len(optional) > 0 {
		element = append(element, "if c.Optional {")
		for _, l := range optional {
			element = append(element, "\t"+l)
		}
		element = append(element, "}")
	}
	return fixed, append(element, b.lines...)
}

// used reports which values are needed: not the zero of a choice.
func used(p *equation.Program) []bool {
	list := make([]bool, len(p.Values))
	for _, e := range p.Effects {
		list[e.Value] = true
	}
	for i := len(list) - 1; i >= 0; i-- {
		for _, a := range p.Values[i].Args {
			list[a] = list[a] || list[i]
		}
	}
	return list
}

func (b *body) line(format string, args ...any) {
	b.lines = append(b.lines, fmt.Sprintf(format, args...))
}

// value writes value i: as a variable if it has a name, is used again, or
// needs a statement; otherwise it will stand where it is used.
func (b *body) value(i int) {
	v := b.p.Values[i]
	if !b.used[i] {
		return
	}
	shared := v.Uses > 1 || v.Label != ""
	if v.Op == equation.OpSelect {
		b.selectStatement(i)
		return
	}
	text, prec := b.expression(v)
	name := b.name(i)
	switch {
	case v.Op == equation.OpState:
		name = ident(v.Name) + "Prev"
	case v.Op == equation.OpConst || v.Op == equation.OpParam:
		shared = false
	case v.Op == equation.OpInput:
		name = ident(v.Name) + "i"
	}
	if shared || v.Op == equation.OpState || v.Op == equation.OpInput && b.loadsFirst() || v.Fixed && !b.p.IsLeaf(i) && !b.p.Kernel.OverTime() {
		b.line("%s := %s", name, text)
		text, prec = name, primary
	}
	b.text[i], b.prec[i] = text, prec
}

// name is the variable of value i: its label, with a number where it is not the
// first of that label.
func (b *body) name(i int) string {
	label := b.p.Values[i].Label
	if label == "" {
		return "t" + strconv.Itoa(i)
	}
	b.named[label]++
	if n := b.named[label]; n > 1 {
		return label + strconv.Itoa(n)
	}
	return label
}

// loadsFirst reports whether inputs must be read before anything is stored: an
// output may be the same slice.
func (b *body) loadsFirst() bool {
	for _, e := range b.p.Effects {
		if e.Arg.Kind == equation.ArgOutput && len(b.p.Effects) > 1 {
			return true
		}
	}
	return false
}

func (b *body) selectStatement(i int) {
	v := b.p.Values[i]
	name := b.name(i)
	b.line("var %s float32", name)
	yes, no := v.Args[1], v.Args[2]
	if b.p.IsZero(no) {
		b.line("if %s {", b.text[v.Args[0]])
	} else {
		b.lines[len(b.lines)-1] = fmt.Sprintf("%s := %s", name, b.typed(no))
		b.line("if %s {", b.text[v.Args[0]])
	}
	b.line("\t%s = %s", name, b.text[yes])
	b.line("}")
	b.text[i], b.prec[i] = name, primary
}

// typed is the text of value i where Go cannot infer that it is a float32.
func (b *body) typed(i int) string {
	if b.p.Values[i].Op == equation.OpConst {
		return "float32(" + b.text[i] + ")"
	}
	return b.text[i]
}

func (b *body) expression(v equation.Value) (string, int) {
	arg := func(k, least int) string {
		i := v.Args[k]
		if b.prec[i] < least {
			return "(" + b.text[i] + ")"
		}
		return b.text[i]
	}
	binary := func(op string, prec int) (string, int) {
		// The right operand is parenthesised on a tie: nothing reassociates.
		return arg(0, prec) + " " + op + " " + arg(1, prec+1), prec
	}
	switch v.Op {
	case equation.OpConst:
		return constant(v.Const)
	case equation.OpBit:
		return b.where(v), compare
	case equation.OpParam, equation.OpInput, equation.OpMask, equation.OpSum, equation.OpState:
		return b.where(v), primary
	case equation.OpAdd:
		return binary("+", sum)
	case equation.OpSub:
		return binary("-", sum)
	case equation.OpMul:
		return "float32(" + arg(0, product) + " * " + arg(1, primary) + ")", primary
	case equation.OpDiv:
		return binary("/", product)
	case equation.OpGE:
		return binary(">=", compare)
	case equation.OpGT:
		return binary(">", compare)
	case equation.OpEQ:
		return binary("==", compare)
	case equation.OpAnd:
		return arg(0, compare) + " && " + arg(1, compare), low
	case equation.OpOr:
		return arg(0, compare) + " || " + arg(1, compare), low
	case equation.OpNot:
		return "!" + arg(0, primary), primary
	}
	name, ok := map[equation.Op]string{equation.OpAbs: "abs", equation.OpSqrt: "sqrt", equation.OpFloor: "floor", equation.OpShl23: "shl23", equation.OpExp: "exp", equation.OpLog: "log"}[v.Op]
	if !ok {
		panic(fmt.Sprintf("gogen: operation %d has no Go", v.Op))
	}
	return name + "(" + arg(0, low) + ")", primary
}

// constant is the shortest decimal that is v.
func constant(v float32) (string, int) {
	if math.Float32bits(v) == 1<<31 {
		panic("gogen: Go has no constant -0")
	}
	s := strconv.FormatFloat(float64(v), 'g', -1, 32)
	if strings.HasPrefix(s, "-") {
		return s, sum
	}
	return s, primary
}
