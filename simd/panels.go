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

// Pack packs w, which is [out, in], row-major. A weight of -0 becomes +0,
// which no sum tells from it.
func Pack(w []float32, out, in int) *Panels {
	checkLength(len(w), out*in)
	p := &Panels{In: in, Out: out}
	p.data = make([]float32, in*p.Stride())
	for i := range p.panels() {
		panel, width := p.panel(i)
		first := i * PanelWidth
		rows := min(width, out-first)
		for k := 0; k < in; k += vectorWidth {
			transpose(panel[k*width:], w[first*in+k:], rows, min(vectorWidth, in-k), width, in)
		}
	}
	return p
}

// Stride is Out rounded up to a multiple of 8: what the kernels write for a
// row, and the least distance between two.
func (p *Panels) Stride() int { return (p.Out + vectorWidth - 1) &^ (vectorWidth - 1) }

// Pad returns a copy of a number for each output, followed by zeros up to
// [Panels.Stride].
func (p *Panels) Pad(v []float32) []float32 {
	checkLength(len(v), p.Out)
	return append(make([]float32, 0, p.Stride()), v...)[:p.Stride()]
}

// Columns are the weights to some of the outputs, from one that is a multiple
// of [PanelWidth] on, in the same memory.
func (p *Panels) Columns(from, to int) Panels {
	if from < 0 || from%PanelWidth != 0 || to < from || to > p.Out || to < p.Out && to%PanelWidth != 0 {
		panic(errRows)
	}
	part := Panels{In: p.In, Out: to - from}
	part.data = p.data[from*p.In:][:p.In*part.Stride()]
	return part
}

// panels is the number of panels.
func (p *Panels) panels() int { return (p.Out + PanelWidth - 1) / PanelWidth }

// panel returns panel i and its width.
func (p *Panels) panel(i int) (data []float32, width int) {
	width = min(PanelWidth, p.Stride()-i*PanelWidth)
	start := i * PanelWidth * p.In
	return p.data[start : start+width*p.In], width
}

// Resize makes room for another matrix in the same memory; it holds anything
// but zeros in the padding.
func (p *Panels) Resize(in, out int) {
	p.In, p.Out = in, out
	if n := in * p.Stride(); cap(p.data) < n {
		p.data = make([]float32, n)
	} else {
		p.data = p.data[:n]
	}
	if tail := p.Stride() - p.Out; tail > 0 {
		panel, width := p.panel(p.panels() - 1)
		for k := range in {
			clear(panel[(k+1)*width-tail : (k+1)*width])
		}
	}
}

// SetRow stores the weights of an input, one an output, stride apart.
func (p *Panels) SetRow(k int, w []float32, stride int) {
	checkRows(len(w), p.Out, stride, 1)
	if uint(k) >= uint(p.In) {
		panic(errIndex)
	}
	for i := range p.panels() {
		panel, width := p.panel(i)
		row := panel[k*width : (k+1)*width]
		if n := min(width, p.Out-i*PanelWidth); stride == 1 {
			copy(row[:n], w[i*PanelWidth:])
		} else {
			for o := range n {
				row[o] = w[(i*PanelWidth+o)*stride]
			}
		}
	}
}

// Transposed returns the matrix with inputs and outputs exchanged.
func (p *Panels) Transposed() *Panels {
	t := &Panels{}
	t.Resize(p.Out, p.In)
	column := make([]float32, p.In)
	for o := range p.Out {
		panel, width := p.panel(o / PanelWidth)
		for k := range column {
			column[k] = panel[k*width+o%PanelWidth]
		}
		t.SetRow(o, column, 1)
	}
	return t
}

// At is the weight from input k to output o.
func (p *Panels) At(k, o int) float32 {
	panel, width := p.panel(o / PanelWidth)
	return panel[k*width+o%PanelWidth]
}
