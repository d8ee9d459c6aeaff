package simd

// callRows is how many rows of panels one call of a gather reads or writes at the
// most: 512 KiB, which take some 30 us from memory.
const callRows = 1 << 12

// nearRows is how many rows of pairs are gathered for all panels at once.
const nearRows = 1 << 14

// Gather adds, for each row r, the weight rows of its active inputs:
//
//	for o := range p.Stride() {
//		acc := init[r*initStride+o]
//		for k, i := range index[rows[r]:rows[r+1]] {
//			acc = fma(value[k], w[first+i][o], acc)
//		}
//		dst[r*dstStride+o] = acc + 0
//	}
//
// index ascends within a row; a nil value stands for ones. Inputs are counted
// from first, so that one matrix can be fed by several signals in turn: the
// second continues from dst as init. init has [Panels.Stride] numbers for all
// rows (initStride 0: a bias) or for each.
func (p *Panels) Gather(dst []float32, dstStride int, init []float32, initStride int, rows []int, index []int32, value []float32, first int) {
	n := len(rows) - 1
	if n <= 0 {
		return
	}
	p.checkProduct(len(dst), dstStride, len(init), initStride, n)
	if value != nil {
		checkLength(len(value), len(index))
	}
	p.checkIndex(rows, index, first)
	call := gatherCall{panel: p.In * PanelWidth, dstStride: dstStride, initStride: initStride}
	pairs := p.Stride() / (2 * PanelWidth)
	at := func(i int) (d, in, w []float32, width int) {
		_, width = p.panel(i)
		return dst[i*PanelWidth:], init[i*PanelWidth:], p.data[i*call.panel+first*width:], width
	}
	if pairs > 0 {
		call.pairs, call.width = pairs, PanelWidth
		if (rows[n]-rows[0])*pairs > nearRows {
			call.pairs = 1 // the weights to one are met by all rows while they are near
		}
		for i := 0; i < pairs; i += call.pairs {
			d, in, w, _ := at(2 * i)
			call.rows(d, in, w, rows, index, value)
		}
	}
	call.pairs = 0
	for i := 2 * pairs; i < p.panels(); i++ {
		d, in, w, width := at(i)
		call.width = width
		call.rows(d, in, w, rows, index, value)
	}
}

// gatherCall is how the kernels of a gather are called: for some pairs of whole
// panels, or, if there are none, for one panel.
type gatherCall struct{ width, panel, pairs, dstStride, initStride int }

// rows splits the rows into calls of bounded length; a row that is too long by
// itself continues from what it has written.
func (c *gatherCall) rows(dst, init, w []float32, rows []int, index []int32, value []float32) {
	most := max(1, callRows/max(1, 2*c.pairs))
	for r := 0; r < len(rows)-1; {
		end := r + 1
		for end < len(rows)-1 && rows[end+1]-rows[r]+end+1-r <= most {
			end++
		}
		d, in := dst[r*c.dstStride:], init[r*c.initStride:]
		if rows[end]-rows[r] <= most {
			c.kernel(d, in, w, rows[r:end+1], index, value)
		} else {
			for k := rows[r]; k < rows[end]; k += most {
				part := [2]int{k, min(k+most, rows[end])}
				c.kernel(d, in, w, part[:], index, value)
				in = d
			}
		}
		r = end
	}
}

func (c *gatherCall) kernel(dst, init, w []float32, rows []int, index []int32, value []float32) {
	switch {
	case !useSIMD:
		for i := range max(1, 2*c.pairs) {
			gatherGeneric(dst[i*PanelWidth:], init[i*PanelWidth:], w[i*c.panel:], c.width, rows, index, value, c.dstStride, c.initStride)
		}
	case c.pairs > 0 && value == nil:
		gatherPairsSIMD(dst, init, w, index, rows, c.dstStride, c.initStride, c.panel, c.pairs)
	case c.pairs > 0:
		gatherValuesPairsSIMD(dst, init, w, index, value, rows, c.dstStride, c.initStride, c.panel, c.pairs)
	case value == nil:
		switch c.width {
		case 8:
			gather8SIMD(dst, init, w, index, rows, c.dstStride, c.initStride)
		case 16:
			gather16SIMD(dst, init, w, index, rows, c.dstStride, c.initStride)
		case 24:
			gather24SIMD(dst, init, w, index, rows, c.dstStride, c.initStride)
		case 32:
			gather32SIMD(dst, init, w, index, rows, c.dstStride, c.initStride)
		}
	default:
		switch c.width {
		case 8:
			gatherValues8SIMD(dst, init, w, index, value, rows, c.dstStride, c.initStride)
		case 16:
			gatherValues16SIMD(dst, init, w, index, value, rows, c.dstStride, c.initStride)
		case 24:
			gatherValues24SIMD(dst, init, w, index, value, rows, c.dstStride, c.initStride)
		case 32:
			gatherValues32SIMD(dst, init, w, index, value, rows, c.dstStride, c.initStride)
		}
	}
}

func gatherGeneric(dst, init, w []float32, width int, rows []int, index []int32, value []float32, dstStride, initStride int) {
	var acc [PanelWidth]float32
	for r := range len(rows) - 1 {
		a := acc[:width]
		copy(a, init[r*initStride:])
		for k := rows[r]; k < rows[r+1]; k++ {
			row := w[int(index[k])*width:][:len(a)]
			if value == nil {
				for o, v := range row {
					a[o] += v
				}
				continue
			}
			x := value[k]
			for o, v := range row {
				a[o] = fma(x, v, a[o])
			}
		}
		storeSum(dst[r*dstStride:], a)
	}
}

// storeSum stores accumulators, -0 turned into +0.
func storeSum(dst, acc []float32) {
	dst = dst[:len(acc)]
	for o, v := range acc {
		dst[o] = v + 0
	}
}
