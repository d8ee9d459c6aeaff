package simd

// Layout is how arrays of N numbers lie in a panel: [group][array][Lanes], so
// that a kernel finds all that it needs of a group in one place. The last group
// is as wide as whole groups of the constant Lanes allow; what lies past the
// last number is nobody's.
type Layout struct{ N, Arrays, Lanes int }

// Size is how many numbers the panel has.
func (l Layout) Size() int { return l.Arrays * Padded(l.N) }

// each calls f with every run of numbers that lie together: those of an array
// from first on.
func (l Layout) each(array int, f func(at, first, n int)) {
	for first := 0; first < l.N; first += l.Lanes {
		wide := min(l.Lanes, Padded(l.N-first))
		f(first*l.Arrays+array*wide, first, min(l.Lanes, l.N-first))
	}
}

// Put stores an array in a panel. What is past the last number becomes equal to
// it, so that nothing is computed there that is not computed elsewhere.
func (l Layout) Put(panel []float32, array int, values []float32) {
	checkLength(len(values), l.N)
	checkLength(len(panel), l.Size())
	l.each(array, func(at, first, n int) { copy(panel[at:at+n], values[first:]) })
	l.pad(panel, array)
}

// pad makes what is past the last number equal to it.
func (l Layout) pad(panel []float32, array int) {
	if l.N%Lanes == 0 {
		return
	}
	last := l.At(array, l.N-1)
	for i := last + 1; i <= last+Padded(l.N)-l.N; i++ {
		panel[i] = panel[last]
	}
}

// Get copies an array out of a panel.
func (l Layout) Get(values, panel []float32, array int) {
	checkLength(len(values), l.N)
	checkLength(len(panel), l.Size())
	l.each(array, func(at, first, n int) { copy(values[first:first+n], panel[at:]) })
}

// At is where number i of an array is in the panel.
func (l Layout) At(array, i int) int {
	group := i / l.Lanes
	first := group * l.Lanes
	return first*l.Arrays + array*min(l.Lanes, Padded(l.N-first)) + i - first
}
