package snn

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

func (p *pool2d) ForwardSaving(a *Pass) { p.Forward(a.X, a.Y, a.State, a.Scratch) }

// Backward gives every input the sum of the gradients of the windows it lies
// in, ascending, divided as the sum was.
func (p *pool2d) Backward(a *Pass) {
	if a.GradX == nil {
		return
	}
	gy := a.GradY
	if p.by != 1 {
		gy = a.Scratch.Floats(len(a.GradY))
		simd.Divide(gy, a.GradY, p.by)
	}
	clear(a.GradX)
	pixels := p.in[1] * p.in[2]
	for gx := a.GradX; len(gx) > 0; gx, gy = gx[pixels:], gy[p.out[1]*p.out[2]:] {
		o := 0
		for i := range p.out[1] {
			top, bottom := p.window(0, i)
			for j := range p.out[2] {
				left, right := p.window(1, j)
				g := gy[o]
				o++
				for r := top; r < bottom; r++ {
					for c := left; c < right; c++ {
						gx[r*p.in[2]+c] += g
					}
				}
			}
		}
	}
}

func (m *maxPool2d) ForwardSaving(a *Pass) { m.Forward(a.X, a.Y, a.State, a.Scratch) }

// Backward gives the gradient of a window, times the surrogate's slope if there
// is one, to the first of its greatest inputs.
func (m *maxPool2d) Backward(a *Pass) {
	if a.GradX == nil {
		return
	}
	x, gy := denseOf(a.X, a.Scratch), a.GradY
	clear(a.GradX)
	if !m.surrogate.IsZero() {
		gy = m.sloped(a, gy)
	}
	pixels := m.in[1] * m.in[2]
	for gx := a.GradX; len(gx) > 0; gx, x, gy = gx[pixels:], x[pixels:], gy[m.out[1]*m.out[2]:] {
		o := 0
		for i := range m.out[1] {
			top, bottom := m.window(0, i)
			for j := range m.out[2] {
				left, right := m.window(1, j)
				best := top*m.in[2] + left
				for r := top; r < bottom; r++ {
					for k := r*m.in[2] + left; k < r*m.in[2]+right; k++ {
						if x[k] > x[best] {
							best = k
						}
					}
				}
				gx[best] += gy[o]
				o++
			}
		}
	}
}

// sloped is the gradient times the slope of the surrogate at each maximum less
// 1/2.
func (m *maxPool2d) sloped(a *Pass, gy []float32) []float32 {
	y := &tensor.Tensor{Shape: append(tensor.Shape{1, len(gy) / m.out.Size()}, m.out...), Data: a.Scratch.Floats(len(gy))}
	x := &tensor.Tensor{Data: denseOf(a.X, a.Scratch)}
	m.dense(x, y)
	for i := range y.Data {
		y.Data[i] -= 0.5
	}
	m.surrogate.Derivative(y.Data, y.Data)
	for i, g := range gy {
		y.Data[i] *= g
	}
	return y.Data
}

// window is where window o lies along an axis: from, and up to, which inputs.
func (g geometry) window(axis, o int) (from, to int) {
	at := o*g.stride[axis] - g.padding[axis]
	return max(0, at), min(g.in[1+axis], at+g.kernel[axis])
}
