// Package random makes random numbers from counters: a number is a function of
// what it is for (a seed, a name, a stream, a step, an index) and of nothing
// that was drawn before. So the order of work, its chunks, batches and workers
// change nothing, and every machine draws the same bits.
package random

import "github.com/spikelane/spikelane/internal/detmath"

// Key is a family of numbers.
type Key struct{ words [2]uint32 }

// New is the family of a seed and a name, such as that of a layer.
func New(seed uint64, name string) Key {
	// FNV-1a of the name, then the finaliser of SplitMix64 over both.
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	h = mix(h + mix(seed+0x9E3779B97F4A7C15))
	return Key{[2]uint32{uint32(h), uint32(h >> 32)}}
}

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Bits is the 64 random bits of an index at a step of a stream.
func (k Key) Bits(stream uint32, step uint64, index uint32) uint64 {
	b := philox([4]uint32{index, stream, uint32(step), uint32(step >> 32)}, k.words)
	return uint64(b[1])<<32 | uint64(b[0])
}

// Uniform is 53 of these bits as a number: 0 <= u < 1.
func (k Key) Uniform(stream uint32, step uint64, index uint32) float64 {
	return float64(float64(k.Bits(stream, step, index)>>11) / (1 << 53)) // nobody fuses it with what follows
}

// Normal is a standard normal number: the inverse of the distribution's
// function at the middle of the uniform number's interval.
func (k Key) Normal(stream uint32, step uint64, index uint32) float64 {
	middle := k.Bits(stream, step, index)>>12<<1 | 1
	return detmath.InverseNormal(float64(middle) / (1 << 53))
}

// philox is Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy
// as 1, 2, 3" (2011).
func philox(counter [4]uint32, key [2]uint32) [4]uint32 {
	for range 10 {
		a := 0xD2511F53 * uint64(counter[0])
		b := 0xCD9E8D57 * uint64(counter[2])
		counter = [4]uint32{
			uint32(b>>32) ^ counter[1] ^ key[0], uint32(b),
			uint32(a>>32) ^ counter[3] ^ key[1], uint32(a),
		}
		key[0] += 0x9E3779B9
		key[1] += 0xBB67AE85
	}
	return counter
}
