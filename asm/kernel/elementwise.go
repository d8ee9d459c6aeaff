package kernel

import "github.com/spikelane/spikelane/equation"

func elementwise() []*equation.Kernel {
	return []*equation.Kernel{spikeBits(), reachBits(), nonzeroBits(), spike(), unpack(), add(), multiply(), divide(), quotient(), scaleShift(), exponential(), logarithm()}
}

func spikeBits() *equation.Kernel {
	k := equation.New("spikeBits", "packs the spikes of a threshold at zero, one bit an element:")
	k.Note = "x is the distance of the membrane from its threshold. The bits past the\nlast element of the last word are cleared."
	k.Spikes("dst", equation.GE(k.Input("x"), zero))
	return k
}

func reachBits() *equation.Kernel {
	k := equation.New("reachBits", "packs which elements reach their level, one bit an element:")
	k.Note = "The bits past the last element of the last word are cleared."
	k.Spikes("dst", equation.GE(k.Input("x"), k.Input("level")))
	return k
}

func nonzeroBits() *equation.Kernel {
	k := equation.New("nonzeroBits", "packs which elements are not zero, one bit an element:")
	k.Note = "NaN is not zero. The bits past the last element of the last word are\ncleared."
	k.Spikes("dst", equation.Not(equation.EQ(k.Input("x"), zero)))
	return k
}

func spike() *equation.Kernel {
	k := equation.New("spike", "stores the spikes of a threshold at zero as 1 and 0:")
	k.Note = "x is the distance of the membrane from its threshold."
	k.Output("dst", equation.Select(equation.GE(k.Input("x"), zero), one, zero))
	return k
}

func unpack() *equation.Kernel {
	k := equation.New("unpack", "stores packed bits as 1 and 0:")
	k.Output("dst", equation.Select(k.BitInput("bits"), one, zero))
	return k
}

func add() *equation.Kernel {
	k := equation.New("add", "adds two arrays:")
	k.Output("dst", equation.Add(k.Input("x"), k.Input("y")))
	return k
}

func multiply() *equation.Kernel {
	k := equation.New("multiply", "multiplies two arrays:")
	k.Output("dst", equation.Mul(k.Input("x"), k.Input("y")))
	return k
}

func divide() *equation.Kernel {
	k := equation.New("divide", "divides an array by a number:")
	k.Output("dst", equation.Div(k.Input("x"), k.Param("by")))
	return k
}

func quotient() *equation.Kernel {
	k := equation.New("quotient", "divides an array by another:")
	k.Output("dst", equation.Div(k.Input("x"), k.Input("y")))
	return k
}

func scaleShift() *equation.Kernel {
	k := equation.New("scaleShift", "multiplies an array by another and adds a third:")
	k.Output("dst", equation.Add(equation.Mul(k.Input("scale"), k.Input("x")), k.Input("shift")))
	return k
}

func exponential() *equation.Kernel {
	k := equation.New("exp", "stores e to the power of each element, at most 2 ULP off:")
	k.Note = "Overflow gives +Inf; results below 2^-126 are subnormal."
	k.Output("dst", equation.Exp(k.Input("x")))
	return k
}

func logarithm() *equation.Kernel {
	k := equation.New("log", "stores the natural logarithm of each element, at most 2 ULP off:")
	k.Note = "It is -Inf of zeros, and NaN of negative numbers."
	k.Output("dst", equation.Log(k.Input("x")))
	return k
}
