package tensor

import (
	"fmt"
	"math/bits"
)

// Spikes is a signal of zeros and ones, one bit each. Row t*B+b is
// Words(features) words long; feature i is bit i%64 of word i/64, and the
// bits past the last feature are 0.
type Spikes struct {
	T, B     int
	Features Shape
	Bits     []uint64
}

// Words is how many 64-bit words a row of n features takes.
func Words(n int) int { return (n + 63) / 64 }

// NewSpikes returns a silent signal. It panics if a dimension is negative, or
// if there are too many elements to count.
func NewSpikes(steps, batch int, features ...int) *Spikes {
	n, ok := Shape(features).count()
	if ok {
		n, ok = Shape{steps, batch, Words(n)}.count()
	}
	if !ok {
		panic("tensor: a shape that cannot be")
	}
	return &Spikes{T: steps, B: batch, Features: features, Bits: make([]uint64, n)}
}

// Kind returns [KindSpikes].
func (s *Spikes) Kind() Kind { return KindSpikes }

// Dims returns T, B and Features.
func (s *Spikes) Dims() (steps, batch int, features Shape) {
	if s == nil {
		return 0, 0, nil
	}
	return s.T, s.B, s.Features
}

// Row returns the words of sample b at step t. It panics if there is no such
// sample or step.
func (s *Spikes) Row(t, b int) []uint64 {
	checkPlace(t, b, s.T, s.B)
	w := Words(s.Features.Size())
	r := (t*s.B + b) * w
	return s.Bits[r : r+w : r+w]
}

// checkPlace panics if a sample or a step is not there: its row would be that
// of another.
func checkPlace(t, b, steps, batch int) {
	if uint(t) >= uint(steps) || uint(b) >= uint(batch) {
		panic("tensor: step or sample out of range")
	}
}

// At reports whether feature i of sample b spikes at step t. It panics if one
// of the three is out of range.
func (s *Spikes) At(t, b, i int) bool {
	s.checkFeature(i)
	return s.Row(t, b)[i>>6]>>(i&63)&1 == 1
}

// Set makes feature i of sample b spike at step t. It panics if one of the
// three is out of range.
func (s *Spikes) Set(t, b, i int) {
	s.checkFeature(i)
	s.Row(t, b)[i>>6] |= 1 << (i & 63)
}

func (s *Spikes) checkFeature(i int) {
	if uint(i) >= uint(s.Features.Size()) {
		panic("tensor: feature out of range")
	}
}

// Count is the number of spikes.
func (s *Spikes) Count() int {
	n := 0
	for _, w := range s.Bits {
		n += bits.OnesCount64(w)
	}
	return n
}

// Rate is the share of features that spike, over all steps and samples.
func (s *Spikes) Rate() float64 {
	n := s.T * s.B * s.Features.Size()
	if n == 0 {
		return 0
	}
	return float64(s.Count()) / float64(n)
}

// Dense returns zeros and ones as [T, B, features...].
func (s *Spikes) Dense() *Tensor {
	x := New(append(Shape{s.T, s.B}, s.Features...)...)
	n, w := s.Features.Size(), Words(s.Features.Size())
	for r := range s.T * s.B {
		row := x.Data[r*n : (r+1)*n]
		for k, word := range s.Bits[r*w : (r+1)*w] {
			for ; word != 0; word &= word - 1 {
				row[k<<6+bits.TrailingZeros64(word)] = 1
			}
		}
	}
	return x
}

// Check reports a wrong number of words, bits set past the last feature, and a
// nil signal.
func (s *Spikes) Check() error {
	if s == nil {
		return fmt.Errorf("%w: nil spikes", ErrShape)
	}
	n, ok := s.Features.count()
	w := Words(n)
	if words, fits := (Shape{s.T, s.B, w}).count(); !ok || !fits || len(s.Bits) != words {
		return fmt.Errorf("%w: spikes [%d %d] of %v hold %d words", ErrShape, s.T, s.B, s.Features, len(s.Bits))
	}
	if n%64 == 0 {
		return nil
	}
	for r := w - 1; r < len(s.Bits); r += w {
		if s.Bits[r]>>(n%64) != 0 {
			return fmt.Errorf("%w: spikes of %v have bits set past the last feature", ErrShape, s.Features)
		}
	}
	return nil
}

// SpikesOf packs a dense signal: a feature spikes where it is not zero.
func SpikesOf(x *Tensor) *Spikes {
	t, b, f := x.Dims()
	s := NewSpikes(t, b, f...)
	n, w := f.Size(), Words(f.Size())
	for r := range t * b {
		for i, v := range x.Data[r*n : (r+1)*n] {
			if v != 0 {
				s.Bits[r*w+i>>6] |= 1 << (i & 63)
			}
		}
	}
	return s
}
