package equation

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind is what a token is.
type tokenKind uint8

const (
	tokenEnd    tokenKind = iota // of the text
	tokenStop                    // of a statement: the end of a line, or a semicolon
	tokenName                    // letters, digits and _
	tokenNumber                  // a float32
	tokenSymbol                  // an operator, a parenthesis, a comma
)

// token is a word of a text.
type token struct {
	place
	kind  tokenKind
	text  string
	value float64 // of a number: a float32
}

func (t token) is(symbol string) bool { return t.kind == tokenSymbol && t.text == symbol }

// String is how an error calls a token.
func (t token) String() string {
	switch {
	case t.kind == tokenEnd:
		return "the end of the text"
	case t.text == "\n":
		return "the end of the line"
	}
	return quote(t.text)
}

// lexer cuts a text into tokens.
type lexer struct {
	text string
	at   int // the byte that comes next
	place
	open int // parentheses, within which a line goes on
}

func newLexer(text string) lexer { return lexer{text: text, place: place{1, 1}} }

// symbols are the tokens that are neither names nor numbers; of two that begin
// alike the longer comes first.
var symbols = []string{"==", "!=", ">=", "<=", "&&", "||", "+", "-", "*", "/", "(", ")", ",", "=", ">", "<", "!"}

// foreign are what other languages write, and what is written here.
var foreign = []struct{ text, instead string }{
	{"**", "a power is written as a product, like v*v"},
	{"//", "comments begin with #"},
	{"+=", "each name is set once: give the sum a name of its own"},
	{"-=", "each name is set once: give the difference a name of its own"},
	{"*=", "each name is set once: give the product a name of its own"},
	{"/=", "each name is set once: give the quotient a name of its own"},
	{"^", "a power is written as a product, like v*v"},
	{"&", "`and` is written &&"},
	{"|", "`or` is written ||"},
	{"[", "parentheses are ( and )"},
	{"{", "parentheses are ( and )"},
	{"−", "minus is written -"},
	{"×", "a product is written with *"},
	{"·", "a product is written with *"},
	{"≥", "it is written >="},
	{"≤", "it is written <="},
	{"≠", "it is written !="},
}

// next is the next token.
func (l *lexer) next() token {
	l.skip()
	if l.at == len(l.text) {
		return token{place: l.place, kind: tokenEnd}
	}
	switch c := l.text[l.at]; {
	case c == '\n' || c == ';':
		return l.take(tokenStop, 1)
	case isDigit(c) || c == '.':
		return l.number()
	case isNamed(c):
		return l.take(tokenName, l.run(isNamed))
	}
	rest := l.text[l.at:]
	for _, s := range symbols {
		if strings.HasPrefix(rest, s) && !l.isForeign(len(s)) {
			return l.symbol(s)
		}
	}
	l.refuse()
	panic("unreachable")
}

func (l *lexer) symbol(s string) token {
	switch s {
	case "(":
		l.open++
	case ")":
		l.open = max(l.open-1, 0)
	}
	return l.take(tokenSymbol, len(s))
}

// isForeign reports whether something longer than a symbol of n bytes begins
// here, in another language.
func (l *lexer) isForeign(n int) bool {
	for _, f := range foreign {
		if len(f.text) > n && strings.HasPrefix(l.text[l.at:], f.text) {
			return true
		}
	}
	return false
}

// refuse says why nothing can begin here.
func (l *lexer) refuse() {
	rest := l.text[l.at:]
	for _, f := range foreign {
		if strings.HasPrefix(rest, f.text) {
			l.fail("%s means nothing here: %s", quote(f.text), f.instead)
		}
	}
	r, size := utf8.DecodeRuneInString(rest)
	switch {
	case r == utf8.RuneError && size == 1:
		l.fail("the byte 0x%02x is not UTF-8", rest[0])
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		l.fail("%s cannot be part of a name: names are made of a to z, A to Z, 0 to 9 and _", quote(string(r)))
	case !unicode.IsPrint(r):
		l.fail("the character %U means nothing here", r)
	}
	l.fail("%s means nothing here", quote(string(r)))
}

// skip goes past spaces, comments and, within parentheses, ends of lines.
func (l *lexer) skip() {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n' && l.open > 0:
			l.move(1)
		case c == '#':
			n := strings.IndexByte(l.text[l.at:], '\n')
			if n < 0 {
				n = len(l.text) - l.at
			}
			l.move(n)
		default:
			return
		}
	}
}

// number is a decimal number, or an error if it has no place among float32s.
func (l *lexer) number() token {
	n := l.run(isDigit)
	if strings.HasPrefix(l.text[l.at+n:], ".") {
		n++
		n += l.runFrom(n, isDigit)
	}
	n += l.exponent(n)
	written := l.text[l.at : l.at+n]
	if more := l.runFrom(n, func(c byte) bool { return isNamed(c) || c == '.' }); more > 0 || written == "." {
		l.fail("%s is not a number: a product is written like 2*v, and names do not begin with a digit", quote(l.text[l.at:l.at+n+more]))
	}
	v, err := strconv.ParseFloat(written, 32)
	if err != nil {
		l.fail("%s is not a float32: they end at 3.4028235e38", quote(written))
	}
	mantissa, _, _ := strings.Cut(strings.ToLower(written), "e")
	if v == 0 && strings.Trim(mantissa, "0.") != "" {
		l.fail("%s is not a float32: the smallest above 0 is 1e-45", quote(written))
	}
	t := l.take(tokenNumber, n)
	t.value = v
	return t
}

// exponent is the length of an exponent n bytes from here.
func (l *lexer) exponent(n int) int {
	rest := l.text[l.at+n:]
	if rest == "" || rest[0] != 'e' && rest[0] != 'E' {
		return 0
	}
	sign := 1
	if len(rest) > 1 && (rest[1] == '+' || rest[1] == '-') {
		sign = 2
	}
	if digits := l.runFrom(n+sign, isDigit); digits > 0 {
		return sign + digits
	}
	return 0
}

func (l *lexer) run(is func(c byte) bool) int { return l.runFrom(0, is) }

// runFrom is how many bytes are of a kind, n bytes from here.
func (l *lexer) runFrom(n int, is func(c byte) bool) int {
	rest := l.text[l.at+n:]
	for i := range len(rest) {
		if !is(rest[i]) {
			return i
		}
	}
	return len(rest)
}

// take makes a token of the next n bytes.
func (l *lexer) take(kind tokenKind, n int) token {
	t := token{place: l.place, kind: kind, text: l.text[l.at : l.at+n]}
	l.move(n)
	return t
}

func (l *lexer) move(n int) {
	for _, r := range l.text[l.at : l.at+n] {
		l.column++
		if r == '\n' {
			l.line, l.column = l.line+1, 1
		}
	}
	l.at += n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNamed(c byte) bool {
	return isDigit(c) || c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// longestName is how many characters a name may have.
const longestName = 64

// wrongName is what is wrong with a name, or "".
func wrongName(name string) string {
	switch {
	case name == "":
		return "is empty"
	case isDigit(name[0]):
		return "begins with a digit"
	case len(name) > longestName:
		return fmt.Sprintf("has %d characters, and %d are allowed", len(name), longestName)
	}
	for i := range len(name) {
		if !isNamed(name[i]) {
			return "is not a name: names are made of a to z, A to Z, 0 to 9 and _"
		}
	}
	return ""
}
