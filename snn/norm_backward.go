package snn

import (
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/tensor"
)

func (a *affine) SavedSizes() []int          { return nil }
func (a *affine) StateGradSize() int         { return 0 }
func (a *affine) AccumulatesPerSample() bool { return true }
func (a *affine) AccumulateParamGrad(*Pass)  {}
func (a *affine) ForwardSaving(p *Pass)      { a.Forward(p.X, p.Y, p.State, p.Scratch) }

// The parameter gradients are those of the scale, then those of the shift.
func (a *affine) ParamGradSize() int { return 2 * len(a.scale) }

func (a *affine) Backward(p *Pass) {
	a.back(p, p.X.(*tensor.Tensor).Data, p.GradX)
}

// back is the backward pass of y = scale*x + shift.
func (a *affine) back(p *Pass, x, gx []float32) {
	steps, batch, _ := p.X.Dims()
	n := len(a.scale)
	for b := range batch {
		sums := p.ParamGrad[b*2*n : (b+1)*2*n]
		for t := steps - 1; t >= 0; t-- {
			at := (t*batch + b) * n
			for i, g := range p.GradY[at : at+n] {
				sums[i] += float32(g * x[at+i])
				sums[n+i] += g
				if gx != nil {
					gx[at+i] = g * a.scale[i]
				}
			}
		}
	}
}

func (a *affine) ParamGrads(sums []float32) map[string]*tensor.Tensor {
	return a.gradients(sums[:len(a.scale)], sums[len(a.scale):])
}

// gathered is the gradient of a parameter of one number, or one a channel, from
// those of all features, which are added ascending.
func gathered(g []float32, shape tensor.Shape) *tensor.Tensor {
	t := tensor.New(shape...)
	each := len(g) / len(t.Data)
	for i, v := range g {
		t.Data[i/each] += v
	}
	return t
}

// gradients are those of weight and bias; the statistics do not learn.
func (b BatchNorm) gradients(params map[string]*tensor.Tensor, scale, shift []float32) map[string]*tensor.Tensor {
	shape := params["weight"].Shape
	weight, bias := gathered(scale, shape), gathered(shift, shape)
	for i := range weight.Data {
		deviation := math.Sqrt(float64(params["running_var"].Data[i]) + float64(b.Epsilon.Or(1e-5)))
		mean := float64(params["running_mean"].Data[i])
		weight.Data[i] = float32((float64(weight.Data[i]) - float64(mean*float64(bias.Data[i]))) / deviation)
	}
	return map[string]*tensor.Tensor{"weight": weight, "bias": bias}
}

func (l *layerNorm) ForwardSaving(p *Pass) { l.Forward(p.X, p.Y, p.State, p.Scratch) }

// Backward computes the normalized input again: with n = (x-mean)/deviation
// and h = gy*weight, gx = (h - mean(h) - n*mean(h*n)) / deviation.
func (l *layerNorm) Backward(p *Pass) {
	src, n := p.X.(*tensor.Tensor).Data, len(l.scale)
	normal, h := p.Scratch.Floats(len(src)), p.Scratch.Floats(n)
	for r := 0; r < len(src); r += n {
		row := normal[r : r+n]
		deviation := l.normalize(row, src[r:r+n])
		if p.GradX == nil {
			continue
		}
		product := p.Scratch.part()
		product.Reset()
		hn := product.Floats(n)
		for i, g := range p.GradY[r : r+n] {
			h[i] = g * l.scale[i]
			hn[i] = h[i] * row[i]
		}
		mean, along := detmath.Sum(h)/float64(n), detmath.Sum(hn)/float64(n)
		for i := range row {
			p.GradX[r+i] = float32((float64(h[i]) - mean - float64(float64(row[i])*along)) / deviation)
		}
	}
	l.back(p, normal, nil)
}

func (l *layerNorm) ParamGrads(sums []float32) map[string]*tensor.Tensor {
	n := len(l.scale)
	return map[string]*tensor.Tensor{
		"weight": gathered(sums[:n], l.in), "bias": gathered(sums[n:], l.in),
	}
}
