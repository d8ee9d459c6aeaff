package simd

import "math/bits"

// ListRoom is how many numbers more than there are bits [ListBits] needs room
// for.
const ListRoom = 8

// ListBits stores the places of the bits that are set in words, ascending, and
// returns how many there are. dst must have room for ListRoom more, whose
// contents it may change.
func ListBits(dst []int32, words []uint64) int {
	k := 0
	for j, w := range words {
		n := bits.OnesCount64(w)
		if n == 0 {
			continue
		}
		// Eight at once, whether they are there or not: how many bits a word has
		// is not to be foreseen, and a branch that is mispredicted costs more.
		base := int32(j << 6)
		for left := n; ; left -= 8 {
			p := (*[8]int32)(dst[k+n-left:])
			p[0] = base + int32(bits.TrailingZeros64(w))
			w &= w - 1
			p[1] = base + int32(bits.TrailingZeros64(w))
			w &= w - 1
			p[2] = base + int32(bits.TrailingZeros64(w))
			w &= w - 1
			p[3] = base + int32(bits.TrailingZeros64(w))
			w &= w - 1
			if left > 4 {
				p[4] = base + int32(bits.TrailingZeros64(w))
				w &= w - 1
				p[5] = base + int32(bits.TrailingZeros64(w))
				w &= w - 1
				p[6] = base + int32(bits.TrailingZeros64(w))
				w &= w - 1
				p[7] = base + int32(bits.TrailingZeros64(w))
				w &= w - 1
			}
			if left <= 8 {
				break
			}
		}
		k += n
	}
	return k
}
