// Package surrogate holds spike functions: a step, which has no useful
// derivative, together with the derivative that training uses in its place.
//
// Frameworks use one name for different functions; here each function has its
// own name, and its documentation says whose it is.
package surrogate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spikelane/spikelane/simd"
)

// Func is a spike function. The zero value stands for a layer's default.
type Func struct {
	id id
	p  [maxParameters]float32
}

type id uint8

const maxParameters = 5

const errNone = "surrogate: the zero Func has no derivative"

// ErrSurrogate is wrapped by errors about unknown functions and parameters out
// of range.
var ErrSurrogate = errors.New("surrogate")

type function struct {
	name       string
	parameters []parameter
}

type parameter struct {
	name     string
	standard float32 // the default
	low      float64 // it is above low
	high     float64 // and up to high
}

// IsZero reports whether f is the zero value.
func (f Func) IsZero() bool { return f == Func{} }

// String is the name and the parameters, as in Go.
func (f Func) String() string {
	var b bytes.Buffer
	b.WriteString(table[f.id].name + "(")
	for i := range table[f.id].parameters {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, f.p[i])
	}
	b.WriteString(")")
	return b.String()
}

// Spike stores 1 where x >= 0 and 0 elsewhere; NaN never spikes. dst and x may
// be the same slice; it panics if their lengths differ.
func (f Func) Spike(dst, x []float32) { simd.Spike(dst, x) }

// Check reports parameters out of range.
func (f Func) Check() error {
	for i, p := range table[f.id].parameters {
		v := float64(f.p[i])
		if !(v > p.low && v <= p.high) {
			return fmt.Errorf("%w: %v: %s is out of range", ErrSurrogate, f, p.name)
		}
	}
	return nil
}

// MarshalJSON writes the name and the parameters as one object.
func (f Func) MarshalJSON() ([]byte, error) {
	if f.IsZero() {
		return []byte("null"), nil
	}
	fields := map[string]any{"name": table[f.id].name}
	for i, p := range table[f.id].parameters {
		fields[p.name] = f.p[i]
	}
	return json.Marshal(fields)
}

// UnmarshalJSON reads what [Func.MarshalJSON] writes; a parameter that is not
// there has its default.
func (f *Func) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*f = Func{}
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return fmt.Errorf("%w: %w", ErrSurrogate, err)
	}
	var name string
	if err := json.Unmarshal(fields["name"], &name); err != nil {
		return fmt.Errorf("%w: no name", ErrSurrogate)
	}
	delete(fields, "name")
	for i, fn := range table {
		if fn.name == "" || fn.name != name {
			continue
		}
		g := Func{id: id(i)}
		for k, p := range fn.parameters {
			g.p[k] = p.standard
			if raw, ok := fields[p.name]; ok {
				if err := json.Unmarshal(raw, &g.p[k]); err != nil {
					return fmt.Errorf("%w: %s: %s: %w", ErrSurrogate, name, p.name, err)
				}
				delete(fields, p.name)
			}
		}
		for unknown := range fields {
			return fmt.Errorf("%w: %s has no parameter %q", ErrSurrogate, name, unknown)
		}
		*f = g
		return f.Check()
	}
	return fmt.Errorf("%w: no function is named %q", ErrSurrogate, name)
}
