package kernel

import "github.com/spikelane/spikelane/asm/expr"

// optimisers move weights w against their gradient g. What is called like an
// input and ends in 1 is its new value, and may be the same slice.
func optimisers() []*expr.Kernel {
	return []*expr.Kernel{sgd(false), sgd(true), adam(), adamax(), rmsprop()}
}

// gradient is that of the loss, scaled for clipping, with the decay of the
// weights as an L2 penalty.
func gradient(k *expr.Kernel) expr.Float {
	return expr.Add(expr.Mul(k.Param("scale"), k.Input("g")), expr.Mul(k.Param("penalty"), k.Input("w"))).As("d")
}

func sgd(nesterov bool) *expr.Kernel {
	name, doc := "sgd", "makes a step of gradient descent with momentum:"
	if nesterov {
		name, doc = "sgdNesterov", "makes a step of gradient descent with Nesterov's momentum:"
	}
	k := expr.New(name, doc)
	d := gradient(k)
	m := expr.Add(expr.Mul(k.Param("momentum"), k.Input("m")), d).As("v")
	if nesterov {
		d = expr.Add(d, expr.Mul(k.Param("momentum"), m))
	} else {
		d = m
	}
	k.Output("w1", expr.Sub(k.Input("w"), expr.Mul(k.Param("rate"), d)))
	k.Output("m1", m)
	return k
}

func adam() *expr.Kernel {
	k := expr.New("adam", "makes a step of Adam (Kingma and Ba 2015), or of AdamW, whose decay shrinks\nthe weights:")
	k.Note = "rate is the learning rate over 1-beta1^t, root the inverse root of 1-beta2^t,\nand shrink 1, or 1 - learning rate * decay."
	d := gradient(k)
	m := expr.Add(expr.Mul(k.Param("beta1"), k.Input("m")), expr.Mul(k.Param("rest1"), d)).As("mean")
	v := expr.Add(expr.Mul(k.Param("beta2"), k.Input("v")), expr.Mul(k.Param("rest2"), expr.Mul(d, d))).As("square")
	below := expr.Add(expr.Mul(expr.Sqrt(v), k.Param("root")), k.Param("epsilon"))
	w := expr.Mul(k.Param("shrink"), k.Input("w"))
	k.Output("w1", expr.Sub(w, expr.Div(expr.Mul(k.Param("rate"), m), below)))
	k.Output("m1", m)
	k.Output("v1", v)
	return k
}

func adamax() *expr.Kernel {
	k := expr.New("adamax", "makes a step of Adamax (Kingma and Ba 2015):")
	k.Note = "rate is the learning rate over 1-beta1^t."
	d := gradient(k)
	m := expr.Add(expr.Mul(k.Param("beta1"), k.Input("m")), expr.Mul(k.Param("rest1"), d)).As("mean")
	u := expr.Max(expr.Mul(k.Param("beta2"), k.Input("u")), expr.Add(expr.Abs(d), k.Param("epsilon"))).As("norm")
	k.Output("w1", expr.Sub(k.Input("w"), expr.Div(expr.Mul(k.Param("rate"), m), u)))
	k.Output("m1", m)
	k.Output("u1", u)
	return k
}

func rmsprop() *expr.Kernel {
	k := expr.New("rmsprop", "makes a step of RMSprop (Hinton 2012) with momentum:")
	d := gradient(k)
	v := expr.Add(expr.Mul(k.Param("smooth"), k.Input("v")), expr.Mul(k.Param("rest"), expr.Mul(d, d))).As("square")
	step := expr.Div(d, expr.Add(expr.Sqrt(v), k.Param("epsilon")))
	m := expr.Add(expr.Mul(k.Param("momentum"), k.Input("m")), step).As("mean")
	k.Output("w1", expr.Sub(k.Input("w"), expr.Mul(k.Param("rate"), m)))
	k.Output("m1", m)
	k.Output("v1", v)
	return k
}
