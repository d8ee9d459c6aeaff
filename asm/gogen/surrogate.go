package gogen

import (
	"fmt"
	"math"
	"strings"

	"github.com/spikelane/spikelane/asm/kernel"
)

// Surrogates is surrogate/functions.go: a constructor for every row of the
// table, and the choice of its kernels.
func Surrogates(rows []kernel.Surrogate) []byte {
	var b strings.Builder
	b.WriteString(Header("asm/kernel, the table of surrogates"))
	b.WriteString("package surrogate\n\nimport (\n\"math\"\n\n\"github.com/spikelane/spikelane/simd\"\n)\n")
	b.WriteString("\nconst (\nnone id = iota\n")
	for _, s := range rows {
		b.WriteString(s.Kernel() + "\n")
	}
	b.WriteString(")\n\nvar table = [...]function{\n")
	for _, s := range rows {
		fmt.Fprintf(&b, "%s: {%q, []parameter{", s.Kernel(), s.Name)
		for _, p := range s.Params {
			fmt.Fprintf(&b, "{%q, %v, %s, %v}, ", p.Name, float32(p.Default), lowEnd(p.Range), bound(p.Range.High))
		}
		b.WriteString("}},\n")
	}
	b.WriteString("}\n")
	for _, s := range rows {
		constructor(&b, s)
	}
	b.WriteString("\n// derivative stores the derivative at x, of the function as it is.\n")
	derivatives(&b, rows)
	return Format(b.String())
}

// lowEnd and bound write the ends of a range.
func lowEnd(r kernel.Range) string {
	if math.IsInf(r.Low, -1) {
		return "-math.MaxFloat32"
	}
	return bound(r.Low)
}

func bound(v float64) string {
	if v == math.MaxFloat32 {
		return "math.MaxFloat32"
	}
	return fmt.Sprint(v)
}

func constructor(b *strings.Builder, s kernel.Surrogate) {
	var names []string
	for _, p := range s.Params {
		names = append(names, p.Name)
	}
	fmt.Fprintf(b, "\n// %s %s\n//\n//\t%s\n", s.Name, strings.ReplaceAll(s.Doc, "\n", "\n// "), s.Formula)
	if len(s.Params) > 0 {
		b.WriteString("//\n//")
	}
	for i, p := range s.Params {
		if i > 0 {
			b.WriteString(";")
		}
		fmt.Fprintf(b, " %s is %s, by default %v", p.Name, p.Range.Words, p.Default)
	}
	if len(s.Params) > 0 {
		b.WriteString(".\n")
	}
	parameters := ""
	if len(names) > 0 {
		parameters = strings.Join(names, ", ") + " float32"
	}
	fmt.Fprintf(b, "func %s(%s) Func {\nreturn Func{id: %s, p: [maxParameters]float32{%s}}\n}\n",
		s.Name, parameters, s.Kernel(), strings.Join(names, ", "))
}

func derivatives(b *strings.Builder, rows []kernel.Surrogate) {
	b.WriteString("func (f Func) derivative(dst, x []float32) {\nswitch f.id {\ndefault:\npanic(errNone)\n")
	for _, s := range rows {
		arguments := "dst, x"
		for i := range s.Params {
			arguments += fmt.Sprintf(", f.p[%d]", i)
		}
		fmt.Fprintf(b, "case %s:\nsimd.%s(%s)\n", s.Kernel(), Exported(s.Kernel()+"Derivative"), arguments)
	}
	b.WriteString("}\n}\n")
}
