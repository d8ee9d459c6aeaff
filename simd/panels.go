package simd

// PanelWidth is how many outputs a panel holds.
const PanelWidth = 32

// vectorWidth is what the width of a panel is a multiple of.
const vectorWidth = 8

// Panels is a weight matrix packed for the kernels: [Out/32][In][32], each
// input one contiguous run of outputs in a panel. The last panel is as narrow
// as a multiple of 8 allows; its padding is zero.
type Panels struct {
	In, Out int
	data    []float32
}

// Pack packs w, which is [out, in], row-major.
func Pack(w []float32, out, in int) *Panels {
	checkLength(len(w), out*in)
	p := &Panels{In: in, Out: out}
	p.data = make([]float32, in*p.Stride())
	for o := range out {
		panel, width := p.panel(o / PanelWidth)
		for k, v := range w[o*in : (o+1)*in] {
			panel[k*width+o%PanelWidth] = v
		}
	}
	return p
}

// Stride is Out rounded up to a multiple of 8: what the kernels write for a
// row, and the least distance between two.
func (p *Panels) Stride() int { return Padded(p.Out) }

// Padded is n rounded up to a multiple of 8.
func Padded(n int) int { return (n + vectorWidth - 1) &^ (vectorWidth - 1) }

// Pad returns a copy of v, followed by zeros up to a multiple of 8.
func Pad(v []float32) []float32 {
	return append(make([]float32, 0, Padded(len(v))), v...)[:Padded(len(v))]
}

// panels is the number of panels.
func (p *Panels) panels() int { return (p.Out + PanelWidth - 1) / PanelWidth }

// panel returns panel i and its width.
func (p *Panels) panel(i int) (data []float32, width int) {
	width = min(PanelWidth, p.Stride()-i*PanelWidth)
	start := i * PanelWidth * p.In
	return p.data[start : start+width*p.In], width
}
