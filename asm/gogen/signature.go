package gogen

import (
	"slices"
	"strings"

	"github.com/spikelane/spikelane/asm/expr"
)

// Parameters is a kernel's parameter list. A kernel over time moves through
// its streamed arrays by a stride for each.
func Parameters(k *expr.Kernel) string {
	var names, types []string
	add := func(name, typ string) {
		names, types = append(names, name), append(types, typ)
	}
	for _, a := range k.Args() {
		switch {
		case a.Kind.Bits():
			add(a.Name, "[]uint64")
		case a.Kind == expr.ArgParam && !k.OverTime():
			add(a.Name, "float32")
		default:
			add(a.Name, "[]float32")
		}
	}
	if k.OverTime() {
		add("steps", "int")
		for _, s := range Strides(k) {
			add(s, "int")
		}
	}
	var b strings.Builder
	for i, name := range names {
		b.WriteString(name)
		last := i == len(names)-1
		if last || types[i+1] != types[i] {
			b.WriteString(" " + types[i])
		}
		if !last {
			b.WriteString(", ")
		}
	}
	return b.String()
}

// Arguments are the names in the parameter list.
func Arguments(k *expr.Kernel) string {
	var names []string
	for _, a := range k.Args() {
		names = append(names, a.Name)
	}
	if k.OverTime() {
		names = append(append(names, "steps"), Strides(k)...)
	}
	return strings.Join(names, ", ")
}

// Stride is the name of the distance between steps of a streamed argument.
func Stride(k *expr.Kernel, a expr.Arg) string {
	switch {
	case !k.Training:
		return a.Name + "Stride"
	case a.Kind.Bits():
		return "bitsStride"
	}
	return "stride"
}

// Strides are the names of a kernel's strides.
func Strides(k *expr.Kernel) []string {
	var names []string
	for _, a := range k.Args() {
		if s := Stride(k, a); a.Kind.Streamed() && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	return names
}

// Length is the argument whose length is the number of elements.
func Length(k *expr.Kernel) expr.Arg {
	for _, kind := range []expr.ArgKind{expr.ArgState, expr.ArgOutput, expr.ArgInput} {
		for _, a := range k.Args() {
			if a.Kind == kind {
				return a
			}
		}
	}
	panic("gogen: " + k.Name + " has no array of numbers")
}

// Exported is the name of a kernel's public function.
func Exported(name string) string {
	for _, initial := range []string{"LIF", "LI", "IF", "ATan", "SGD", "RMS"} {
		if strings.HasPrefix(name, strings.ToLower(initial)) {
			return initial + name[len(initial):]
		}
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
