package safetensors

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// scanner reads the JSON that a header may hold: objects, strings, arrays of
// whole numbers. It does not recurse, so no nesting is too deep for it.
// encoding/json will not do: it lets a key come twice and mends broken strings.
type scanner struct {
	text  []byte // valid UTF-8
	at    int
	where string // what is being read, for errors
}

// fail returns an error about the byte at a place in the text.
func (s *scanner) fail(at int, format string, args ...any) error {
	return fmt.Errorf("%w: %s: %s (byte %d of the file)", ErrFormat, s.where, fmt.Sprintf(format, args...), prefixLen+at)
}

// unexpected returns an error about what stands at the current place.
func (s *scanner) unexpected(want string) error {
	if s.at >= len(s.text) {
		return s.fail(s.at, "want %s, the header ends", want)
	}
	r, _ := utf8.DecodeRune(s.text[s.at:])
	return s.fail(s.at, "want %s, found %q", want, r)
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// take steps over c, if it is what comes next after spaces.
func (s *scanner) take(c byte) bool {
	s.space()
	if s.at >= len(s.text) || s.text[s.at] != c {
		return false
	}
	s.at++
	return true
}

// object reads an object. It calls member for each key, which stands at the
// given place, to read the value and to refuse a key it has seen.
func (s *scanner) object(member func(key string, at int) error) error {
	if !s.take('{') {
		return s.unexpected("an object")
	}
	if s.take('}') {
		return nil
	}
	for {
		s.space()
		at := s.at
		key, err := s.string("a key")
		if err != nil {
			return err
		}
		if !s.take(':') {
			return s.unexpected("':'")
		}
		if err := member(key, at); err != nil {
			return err
		}
		if s.take('}') {
			return nil
		}
		if !s.take(',') {
			return s.unexpected("',' or '}'")
		}
	}
}

// numbers reads an array of at most that many whole numbers. It is never nil
// without an error.
func (s *scanner) numbers(what string, most int) ([]uint64, error) {
	if !s.take('[') {
		return nil, s.unexpected("an array as " + what)
	}
	list := []uint64{}
	if s.take(']') {
		return list, nil
	}
	for {
		s.space()
		if len(list) == most {
			return nil, s.fail(s.at, "%s has more than %d numbers", what, most)
		}
		v, err := s.number(what)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if s.take(']') {
			return list, nil
		}
		if !s.take(',') {
			return nil, s.unexpected("',' or ']'")
		}
	}
}

func (s *scanner) number(what string) (uint64, error) {
	begin := s.at
	for s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9' {
		s.at++
	}
	digits := s.text[begin:s.at]
	if len(digits) == 0 {
		if s.at < len(s.text) && s.text[s.at] == '-' {
			return 0, s.fail(begin, "%s has a negative number", what)
		}
		return 0, s.unexpected("a number in " + what)
	}
	if s.at < len(s.text) {
		switch s.text[s.at] {
		case '.', 'e', 'E':
			return 0, s.fail(begin, "%s has a number that is not written as a whole one", what)
		}
	}
	if digits[0] == '0' && len(digits) > 1 {
		return 0, s.fail(begin, "%s has a number with a leading zero", what)
	}
	// 2^64 has 20 digits: a megabyte of them need not become a string.
	v, err := strconv.ParseUint(string(digits[:min(len(digits), 21)]), 10, 64)
	if err != nil {
		return 0, s.fail(begin, "%s has a number that overflows 64 bits", what)
	}
	return v, nil
}

// string reads a string; want says which, for the error if there is none.
func (s *scanner) string(want string) (string, error) {
	if !s.take('"') {
		return "", s.unexpected(want)
	}
	begin := s.at
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return string(s.text[begin : s.at-1]), nil
		case c == '\\':
			return s.escaped(append([]byte(nil), s.text[begin:s.at]...))
		case c < ' ':
			return "", s.unexpected("a string without control characters")
		}
	}
	return "", s.unexpected("the end of a string")
}

// escaped reads the rest of a string that has escapes, of which out is read.
func (s *scanner) escaped(out []byte) (string, error) {
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '"':
			s.at++
			return string(out), nil
		case c < ' ':
			return "", s.unexpected("a string without control characters")
		case c != '\\':
			out = append(out, c)
			s.at++
		default:
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
		}
	}
	return "", s.unexpected("the end of a string")
}

func (s *scanner) escape() (rune, error) {
	begin := s.at
	s.at++
	if s.at >= len(s.text) {
		return 0, s.unexpected("an escape")
	}
	c := s.text[s.at]
	s.at++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		r, ok := s.hex()
		if ok && utf16.IsSurrogate(r) {
			ok = s.at+1 < len(s.text) && s.text[s.at] == '\\' && s.text[s.at+1] == 'u'
			if ok {
				s.at += 2
				var low rune
				low, ok = s.hex()
				r = utf16.DecodeRune(r, low)
				// Half a pair has no UTF-8; two such names would become one.
				ok = ok && r != utf8.RuneError
			}
		}
		if ok {
			return r, nil
		}
	}
	return 0, s.fail(begin, "invalid escape in a string")
}

func (s *scanner) hex() (rune, bool) {
	if len(s.text)-s.at < 4 {
		return 0, false
	}
	v := rune(0)
	for _, c := range s.text[s.at : s.at+4] {
		switch {
		case '0' <= c && c <= '9':
			v = v<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	s.at += 4
	return v, true
}
