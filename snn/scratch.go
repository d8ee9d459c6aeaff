package snn

import "github.com/spikelane/spikelane/simd"

// Scratch is memory that an [Op] may use while it runs. It grows to what is
// needed and is used again, so that steps allocate nothing. What a call
// returns holds anything, and is the caller's until the Op returns.
type Scratch struct {
	// Workers is how many goroutines the Op may use; 0 and 1 stand for that of
	// the caller.
	Workers int
	// Stop, if not nil, is closed when what the Op computes is not needed any
	// more. One that takes long may then return, with anything in its output.
	Stop <-chan struct{}

	// In and Out are how far apart the rows of the input and of the output lie, for
	// a [RowPadder]; 0 stands for their features.
	In, Out int

	floats pool[float32]
	index  pool[int32]
	words  pool[uint64]
	rows   pool[int]
	matrix simd.Panels
	parts  *Scratch

	patches  []simd.Patch
	call     simd.Call
	programs simd.Workspace
	passage  passage
	sender   sender
	list     [][]float32
	listed   int
}

// stopped reports whether Stop is closed.
func (s *Scratch) stopped() bool {
	select {
	case <-s.Stop:
		return true
	default:
		return false
	}
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

// lists returns n nils, for arrays.
func (s *Scratch) lists(n int) [][]float32 {
	for len(s.list) < s.listed+n {
		s.list = append(s.list, nil)
	}
	list := s.list[s.listed : s.listed+n]
	clear(list)
	s.listed += n
	return list
}

// Reset takes everything back, between two layers.
func (s *Scratch) Reset() {
	s.listed, s.In, s.Out = 0, 0, 0
	s.floats.used, s.index.used, s.words.used, s.rows.used = 0, 0, 0, 0
}

// Bytes is how much memory it has grown to, matrices aside.
func (s *Scratch) Bytes() int {
	n := 4*s.floats.size() + 4*s.index.size() + 8*s.words.size() + 8*s.rows.size()
	if s.parts != nil {
		n += s.parts.Bytes()
	}
	return n
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

// size is how many elements all buffers have.
func (p *pool[T]) size() int {
	n := 0
	for _, b := range p.buffers {
		n += cap(b)
	}
	return n
}
