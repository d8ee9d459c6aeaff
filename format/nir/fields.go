package nir

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/tensor"
)

// field is a parameter of a primitive.
type field struct {
	name                                  string
	index                                 int
	optional, implied, each, single, text bool
}

// kind is a type of primitive.
type kind struct {
	typ    reflect.Type
	fields []field
}

// kinds are the primitives by the names of their types, from the tags of their
// structs.
var kinds = func() map[string]kind {
	m := map[string]kind{}
	for _, n := range primitives {
		k := kind{typ: reflect.TypeOf(n)}
		for i := range k.typ.NumField() {
			tag, ok := k.typ.Field(i).Tag.Lookup("nir")
			if !ok {
				continue
			}
			parts := strings.Split(tag, ",")
			has := func(option string) bool { return slices.Contains(parts[1:], option) }
			k.fields = append(k.fields, field{parts[0], i, has("optional"), has("implied"), has("each"), has("single"), has("text")})
		}
		m[n.Type()] = k
	}
	return m
}()

// get returns a parameter of a node.
func (f field) get(n Node) Array { return reflect.ValueOf(n).Field(f.index).Interface().(Array) }

// with returns the node with other parameters, by their names.
func with(n Node, values map[string]Array) Node {
	k := kinds[n.Type()]
	v := reflect.New(k.typ).Elem()
	v.Set(reflect.ValueOf(n))
	for _, f := range k.fields {
		if a, ok := values[f.name]; ok {
			v.Field(f.index).Set(reflect.ValueOf(a))
		}
	}
	return v.Interface().(Node)
}

// withMetadata returns the node with other metadata.
func withMetadata(n Node, m Metadata) Node {
	v := reflect.New(reflect.TypeOf(n)).Elem()
	v.Set(reflect.ValueOf(n))
	v.FieldByName("Metadata").Set(reflect.ValueOf(m))
	return v.Interface().(Node)
}

// Parameters returns the values of a node, those that it has, by their names in
// files.
func Parameters(n Node) map[string]Array {
	m := map[string]Array{} // of a graph there are none
	for _, f := range kinds[n.Type()].fields {
		if a := f.get(n); !a.IsZero() {
			m[f.name] = a
		}
	}
	return m
}

// elementwise is the shape of a node whose parameters have a number for each
// neuron: its input's and its output's.
func elementwise(n Node) (wants, gives tensor.Shape, err error) {
	var first string
	for _, f := range kinds[n.Type()].fields {
		a := f.get(n)
		if a.IsZero() || f.single && a.Len() == 1 {
			continue
		}
		if wants == nil {
			first, wants = f.name, append(tensor.Shape{}, a.Shape...)
		} else if !a.Shape.Equal(wants) {
			return nil, nil, fmt.Errorf("%w: %s is %v, %s is %v: its parameters have one shape", ErrFormat, first, wants, f.name, a.Shape)
		}
	}
	if err := wants.Check(); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return wants, wants, nil
}
