package gogen

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/asm/expr"
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
	p     *expr.Program
	lines []string
	text  []string // of each value, once it has been visited
	prec  []int
	named map[string]int // how often a label has been used
}

// statements are the lines that compute element i, and before them the lines
// that compute what all elements share.
func statements(p *expr.Program) (fixed, element []string) {
	b := &body{p: p, text: make([]string, len(p.Values)), prec: make([]int, len(p.Values)), named: map[string]int{}}
	for i, v := range p.Values {
		if v.Fixed && !p.Kernel.OverTime() {
			b.value(i)
		}
	}
	fixed, b.lines = b.lines, nil
	for i, v := range p.Values {
		if !v.Fixed || p.Kernel.OverTime() {
			b.value(i)
		}
	}
	for _, e := range p.Effects {
		name := e.Arg.Name
		if e.Arg.Kind == expr.ArgBitsOut {
			b.line("if %s {", b.text[e.Value])
			b.line("\t%s[i>>6] |= 1 << (i & 63)", name)
			b.line("}")
			continue
		}
		b.line("%s[i] = %s", name, b.text[e.Value])
	}
	return fixed, b.lines
}

func (b *body) line(format string, args ...any) {
	b.lines = append(b.lines, fmt.Sprintf(format, args...))
}

// value writes value i: as a variable if it has a name, is used again, or
// needs a statement; otherwise it will stand where it is used.
func (b *body) value(i int) {
	v := b.p.Values[i]
	shared := v.Uses > 1 || v.Label != ""
	if v.Op == expr.OpSelect {
		b.selectStatement(i)
		return
	}
	text, prec := b.expression(v)
	name := b.name(i)
	switch {
	case v.Op == expr.OpState:
		name = v.Name + "Prev"
	case v.Op == expr.OpConst || v.Op == expr.OpParam:
		shared = false
	case v.Op == expr.OpInput:
		name = v.Name + "i"
	}
	if shared || v.Op == expr.OpState || v.Op == expr.OpInput && b.loadsFirst() || v.Fixed && !b.p.IsLeaf(i) && !b.p.Kernel.OverTime() {
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
		if e.Arg.Kind == expr.ArgOutput && len(b.p.Effects) > 1 {
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
	if b.p.Values[i].Op == expr.OpConst {
		return "float32(" + b.text[i] + ")"
	}
	return b.text[i]
}

func (b *body) expression(v expr.Value) (string, int) {
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
	case expr.OpConst:
		return constant(v.Const)
	case expr.OpParam:
		if b.p.Kernel.OverTime() {
			return v.Name + "[i]", primary
		}
		return v.Name, primary
	case expr.OpInput, expr.OpState:
		return v.Name + "[i]", primary
	case expr.OpBit:
		return v.Name + "[i>>6]>>(i&63)&1 == 1", compare
	case expr.OpAdd:
		return binary("+", sum)
	case expr.OpSub:
		return binary("-", sum)
	case expr.OpMul:
		return "float32(" + arg(0, product) + " * " + arg(1, primary) + ")", primary
	case expr.OpDiv:
		return binary("/", product)
	case expr.OpGE:
		return binary(">=", compare)
	case expr.OpGT:
		return binary(">", compare)
	case expr.OpEQ:
		return binary("==", compare)
	case expr.OpAnd:
		return arg(0, compare) + " && " + arg(1, compare), low
	case expr.OpOr:
		return arg(0, compare) + " || " + arg(1, compare), low
	case expr.OpNot:
		return "!" + arg(0, primary), primary
	}
	name, ok := map[expr.Op]string{expr.OpAbs: "abs", expr.OpSqrt: "sqrt", expr.OpFloor: "floor", expr.OpShl23: "shl23"}[v.Op]
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
