package snn

import "github.com/spikelane/spikelane/simd"

// Scratch is memory that an [Op] may use while it runs. It grows to what is
// needed and is used again, so that steps allocate nothing. What a call
// returns holds anything, and is the caller's until the Op returns.
type Scratch struct {
	// Workers is how many goroutines the Op may use; 0 and 1 stand for that of
	// the caller.
	Workers int

	floats pool[float32]
	index  pool[int32]
	words  pool[uint64]
	rows   pool[int]
	matrix simd.Panels
	parts  *Scratch

	patches []simd.Patch
	neuron  simd.NeuronCall
	train   simd.TrainingCall
}

// Floats returns n float32.
func (s *Scratch) Floats(n int) []float32 { return s.floats.take(n) }

// Index returns n int32.
func (s *Scratch) Index(n int) []int32 { return s.index.take(n) }

// Words returns n uint64.
func (s *Scratch) Words(n int) []uint64 { return s.words.take(n) }

// Rows returns n int.
func (s *Scratch) Rows(n int) []int { return s.rows.take(n) }

// panels returns room for a matrix, one at a time.
func (s *Scratch) panels(in, out int) *simd.Panels {
	s.matrix.Resize(in, out)
	return &s.matrix
}

// part is memory for a part of a job, which resets it between parts.
func (s *Scratch) part() *Scratch {
	if s.parts == nil {
		s.parts = &Scratch{}
	}
	return s.parts
}

// Reset takes everything back, between two layers.
func (s *Scratch) Reset() {
	s.floats.used, s.index.used, s.words.used, s.rows.used = 0, 0, 0, 0
}

// pool hands out one buffer after another: the k-th request since the last
// reset gets the k-th buffer.
type pool[T any] struct {
	buffers [][]T
	used    int
}

func (p *pool[T]) take(n int) []T {
	if p.used == len(p.buffers) {
		p.buffers = append(p.buffers, nil)
	}
	b := &p.buffers[p.used]
	if cap(*b) < n {
		*b = make([]T, n)
	}
	p.used++
	return (*b)[:n]
}
