package kernel

import "github.com/spikelane/spikelane/equation"

// Operations are those of which programs are made that run without a compiler:
// single operations of the language, and pairs of them that go together often,
// each rounded as if it stood alone. Their operands are called a, b, c and d.
func Operations() []*equation.Kernel {
	var list []*equation.Kernel
	define := func(name, doc string, write func(k *equation.Kernel)) {
		k := equation.New(name, doc)
		write(k)
		list = append(list, k)
	}
	number := func(name, doc string, f func(a, b, c equation.Float) equation.Float) {
		define(name, doc, func(k *equation.Kernel) { k.Output("dst", f(k.Input("a"), k.Input("b"), k.Input("c"))) })
	}
	two := func(name, doc string, f func(a, b equation.Float) equation.Float) {
		define(name, doc, func(k *equation.Kernel) { k.Output("dst", f(k.Input("a"), k.Input("b"))) })
	}
	one := func(name, doc string, f func(a equation.Float) equation.Float) {
		define(name, doc, func(k *equation.Kernel) { k.Output("dst", f(k.Input("a"))) })
	}
	truth := func(name, doc string, f func(a, b equation.Float) equation.Mask) {
		define(name, doc, func(k *equation.Kernel) { k.StoreMask("dst", f(k.Input("a"), k.Input("b"))) })
	}
	add, sub, mul, choose := equation.Add, equation.Sub, equation.Mul, equation.Select
	one("copy", "a", func(a equation.Float) equation.Float { return a })
	two("add", "a + b", add)
	two("sub", "a - b", sub)
	two("mul", "a * b", mul)
	two("div", "a / b", equation.Div)
	one("abs", "|a|", abs)
	one("sqrt", "the square root of a", equation.Sqrt)
	one("floor", "the greatest integer not above a", equation.Floor)
	one("exp", "e to the power of a", equation.Exp)
	one("log", "the natural logarithm of a", equation.Log)
	two("max", "a where a > b, else b", equation.Max)
	two("min", "a where b > a, else b", equation.Min)
	number("mulAdd", "a*b + c", func(a, b, c equation.Float) equation.Float { return add(mul(a, b), c) })
	define("mulMulAdd", "a*b + c*d", func(k *equation.Kernel) {
		k.Output("dst", add(mul(k.Input("a"), k.Input("b")), mul(k.Input("c"), k.Input("d"))))
	})
	number("mulSub", "a*b - c", func(a, b, c equation.Float) equation.Float { return sub(mul(a, b), c) })
	number("subMul", "c - a*b", func(a, b, c equation.Float) equation.Float { return sub(c, mul(a, b)) })
	number("mulMul", "(a * b) * c", func(a, b, c equation.Float) equation.Float { return mul(mul(a, b), c) })
	number("addAdd", "(a + b) + c", func(a, b, c equation.Float) equation.Float { return add(add(a, b), c) })
	number("addMul", "(a + b) * c", func(a, b, c equation.Float) equation.Float { return mul(add(a, b), c) })
	number("diffMul", "(a - b) * c", func(a, b, c equation.Float) equation.Float { return mul(sub(a, b), c) })
	number("diffAdd", "(a - b) + c", func(a, b, c equation.Float) equation.Float { return add(sub(a, b), c) })
	truth("ge", "a >= b", equation.GE)
	truth("gt", "a > b", equation.GT)
	truth("eq", "a == b", equation.EQ)
	packed := func(name, doc string, f func(a, b equation.Float) equation.Mask) {
		define(name, doc+", and c the same, one bit each", func(k *equation.Kernel) {
			m := f(k.Input("a"), k.Input("b"))
			k.StoreMask("dst", m)
			k.Spikes("c", m)
		})
	}
	packed("gePack", "a >= b", equation.GE)
	packed("gtPack", "a > b", equation.GT)
	masks := func(name, doc string, f func(a, b equation.Mask) equation.Mask) {
		define(name, doc, func(k *equation.Kernel) { k.StoreMask("dst", f(k.MaskInput("a"), k.MaskInput("b"))) })
	}
	masks("and", "a && b", equation.And)
	masks("or", "a || b", equation.Or)
	define("not", "!a", func(k *equation.Kernel) { k.StoreMask("dst", equation.Not(k.MaskInput("a"))) })
	define("select", "b where a, else c", func(k *equation.Kernel) {
		k.Output("dst", choose(k.MaskInput("a"), k.Input("b"), k.Input("c")))
	})
	define("keep", "b where a, else 0", func(k *equation.Kernel) {
		k.Output("dst", choose(k.MaskInput("a"), k.Input("b"), zero))
	})
	define("drop", "0 where a, else b", func(k *equation.Kernel) {
		k.Output("dst", choose(k.MaskInput("a"), zero, k.Input("b")))
	})
	define("addKeep", "c + (b where a, else 0)", func(k *equation.Kernel) {
		k.Output("dst", add(k.Input("c"), choose(k.MaskInput("a"), k.Input("b"), zero)))
	})
	define("subKeep", "c - (b where a, else 0)", func(k *equation.Kernel) {
		k.Output("dst", sub(k.Input("c"), choose(k.MaskInput("a"), k.Input("b"), zero)))
	})
	define("pack", "a, one bit each", func(k *equation.Kernel) { k.Spikes("dst", k.MaskInput("a")) })
	return list
}
