package simd

import (
	"math"
	"slices"
)

// callElements is how many elements one call of an assembly kernel takes at
// the most: the scheduler cannot interrupt it, and 16384 of the slowest
// elements take some 20 us.
const callElements = 1 << 14

// callSteps is how many steps of n neurons one call takes: four, for then the
// rows of these steps are read and written side by side, each from front to
// back, as the processor fetches ahead best; more if the rows are short.
func callSteps(n int) int { return max(4, callNeurons/n) }

// callNeurons is how many neurons and steps are worth a call.
const callNeurons = 1 << 12

const (
	errLength = "simd: slices of different lengths"
	errRows   = "simd: slice too short for its rows"
	errIndex  = "simd: input out of range"
	noSIMD    = "simd: no assembly on this target"
)

func checkLength(have, want int) {
	if have != want {
		panic(errLength)
	}
}

// checkRows panics unless rows of n elements, stride apart, fit into length.
func checkRows(length, rows, stride, n int) {
	if rows < 0 || rows > 1 && stride < n {
		panic(errRows)
	}
	if rows > 0 && (length < n || rows > 1 && stride > 0 && (length-n)/stride < rows-1) {
		panic(errRows)
	}
}

// checkProduct checks the outputs of a product, and where its sums start.
func (p *Panels) checkProduct(dst, dstStride, init, initStride, rows int) {
	checkRows(dst, rows, dstStride, p.Stride())
	if initStride == 0 {
		rows = 1
	}
	checkRows(init, rows, initStride, p.Stride())
}

// checkIndex checks that every input is there: the assembly does not look.
func (p *Panels) checkIndex(rows []int, index []int32, first int) {
	if first < 0 || first > p.In {
		panic(errIndex)
	}
	checkLists(rows, index, uint32(p.In-first))
}

// checkLists checks lists, index[rows[r]:rows[r+1]], of numbers below a limit.
func checkLists(rows []int, index []int32, limit uint32) {
	last := rows[0]
	for _, end := range rows {
		if end < last || end > len(index) || last < 0 {
			panic(errIndex)
		}
		last = end
	}
	list := index[rows[0]:last]
	if whole := len(list) &^ 7; useSIMD && whole > 0 {
		var most [8]uint32
		for at := 0; at < whole; at += callElements {
			largestSIMD(most[:], list[at:min(at+callElements, whole)])
		}
		if slices.Max(most[:]) >= limit {
			panic(errIndex)
		}
		list = list[whole:]
	}
	for _, i := range list {
		if uint32(i) >= limit {
			panic(errIndex)
		}
	}
}

// words is how many 64-bit words hold n bits.
func words(n int) int { return (n + 63) >> 6 }

// clearLast clears the last word, of which an assembly kernel writes only the
// bytes that hold elements.
func clearLast(bits []uint64) {
	if len(bits) > 0 {
		bits[len(bits)-1] = 0
	}
}

// clearLastOfRows clears the last word of every row.
func clearLastOfRows(bits []uint64, rows, stride, n int) {
	for r := range rows {
		bits[r*stride+n-1] = 0
	}
}

func abs(x float32) float32   { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }
func shl23(x float32) float32 { return math.Float32frombits(math.Float32bits(x) << 23) }

// sqrt is rounded once: a float64 root has more than twice the digits.
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// floor is exact.
func floor(x float32) float32 { return float32(math.Floor(float64(x))) }
