package simd

// callRows is how many panel rows one call of a gather reads at the most.
const callRows = 1 << 14

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
	for i := 0; i < p.panels(); i++ {
		w, width := p.panel(i)
		o := i * PanelWidth
		var next []float32 // of a pair of whole panels
		if last, wide := i+1, 2*PanelWidth; last < p.panels() && p.Stride()-o >= wide {
			next, _ = p.panel(last)
			next = next[first*width:]
			i = last
		}
		gatherPanel(dst[o:], init[o:], w[first*width:], next, width, rows, index, value, dstStride, initStride)
	}
}

// gatherPanel gathers from a panel, or from a pair of them. It splits the rows into calls of bounded length; a row that is too
// long by itself continues from what it has written.
func gatherPanel(dst, init, w, next []float32, width int, rows []int, index []int32, value []float32, dstStride, initStride int) {
	for r := 0; r < len(rows)-1; {
		end := r + 1
		for end < len(rows)-1 && rows[end+1]-rows[r] <= callRows {
			end++
		}
		d, in := dst[r*dstStride:], init[r*initStride:]
		if rows[end]-rows[r] <= callRows {
			gatherCall(d, in, w, next, width, rows[r:end+1], index, value, dstStride, initStride)
		} else {
			for k := rows[r]; k < rows[end]; k += callRows {
				part := [2]int{k, min(k+callRows, rows[end])}
				gatherCall(d, in, w, next, width, part[:], index, value, dstStride, initStride)
				in = d
			}
		}
		r = end
	}
}

func gatherCall(dst, init, w, next []float32, width int, rows []int, index []int32, value []float32, dstStride, initStride int) {
	if !useSIMD {
		gatherGeneric(dst, init, w, width, rows, index, value, dstStride, initStride)
		if next != nil {
			gatherGeneric(dst[PanelWidth:], init[PanelWidth:], next, width, rows, index, value, dstStride, initStride)
		}
		return
	}
	if next != nil {
		if value == nil {
			gatherPairSIMD(dst, init, w, next, index, rows, dstStride, initStride)
		} else {
			gatherValuesPairSIMD(dst, init, w, next, index, value, rows, dstStride, initStride)
		}
		return
	}
	if value == nil {
		switch width {
		case 8:
			gather8SIMD(dst, init, w, index, rows, dstStride, initStride)
		case 16:
			gather16SIMD(dst, init, w, index, rows, dstStride, initStride)
		case 24:
			gather24SIMD(dst, init, w, index, rows, dstStride, initStride)
		case 32:
			gather32SIMD(dst, init, w, index, rows, dstStride, initStride)
		}
		return
	}
	switch width {
	case 8:
		gatherValues8SIMD(dst, init, w, index, value, rows, dstStride, initStride)
	case 16:
		gatherValues16SIMD(dst, init, w, index, value, rows, dstStride, initStride)
	case 24:
		gatherValues24SIMD(dst, init, w, index, value, rows, dstStride, initStride)
	case 32:
		gatherValues32SIMD(dst, init, w, index, value, rows, dstStride, initStride)
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
