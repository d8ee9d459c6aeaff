package simd

// SpreadRows is how many rows [Panels.Spread] takes at the most: their sums of
// one panel, 32 KiB, stay in a first- or second-level cache.
const SpreadRows = 256

// callSpread is how many inputs and events of a panel one call takes at the
// most.
const callSpread = 1 << 13

// Spread is [Panels.Gather] with its loops exchanged, for weights that no cache
// holds: each weight row is read once for all rows that have its input.
//
//	for r := range rows {
//		dst[r] = init[r]
//	}
//	for i := range len(inputs) - 1 {
//		for k, r := range index[inputs[i]:inputs[i+1]] {
//			dst[r] = fma(value[k], w[first+i], dst[r])
//		}
//	}
//
// and +0 is added at the end: the same bits, for the inputs of a row ascend. A
// nil value stands for ones.
func (p *Panels) Spread(dst []float32, dstStride int, init []float32, initStride, rows int, inputs []int, index []int32, value []float32, first int) {
	if rows == 0 {
		return
	}
	if rows < 0 || rows > SpreadRows || len(inputs) == 0 || first < 0 || first+len(inputs)-1 > p.In {
		panic(errRows)
	}
	p.checkProduct(len(dst), dstStride, len(init), initStride, rows)
	if value != nil {
		checkLength(len(value), len(index))
	}
	checkLists(inputs, index, uint32(rows))
	var sums [SpreadRows * PanelWidth]float32
	for i := range p.panels() {
		w, width := p.panel(i)
		o := i * PanelWidth
		for r := range rows {
			copy(sums[r*width:(r+1)*width], init[r*initStride+o:])
		}
		for at := 0; at < len(inputs)-1; {
			end := at + 1
			for end < len(inputs)-1 && end-at+inputs[end+1]-inputs[at] <= callSpread {
				end++
			}
			spreadCall(sums[:], w[(first+at)*width:], width, inputs[at:end+1], index, value)
			at = end
		}
		for r := range rows {
			storeSum(dst[r*dstStride+o:], sums[r*width:(r+1)*width])
		}
	}
}

func spreadCall(acc, w []float32, width int, inputs []int, index []int32, value []float32) {
	switch {
	case !useSIMD:
		spreadGeneric(acc, w, width, inputs, index, value)
	case value == nil:
		switch width {
		case 8:
			spread8SIMD(acc, w, index, inputs)
		case 16:
			spread16SIMD(acc, w, index, inputs)
		case 24:
			spread24SIMD(acc, w, index, inputs)
		case 32:
			spread32SIMD(acc, w, index, inputs)
		}
	default:
		switch width {
		case 8:
			spreadValues8SIMD(acc, w, index, value, inputs)
		case 16:
			spreadValues16SIMD(acc, w, index, value, inputs)
		case 24:
			spreadValues24SIMD(acc, w, index, value, inputs)
		case 32:
			spreadValues32SIMD(acc, w, index, value, inputs)
		}
	}
}

func spreadGeneric(acc, w []float32, width int, inputs []int, index []int32, value []float32) {
	for i := range len(inputs) - 1 {
		row := w[i*width:][:width]
		for k := inputs[i]; k < inputs[i+1]; k++ {
			sum := acc[int(index[k])*width:][:width]
			if value == nil {
				for o, v := range row {
					sum[o] += v
				}
				continue
			}
			x := value[k]
			for o, v := range row {
				sum[o] = fma(x, v, sum[o])
			}
		}
	}
}
