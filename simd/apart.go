package simd

import "sync/atomic"

// arrays counts those that [AllocStaggered] has made.
var arrays atomic.Uint32

// AllocStaggered returns n zeros, to be read or written side by side with other such
// arrays. Large arrays begin at the beginning of a page, and rows of a power of
// two all lie at the same place in theirs: as there is room for only eight lines
// of the same place in a first-level cache, they would drive each other out.
// These begin at a different place each.
func AllocStaggered(n int) []float32 {
	const line, lines = 16, 64 // numbers in a line of a cache, lines in a page
	first := int(arrays.Add(1) * 5 % lines * line)
	return make([]float32, first+n)[first:]
}
