package kernel

import "github.com/spikelane/spikelane/asm/expr"

func elementwise() []*expr.Kernel {
	return []*expr.Kernel{spikeBits(), reachBits(), nonzeroBits(), spike(), unpack(), add(), addUnpacked(), divide(), quotient(), scaleShift(), exponential()}
}

func spikeBits() *expr.Kernel {
	k := expr.New("spikeBits", "packs the spikes of a threshold at zero, one bit an element:")
	k.Note = "x is the distance of the membrane from its threshold. The bits past the\nlast element of the last word are cleared."
	k.Spikes("dst", expr.GE(k.Input("x"), zero))
	return k
}

func reachBits() *expr.Kernel {
	k := expr.New("reachBits", "packs which elements reach their level, one bit an element:")
	k.Note = "The bits past the last element of the last word are cleared."
	k.Spikes("dst", expr.GE(k.Input("x"), k.Input("level")))
	return k
}

func nonzeroBits() *expr.Kernel {
	k := expr.New("nonzeroBits", "packs which elements are not zero, one bit an element:")
	k.Note = "NaN is not zero. The bits past the last element of the last word are\ncleared."
	k.Spikes("dst", expr.Not(expr.EQ(k.Input("x"), zero)))
	return k
}

func spike() *expr.Kernel {
	k := expr.New("spike", "stores the spikes of a threshold at zero as 1 and 0:")
	k.Note = "x is the distance of the membrane from its threshold."
	k.Output("dst", expr.Select(expr.GE(k.Input("x"), zero), one, zero))
	return k
}

func unpack() *expr.Kernel {
	k := expr.New("unpack", "stores packed bits as 1 and 0:")
	k.Output("dst", expr.Select(k.BitInput("bits"), one, zero))
	return k
}

func add() *expr.Kernel {
	k := expr.New("add", "adds two arrays:")
	k.Output("dst", expr.Add(k.Input("x"), k.Input("y")))
	return k
}

func addUnpacked() *expr.Kernel {
	k := expr.New("addUnpacked", "adds packed bits, as 1 and 0, to an array:")
	k.Output("dst", expr.Add(k.Input("x"), expr.Select(k.BitInput("bits"), one, zero)))
	return k
}

func divide() *expr.Kernel {
	k := expr.New("divide", "divides an array by a number:")
	k.Output("dst", expr.Div(k.Input("x"), k.Param("by")))
	return k
}

func quotient() *expr.Kernel {
	k := expr.New("quotient", "divides an array by another:")
	k.Output("dst", expr.Div(k.Input("x"), k.Input("y")))
	return k
}

func scaleShift() *expr.Kernel {
	k := expr.New("scaleShift", "multiplies an array by another and adds a third:")
	k.Output("dst", expr.Add(expr.Mul(k.Input("scale"), k.Input("x")), k.Input("shift")))
	return k
}

func exponential() *expr.Kernel {
	k := expr.New("exp", "stores e to the power of each element, at most 2 ULP off:")
	k.Note = "The polynomial is that of Cephes' expf (Moshier, 1992), rounded after every\noperation. Overflow gives +Inf; results below 2^-126 are subnormal."
	k.Output("dst", exp(k.Input("x")))
	return k
}
