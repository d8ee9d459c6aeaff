package equation

import (
	"fmt"
	"strings"
)

// What a text may have at the most.
const (
	maxText       = 1 << 20 // bytes
	maxStatements = 10_000
	maxOperations = 1 << 16 // where exp and log count as what they are made of
	maxNesting    = 1000    // parentheses in parentheses
	maxStates     = 1000
)

// Parse reads a kernel from its text form, which the documentation of this
// package describes. What is wrong with it is an [*Error].
func Parse(name, text string, d Declaration) (*Kernel, error) {
	k := New(name, "advances neurons by these equations:")
	if err := caught(func() { parse(k, text, d) }); err != nil {
		return nil, err
	}
	return k, nil
}

// parser reads a text statement by statement.
type parser struct {
	*scope
	k      *Kernel
	lex    lexer
	token  token // the next one
	listed bool  // all states are declared

	statements, operations int
	open                   []token    // parentheses
	tested                 *node      // the one to which the surrogate belongs
	testedBy               token      // and where it stands
	early                  []recalled // what stands for the spikes of the step before
}

func parse(k *Kernel, text string, d Declaration) {
	if len(text) > maxText {
		nowhere.fail("the text has %d bytes, and %d are allowed", len(text), maxText)
	}
	p := &parser{scope: newScope(d), k: k, lex: newLexer(text), listed: d.States != nil}
	for _, v := range p.order {
		switch v.role {
		case roleInput:
			v.value.n = k.Input(v.name).n
		case roleParam:
			v.value.n = k.Param(v.name).n
		case roleState:
			v.value.n = k.State(v.name).n
		}
	}
	p.scan(text)
	for p.advance(); p.token.kind != tokenEnd; {
		p.statement()
	}
	if p.statements == 0 {
		nowhere.fail("the text has no statements")
	}
	p.unused()
	p.missing()
	p.checkEarly()
}

// assignments calls set with the names that a text sets, and get with those that
// each statement reads, up to the first fault in how the text is written.
func assignments(text string, set, get func(name token)) {
	_ = caught(func() { // the parser comes upon the same fault
		l := newLexer(text)
		for start := true; ; {
			t := l.next()
			if t.kind == tokenEnd {
				return
			}
			if t.kind == tokenName {
				ahead := l
				switch next := ahead.next(); {
				case start && next.is("="):
					set(t)
				case !next.is("("):
					get(t)
				}
			}
			start = t.kind == tokenStop
		}
	})
}

// scan finds the names that the text will set.
func (p *parser) scan(text string) {
	assignments(text, func(name token) {
		v, ok := p.named[name.text]
		if !ok {
			v = &variable{name: name.text}
			p.add(v)
		}
		if v.at == nowhere {
			v.at = name.place
		}
	}, func(token) {})
}

func (p *parser) advance() { p.token = p.lex.next() }

// statement is name = expression, or nothing.
func (p *parser) statement() {
	if p.token.kind == tokenStop {
		p.advance()
		return
	}
	name := p.token
	if name.kind != tokenName {
		name.fail("expected a statement like name = expression, found %s", name)
	}
	if p.statements++; p.statements > maxStatements {
		name.fail("the text has more than %d statements", maxStatements)
	}
	if wrong := wrongName(name.text); wrong != "" {
		name.fail("the name %s %s", quote(name.text), wrong)
	}
	p.advance()
	if !p.token.is("=") {
		p.token.fail("expected `=` after %s, found %s: a statement is name = expression", name, p.token)
	}
	p.advance()
	v := p.expression()
	if p.token.kind != tokenStop && p.token.kind != tokenEnd {
		p.token.fail("expected an operator or the end of the statement, found %s%s", p.token, p.hint())
	}
	p.set(name, v)
}

// hint is what is to be said about a token that follows a value.
func (p *parser) hint() string {
	switch t := p.token; {
	case t.is("="):
		return ": to compare, write =="
	case t.is("!"):
		return ": unequal is !="
	case t.is("("):
		return ": a product is written with *"
	case t.text == "and":
		return ": it is written &&"
	case t.text == "or":
		return ": it is written ||"
	}
	return ""
}

// set gives a name its value.
func (p *parser) set(name token, v value) {
	s := p.named[name.text]
	switch {
	case s.role == roleInput || s.role == roleParam:
		name.fail("%s is declared as %s and cannot be set", name, s.role)
	case !s.declared && isFunction(s.name):
		name.fail("%s is the name of a function: take another", name)
	case s.isSet:
		name.fail("%s is set twice, first in line %d: every name is set once", name, s.at.line)
	}
	if v.n.op > OpState && v.n.label == "" {
		v.n.label = s.name
	}
	s.value, s.isSet = v, true
	switch {
	case s.role == roleState:
		p.k.SetState(s.name, p.number(v).float())
		if s.output {
			p.send(SentOf(s.name), v)
		}
	case s.output:
		p.send(s.name, v)
	}
}

// send sends a value: packed if it is a truth value.
func (p *parser) send(name string, v value) {
	if v.truth {
		p.k.Spikes(name, v.mask())
	} else {
		p.k.Output(name, v.float())
	}
}

// get is what a name stands for.
func (p *parser) get(name token) value {
	v, ok := p.named[name.text]
	switch {
	case isFunction(name.text) && (!ok || !v.declared):
		name.fail("%s is a function: it is written %s", name, functions[name.text].signature(name.text))
	case !ok || v.role == roleValue && v.at == nowhere:
		name.fail("%s is not defined%s", name, suggestion(p.nearest(name.text)))
	}
	if v.role == roleValue && !v.isSet {
		p.remember(name, v)
	}
	v.read = true
	got := v.value
	got.place = name.place
	return got
}

// remember makes a state of a name that is read before it is set.
func (p *parser) remember(name token, v *variable) {
	switch {
	case p.listed:
		loop := ""
		if p.isLoop(v.name) {
			loop = ", and depends on itself: an algebraic loop"
		}
		name.fail("%s is used before it is set, in line %d%s; if it is to be remembered from step to step list it among the states", name, v.at.line, loop)
	}
	v.role = roleState
	p.count(v, name.place)
	v.value.n = p.k.State(v.name).n
}

// isLoop reports whether a name that is no state depends on itself.
func (p *parser) isLoop(name string) bool {
	reads := map[string][]string{}
	setting, isSet := "", map[string]bool{}
	assignments(p.lex.text, func(t token) {
		isSet[setting] = true
		setting = t.text
	}, func(t token) {
		// Before it is set, a state is what the last step left.
		if v := p.named[t.text]; v != nil && (v.role == roleValue || v.role == roleState && isSet[t.text]) {
			reads[setting] = append(reads[setting], t.text)
		}
	})
	seen := map[string]bool{}
	for todo := reads[name]; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == name {
			return true
		}
		if !seen[n] {
			seen[n] = true
			todo = append(todo, reads[n]...)
		}
	}
	return false
}

// surrogate notes the test of the spikes, of which there is one.
func (p *parser) surrogate(name token, n *node) {
	if p.tested != nil {
		name.fail("%s would be a second spike, after %s in line %d: there is one surrogate; give the first a name and use that", name, p.testedBy, p.testedBy.line)
	}
	p.tested, p.testedBy = n, name
}

// spend counts operations.
func (p *parser) spend(at place, n int) {
	if p.operations += n; p.operations > maxOperations {
		at.fail("the text has more than %d operations, where exp counts as %d and log as %d", maxOperations, expCost, logCost)
	}
}

// number is v as a number: 1 where it holds, if it is a truth value.
func (p *parser) number(v value) value {
	if v.truth {
		p.spend(v.place, 1)
		v.n, v.truth = Select(v.mask(), one, zero).n, false
	}
	return v
}

// truth fails if v is no truth value.
func (p *parser) truth(v value, of string) {
	if !v.truth {
		v.fail("%s must be a truth value, found a number: compare it, as in v > 0", of)
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// known is how an error lists the functions.
func known() string { return strings.Join(functionNames(), ", ") }
