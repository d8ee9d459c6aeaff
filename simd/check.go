package simd

import (
	"math"
	"slices"
)

// callElements is how many elements one call of an assembly kernel takes at
// the most: the scheduler cannot interrupt it, and 16384 of the slowest
// elements take some 20 us. Between two calls stands [interruptible].
const callElements = 1 << 14

const (
	errLength = "simd: slices of different lengths"
	errBlocks = "simd: blocks of a program that do not begin with a word of bits"
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
			if at > 0 {
				interruptible()
			}
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

// interruptible is where the scheduler stops a goroutine that calls assembly piece
// by piece: a signal finds it in assembly nearly always, and does nothing there.
// A function that calls another begins with a look at its stack, and stops then.
//
//go:noinline
func interruptible() { nothing() }

//go:noinline
func nothing() {}

// words is how many 64-bit words hold n bits.
func words(n int) int { return (n + 63) >> 6 }

// holds and truth turn truth values of pure Go into numbers and back.
func holds(v float32) bool { return v != 0 }

func truth(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func abs(x float32) float32   { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }
func shl23(x float32) float32 { return math.Float32frombits(math.Float32bits(x) << 23) }

// sqrt is rounded once: a float64 root has more than twice the digits.
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// floor is exact.
func floor(x float32) float32 { return float32(math.Floor(float64(x))) }
