package nir

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// build makes a layer of a node.
func (b *builder) build(p place) (built, error) {
	l := built{report: NodeReport{Name: p.name, Node: p.node.Type()}}
	r := &l.report
	var err error
	switch n := p.node.(type) {
	case Affine:
		l.layer, err = b.linear(r, n.Weight, n.Bias)
	case Linear:
		l.layer, err = b.linear(r, n.Weight, Array{})
	case Conv1d:
		l.layer, err = b.convolve(r, n.window, n.Weight, n.Bias)
	case Conv2d:
		l.layer, err = b.convolve(r, n.window, n.Weight, n.Bias)
	case SumPool2d:
		l.layer, err = b.pool(n.window, func(k, s, p snn.Size) snn.Layer { return snn.SumPool2d{Kernel: k, Stride: s, Padding: p} })
	case AvgPool2d:
		l.layer, err = b.pool(n.window, func(k, s, p snn.Size) snn.Layer { return snn.AvgPool2d{Kernel: k, Stride: s, Padding: p} })
	case Flatten:
		l.layer, err = flattenAll(n)
	case Scale:
		numbers := numbersOf(n)
		option := b.put(r.Name, numbers.shape, snn.Numbers{"factor": numbers.of["scale"]})
		l.layer = snn.Scale{Factor: option("factor")}
	case Delay:
		l.layer, l.delay, err = b.delay(r, n, p.sources)
	default:
		l.layer, err = b.neuron(r, n)
	}
	l.remembers = remembers(p.node)
	if err == nil {
		r.Layer = l.layer.Type()
	}
	return l, err
}

// remembers reports whether a node is a neuron with a membrane.
func remembers(n Node) bool {
	switch n.(type) {
	case I, IF, LI, LIF, CubaLI, CubaLIF:
		return true
	}
	return false
}

// linear is a product with weights.
func (b *builder) linear(r *NodeReport, weight, bias Array) (snn.Layer, error) {
	if len(weight.Shape) != 2 {
		return nil, fmt.Errorf("%w: weights of shape %v, not [out, in]", ErrUnsupported, weight.Shape)
	}
	b.load(r, "weight", weight, weight.Shape)
	if !bias.IsZero() {
		b.load(r, "bias", bias, bias.Shape)
	}
	return snn.Linear{Out: weight.Shape[0], NoBias: bias.IsZero()}, nil
}

// convolve is a convolution along one dimension or two.
func (b *builder) convolve(r *NodeReport, window func() (window, error), weight, bias Array) (snn.Layer, error) {
	w, err := window()
	if err != nil {
		return nil, err
	}
	if w.before != w.after {
		return nil, fmt.Errorf("%w: the padding \"same\" of an even kernel, whose two sides differ", ErrUnsupported)
	}
	b.load(r, "weight", weight, weight.Shape)
	b.load(r, "bias", bias, bias.Shape)
	if w.rank == 1 {
		return snn.Conv1d{
			Out: weight.Shape[0], Kernel: w.kernel[1], Stride: w.stride[1], Padding: w.before[1], Dilation: w.dilation[1], Groups: w.groups,
		}, nil
	}
	return snn.Conv2d{
		Out: weight.Shape[0], Kernel: w.kernel, Stride: w.stride, Padding: w.before, Dilation: w.dilation, Groups: w.groups,
	}, nil
}

func (b *builder) pool(window func() (window, error), layer func(kernel, stride, padding snn.Size) snn.Layer) (snn.Layer, error) {
	w, err := window()
	if err != nil {
		return nil, err
	}
	if w.before != w.after {
		return nil, fmt.Errorf("%w: the padding \"same\" of an even kernel, whose two sides differ", ErrUnsupported)
	}
	return layer(w.kernel, w.stride, w.before), nil
}

// flattenAll wants all dimensions, or a single one, made one.
func flattenAll(n Flatten) (snn.Layer, error) {
	if allDims(n) {
		return snn.Flatten{}, nil
	}
	in, err := n.InputType.shape()
	if n.InputType.IsZero() || err != nil {
		return nil, fmt.Errorf("%w: it flattens some dimensions, and does not say of which input", ErrUnsupported)
	}
	first, last, err := n.dims(len(in))
	if err != nil {
		return nil, err
	}
	if first == last {
		return snn.Identity{}, nil
	}
	if first > 0 || last < len(in)-1 {
		return nil, fmt.Errorf("%w: it leaves some dimensions alone", ErrUnsupported)
	}
	return snn.Flatten{}, nil
}

// delay is whole steps: what all have in common on the edges into the layer,
// where a loop can use it, and the rest in it.
func (b *builder) delay(r *NodeReport, n Delay, sources []source) (layer snn.Layer, common int, err error) {
	dt, err := b.d.step()
	if err != nil {
		return nil, 0, err
	}
	b.asked.time = true
	numbers := numbersOf(n)
	steps := numbers.of["delay"]
	least, most := math.Inf(1), 0.0
	for i, v := range steps {
		steps[i] = math.RoundToEven(v / dt)
		if !(steps[i] >= 0 && steps[i] <= maxDelay) {
			return nil, 0, fmt.Errorf("%w: a delay of %v, in steps of %v", ErrUnsupported, v, dt)
		}
		if exact := v / dt; math.Abs(exact-steps[i]) > 1e-6*math.Max(1, exact) {
			r.approximated("the delay %v became %v steps", v, steps[i])
		}
		least, most = math.Min(least, steps[i]), math.Max(most, steps[i])
	}
	for _, from := range sources {
		if from.input { // whose edges have no delay
			least = 0
		}
	}
	if most == least {
		return snn.Identity{}, int(least), nil
	}
	for i := range steps {
		steps[i] -= least
	}
	option := b.put(r.Name, numbers.shape, snn.Numbers{"steps": steps})
	return snn.Delay{Steps: int(option("steps").Or(0)), Max: int(most - least)}, int(least), nil
}

// maxDelay bounds what a state has to remember, in steps.
const maxDelay = 1 << 16

// load gives a layer weights, rounded to float32.
func (b *builder) load(r *NodeReport, param string, a Array, shape tensor.Shape) {
	numbers := a.Floats()
	t := tensor.New(shape...)
	rounded := false
	for i, v := range numbers {
		t.Data[i] = float32(v)
		rounded = rounded || float64(t.Data[i]) != v
	}
	if rounded {
		r.approximated("%s was rounded to float32", param)
	}
	b.weights[r.Name+"."+param] = t
}

// numbers are the parameters of a node, one number a neuron each.
type numbers struct {
	shape tensor.Shape
	of    snn.Numbers
}

// numbersOf repeats what stands for all.
func numbersOf(n Node) numbers {
	m := numbers{of: snn.Numbers{}}
	_, m.shape, _ = elementwise(n)
	for name, a := range Parameters(n) {
		v := a.Floats()
		for len(v) < m.shape.Size() {
			v = append(v, v[0])
		}
		m.of[name] = v
	}
	return m
}

// put gives a layer parameters: as an option if all neurons have the same,
// else as weights. It returns the options by their names.
func (b *builder) put(name string, shape tensor.Shape, params snn.Numbers) (option func(param string) snn.Value) {
	options := map[string]snn.Value{}
	for param, v := range params {
		t := tensor.New(shape...)
		same := true
		for i := range v {
			t.Data[i] = float32(v[i])
			same = same && t.Data[i] == t.Data[0]
		}
		if !same {
			b.weights[name+"."+param] = t
		}
		options[param] = snn.Num(t.Data[0])
	}
	return func(param string) snn.Value { return options[param] }
}
