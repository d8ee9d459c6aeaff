package snn

import (
	"sync"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// back is the transposed weights of a layer, packed when the backward pass first
// needs them.
type back struct {
	once   sync.Once
	panels *simd.Panels
}

func (l *linear) SavedSizes() []int          { return nil }
func (l *linear) StateGradSize() int         { return 0 }
func (l *linear) AccumulatesPerSample() bool { return false }
func (l *linear) ForwardSaving(p *Pass)      { l.Forward(p.X, p.Y, p.State, p.Scratch) }

// The parameter gradients are [in][out], padded like the panels, and those of the bias.
func (l *linear) ParamGradSize() int { return (l.panels.In + 1) * l.panels.Stride() }

// Backward is the product with the transposed weights: the sum over outputs
// ascending, of those alone whose gradient is not zero where they are few.
func (l *linear) Backward(p *Pass) {
	if p.GradX == nil {
		return
	}
	l.back.once.Do(func() { l.back.panels = l.panels.Transposed() })
	steps, batch, _ := p.X.Dims()
	transposed := linear{panels: l.back.panels, bias: p.Scratch.Floats(l.back.panels.Stride())}
	clear(transposed.bias)
	g := tensor.Tensor{Shape: tensor.Shape{steps, batch, l.panels.Out}, Data: p.GradY}
	transposed.product(&g, steps, batch, 0, true, p.GradX, p.Scratch)
}

// Add adds, for each input, the gradient rows of the steps at which it was
// active: samples ascending, steps descending.
func (l *linear) AccumulateParamGrad(p *Pass) {
	steps, batch, _ := p.X.Dims()
	order := descending(steps, batch, p.Scratch)
	out, stride := l.panels.Out, l.panels.Stride()
	g := p.Scratch.panels(len(order), out)
	for k, r := range order {
		g.SetRow(k, p.GradY[int(r)*out:], 1)
	}
	addOuter(p.ParamGrad[:l.panels.In*stride], g, p.X, order, l.panels.In, p.Scratch)
	addAll(p.ParamGrad[l.panels.In*stride:], g, p.Scratch)
}

// descending lists the rows of [steps, batch], samples ascending and of each
// the steps descending.
func descending(steps, batch int, scratch *Scratch) []int32 {
	order := scratch.Index(steps * batch)[:0]
	for b := range batch {
		for t := steps - 1; t >= 0; t-- {
			order = append(order, int32(t*batch+b))
		}
	}
	return order
}

// addAll adds all rows of g to sums: the gradient of a bias.
func addAll(sums []float32, g *simd.Panels, scratch *Scratch) {
	all := scratch.Index(g.In)
	for k := range all {
		all[k] = int32(k)
	}
	rows := scratch.Rows(2)
	rows[0], rows[1] = 0, g.In
	g.Gather(sums, g.Stride(), sums, g.Stride(), rows, all, nil, 0)
}

// outerLimit is the share of active inputs above which the dense product is
// faster than gathering gradient rows.
const outerLimit = 0.3

// addOuter adds the product of the transposed x, whose rows are taken in an
// order, with g to sums, [in][out].
func addOuter(sums []float32, g *simd.Panels, x tensor.Signal, order []int32, in int, scratch *Scratch) {
	rows, stride := len(order), g.Stride()
	if s, ok := sparseOf(x, outerLimit, scratch); ok {
		t := transposed(s, order, in, scratch)
		g.Gather(sums, stride, sums, stride, t.rows, t.index, t.value, 0)
		return
	}
	dense, columns := denseOf(x, scratch), scratch.Floats(rows*in)
	for k, r := range order {
		for i, v := range dense[int(r)*in:][:in] {
			columns[i*rows+k] = v
		}
	}
	g.Dense(sums, stride, sums, stride, columns, rows, in, rows, 0)
}

// transposed lists for each of n inputs the places in the order of the rows at
// which it is active.
func transposed(s sparse, order []int32, n int, scratch *Scratch) sparse {
	t := sparse{rows: scratch.Rows(n + 1)}
	clear(t.rows)
	first, last := s.rows[0], s.rows[len(s.rows)-1]
	for _, i := range s.index[first:last] {
		t.rows[i+1]++
	}
	for i := range n {
		t.rows[i+1] += t.rows[i]
	}
	t.index = scratch.Index(last - first)
	if s.value != nil {
		t.value = scratch.Floats(last - first)
	}
	next := scratch.Rows(n)
	copy(next, t.rows)
	for k, r := range order {
		index, value := s.row(int(r))
		for j, i := range index {
			at := next[i]
			next[i]++
			t.index[at] = int32(k)
			if value != nil {
				t.value[at] = value[j]
			}
		}
	}
	return t
}

// Gradients are in the layout of the parameters.
func (l *linear) ParamGrads(sums []float32) map[string]*tensor.Tensor {
	in, out, stride := l.panels.In, l.panels.Out, l.panels.Stride()
	weight := tensor.New(out, in)
	for k := range in {
		for o, v := range sums[k*stride:][:out] {
			weight.Data[o*in+k] = v
		}
	}
	return map[string]*tensor.Tensor{"weight": weight, "bias": tensor.Of(append([]float32(nil), sums[in*stride:][:out]...), out)}
}
