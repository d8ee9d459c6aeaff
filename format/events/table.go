package events

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// table is text with an event a line: numbers with commas, semicolons, tabs or
// spaces between them, after a line of names or not. Empty lines, and those that
// begin with # or %, are passed over. Times may have a fraction, which is taken
// as it is written, to the nanosecond.
var table = Format{
	Name: "csv", What: "table",
	Match: isTable,
	Open:  openTable,
}

// isTable matches text whose first lines are whole.
func isTable(head []byte, name string) bool {
	line, _, whole := bytes.Cut(head, []byte("\n"))
	named := strings.HasSuffix(name, ".csv") || strings.HasSuffix(name, ".tsv") || strings.HasSuffix(name, ".txt")
	if !whole && !named || bytes.ContainsRune(head, 0) {
		return false
	}
	if !utf8.Valid(line) {
		return false
	}
	return named || bytes.ContainsAny(line, ",;\t ") && !bytes.HasPrefix(head, []byte("% ")) && !bytes.HasPrefix(head, []byte("#!AER-DAT"))
}

func openTable(s *Source, o Options) (Decoder, Header, error) {
	d := &tableDecoder{in: s}
	line, err := d.next()
	if err != nil {
		if err == io.EOF {
			err = fmt.Errorf("%w: there is no line with an event", ErrFormat)
		}
		return nil, Header{}, err
	}
	d.comma = separator(line)
	fields := d.split(line)
	header := !digits(fields[0])
	switch {
	case o.Columns != "":
		d.columns, err = givenColumns(o.Columns, len(fields))
	case header:
		names := make([]string, len(fields))
		for i, f := range fields {
			names[i] = string(f)
		}
		d.columns, err = namedColumns(names)
	default:
		err = fmt.Errorf("%w: the first line is %.60q, without names: name the columns, as t,x,y,p", ErrOption, line)
	}
	if err != nil {
		return nil, Header{}, err
	}
	d.width = len(fields)
	if !header {
		d.first = bytes.Clone(line)
	}
	if d.unit, _, err = d.columns.timeUnit(o); err != nil {
		return nil, Header{}, err
	}
	return d, Header{Unit: 1}, nil
}

// separator is what stands between the numbers of a line.
func separator(line []byte) byte {
	for _, c := range []byte{'\t', ';', ','} {
		if bytes.IndexByte(line, c) >= 0 {
			return c
		}
	}
	return ' '
}

// digits reports whether a field is a number.
func digits(field []byte) bool {
	_, ok := decimal(field, 1)
	return ok
}

type tableDecoder struct {
	in      *Source
	comma   byte
	columns columns
	width   int // columns
	unit    time.Duration
	first   []byte // a line that has been taken
	line    int
	fields  [][]byte
}

// next takes the next line that says something.
func (d *tableDecoder) next() ([]byte, error) {
	for {
		line, err := d.in.Line()
		if err != nil {
			return nil, err
		}
		if d.line++; d.line == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' && line[0] != '%' {
			return line, nil
		}
	}
}

// split takes a line apart.
func (d *tableDecoder) split(line []byte) [][]byte {
	d.fields = d.fields[:0]
	if d.comma == ' ' {
		for len(line) > 0 {
			end := bytes.IndexByte(line, ' ')
			if end < 0 {
				end = len(line)
			}
			d.fields = append(d.fields, unquoted(line[:end]))
			line = bytes.TrimLeft(line[end:], " ")
		}
		return d.fields
	}
	for {
		end := bytes.IndexByte(line, d.comma)
		if end < 0 {
			return append(d.fields, unquoted(line))
		}
		d.fields = append(d.fields, unquoted(line[:end]))
		line = line[end+1:]
	}
}

// unquoted is a field without spaces and quotation marks around it.
func unquoted(field []byte) []byte {
	field = bytes.TrimSpace(field)
	if n := len(field); n >= 2 && field[0] == field[n-1] && (field[0] == '"' || field[0] == '\'') {
		return field[1 : n-1]
	}
	return field
}

func (d *tableDecoder) Decode(dst []Raw) (n int, err error) {
	for n < len(dst) {
		line := d.first
		if d.first = nil; line == nil {
			if n > 0 && !d.in.hasLine() {
				return n, nil // what has come
			}
			if line, err = d.next(); err != nil {
				return n, err
			}
		}
		if dst[n], err = d.event(line); err != nil {
			return n, fmt.Errorf("%w: line %d: %w", ErrFormat, d.line, err)
		}
		n++
	}
	return n, nil
}

// event is that of a line.
func (d *tableDecoder) event(line []byte) (e Raw, err error) {
	fields := d.split(line)
	if len(fields) != d.width {
		return e, fmt.Errorf("%.60q has %d columns, not %d", line, len(fields), d.width)
	}
	now, ok := decimal(fields[d.columns.t], int64(d.unit))
	if !ok {
		return e, fmt.Errorf("the time %.40q is no number, or too great", fields[d.columns.t])
	}
	e = Raw{Time: now, Polarity: 1}
	for _, part := range []struct {
		place int
		to    *int32
		what  string
	}{{d.columns.x, &e.X, "x"}, {d.columns.y, &e.Y, "y"}, {d.columns.p, &e.Polarity, "polarity"}} {
		if part.place < 0 {
			continue
		}
		if *part.to, ok = whole(fields[part.place]); !ok {
			return e, fmt.Errorf("the %s %.40q is no whole number", part.what, fields[part.place])
		}
	}
	return e, nil
}

// whole is a coordinate or a polarity, which may be a word.
func whole(field []byte) (int32, bool) {
	switch string(field) {
	case "True", "true", "TRUE":
		return 1, true
	case "False", "false", "FALSE":
		return 0, true
	}
	const part = 1 << 20 // so that what is not whole shows
	v, ok := decimal(field, part)
	if !ok || v%part != 0 {
		return 0, false
	}
	return coordinate(v / part), true
}

// decimal is a number as 12, -0.5 or 1.5e6, times a unit, rounded to a whole
// number, halves away from 0. It is exact while the digits before the point, times the
// unit, fit 63 bits; not ok if they do not, or if it is no number.
func decimal(field []byte, unit int64) (v int64, ok bool) {
	negative := false
	if len(field) > 0 && (field[0] == '-' || field[0] == '+') {
		negative, field = field[0] == '-', field[1:]
	}
	if len(field) == 0 || field[0] == 'e' || field[0] == 'E' {
		return 0, false
	}
	if bytes.ContainsAny(field, "eE") {
		return scientific(field, unit, negative)
	}
	i := 0
	for ; i < len(field) && field[i] >= '0' && field[i] <= '9'; i++ {
		if v > (math.MaxInt64-9)/10 {
			return 0, false
		}
		v = v*10 + int64(field[i]-'0')
	}
	if v > math.MaxInt64/unit {
		return 0, false
	}
	v *= unit
	if i < len(field) {
		part, fine := fraction(field[i:], unit)
		if !fine || i == 0 && len(field) == 1 || v > math.MaxInt64-part {
			return 0, false
		}
		v += part
	}
	if negative {
		v = -v
	}
	return v, true
}

// fraction is .25 of a unit.
func fraction(field []byte, unit int64) (v int64, ok bool) {
	if field[0] != '.' {
		return 0, false
	}
	// Digit by digit: what is left of the unit after each.
	rest, scale := int64(0), int64(1)
	for _, c := range field[1:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		if scale < 1e9 {
			rest, scale = rest*10+int64(c-'0'), scale*10
		}
	}
	high, low := unit/scale, unit%scale
	v = high*rest + (low*rest+scale/2)/scale
	return v, true
}

// scientific is a number with an exponent, which is rounded as a float64.
func scientific(field []byte, unit int64, negative bool) (int64, bool) {
	v, err := strconv.ParseFloat(string(field), 64)
	v = math.RoundToEven(v * float64(unit))
	if err != nil || v-v != 0 || v >= 1<<63 {
		return 0, false
	}
	if negative {
		v = -v
	}
	return int64(v), true
}
