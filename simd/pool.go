package simd

// SumPool sums windows of height x width along one row of outputs:
//
//	for o := range dst {
//		acc := float32(0)
//		for r := range height {
//			for c := range width {
//				acc += x[r*xStride+o*stride+c]
//			}
//		}
//		dst[o] = acc
//	}
//
// dst must not overlap x.
func SumPool(dst, x []float32, stride, height, width, xStride int) {
	if len(dst) == 0 {
		return
	}
	if stride < 1 || height < 1 || width < 1 {
		panic(errRows)
	}
	checkRows(len(x), height, xStride, (len(dst)-1)*stride+width)
	done := 0
	if useSIMD && stride <= 2 && height*width <= callWindow {
		done = len(dst) &^ (vectorWidth - 1)
		some := max(vectorWidth, callElements/(height*width)&^(vectorWidth-1))
		for o := 0; o < done; o += some {
			if o > 0 {
				interruptible()
			}
			d := dst[o:min(o+some, done)]
			if stride == 1 {
				sumPool1SIMD(d, x[o:], height, width, xStride)
			} else {
				sumPool2SIMD(d, x[2*o:], height, width, xStride)
			}
		}
	}
	for o := done; o < len(dst); o++ {
		acc := float32(0)
		for r := range height {
			for _, v := range x[r*xStride+o*stride:][:width] {
				acc += v
			}
		}
		dst[o] = acc
	}
}

// callWindow is the greatest window that is summed in assembly: one number after
// another, some 20 us.
const callWindow = 1 << 14
