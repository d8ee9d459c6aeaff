package snn

import (
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

func (p *pool2d) Traced(a *Pass) { p.Forward(a.X, a.Y, a.State, a.Scratch) }

// Backward gives every input the sum of the gradients of the windows it lies
// in, ascending, divided as the sum was.
func (p *pool2d) Backward(a *Pass) {
	if a.GX == nil {
		return
	}
	scaled := a.GY
	if p.by != 1 {
		scaled = a.Scratch.Floats(len(a.GY))
		simd.Divide(scaled, a.GY, p.by)
	}
	clear(a.GX)
	p.eachWindow(p.out, len(scaled)/(p.out[1]*p.out[2]), func(plane, o int, inputs func(f func(i int))) {
		g := scaled[plane*p.out[1]*p.out[2]+o]
		inputs(func(i int) { a.GX[plane*p.in[1]*p.in[2]+i] += g })
	})
}

func (m *maxPool2d) Traced(a *Pass) { m.Forward(a.X, a.Y, a.State, a.Scratch) }

// Backward gives the gradient of a window, times the surrogate's slope if there
// is one, to the first of its greatest inputs.
func (m *maxPool2d) Backward(a *Pass) {
	if a.GX == nil {
		return
	}
	x := denseOf(a.X, a.Scratch)
	clear(a.GX)
	pixels := m.in[1] * m.in[2]
	m.eachWindow(m.out, len(a.GY)/(m.out[1]*m.out[2]), func(plane, o int, inputs func(f func(i int))) {
		best := -1
		inputs(func(i int) {
			if best < 0 || x[plane*pixels+i] > x[plane*pixels+best] {
				best = i
			}
		})
		if best < 0 {
			return
		}
		g := a.GY[plane*m.out[1]*m.out[2]+o]
		if !m.surrogate.IsZero() {
			slope := [1]float32{x[plane*pixels+best] - 0.5}
			m.surrogate.Derivative(slope[:], slope[:])
			g = float32(g * slope[0])
		}
		a.GX[plane*pixels+best] += g
	})
}

// eachWindow calls f with every window of every plane, and with what lists the
// pixels of its plane that lie in it.
func (g geometry) eachWindow(out tensor.Shape, planes int, f func(plane, o int, inputs func(func(i int)))) {
	for plane := range planes {
		for o := range out[1] * out[2] {
			top, left := o/out[2]*g.stride[0]-g.padding[0], o%out[2]*g.stride[1]-g.padding[1]
			f(plane, o, func(each func(i int)) {
				for r := max(0, top); r < min(g.in[1], top+g.kernel[0]); r++ {
					for c := max(0, left); c < min(g.in[2], left+g.kernel[1]); c++ {
						each(r*g.in[2] + c)
					}
				}
			})
		}
	}
}
