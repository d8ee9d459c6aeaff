package npy

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/tensor"
)

// maxRank is NumPy's limit.
const maxRank = 64

// header is what a file says about its array.
type header struct {
	descr   string
	fields  []Field // of records, which have no descr
	fortran bool
	shape   tensor.Shape
}

// parser reads the header: a Python dict of a string, a truth value and a tuple
// of whole numbers. It reads this form only and evaluates nothing.
type parser struct {
	text string
	at   int
}

func (p *parser) fail(format string, args ...any) error {
	return fmt.Errorf("%w: %s (byte %d of the header)", ErrFormat, fmt.Sprintf(format, args...), p.at)
}

// parseHeader reads the text between the length and the numbers.
func parseHeader(text string) (h header, err error) {
	p := &parser{text: text}
	seen := map[string]bool{}
	if !p.take("{") {
		return h, p.fail("want a dict")
	}
	for !p.take("}") {
		if len(seen) > 0 && !p.take(",") {
			return h, p.fail("want ',' or '}'")
		}
		if len(seen) > 0 && p.take("}") {
			break
		}
		key, err := p.string()
		if err != nil {
			return h, err
		}
		if seen[key] {
			return h, p.fail("%q twice", key)
		}
		seen[key] = true
		if !p.take(":") {
			return h, p.fail("want ':'")
		}
		switch key {
		case "descr":
			h.descr, h.fields, err = p.descr()
		case "fortran_order":
			h.fortran, err = p.truth()
		case "shape":
			h.shape, err = p.shape()
		default:
			return h, p.fail("unknown key %.80q", key)
		}
		if err != nil {
			return h, err
		}
	}
	if p.space(); p.at < len(text) {
		return h, p.fail("text after the dict")
	}
	for _, key := range []string{"descr", "fortran_order", "shape"} {
		if !seen[key] {
			return h, p.fail("no %s", key)
		}
	}
	return h, nil
}

func (p *parser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take steps over a word, if it is what comes next after spaces.
func (p *parser) take(word string) bool {
	p.space()
	if !strings.HasPrefix(p.text[p.at:], word) {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) string() (string, error) {
	for _, quote := range []string{"'", `"`} {
		if !p.take(quote) {
			continue
		}
		s, _, ok := strings.Cut(p.text[p.at:], quote)
		if !ok || strings.ContainsAny(s, "\\\n") {
			return "", p.fail("a string without end, or with an escape")
		}
		p.at += len(s) + 1
		return s, nil
	}
	return "", p.fail("want a string")
}

func (p *parser) truth() (bool, error) {
	if p.take("True") {
		return true, nil
	}
	if p.take("False") {
		return false, nil
	}
	return false, p.fail("want True or False")
}

// shape reads (), (3,) or (3, 4), with a comma at the end or without; that of
// one number needs it.
func (p *parser) shape() (tensor.Shape, error) {
	shape := tensor.Shape{}
	if !p.take("(") {
		return nil, p.fail("want a tuple as shape")
	}
	for comma := true; ; comma = p.take(",") {
		if p.take(")") {
			if len(shape) == 1 && !comma {
				return nil, p.fail("a number in brackets is no tuple")
			}
			return shape, nil
		}
		if !comma {
			return nil, p.fail("want ',' or ')'")
		}
		d, err := p.number()
		if err != nil {
			return nil, err
		}
		if shape = append(shape, d); len(shape) > maxRank {
			return nil, p.fail("a shape of over %d dimensions", maxRank)
		}
	}
}

func (p *parser) number() (int, error) {
	p.space()
	digits := p.text[p.at:]
	if end := strings.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		digits = digits[:end]
	}
	if digits == "" {
		return 0, p.fail("want a whole number, not negative")
	}
	if digits[0] == '0' && len(digits) > 1 {
		return 0, p.fail("a number with a leading zero")
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0, p.fail("a number that overflows")
	}
	p.at += len(digits)
	return n, nil
}

// byteSize is the number of bytes of an array, not ok if it overflows. The
// dimensions of an empty array, which no data bounds, must fit an int32, so
// that 32-bit and 64-bit machines accept the same files.
func byteSize(shape tensor.Shape, size int) (n int, ok bool) {
	empty := false
	for _, d := range shape {
		if d < 0 {
			return 0, false
		}
		empty = empty || d == 0
	}
	if empty {
		for _, d := range shape {
			if d > math.MaxInt32 {
				return 0, false
			}
		}
		return 0, true
	}
	n = size
	for _, d := range shape {
		if d > math.MaxInt/n {
			return 0, false
		}
		n *= d
	}
	return n, true
}
