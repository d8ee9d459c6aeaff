package gogen

import (
	"fmt"
	"strings"

	"github.com/spikelane/spikelane/asm/frame"
	"github.com/spikelane/spikelane/asm/kernel"
	"github.com/spikelane/spikelane/equation"
)

// elementOf is the text of an argument's element i.
func elementOf(v equation.Value) string {
	switch v.Op {
	case equation.OpParam:
		return ident(v.Name)
	case equation.OpBit:
		return ident(v.Name) + "[i>>6]>>(i&63)&1 == 1"
	case equation.OpMask:
		return "holds(" + ident(v.Name) + "[i])"
	}
	return ident(v.Name) + "[i]"
}

// storeElement stores an effect in element i.
func storeElement(b *body, e equation.Effect) {
	name := ident(e.Arg.Name)
	switch e.Arg.Kind {
	case equation.ArgBitsOut:
		b.line("if %s {", b.text[e.Value])
		b.line("\t%s[i>>6] |= 1 << (i & 63)", name)
		b.line("}")
	case equation.ArgMaskOut:
		b.line("%s[i] = truth(%s)", name, b.text[e.Value])
	default:
		b.line("%s[i] = %s", name, b.text[e.Value])
	}
}

// arrays are the arguments of a kernel without state that are arrays, and
// numbers the others.
func arrays(k *equation.Kernel) (arrays, numbers []equation.Arg) {
	for _, a := range k.Args() {
		if a.Kind == equation.ArgParam {
			numbers = append(numbers, a)
		} else {
			arrays = append(arrays, a)
		}
	}
	return arrays, numbers
}

// parameters is a parameter list, of names grouped by type.
func parameters(k *equation.Kernel) string {
	lists, numbers := arrays(k)
	var parts []string
	add := func(args []equation.Arg, bits bool, typ string) {
		var names []string
		for _, a := range args {
			if a.Kind.Bits() == bits {
				names = append(names, ident(a.Name))
			}
		}
		if len(names) > 0 {
			parts = append(parts, strings.Join(names, ", ")+" "+typ)
		}
	}
	if lists[0].Kind.Bits() {
		add(lists, true, "[]uint64")
		add(lists, false, "[]float32")
	} else {
		add(lists, false, "[]float32")
		add(lists, true, "[]uint64")
	}
	add(numbers, false, "float32")
	return strings.Join(parts, ", ")
}

// arguments are those of a call of the twin: the arrays of the parameter list,
// and the numbers.
func arguments(k *equation.Kernel, numbers []string) string {
	lists, _ := arrays(k)
	var names []string
	for _, typed := range strings.Split(parameters(k), ", ")[:len(lists)] {
		names = append(names, strings.Fields(typed)[0])
	}
	return strings.Join(append(names, numbers...), ", ")
}

// mostParameters is how many a function may have. Where there are more, its
// numbers are one value.
const mostParameters = 9

// grouped reports whether the numbers of a kernel are one value.
func grouped(k *equation.Kernel) bool {
	lists, numbers := arrays(k)
	return len(lists)+len(numbers) > mostParameters
}

// numbersOf is the type of that value.
func numbersOf(k *equation.Kernel) string { return Exported(k.Name) + "Numbers" }

// numberType declares it.
func numberType(b *strings.Builder, k *equation.Kernel) {
	_, numbers := arrays(k)
	var names []string
	for _, a := range numbers {
		names = append(names, title(ident(a.Name)))
	}
	fmt.Fprintf(b, "\n// %s are the numbers of [%s], each the one of its name in lower case.\ntype %s struct {\n%s float32\n}\n",
		numbersOf(k), Exported(k.Name), numbersOf(k), strings.Join(names, ", "))
}

// signature is the parameter list of what users call, and the names in it of
// the arrays and of the numbers.
func signature(k *equation.Kernel) (list string, numbers []string) {
	_, params := arrays(k)
	for _, a := range params {
		if name := ident(a.Name); grouped(k) {
			numbers = append(numbers, "by."+title(name))
		} else {
			numbers = append(numbers, name)
		}
	}
	if list = parameters(k); grouped(k) {
		names := strings.Split(list, ", ")
		list = strings.Join(names[:len(names)-len(params)], ", ") + ", by " + numbersOf(k)
	}
	return list, numbers
}

// grouping writes the numbers of a call as its function takes them.
func grouping(k *equation.Kernel, numbers []string) string {
	if !grouped(k) {
		return strings.Join(numbers, ", ")
	}
	_, params := arrays(k)
	var fields []string
	for i, a := range params {
		fields = append(fields, title(ident(a.Name))+": "+numbers[i])
	}
	return numbersOf(k) + "{" + strings.Join(fields, ", ") + "}"
}

// length is the first array of numbers, whose length is that of all.
func length(k *equation.Kernel) equation.Arg {
	for _, a := range k.Args() {
		if a.Kind != equation.ArgParam && !a.Kind.Bits() {
			return a
		}
	}
	panic("gogen: " + k.Name + " has no array of numbers")
}

// loop is a kernel without state as the loop that a reader would write, from
// an element on.
func loop(k *equation.Kernel, from string) []string {
	fixed, element := statements(k.Program(), elementOf, storeElement)
	head := fmt.Sprintf("for i := range %s {", ident(length(k).Name))
	if from != "" {
		head = fmt.Sprintf("for i := %s; i < len(%s); i++ {", from, ident(length(k).Name))
	}
	lines := append(fixed, head)
	for _, s := range element {
		lines = append(lines, "\t"+s)
	}
	return append(lines, "}")
}

// twins are the loops from an element on.
func twins(b *strings.Builder, f kernel.Family) {
	for _, k := range f.Kernels {
		fmt.Fprintf(b, "\nfunc %sGeneric(from int, %s) {\n", k.Name, parameters(k))
		lists, _ := arrays(k)
		n := length(k)
		for _, a := range lists { // the compiler drops the bounds checks
			if a != n && !a.Kind.Bits() {
				fmt.Fprintf(b, "%s = %s[:len(%s)]\n", ident(a.Name), ident(a.Name), ident(n.Name))
			}
		}
		b.WriteString(strings.Join(loop(k, "from"), "\n") + "\n}\n")
	}
}

// functions are what users call: the checks, the assembly for whole vectors,
// the twin for the rest.
func functions(b *strings.Builder, f kernel.Family) {
	b.WriteString("\nimport \"unsafe\"\n")
	for _, k := range f.Kernels {
		name, n := Exported(k.Name), ident(length(k).Name)
		list, numbers := signature(k)
		if grouped(k) {
			numberType(b, k)
		}
		fmt.Fprintf(b, "\n// %s %s\n//\n", name, strings.ReplaceAll(k.Doc, "\n", "\n// "))
		lists, _ := arrays(k)
		for _, a := range lists {
			if a.Kind == equation.ArgBitsOut {
				fmt.Fprintf(b, "//\tclear(%s)\n", ident(a.Name))
			}
		}
		for _, line := range loop(k, "") {
			b.WriteString("//\t" + line + "\n")
		}
		if k.Note != "" {
			b.WriteString("//\n// " + strings.ReplaceAll(k.Note, "\n", "\n// ") + "\n")
		}
		fmt.Fprintf(b, "func %s(%s) {\nn := len(%s)\n", name, list, n)
		for _, a := range lists {
			switch {
			case a.Kind.Bits():
				fmt.Fprintf(b, "checkLength(len(%s), words(n))\n", ident(a.Name))
			case ident(a.Name) != n:
				fmt.Fprintf(b, "checkLength(len(%s), n)\n", ident(a.Name))
			}
			if a.Kind == equation.ArgBitsOut {
				fmt.Fprintf(b, "clear(%s)\n", ident(a.Name))
			}
		}
		b.WriteString("done := 0\nif useSIMD {\n")
		fmt.Fprintf(b, "for whole := n &^ (vectorWidth - 1); done < whole; {\nsome := min(whole - done, %d)\nc := frame{groups: some / vectorWidth", elements(k))
		if len(numbers) > 0 {
			fmt.Fprintf(b, ", numbers: [maxNumbers]float32{%s}", strings.Join(numbers, ", "))
		}
		b.WriteString("}\n")
		layout := frame.Of(k)
		for i, p := range layout.Pointers {
			a := layout.Args[i][0]
			index := "done"
			if a.Kind.Bits() {
				index = "done >> 6"
			}
			fmt.Fprintf(b, "c.streams[%d] = unsafe.Pointer(&%s[%s])\n", p-frame.Streams, ident(a.Name), index)
		}
		fmt.Fprintf(b, "%sSIMD(&c)\nif done += some; done < whole {\ninterruptible()\n}\n}\n}\n%sGeneric(done, %s)\n}\n", k.Name, k.Name, arguments(k, numbers))
	}
}

// elements is how many elements one call of an assembly kernel takes at the
// most, a multiple of 64: the scheduler cannot interrupt it. 2^19 operations
// take below 50 us, one after another in L1, on a machine half as fast as
// those of today; 8192 elements do so from memory.
func elements(k *equation.Kernel) int {
	operations := 0
	p := k.Expanded()
	for i, v := range p.Values {
		switch {
		case p.IsLeaf(i) || v.Fixed:
		case v.Op == equation.OpDiv || v.Op == equation.OpSqrt:
			operations += 8
		default:
			operations++
		}
	}
	return min(8192, max(64, (1<<19/max(1, operations))&^63))
}

// scalars are the functions of one number that the twins call.
func scalars() []byte {
	return file("equation", "", func(b *strings.Builder) {
		for _, f := range []struct {
			name, doc string
			of        func(equation.Float) equation.Float
		}{
			{"exp", "is e^x, rounded after every operation as the assembly is.", equation.Exp},
			{"log", "is the natural logarithm of x, likewise.", equation.Log},
		} {
			k := equation.New(f.name, "")
			k.Output("y", f.of(k.Input("x")))
			_, lines := statements(k.Expanded(), func(v equation.Value) string { return "x" }, func(b *body, e equation.Effect) {
				b.line("return %s", b.text[e.Value])
			})
			fmt.Fprintf(b, "\n// %s %s\nfunc %s(x float32) float32 {\n%s\n}\n", f.name, f.doc, f.name, strings.Join(lines, "\n"))
		}
	})
}
