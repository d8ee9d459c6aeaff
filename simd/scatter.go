package simd

// Patch is what one event adds to the sums of a convolution: a rectangle of
// the kernel's rows and columns, each to another output position.
type Patch struct {
	Weight     int32   // the panel row of the first weight
	Out        int32   // the position of the first output
	Rows, Cols int32   // how many rows and columns of the kernel; at least one column
	Value      float32 // of the event
}

// Steps is how far a patch moves from one row or column of the kernel to the
// next, in panel rows and in positions.
type Steps struct {
	WeightRow, WeightCol int
	OutRow, OutCol       int
}

// Scatter adds patches, one after another, to the sums acc, which are
// [panels][positions][width]: what [Panels.Gather] would call dst, panel by
// panel.
//
//	for _, e := range patches {
//		for r := range e.Rows {
//			for c := range e.Cols {
//				k := e.Weight + r*s.WeightRow + c*s.WeightCol
//				q := e.Out + r*s.OutRow + c*s.OutCol
//				acc[q][o] = fma(e.Value, w[k][o], acc[q][o])
//			}
//		}
//	}
//
// Every corner of a patch must lie inside: anything else panics.
func (p *Panels) Scatter(acc []float32, positions int, patches []Patch, s Steps) {
	checkLength(len(acc), positions*p.Stride())
	all := 0
	for i := range patches {
		e := &patches[i]
		if e.Rows > 0 && !(e.Cols > 0 &&
			inside(int(e.Weight), int(e.Rows-1)*s.WeightRow, int(e.Cols-1)*s.WeightCol, p.In) &&
			inside(int(e.Out), int(e.Rows-1)*s.OutRow, int(e.Cols-1)*s.OutCol, positions)) {
			panic(errIndex)
		}
		all += e.taps()
	}
	for i := range p.panels() {
		w, width := p.panel(i)
		a := acc[i*PanelWidth*positions:][:width*positions]
		if all <= callTaps {
			scatterCall(a, w, width, patches, s)
		} else {
			scatterPieces(a, w, width, patches, s)
		}
	}
}

// taps is how long a call takes for the patch: its weights, and one for itself.
func (e *Patch) taps() int { return 1 + max(0, int(e.Rows))*int(e.Cols) }

// scatterPieces makes a call for as many patches at a time as one may take.
func scatterPieces(acc, w []float32, width int, patches []Patch, s Steps) {
	for from := 0; from < len(patches); {
		to, taps := from+1, patches[from].taps()
		for to < len(patches) && taps+patches[to].taps() <= callTaps {
			taps += patches[to].taps()
			to++
		}
		if taps <= callTaps {
			scatterCall(acc, w, width, patches[from:to], s)
		} else {
			scatterLarge(acc, w, width, patches[from], s)
		}
		from = to
	}
}

// callTaps is how many weights one call adds at the most, a panel's run each.
const callTaps = 1 << 12

// scatterLarge adds a patch that is too large for one call, in pieces, in the
// order of its rows.
func scatterLarge(acc, w []float32, width int, e Patch, s Steps) {
	rows, cols := int(e.Rows), int(e.Cols)
	down, right := max(1, callTaps/cols), min(cols, callTaps)
	for r := 0; r < rows; r += down {
		for c := 0; c < cols; c += right {
			piece := [1]Patch{{
				Weight: e.Weight + int32(r*s.WeightRow+c*s.WeightCol), Out: e.Out + int32(r*s.OutRow+c*s.OutCol),
				Rows: int32(min(down, rows-r)), Cols: int32(min(right, cols-c)), Value: e.Value,
			}}
			scatterCall(acc, w, width, piece[:], s)
		}
	}
}

// inside reports whether all corners of a patch are from 0 to n-1.
func inside(first, down, right, n int) bool {
	return uint(first) < uint(n) && uint(first+down) < uint(n) &&
		uint(first+right) < uint(n) && uint(first+down+right) < uint(n)
}

func scatterCall(acc, w []float32, width int, patches []Patch, s Steps) {
	if !useSIMD {
		scatterGeneric(acc, w, width, patches, s)
		return
	}
	switch width {
	case 8:
		scatter8SIMD(acc, w, patches, s.WeightRow, s.WeightCol, s.OutRow, s.OutCol)
	case 16:
		scatter16SIMD(acc, w, patches, s.WeightRow, s.WeightCol, s.OutRow, s.OutCol)
	case 24:
		scatter24SIMD(acc, w, patches, s.WeightRow, s.WeightCol, s.OutRow, s.OutCol)
	case 32:
		scatter32SIMD(acc, w, patches, s.WeightRow, s.WeightCol, s.OutRow, s.OutCol)
	}
}

func scatterGeneric(acc, w []float32, width int, patches []Patch, s Steps) {
	for _, e := range patches {
		for r := range int(e.Rows) {
			for c := range int(e.Cols) {
				k := int(e.Weight) + r*s.WeightRow + c*s.WeightCol
				q := int(e.Out) + r*s.OutRow + c*s.OutCol
				a, row := acc[q*width:][:width], w[k*width:][:width]
				for o, v := range row {
					a[o] = fma(e.Value, v, a[o])
				}
			}
		}
	}
}

// FillBias starts the sums of [Panels.Scatter] at the bias, which is padded to
// [Panels.Stride].
func (p *Panels) FillBias(acc []float32, positions int, bias []float32) {
	checkLength(len(acc), positions*p.Stride())
	checkLength(len(bias), p.Stride())
	for i := range p.panels() {
		_, width := p.panel(i)
		b := bias[i*PanelWidth:][:width]
		a := acc[i*PanelWidth*positions:][:width*positions]
		filled := copy(a, b)
		for filled > 0 && filled < len(a) {
			interruptible()
			filled += copy(a[filled:], a[:min(filled, width*callRows)])
		}
	}
}

// ChannelsFirst ends the sums of [Panels.Scatter]: it adds 0, which turns -0
// into +0, and stores them as [Out][positions].
func (p *Panels) ChannelsFirst(dst, acc []float32, positions int) {
	checkLength(len(acc), positions*p.Stride())
	checkLength(len(dst), positions*p.Out)
	for o := 0; o < p.Out; o += vectorWidth {
		_, width := p.panel(o / PanelWidth)
		panel := acc[o/PanelWidth*PanelWidth*positions:][:width*positions]
		transpose(dst[o*positions:], panel[o%PanelWidth:], positions, min(vectorWidth, p.Out-o), positions, width)
	}
}

// transpose stores cols columns of src, rows long, as rows of dst, plus 0.
func transpose(dst, src []float32, rows, cols, dstStride, srcStride int) {
	done := 0
	if useSIMD && cols == vectorWidth && rows >= vectorWidth {
		done = rows &^ (vectorWidth - 1)
		for r := 0; r < done; r += callElements / vectorWidth {
			some := min(callElements/vectorWidth, done-r)
			if r > 0 {
				interruptible()
			}
			transposeSIMD(dst[r:], src[r*srcStride:], some, dstStride, srcStride)
		}
	}
	for c := range cols {
		row := dst[c*dstStride:][:rows]
		for r := done; r < rows; r++ {
			row[r] = src[r*srcStride+c] + 0
		}
	}
}
