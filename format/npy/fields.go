package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/internal/half"
)

// Field is a number of a record.
type Field struct {
	Name   string
	Type   string // as NumPy writes it: <i8, |b1, >f4, <m8[us]
	Offset int    // bytes from the beginning of the record
	size   int
	order  binary.ByteOrder
	kind   byte // i, u, b, f, m or M; V of what is passed over
}

// newField understands a type.
func newField(name, typ string, offset int) (Field, error) {
	f := Field{Name: name, Type: typ, Offset: offset, order: binary.LittleEndian}
	bad := fmt.Errorf("%w: field %.80q of type %.80q", ErrUnsupported, name, typ)
	if len(typ) < 3 || !strings.ContainsRune("<>|=", rune(typ[0])) {
		return f, bad
	}
	if typ[0] == '>' {
		f.order = binary.BigEndian
	}
	f.kind = typ[1]
	digits, _, _ := strings.Cut(typ[2:], "[")
	size, err := strconv.Atoi(digits)
	if err != nil || size < 0 || size > 1<<20 {
		return f, bad
	}
	f.size = size
	switch f.kind {
	case 'V', 'S', 'U': // never read
		if f.kind == 'U' {
			f.size *= 4
		}
		f.kind = 'V'
	case 'b':
		if size != 1 {
			return f, bad
		}
	case 'i', 'u':
		if size != 1 && size != 2 && size != 4 && size != 8 {
			return f, bad
		}
	case 'f':
		if size != 2 && size != 4 && size != 8 {
			return f, bad
		}
	case 'm', 'M':
		if size != 8 {
			return f, bad
		}
	default:
		return f, bad
	}
	return f, nil
}

// Number reports whether the field is one: not text, and not bytes of no type.
func (f Field) Number() bool { return f.kind != 'V' }

// Float reports whether the field is a number with a fraction.
func (f Field) Float() bool { return f.kind == 'f' }

// Unit is the unit of a time in the field: s, ms, us, ns, or "" if its type
// says none.
func (f Field) Unit() string {
	if f.kind != 'm' && f.kind != 'M' {
		return ""
	}
	_, unit, _ := strings.Cut(f.Type, "[")
	return strings.TrimSuffix(unit, "]")
}

// Int is the number of a record, whole; of a field that is [Field.Float], its
// whole part. One above 2^63-1 is that.
func (f Field) Int(record []byte) int64 {
	b := record[f.Offset:]
	switch {
	case f.kind == 'f':
		return int64(f.Number64(record))
	case f.size == 1 && f.kind == 'i':
		return int64(int8(b[0]))
	case f.size == 1:
		return int64(b[0])
	case f.size == 2 && f.kind == 'i':
		return int64(int16(f.order.Uint16(b)))
	case f.size == 2:
		return int64(f.order.Uint16(b))
	case f.size == 4 && f.kind == 'i':
		return int64(int32(f.order.Uint32(b)))
	case f.size == 4:
		return int64(f.order.Uint32(b))
	}
	v := f.order.Uint64(b)
	if f.kind == 'u' && v > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(v)
}

// Number64 is the number of a record.
func (f Field) Number64(record []byte) float64 {
	b := record[f.Offset:]
	switch {
	case f.kind != 'f':
		return float64(f.Int(record))
	case f.size == 2:
		return float64(half.Widen([]uint16{f.order.Uint16(b)})[0])
	case f.size == 4:
		return float64(math.Float32frombits(f.order.Uint32(b)))
	}
	return math.Float64frombits(f.order.Uint64(b))
}

// descr reads the type: a string, or of records a list of names and types, in
// which gaps are fields of the type V without a name.
func (p *parser) descr() (string, []Field, error) {
	if !p.take("[") {
		s, err := p.string()
		return s, nil, err
	}
	fields, offset := []Field{}, 0
	for !p.take("]") {
		if len(fields) > 0 && !p.take(",") {
			return "", nil, p.fail("want ',' or ']'")
		}
		if len(fields) > 0 && p.take("]") {
			break
		}
		f, err := p.field(offset)
		if err != nil {
			return "", nil, err
		}
		if fields = append(fields, f); len(fields) > maxFields {
			return "", nil, p.fail("over %d fields", maxFields)
		}
		offset += f.size
	}
	if len(fields) == 0 {
		return "", nil, p.fail("records without fields")
	}
	return "", fields, nil
}

// maxFields bounds a record.
const maxFields = 1000

// field reads ('t', '<i8'). A title, ('title', 'name'), and an array in a field
// are not supported.
func (p *parser) field(offset int) (Field, error) {
	if !p.take("(") {
		return Field{}, p.fail("want a field")
	}
	if p.space(); p.at < len(p.text) && p.text[p.at] == '(' {
		return Field{}, fmt.Errorf("%w: a field with a title", ErrUnsupported)
	}
	name, err := p.string()
	if err != nil {
		return Field{}, err
	}
	if !p.take(",") {
		return Field{}, p.fail("want a type")
	}
	if p.space(); p.at < len(p.text) && p.text[p.at] == '[' {
		return Field{}, fmt.Errorf("%w: records in the field %.80q", ErrUnsupported, name)
	}
	typ, err := p.string()
	if err != nil {
		return Field{}, err
	}
	f, err := newField(name, typ, offset)
	if err != nil {
		return f, err
	}
	if p.take(",") && !p.take(")") {
		return f, fmt.Errorf("%w: an array in the field %.80q", ErrUnsupported, name)
	}
	if p.text[p.at-1] != ')' && !p.take(")") {
		return f, p.fail("want ')'")
	}
	return f, nil
}
