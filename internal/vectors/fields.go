package vectors

import (
	"fmt"
	"maps"
	"slices"
)

// Fields are an object of the metadata, the values of which are asked for one
// by one. What is missing, or of another type, is the error of the whole case:
// the first is kept, and the values read from then on are zeros.
type Fields struct {
	path     string
	values   map[string]any
	taken    map[string]bool
	children map[string]*Fields
	err      *error
}

func newFields(path string, values map[string]any, err *error) *Fields {
	return &Fields{path: path, values: values, taken: map[string]bool{}, children: map[string]*Fields{}, err: err}
}

// Err is the first error of the case's metadata.
func (f *Fields) Err() error { return *f.err }

// Fail is the error if there is none yet.
func (f *Fields) Fail(name, format string, a ...any) {
	if *f.err == nil {
		*f.err = fmt.Errorf("vectors: %w: %s: %s", ErrCase, f.at(name), fmt.Sprintf(format, a...))
	}
}

func (f *Fields) at(name string) string {
	if f.path == "" {
		return name
	}
	return f.path + "." + name
}

// Has reports whether there is such a value, which is not read by it.
func (f *Fields) Has(name string) bool {
	_, ok := f.values[name]
	return ok
}

// IsNull reports whether a value is null, which is then read.
func (f *Fields) IsNull(name string) bool {
	v, ok := f.values[name]
	if ok && v == nil {
		f.taken[name] = true
	}
	return ok && v == nil
}

// Keys lists the names of the values.
func (f *Fields) Keys() []string { return slices.Sorted(maps.Keys(f.values)) }

// Peek is a value as it was decoded, which is not read by it.
func (f *Fields) Peek(name string) any { return f.values[name] }

// Skip reads a value whatever it is: whoever calls it has looked at it.
func (f *Fields) Skip(name string) { f.taken[name] = true }

// take is a value of a type.
func take[T any](f *Fields, name, what string) T {
	v, ok := f.values[name]
	f.taken[name] = true
	t, right := v.(T)
	switch {
	case !ok:
		f.Fail(name, "it is missing")
	case !right:
		f.Fail(name, "it is %v, not %s", v, what)
	}
	return t
}

// Text is a string.
func (f *Fields) Text(name string) string { return take[string](f, name, "a text") }

// Number is a number.
func (f *Fields) Number(name string) float64 { return take[float64](f, name, "a number") }

// Flag is true or false.
func (f *Fields) Flag(name string) bool { return take[bool](f, name, "true or false") }

// Int is a number without a fraction.
func (f *Fields) Int(name string) int { return f.int(name, f.Number(name)) }

func (f *Fields) int(name string, v float64) int {
	if v != float64(int(v)) {
		f.Fail(name, "it is %v, not an integer", v)
	}
	return int(v)
}

// Numbers are a number, or those of a list, of lists at any depth.
func (f *Fields) Numbers(name string) []float32 {
	v, ok := f.values[name]
	f.taken[name] = true
	if !ok {
		f.Fail(name, "it is missing")
	}
	return f.flat(name, v, nil)
}

func (f *Fields) flat(name string, v any, to []float32) []float32 {
	switch v := v.(type) {
	case float64:
		return append(to, float32(v))
	case []any:
		for _, w := range v {
			to = f.flat(name, w, to)
		}
		return to
	}
	f.Fail(name, "it is %v, not numbers", v)
	return to
}

// Ints are a list of integers.
func (f *Fields) Ints(name string) []int {
	var list []int
	for _, v := range f.list(name) {
		n, ok := v.(float64)
		if !ok {
			f.Fail(name, "there is %v in it, not an integer", v)
		}
		list = append(list, f.int(name, n))
	}
	return list
}

// Texts are a list of strings.
func (f *Fields) Texts(name string) []string {
	var list []string
	for _, v := range f.list(name) {
		s, ok := v.(string)
		if !ok {
			f.Fail(name, "there is %v in it, not a text", v)
		}
		list = append(list, s)
	}
	return list
}

func (f *Fields) list(name string) []any { return take[[]any](f, name, "a list") }

// Object is an object.
func (f *Fields) Object(name string) *Fields {
	return f.child(name, take[map[string]any](f, name, "an object"))
}

// Objects are a list of objects.
func (f *Fields) Objects(name string) []*Fields {
	var list []*Fields
	for i, v := range f.list(name) {
		o, ok := v.(map[string]any)
		if !ok {
			f.Fail(name, "there is %v in it, not an object", v)
		}
		list = append(list, f.child(fmt.Sprintf("%s[%d]", name, i), o))
	}
	return list
}

func (f *Fields) child(name string, values map[string]any) *Fields {
	if f.children[name] == nil {
		f.children[name] = newFields(f.at(name), values, f.err)
	}
	return f.children[name]
}

// Unread lists the places of the values that nobody has asked for.
func (f *Fields) Unread() []string {
	var list []string
	for _, name := range f.Keys() {
		if !f.taken[name] {
			list = append(list, f.at(name))
		}
	}
	for _, c := range f.children {
		list = append(list, c.Unread()...)
	}
	return list
}
