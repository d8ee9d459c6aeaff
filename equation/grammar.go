package equation

import "strconv"

// expression is a || b.
func (p *parser) expression() value {
	a := p.conjunction()
	for p.token.is("||") {
		a = p.both(a, p.conjunction, Or)
	}
	return a
}

// conjunction is a && b.
func (p *parser) conjunction() value {
	a := p.negation()
	for p.token.is("&&") {
		a = p.both(a, p.negation, And)
	}
	return a
}

// both joins truth values.
func (p *parser) both(a value, right func() value, join func(a, b Mask) Mask) value {
	op := p.token
	p.advance()
	b := right()
	p.truth(a, "the left side of "+op.String())
	p.truth(b, "the right side of "+op.String())
	p.spend(op.place, 1)
	return value{join(a.mask(), b.mask()).n, true, a.place}
}

// negation is !a, as often as it is written.
func (p *parser) negation() value {
	first, times := p.token, 0
	for p.token.is("!") {
		times++
		p.advance()
	}
	a := p.comparison()
	if times == 0 {
		return a
	}
	p.truth(a, "what follows `!`")
	p.spend(first.place, times)
	for range times {
		a.n = Not(a.mask()).n
	}
	a.place = first.place
	return a
}

// comparisons by their symbols.
var comparisons = map[string]func(a, b Float) Mask{
	">=": GE,
	">":  GT,
	"<=": func(a, b Float) Mask { return GE(b, a) },
	"<":  func(a, b Float) Mask { return GT(b, a) },
	"==": EQ,
	"!=": func(a, b Float) Mask { return Not(EQ(a, b)) },
}

// comparison is a sum, or two that are compared.
func (p *parser) comparison() value {
	a := p.sum()
	compare := comparisons[p.token.text]
	if compare == nil {
		return a
	}
	op := p.token
	p.advance()
	b := p.sum()
	if comparisons[p.token.text] != nil {
		p.token.fail("comparisons are not chained: write two and join them with &&, found a second, %s", p.token)
	}
	p.spend(op.place, 2)
	return value{compare(p.number(a).float(), p.number(b).float()).n, true, a.place}
}

// sum is a + b or a - b.
func (p *parser) sum() value {
	a := p.product()
	for {
		op := p.token
		join := Add
		switch {
		case op.is("-"):
			join = Sub
		case !op.is("+"):
			return a
		}
		p.advance()
		b := p.product()
		p.spend(op.place, 1)
		a = value{join(p.number(a).float(), p.number(b).float()).n, false, a.place}
	}
}

// product is a * b or a / b.
func (p *parser) product() value {
	a := p.signed()
	for {
		op := p.token
		if !op.is("*") && !op.is("/") {
			return a
		}
		p.advance()
		b := p.signed()
		p.spend(op.place, 1)
		if op.is("/") {
			a = value{Div(p.number(a).float(), p.number(b).float()).n, false, a.place}
		} else {
			a = value{p.times(a, b).n, false, a.place}
		}
	}
}

// times is a * b. With a truth value it is the other where that holds, and +0
// elsewhere, whatever the other is.
func (p *parser) times(a, b value) Float {
	switch {
	case a.truth:
		return Select(a.mask(), p.number(b).float(), zero)
	case b.truth:
		return Select(b.mask(), a.float(), zero)
	}
	return Mul(a.float(), b.float())
}

// signed is -a, as often as it is written. The sign of a number is its own.
func (p *parser) signed() value {
	first, signs := p.token, 0
	for p.token.is("-") {
		signs++
		p.advance()
	}
	if signs > 0 && p.token.kind == tokenNumber {
		signs--
		p.token.value = -p.token.value
	}
	a := p.primary()
	a.place = first.place
	if signs == 0 {
		return a
	}
	a = p.number(a)
	p.spend(first.place, signs)
	for range signs {
		a.n = Sub(zero, a.float()).n
	}
	return a
}

// primary is a number, a name, a call, or an expression in parentheses.
func (p *parser) primary() value {
	t := p.token
	switch {
	case t.kind == tokenNumber:
		p.advance()
		return value{Const(t.value).n, false, t.place}
	case t.kind == tokenName:
		p.advance()
		if p.token.is("(") {
			return p.call(t)
		}
		return p.get(t)
	case t.is("("):
		p.enter()
		a := p.expression()
		p.leave()
		a.place = t.place
		return a
	}
	why := ""
	if t.is("!") {
		why = ": put the negation in parentheses"
	}
	t.fail("expected a value, found %s%s", t, why)
	panic("unreachable")
}

// call is name(a, b).
func (p *parser) call(name token) value {
	f, ok := functions[name.text]
	if !ok {
		p.noFunction(name)
	}
	p.enter()
	var args []value
	for !p.token.is(")") || len(args) > 0 {
		args = append(args, p.expression())
		if !p.token.is(",") {
			break
		}
		p.advance()
	}
	p.leave()
	f.convert(p, name, args)
	p.spend(name.place, f.cost)
	v := f.apply(p, name, args)
	v.place = name.place
	return v
}

// noFunction says what else a name is, or what may have been meant.
func (p *parser) noFunction(name token) {
	if v, ok := p.named[name.text]; ok {
		name.fail("%s is a %s and not a function: a product is written with *", name, v.role)
	}
	near := suggestion(nearest(name.text, functionNames()))
	if near == "" {
		near = "; there are " + known()
	}
	name.fail("there is no function %s%s", name, near)
}

// enter goes past an opening parenthesis.
func (p *parser) enter() {
	if p.open = append(p.open, p.token); len(p.open) > maxNesting {
		p.token.fail("parentheses are nested more than %d deep", maxNesting)
	}
	p.advance()
}

// leave goes past the closing one.
func (p *parser) leave() {
	if !p.token.is(")") {
		p.token.fail("expected an operator%s, found %s%s", p.inside(), p.token, p.hint())
	}
	p.open = p.open[:len(p.open)-1]
	p.advance()
}

// inside says which parenthesis is open, if one is.
func (p *parser) inside() string {
	if len(p.open) == 0 {
		return ""
	}
	at := p.open[len(p.open)-1]
	return " or the `)` of line " + strconv.Itoa(at.line) + ", column " + strconv.Itoa(at.column)
}
