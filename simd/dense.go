package simd

// A block of the dense product is denseDepth inputs of some rows: the weights of
// a panel that it meets, 16 KiB, stay in a first-level cache while all rows go
// by, and the rows, 128 KiB, in a second-level cache while all panels do. A call
// is one block and panel.
const (
	denseDepth = 128
	denseRows  = 256
)

// Dense multiplies rows of n numbers:
//
//	for o := range p.Stride() {
//		acc := init[r*initStride+o]
//		for k := range n {
//			acc = fma(x[r*xStride+k], w[first+k][o], acc)
//		}
//		dst[r*dstStride+o] = acc + 0
//	}
//
// init and first are as for [Panels.Gather].
func (p *Panels) Dense(dst []float32, dstStride int, init []float32, initStride int, x []float32, xStride, rows, n, first int) {
	if rows == 0 {
		return
	}
	p.checkProduct(len(dst), dstStride, len(init), initStride, rows)
	checkRows(len(x), rows, xStride, n)
	if first < 0 || n < 0 || first+n > p.In {
		panic(errIndex)
	}
	for r := 0; r < rows; r += denseRows {
		some := min(denseRows, rows-r)
		for k := 0; k == 0 || k < n; k += denseDepth {
			depth := min(denseDepth, n-k)
			d, in, inStride := dst[r*dstStride:], init[r*initStride:], initStride
			if k > 0 { // the sum continues
				in, inStride = d, dstStride
			}
			for i := range p.panels() {
				w, width := p.panel(i)
				o := i * PanelWidth
				denseCall(d[o:], in[o:], w[(first+k)*width:], x[r*xStride+k:], width, some, depth, dstStride, inStride, xStride)
			}
		}
	}
}

func denseCall(dst, init, w, x []float32, width, rows, depth, dstStride, initStride, xStride int) {
	if !useSIMD {
		denseGeneric(dst, init, w, x, width, rows, depth, dstStride, initStride, xStride)
		return
	}
	switch width {
	case 8:
		dense8SIMD(dst, init, w, x, rows, depth, dstStride, initStride, xStride)
	case 16:
		dense16SIMD(dst, init, w, x, rows, depth, dstStride, initStride, xStride)
	case 24:
		dense24SIMD(dst, init, w, x, rows, depth, dstStride, initStride, xStride)
	case 32:
		dense32SIMD(dst, init, w, x, rows, depth, dstStride, initStride, xStride)
	}
}

func denseGeneric(dst, init, w, x []float32, width, rows, depth, dstStride, initStride, xStride int) {
	var acc [PanelWidth]float32
	for r := range rows {
		a := acc[:width]
		copy(a, init[r*initStride:])
		for k, v := range x[r*xStride:][:depth] {
			if v == 0 {
				continue // adds +0 or -0, which the last addition hides
			}
			row := w[k*width:][:len(a)]
			for o, weight := range row {
				a[o] = fma(v, weight, a[o])
			}
		}
		storeSum(dst[r*dstStride:], a)
	}
}

// DenseAt multiplies rows of [Panels.In] numbers and stores them as the sums
// of [Panels.Scatter] from position first on, of positions in all:
// [panels][positions][width].
func (p *Panels) DenseAt(acc []float32, positions, first int, bias, x []float32, rows int) {
	checkLength(len(acc), positions*p.Stride())
	checkLength(len(bias), p.Stride())
	checkRows(len(x), rows, p.In, p.In)
	if first < 0 || rows < 0 || first+rows > positions {
		panic(errRows)
	}
	if rows == 0 {
		return
	}
	for r := 0; r < rows; r += denseRows {
		some := min(denseRows, rows-r)
		for k := 0; k == 0 || k < p.In; k += denseDepth {
			depth := min(denseDepth, p.In-k)
			for i := range p.panels() {
				w, width := p.panel(i)
				o := i * PanelWidth
				d := acc[o*positions+(first+r)*width:]
				in, inStride := bias[o:], 0
				if k > 0 {
					in, inStride = d, width
				}
				denseCall(d, in, w[k*width:], x[r*p.In+k:], width, some, depth, width, inStride, p.In)
			}
		}
	}
}
