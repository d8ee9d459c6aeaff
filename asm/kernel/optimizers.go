package kernel

import "github.com/spikelane/spikelane/equation"

// optimizers move weights w against their gradient g. What is called like an
// input and ends in 1 is its new value, and may be the same slice.
func optimizers() []*equation.Kernel {
	return []*equation.Kernel{sgd(false), sgd(true), adam(), adamax(), rmsprop()}
}

// gradient is that of the loss, scaled for clipping, with the decay of the
// weights as an L2 penalty.
func gradient(k *equation.Kernel) equation.Float {
	return equation.Add(equation.Mul(k.Param("scale"), k.Input("g")), equation.Mul(k.Param("penalty"), k.Input("w"))).As("d")
}

func sgd(nesterov bool) *equation.Kernel {
	name, doc := "sgd", "makes a step of gradient descent with momentum:"
	if nesterov {
		name, doc = "sgdNesterov", "makes a step of gradient descent with Nesterov's momentum:"
	}
	k := equation.New(name, doc)
	d := gradient(k)
	m := equation.Add(equation.Mul(k.Param("momentum"), k.Input("m")), d).As("v")
	if nesterov {
		d = equation.Add(d, equation.Mul(k.Param("momentum"), m))
	} else {
		d = m
	}
	k.Output("w1", equation.Sub(k.Input("w"), equation.Mul(k.Param("rate"), d)))
	k.Output("m1", m)
	return k
}

func adam() *equation.Kernel {
	k := equation.New("adam", "makes a step of Adam (Kingma and Ba 2015), or of AdamW, whose decay shrinks\nthe weights:")
	k.Note = "rate is the learning rate over 1-beta1^t, root the inverse root of 1-beta2^t,\nand shrink 1, or 1 - learning rate * decay."
	d := gradient(k)
	m := equation.Add(equation.Mul(k.Param("beta1"), k.Input("m")), equation.Mul(k.Param("rest1"), d)).As("mean")
	v := equation.Add(equation.Mul(k.Param("beta2"), k.Input("v")), equation.Mul(k.Param("rest2"), equation.Mul(d, d))).As("square")
	below := equation.Add(equation.Mul(equation.Sqrt(v), k.Param("root")), k.Param("epsilon"))
	w := equation.Mul(k.Param("shrink"), k.Input("w"))
	k.Output("w1", equation.Sub(w, equation.Div(equation.Mul(k.Param("rate"), m), below)))
	k.Output("m1", m)
	k.Output("v1", v)
	return k
}

func adamax() *equation.Kernel {
	k := equation.New("adamax", "makes a step of Adamax (Kingma and Ba 2015):")
	k.Note = "rate is the learning rate over 1-beta1^t."
	d := gradient(k)
	m := equation.Add(equation.Mul(k.Param("beta1"), k.Input("m")), equation.Mul(k.Param("rest1"), d)).As("mean")
	u := equation.Max(equation.Mul(k.Param("beta2"), k.Input("u")), equation.Add(equation.Abs(d), k.Param("epsilon"))).As("norm")
	k.Output("w1", equation.Sub(k.Input("w"), equation.Div(equation.Mul(k.Param("rate"), m), u)))
	k.Output("m1", m)
	k.Output("u1", u)
	return k
}

func rmsprop() *equation.Kernel {
	k := equation.New("rmsprop", "makes a step of RMSprop (Hinton 2012) with momentum:")
	d := gradient(k)
	v := equation.Add(equation.Mul(k.Param("smooth"), k.Input("v")), equation.Mul(k.Param("rest"), equation.Mul(d, d))).As("square")
	step := equation.Div(d, equation.Add(equation.Sqrt(v), k.Param("epsilon")))
	m := equation.Add(equation.Mul(k.Param("momentum"), k.Input("m")), step).As("mean")
	k.Output("w1", equation.Sub(k.Input("w"), equation.Mul(k.Param("rate"), m)))
	k.Output("m1", m)
	k.Output("v1", v)
	return k
}
